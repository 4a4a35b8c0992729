"""Approval: a ranked ballot approves the options it ranks among its first places.

Source: S. J. Brams and P. C. Fishburn, "Approval voting", American Political Science Review 72
(1978), 831-847, for approval; reading approvals off rankings is k-approval. An option is among the
first k when fewer than k options stand strictly above it, so tied options are approved together.
An option without a rank is never approved.
"""

import math
from fractions import Fraction

import numpy as np

from deliberate.domain.reasons import Reason, ReasonKind
from deliberate.domain.tally.method import CountingMethod, Outcome, Weighed
from deliberate.domain.tally.scores import Scores, why_not

MOST_PLACES = 3


def places_of(options: int) -> int:
    """How many places approve: half of them, one at least and three at most."""
    return max(1, min(MOST_PLACES, options // 2))


def approvals(ballots: Weighed, k: int) -> dict[int, Fraction]:
    """The weight that ranks each option among its first `k`."""
    profile, size = ballots.profile, len(ballots.options)
    places = np.array(profile.ranks.T, order="C")
    if k < size:
        last_approved = np.partition(places, k - 1, axis=1)[:, k - 1 : k]
        places[places > last_approved] = profile.unranked
    is_approved = places != profile.unranked
    unit = math.lcm(*(weight.denominator for weight in ballots.weights.values()))
    totals = np.zeros(size, dtype=object)
    for place, name in enumerate(profile.strata):
        columns = profile.columns(place)
        counts = profile.numbers[columns] @ is_approved[columns]
        totals += int(ballots.weights.get(name, Fraction()) * unit) * counts.astype(object)
    return {
        option: Fraction(int(total), unit)
        for option, total in zip(ballots.options, totals, strict=True)
    }


class ApprovalMethod(CountingMethod[Scores]):
    """Approval of the first places."""

    name = "approval"
    label = "Approval"
    help = "How many rank it among their first places"

    def count(self, ballots: Weighed, seats: int = 1) -> Outcome[Scores]:
        """The options by approvals."""
        scores = Scores(approvals(ballots, places_of(len(ballots.options))))
        return Outcome(self.name, scores.tiers, tie_broken=False, detail=scores)

    def explain(self, outcome: Outcome[Scores], ballots: Weighed) -> tuple[Reason, ...]:
        """How many approve each other option beside the first."""
        return why_not(outcome, ReasonKind.FEWER_APPROVALS, places_of(len(ballots.options)))
