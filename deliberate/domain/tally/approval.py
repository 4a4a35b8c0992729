"""Approval of the top places: a ranked ballot approves the options it ranks among its first k.

Source: S. J. Brams and P. C. Fishburn, "Approval voting", American Political Science Review 72
(1978), 831-847, for approval; reading approvals off rankings is k-approval. An option is among the
first k when fewer than k options stand strictly above it, so tied options are approved together.
An option without a rank is never approved.
"""

import math
from fractions import Fraction

import numpy as np

from deliberate.domain.reasons import Reason
from deliberate.domain.tally.method import CountingMethod, Outcome, Weighed
from deliberate.domain.tally.scores import Scores, why_not

K = 3
"""How many places count as approved."""


def approvals(ballots: Weighed, k: int = K) -> dict[int, Fraction]:
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
    """Approval of the first three places."""

    name = "approval"
    label = "Approval of the top three: how many rank an option among their first three"

    def count(self, ballots: Weighed, seats: int = 1) -> Outcome[Scores]:
        """The options by approvals."""
        scores = Scores(approvals(ballots))
        return Outcome(self.name, scores.tiers, tie_broken=False, detail=scores)

    def explain(self, outcome: Outcome[Scores], ballots: Weighed) -> tuple[Reason, ...]:
        """How many approve each other option beside the first."""
        return why_not(outcome)
