"""Dots: a number of them to share among the options."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from deliberate.domain.ballots.kinds import WHOLE, BallotRules, Kind, Problems

EMPTY = "Give at least one dot, or tick “No preference”."
OUT_OF_RANGE = "Enter a whole number of dots, no more than you have."
TOO_MANY = "These are more dots than you have. Take some back."


@dataclass(frozen=True)
class Dots(BallotRules):
    """A number of dots at each option, all together no more than `budget`."""

    kind: ClassVar[Kind] = Kind.DOTS
    lowest: ClassVar[int] = 0
    empty: ClassVar[str] = EMPTY
    out_of_range: ClassVar[str] = OUT_OF_RANGE

    budget: int = 10

    def highest(self, size: int) -> int:
        """All dots at one option."""
        return self.budget

    def problems(
        self, given: Mapping[int, int], reasons: Mapping[int, str], options: Sequence[int]
    ) -> Problems:
        """More dots than there are to give."""
        return {WHOLE: TOO_MANY} if sum(given.values()) > self.budget else {}
