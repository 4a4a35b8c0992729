"""The agreement scale: the steps of the IGF's rating sheets for each option, and abstention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from deliberate.domain.ballots.kinds import BallotRules, Kind, Problems

EMPTY = "Say for each option how far you agree."
UNANSWERED = "Choose an answer; “Unclear to me” and “Abstain” are answers too."


class Agreement(IntEnum):
    """The answers, by their marks; the last two take no side (IGF rating sheets of 2015)."""

    STRONG_AGREEMENT = 1
    AGREEMENT = 2
    NEUTRAL = 3
    DISAGREEMENT = 4
    STRONG_DISAGREEMENT = 5
    UNCLEAR = 6
    ABSTAIN = 7


AGREEMENT_LABELS: Mapping[int, str] = {
    Agreement.STRONG_AGREEMENT: "Strong agreement",
    Agreement.AGREEMENT: "Agreement",
    Agreement.NEUTRAL: "Neutral",
    Agreement.DISAGREEMENT: "Disagreement",
    Agreement.STRONG_DISAGREEMENT: "Strong disagreement",
    Agreement.UNCLEAR: "Unclear to me",
    Agreement.ABSTAIN: "Abstain",
}


@dataclass(frozen=True)
class AgreementScale(BallotRules):
    """One of the seven answers for every option."""

    kind: ClassVar[Kind] = Kind.AGREEMENT
    takes_blank: ClassVar[bool] = False
    fewest_options: ClassVar[int] = 1
    adds_up: ClassVar[bool] = False
    empty: ClassVar[str] = EMPTY

    @property
    def labels(self) -> Mapping[int, str]:
        """The words for the seven answers."""
        return AGREEMENT_LABELS

    def highest(self, size: int) -> int:
        """The last answer."""
        return max(Agreement)

    def problems(
        self, given: Mapping[int, int], reasons: Mapping[int, str], options: Sequence[int]
    ) -> Problems:
        """Options without an answer."""
        return {option: UNANSWERED for option in options if option not in given}
