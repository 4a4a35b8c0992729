"""Approval: every option that a voter can support, between a least and a most number of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from deliberate.domain.ballots.kinds import WHOLE, BallotRules, Kind, Problems
from deliberate.domain.errors import Invalid

APPROVED_LABELS = {1: "Approved"}
EMPTY = "Tick at least one option, or “No preference”."
TOO_FEW = "More options have to be ticked. How many stands above the ballot."
TOO_MANY = "Too many options are ticked. How many may be stands above the ballot."
BEYOND = "There are not so many options."
CROSSED = "This is less than the fewest."


@dataclass(frozen=True)
class Approval(BallotRules):
    """The mark 1 at each option approved: at least `least`, and `most` unless that is None."""

    kind: ClassVar[Kind] = Kind.APPROVAL
    empty: ClassVar[str] = EMPTY

    least: int = 1
    most: int | None = None

    @property
    def labels(self) -> Mapping[int, str]:
        """The word for the only mark."""
        return APPROVED_LABELS

    def highest(self, size: int) -> int:
        """Approved, or not."""
        return 1

    def check_settings(self, size: int) -> None:
        """Raise `Invalid` where the numbers contradict each other or the list of options."""
        wrong = {}
        if self.least > size:
            wrong["least"] = BEYOND
        if self.most is not None and self.most < self.least:
            wrong["most"] = CROSSED
        elif self.most is not None and self.most > size:
            wrong["most"] = BEYOND
        if wrong:
            raise Invalid("This poll cannot open yet.", fields=wrong)

    def problems(
        self, given: Mapping[int, int], reasons: Mapping[int, str], options: Sequence[int]
    ) -> Problems:
        """Fewer or more options than asked for."""
        if len(given) < self.least:
            return {WHOLE: TOO_FEW}
        return {WHOLE: TOO_MANY} if self.most is not None and len(given) > self.most else {}
