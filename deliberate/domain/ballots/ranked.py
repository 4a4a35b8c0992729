"""Ranked ballots: options in order of preference, best first, after numbers that were entered.

A ranking may stop early: an option without a rank counts as tied last with the other unranked
ones (Schulze 2011, section 2.1; the cases of the counting core use the same convention).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from deliberate.domain.ballots.kinds import LARGEST_MARK, BallotRules, Kind, Marks, Problems

EMPTY = "Give at least one option a rank, or tick “No preference”."
OUT_OF_RANGE = "Ranks start at 1 and go up to the number of options."
DUPLICATE = "Another option has the same rank."
GAP = "The rank before this one is not given to any option."
"""The messages have no numbers in them, so that each can be translated as it stands."""


@dataclass(frozen=True)
class Ranked(BallotRules):
    """A rank for each option, 1 the best. With `ties` several may share one: 1, 1, 2."""

    kind: ClassVar[Kind] = Kind.RANKED
    empty: ClassVar[str] = EMPTY
    out_of_range: ClassVar[str] = OUT_OF_RANGE

    ties: bool = False

    def highest(self, size: int) -> int:
        """As many ranks as options, as far as a byte can tell them apart."""
        return min(size, LARGEST_MARK)

    def problems(
        self, given: Mapping[int, int], reasons: Mapping[int, str], options: Sequence[int]
    ) -> Problems:
        """Ranks given twice, unless they may be, and ranks that leave one out before them."""
        used = Counter(given.values())
        problems: Problems = {}
        for option, rank in given.items():
            if used[rank] > 1 and not self.ties:
                problems[option] = DUPLICATE
            elif rank > 1 and rank - 1 not in used:
                problems[option] = GAP
        return problems


def tiers_of(marks: Marks, options: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """The options that have a rank, best first; those of one tier are tied."""
    tiers: defaultdict[int, list[int]] = defaultdict(list)
    for option, rank in zip(options, marks, strict=True):
        if rank:
            tiers[rank].append(option)
    return tuple(tuple(tiers[rank]) for rank in sorted(tiers))
