"""Single choice: one option, or none by abstaining."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from deliberate.domain.ballots.kinds import BallotRules, Kind, Problems

CHOSEN_LABELS = {1: "Chosen"}
EMPTY = "Choose one option, or abstain."
SEVERAL = "Only one option can be chosen."


@dataclass(frozen=True)
class Choice(BallotRules):
    """The mark 1 at one option."""

    kind: ClassVar[Kind] = Kind.CHOICE
    empty: ClassVar[str] = EMPTY

    @property
    def labels(self) -> Mapping[int, str]:
        """The word for the only mark."""
        return CHOSEN_LABELS

    def highest(self, size: int) -> int:
        """Chosen, or not."""
        return 1

    def problems(
        self, given: Mapping[int, int], reasons: Mapping[int, str], options: Sequence[int]
    ) -> Problems:
        """More than one option chosen."""
        return dict.fromkeys(given, SEVERAL) if len(given) > 1 else {}
