"""Review by the MAG: scores and what they add up to, stances on a draft, conflicts of interest.

Each member gives one overall score from 1 to 5, as in the MAG's own evaluation of workshop
proposals (IGF, "MAG workshop review and evaluation process", 2017 to 2023).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from deliberate.domain.errors import Conflict
from deliberate.domain.forum import QuestionState
from deliberate.domain.people import StakeholderGroup

LOWEST, HIGHEST = 1, 5
SCORE_LABELS = {
    5: "Ask it as it is",
    4: "Good, small changes at most",
    3: "Worth asking after changes",
    2: "Weak",
    1: "Not a question for us",
}
FEWEST_SHOWN = 3
"""An average of one or two scores would tell who gave which."""
ROLES_ON_PAGE = ("organizers", "speakers", "moderators", "rapporteurs")


class SuggestionState(StrEnum):
    """What became of a question that a participant suggested."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    TAKEN_UP = "taken_up"
    NOT_TAKEN_UP = "not_taken_up"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The state in a word or two."""
        return SUGGESTION_LABELS[self]

    @property
    def is_open(self) -> bool:
        """Whether an answer is still due."""
        return self in (SuggestionState.RECEIVED, SuggestionState.ACKNOWLEDGED)


SUGGESTION_LABELS = {
    SuggestionState.RECEIVED: "Received",
    SuggestionState.ACKNOWLEDGED: "Acknowledged",
    SuggestionState.TAKEN_UP: "Taken up",
    SuggestionState.NOT_TAKEN_UP: "Not taken up",
    SuggestionState.WITHDRAWN: "Withdrawn",
}


class Stance(StrEnum):
    """Where a MAG member stands on a draft summary.

    The words of the IESG's ballot positions (Yes, No Objection, Discuss, Abstain, Recuse).
    """

    YES = "yes"
    NO_OBJECTION = "no_objection"
    DISCUSS = "discuss"
    ABSTAIN = "abstain"
    RECUSE = "recuse"

    @property
    def label(self) -> str:
        """The stance as pages show it."""
        return STANCE_LABELS[self]


STANCE_LABELS = {
    Stance.YES: "Yes",
    Stance.NO_OBJECTION: "No objection",
    Stance.DISCUSS: "Discuss",
    Stance.ABSTAIN: "Abstain",
    Stance.RECUSE: "Recuse",
}


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """How many people of how many groups have to review; whether every question must be."""

    reviewers: int = 3
    groups: int = 3
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """One reviewer's overall score with the group they belonged to when giving it."""

    group: StakeholderGroup
    value: int


@dataclass(frozen=True, slots=True)
class Missing:
    """How many more reviews are needed, and how many of them from groups not heard yet."""

    reviews: int
    groups: int

    def __bool__(self) -> bool:
        return self.reviews > 0


class ReviewsMissingError(Conflict):
    """A question cannot leave its review yet; `missing` says why."""

    def __init__(self, missing: Missing) -> None:
        super().__init__("This question has not been reviewed by enough people yet.")
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Matter:
    """What policy asks about a thing of a session that the MAG works on.

    `recused` are the people who declared a conflict of interest there; `state` is that of the
    question, if it is one; `is_asked` says whether sign-off was asked for, if it is a draft.
    """

    recused: frozenset[int] = frozenset()
    state: QuestionState | None = None
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A suggestion as policy sees it: whose it is, and whether an answer is still due."""

    author_id: int
    is_open: bool


def count_groups(groups: Iterable[StakeholderGroup]) -> dict[StakeholderGroup, int]:
    """How many there are of each group, in alphabetical order of the groups."""
    return dict(sorted(Counter(groups).items()))


def what_is_missing(groups: Mapping[StakeholderGroup, int], rules: ReviewRules) -> Missing:
    """The fewest reviews that still have to come, given how many came from each group."""
    heard = sum(count > 0 for count in groups.values())
    more_groups = max(0, rules.groups - heard)
    more_reviews = max(0, rules.reviewers - sum(groups.values()))
    return Missing(max(more_reviews, more_groups), more_groups)


def average(values: Sequence[int]) -> Fraction:
    """The exact mean. Raises `ZeroDivisionError` of nothing."""
    return Fraction(sum(values), len(values))


def spread(values: Sequence[int]) -> int:
    """The steps between the lowest and the highest score."""
    return max(values) - min(values)


def one_decimal(value: Fraction) -> str:
    """A value of zero or more with one digit after the point, half up: 3.25 reads 3.3."""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"


def review_record(scores: Sequence[Score]) -> dict[str, Any]:
    """What becomes public of a review: reviewers by group, average and spread.

    Of fewer than three scores neither average nor spread is told.
    """
    values = [score.value for score in scores]
    is_shown = len(values) >= FEWEST_SHOWN
    groups = count_groups(score.group for score in scores)
    return {
        "reviewers": {group.value: count for group, count in groups.items()},
        "average": one_decimal(average(values)) if is_shown else None,
        "spread": spread(values) if is_shown else None,
    }


def reading_order(person_id: int, question_ids: Iterable[int]) -> list[int]:
    """Questions in an order that is this person's own and stays the same.

    Nobody's question always comes first, when attention is freshest, or always last.
    """

    def place(question_id: int) -> bytes:
        return hashlib.sha256(f"{person_id}/{question_id}".encode()).digest()

    return sorted(question_ids, key=place)


def roles_of(name: str, record: Mapping[str, Any]) -> tuple[str, ...]:
    """The roles in which a session's page names somebody of this name."""
    wanted = _folded(name)
    return tuple(
        role
        for role in ROLES_ON_PAGE
        if any(_folded(entry.get("name") or "") == wanted for entry in record.get(role) or ())
    )


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
