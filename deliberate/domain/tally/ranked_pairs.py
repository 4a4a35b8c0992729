"""Ranked pairs: lock pairwise preferences from the strongest down unless they close a cycle.

Source: T. N. Tideman, "Independence of clones as a criterion for voting rules", Social Choice
and Welfare 4 (1987), 185-206.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from deliberate.domain.reasons import Reason, ReasonKind
from deliberate.domain.tally.method import CountingMethod, Outcome, Weighed, head_to_head
from deliberate.domain.tally.ordering import layers
from deliberate.domain.tally.pairwise import Pairwise
from deliberate.domain.tally.schulze import Measure, strengths


@dataclass(frozen=True, slots=True)
class RankedPairs:
    """The outcome: tiers, best first, and whether a tie between preferences had to be broken."""

    tiers: tuple[tuple[int, ...], ...]
    locked: tuple[tuple[int, int], ...]
    set_aside: tuple[tuple[int, int], ...]
    tie_break_used: bool

    def as_json(self) -> dict[str, object]:
        """Plain data."""
        return {
            "locked": [list(pair) for pair in self.locked],
            "set_aside": [list(pair) for pair in self.set_aside],
        }


def ranked_pairs(
    pairwise: Pairwise,
    measure: Measure = Measure.WINNING,
    tie_order: Sequence[int] | None = None,
) -> RankedPairs:
    """The ranked-pairs order; `tie_order` is the published order that breaks ties.

    Equally strong preferences are locked in the tie order (by the preferred option, then by
    the other). That a tie-break was used is reported exactly when locking all of them together
    would close a cycle, because only then their order matters.
    """
    order = {option: place for place, option in enumerate(tie_order or pairwise.options)}
    locked: list[tuple[int, int]] = []
    set_aside: list[tuple[int, int]] = []
    below: dict[int, set[int]] = {option: {option} for option in pairwise.options}
    tie_break_used = False
    for _, alike in groupby(_links(pairwise, measure), key=lambda link: link[0]):
        pairs = sorted((pair for _, pair in alike), key=lambda pair: [order[o] for o in pair])
        open_before = [(high, low) for high, low in pairs if high not in below[low]]
        set_aside += [pair for pair in pairs if pair not in open_before]
        dropped = _lock(open_before, below)
        tie_break_used = tie_break_used or bool(dropped)
        set_aside += dropped
        locked += [pair for pair in open_before if pair not in dropped]
    above = np.array(
        [[high != low and low in below[high] for low in below] for high in below], dtype=np.bool_
    )
    tiers = layers(pairwise.options, above)
    return RankedPairs(tiers, tuple(locked), tuple(set_aside), tie_break_used)


def _links(pairwise: Pairwise, measure: Measure) -> list[tuple[int, tuple[int, int]]]:
    """Every pairwise preference with its strength, strongest first."""
    matrix = strengths(pairwise, measure)
    links = [
        (strength, (high, low))
        for high, row in zip(pairwise.options, matrix.tolist(), strict=True)
        for low, strength in zip(pairwise.options, row, strict=True)
        if strength
    ]
    return sorted(links, key=lambda link: -link[0])


def _lock(pairs: list[tuple[int, int]], below: dict[int, set[int]]) -> list[tuple[int, int]]:
    """Lock pairs in turn, keeping `below` closed under transitivity; the ones dropped."""
    dropped = []
    for high, low in pairs:
        if high in below[low]:
            dropped.append((high, low))
            continue
        for reach in below.values():
            if high in reach:
                reach.update(below[low])
    return dropped


class RankedPairsMethod(CountingMethod[RankedPairs]):
    """Ranked pairs by winning votes."""

    name = "ranked_pairs"
    label = "Ranked pairs"
    help = "The clearest preferences are kept first"

    def count(self, ballots: Weighed, seats: int = 1) -> Outcome[RankedPairs]:
        """The order of the preferences that are kept."""
        detail = ranked_pairs(ballots.pairwise, tie_order=ballots.tie_order)
        return Outcome(self.name, detail.tiers, detail.tie_break_used, detail)

    def explain(self, outcome: Outcome[RankedPairs], ballots: Weighed) -> tuple[Reason, ...]:
        """Head to head, and which preferences are set aside."""
        first = outcome.first[0]
        aside = [
            Reason(ReasonKind.SET_ASIDE, {"upper": upper, "lower": lower})
            for upper, lower in outcome.detail.set_aside
        ]
        others = [option for option in ballots.options if option not in outcome.first]
        behind = [other for other in others if not ballots.pairwise.beats(other, first)]
        return (*(head_to_head(first, other, ballots.pairwise) for other in behind), *aside)
