"""Scores: for each option a step of a scale whose steps have names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from deliberate.domain.ballots.kinds import BallotRules, Kind
from deliberate.domain.errors import Invalid

EMPTY = "Give at least one option a step of the scale, or tick “No preference”."
FEWEST_STEPS, MOST_STEPS = 2, 11
NUMBER = "Give two to eleven steps, one on each line."
ALIKE = "Two steps have the same name."
DEFAULT_STEP_LABELS = {
    1: "Not at all",
    2: "A little",
    3: "Somewhat",
    4: "Much",
    5: "Very much",
}


@dataclass(frozen=True)
class Score(BallotRules):
    """A step for each option; the mark of the lowest is 1, and what it adds to a sum is 0.

    An option without a step adds nothing either (the public voting cases count alike).
    """

    kind: ClassVar[Kind] = Kind.SCORE
    empty: ClassVar[str] = EMPTY

    steps: tuple[str, ...] = tuple(DEFAULT_STEP_LABELS.values())

    @property
    def labels(self) -> Mapping[int, str]:
        """The names of the steps, lowest first; whoever opened the poll wrote them."""
        return dict(enumerate(self.steps, start=1))

    def highest(self, size: int) -> int:
        """The mark of the highest step."""
        return len(self.steps)

    def points(self, mark: int) -> int:
        """The place of the step, from 0; nothing without a step."""
        return max(mark - 1, 0)

    def check_settings(self, size: int) -> None:
        """Raise `Invalid` for a scale that is too short or too long, or has two like steps."""
        if not FEWEST_STEPS <= len(self.steps) <= MOST_STEPS:
            raise Invalid("This poll cannot open yet.", fields={"steps": NUMBER})
        if len({step.casefold() for step in self.steps}) < len(self.steps):
            raise Invalid("This poll cannot open yet.", fields={"steps": ALIKE})
