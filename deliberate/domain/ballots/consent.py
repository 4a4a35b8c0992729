"""Consent: whether a voter can live with each option; whoever blocks one says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from deliberate.domain.ballots.kinds import BallotRules, Kind, Problems

EMPTY = "Say for each option whether you can live with it."
UNANSWERED = "Choose an answer; “Abstain” is one too."
SHORTEST_REASON = 10
"""Letters: less says nothing that others could answer."""
SAY_WHY = "To block needs a reason, in at least 10 characters."
NEEDLESS = "A reason goes with “Disagree” or “Block”. Change the answer, or take the reason out."


class Consent(IntEnum):
    """The answers, by their marks."""

    AGREE = 1
    ABSTAIN = 2
    DISAGREE = 3
    BLOCK = 4


CONSENT_LABELS: Mapping[int, str] = {
    Consent.AGREE: "Agree",
    Consent.ABSTAIN: "Abstain",
    Consent.DISAGREE: "Disagree, but can live with it",
    Consent.BLOCK: "Block",
}


@dataclass(frozen=True)
class ConsentBallot(BallotRules):
    """One of the four answers for every option.

    A reason goes with a block, and may go with a disagreement.
    """

    kind: ClassVar[Kind] = Kind.CONSENT
    takes_blank: ClassVar[bool] = False
    takes_reasons: ClassVar[bool] = True
    fewest_options: ClassVar[int] = 1
    adds_up: ClassVar[bool] = False
    empty: ClassVar[str] = EMPTY

    @property
    def labels(self) -> Mapping[int, str]:
        """The words for the four answers."""
        return CONSENT_LABELS

    def highest(self, size: int) -> int:
        """The last answer."""
        return max(Consent)

    def problems(
        self, given: Mapping[int, int], reasons: Mapping[int, str], options: Sequence[int]
    ) -> Problems:
        """Blocks without a reason, and reasons without what they would explain."""
        problems: Problems = {o: UNANSWERED for o in options if o not in given}
        for option, mark in given.items():
            reason = reasons.get(option, "")
            if mark == Consent.BLOCK and len(reason) < SHORTEST_REASON:
                problems[option] = SAY_WHY
            elif mark in (Consent.AGREE, Consent.ABSTAIN) and reason:
                problems[option] = NEEDLESS
        return problems
