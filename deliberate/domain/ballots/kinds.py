"""What all kinds of ballots have in common: marks, what was filled in, and the rules to check it.

A ballot is one small whole number, its mark, for each option in registered order; 0 is none.
What a mark means depends on the kind: a rank, an approval, a step of a scale, a number of dots.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, TypeAlias

from deliberate.domain.errors import Invalid

Marks: TypeAlias = tuple[int, ...]
Problems: TypeAlias = dict[int | str, str]

TITLE = "This ballot cannot be counted yet."
WHOLE = ""
"""The field of what is wrong with a ballot as a whole."""
UNKNOWN = "This option is not on the ballot."
OUT_OF_RANGE = "This answer is not on the ballot."
NO_REASONS = "This ballot takes no reasons."
EMPTY = "Answer for at least one option, or tick “No preference”."
CONTRADICTORY = "“No preference” is ticked, but options are answered too. Do one of the two."
NOT_BLANK = "Every option here has an answer for having no view."
LARGEST_MARK = 255
"""A mark is stored in one byte."""


class Kind(StrEnum):
    """The kinds of ballots, by the names that stand in what is fixed at a poll's opening."""

    RANKED = "ranked"
    CHOICE = "choice"
    APPROVAL = "approval"
    SCORE = "score"
    DOTS = "dots"
    AGREEMENT = "agreement"
    CONSENT = "consent"

    @property
    def label(self) -> str:
        """The name on screen, in English; pages translate it."""
        return KIND_LABELS[self]

    @property
    def help(self) -> str:
        """What a voter does, in a sentence or two."""
        return HELP_LABELS[self]

    @property
    def hint(self) -> str:
        """What the kind is good for, for whoever sets a poll up."""
        return HINT_LABELS[self]


KIND_LABELS = {
    Kind.RANKED: "Ranking",
    Kind.CHOICE: "Single choice",
    Kind.APPROVAL: "Approval",
    Kind.SCORE: "Score",
    Kind.DOTS: "Dots",
    Kind.AGREEMENT: "Agreement scale",
    Kind.CONSENT: "Consent",
}
HELP_LABELS = {
    Kind.RANKED: "Give 1 to the option you prefer, 2 to the next, and so on. Options without a "
    "rank count as below those you ranked.",
    Kind.CHOICE: "Choose one option, or abstain.",
    Kind.APPROVAL: "Tick every option you can support. No tick is stronger than another.",
    Kind.SCORE: "Give each option a step of the scale. An option without one adds nothing.",
    Kind.DOTS: "Share your dots among the options, as many on each as you like. You need not "
    "give all of them.",
    Kind.AGREEMENT: "Say how far you agree with each option. “Unclear to me” and “Abstain” are "
    "answers too.",
    Kind.CONSENT: "Say for each option whether you can live with it. To block needs a reason.",
}
HINT_LABELS = {
    Kind.RANKED: "For finding the option that most people prefer to each other one. Best with "
    "three to ten options.",
    Kind.CHOICE: "For a plain question with options that exclude each other.",
    Kind.APPROVAL: "For finding the options that many can support. Easy with long lists.",
    Kind.SCORE: "For seeing how strongly each option is supported.",
    Kind.DOTS: "For setting priorities when not everything can be done.",
    Kind.AGREEMENT: "For hearing how each text is received, one by one. One text is enough.",
    Kind.CONSENT: "For finding out whether anybody cannot live with a text, and why.",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A ballot as somebody filled it in: by option id a mark, or None where nothing was given.

    `is_blank` says that the voter ticked "No preference"; that is an answer, and an empty form
    is none.
    """

    marks: Mapping[int, int | None]
    reasons: Mapping[int, str] = field(default_factory=dict)
    is_blank: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked ballot: its marks in the order of the options, and reasons by option id."""

    marks: Marks
    reasons: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether the voter said to have no preference."""
        return not any(self.marks)


@dataclass(frozen=True)
class BallotRules(ABC):
    """A kind of ballot with its settings. A new kind is a new file with a subclass.

    The fields of a subclass are the settings; they are frozen with the poll as `as_json`.
    """

    kind: ClassVar[Kind]
    lowest: ClassVar[int] = 1
    takes_blank: ClassVar[bool] = True
    takes_reasons: ClassVar[bool] = False
    fewest_options: ClassVar[int] = 2
    adds_up: ClassVar[bool] = True
    empty: ClassVar[str] = EMPTY
    out_of_range: ClassVar[str] = OUT_OF_RANGE

    def as_json(self) -> dict[str, Any]:
        """The settings as plain data."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @property
    def labels(self) -> Mapping[int, str]:
        """The words for each mark, in English; empty where a mark is shown as a number."""
        return {}

    @abstractmethod
    def highest(self, size: int) -> int:
        """The highest mark on a ballot of so many options."""

    def points(self, mark: int) -> int:
        """What a mark adds to an option's sum, where `adds_up` says that there are sums."""
        return mark

    def check_settings(self, size: int) -> None:  # noqa: B027 (Most kinds have nothing to check.)
        """Raise `Invalid` at the settings that make no sense for so many options."""

    def problems(
        self, given: Mapping[int, int], reasons: Mapping[int, str], options: Sequence[int]
    ) -> Problems:
        """What the kind finds wrong with marks that are on the ballot, by option or `WHOLE`."""
        return {}

    def check(self, filled: Filled, options: Sequence[int]) -> Answer:
        """The ballot in the form in which it is stored.

        Nothing is repaired: a machine that corrects silently casts a ballot nobody filled in
        (method.md 1). Raises `Invalid` naming every offending option as field `field_of`.
        """
        given = {option: mark for option, mark in filled.marks.items() if mark is not None}
        reasons = {option: text for option, text in filled.reasons.items() if text}
        problems = self._misplaced(given, reasons, options) or self._missing(given, filled)
        if not problems and not filled.is_blank:
            problems = self.problems(given, reasons, options)
        if problems:
            fields = {field_of(name): text for name, text in problems.items()}
            raise Invalid(problems.get(WHOLE, TITLE), fields=fields)
        return Answer(tuple(given.get(option, 0) for option in options), reasons)

    def _misplaced(
        self, given: Mapping[int, int], reasons: Mapping[int, str], options: Sequence[int]
    ) -> Problems:
        """Marks and reasons that the ballot does not offer."""
        marks = range(self.lowest, self.highest(len(options)) + 1)
        problems: Problems = {}
        for option in dict.fromkeys((*given, *reasons)):
            if option not in options:
                problems[option] = UNKNOWN
            elif option in given and given[option] not in marks:
                problems[option] = self.out_of_range
            elif option in reasons and not self.takes_reasons:
                problems[option] = NO_REASONS
        return problems

    def _missing(self, given: Mapping[int, int], filled: Filled) -> Problems:
        """Whether the voter answered at all, and not two things at once."""
        answered = any(given.values())
        if filled.is_blank and not self.takes_blank:
            return {WHOLE: NOT_BLANK}
        if filled.is_blank and answered:
            return {WHOLE: CONTRADICTORY}
        return {} if answered or filled.is_blank else {WHOLE: self.empty}


def field_of(option: int | str) -> str:
    """The form field that carries the mark of an option; "" for the ballot as a whole."""
    return f"mark_{option}" if option != WHOLE else WHOLE


def encode(marks: Marks) -> bytes:
    """A byte for each option. Raises `ValueError` for a mark that needs more."""
    return bytes(marks)


def decode(stored: bytes) -> Marks:
    """The marks that `encode` stored."""
    return tuple(stored)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
