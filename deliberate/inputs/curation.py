"""What a curator decides about questions and outputs, each with a public reason."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from deliberate.inputs.texts import (
    Id,
    Input,
    Moment,
    OptionalMoment,
    Reason,
    clean_line,
)

_BLANK_LINES = re.compile(r"\n\s*\n")


def _parts(value: Any) -> Any:
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return [part for part in _BLANK_LINES.split(text) if part.strip()]
    return value


QuestionText = Annotated[str, AfterValidator(clean_line), Field(min_length=10, max_length=1_000)]
PointText = Annotated[str, AfterValidator(clean_line), Field(min_length=10, max_length=3_000)]
Shown = Annotated[str, Field(pattern=r"^[0-9]{1,10}:[0-9]{1,10}$")]
Questions = Annotated[
    list[QuestionText], Field(min_length=2, max_length=10), BeforeValidator(_parts)
]
Points = Annotated[list[PointText], Field(min_length=2, max_length=20), BeforeValidator(_parts)]


class Judgement(Input):
    """Accepting or declining a question."""

    reason: Reason


class Rewording(Input):
    """A better wording; `version` is the one that the form showed."""

    text: QuestionText
    reason: Reason
    version: int


class QuestionSplit(Input):
    """One question as several, separated by blank lines in a form.

    `version` is the one that the form showed; without it nothing is compared.
    """

    parts: Questions
    reason: Reason
    version: int | None = None


class QuestionMerger(Input):
    """Several questions as one; `shown` are the versions that the form showed, such as "12:3"."""

    question_ids: Annotated[list[Id], Field(min_length=2, max_length=10)]
    text: QuestionText
    reason: Reason
    shown: Annotated[list[Shown], Field(max_length=1_000)] = []

    @property
    def versions(self) -> dict[int, int]:
        """The version that was shown of each question, by its id."""
        pairs = (each.split(":") for each in self.shown)
        return {int(question_id): int(version) for question_id, version in pairs}


class OutputSplit(Input):
    """An output as several points, separated by blank lines in a form.

    `version` says which points the form showed; without it nothing is compared.
    """

    parts: Points
    reason: Reason
    version: int | None = None


class Undoing(Input):
    """Taking an act of curation back."""

    reason: Reason


class Opening(Input):
    """When a deliberation opens and closes, and how many responses a group needs.

    The short way to open something, with the simplest process. Without `opens_at` it opens at
    once.
    """

    opens_at: OptionalMoment = None
    closes_at: Moment
    minimum: Annotated[int, Field(ge=1, le=1_000)] = 5

    @model_validator(mode="after")
    def _closes_after_opening(self) -> "Opening":
        if self.opens_at is not None and self.closes_at <= self.opens_at:
            raise PydanticCustomError("closes_first", "closes before it opens")
        return self
