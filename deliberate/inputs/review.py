"""What MAG members and participants enter around reviews, suggestions and sign-offs."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from deliberate.domain.review import HIGHEST, LOWEST, Stance
from deliberate.inputs.curation import QuestionText
from deliberate.inputs.texts import Input, Line, OptionalReason, Reason, SubmissionKey


class Verdict(StrEnum):
    """How a suggestion is answered."""

    TAKE_UP = "take_up"
    LEAVE = "leave"


class NewReview(Input):
    """One overall score with a note for the other members."""

    score: Annotated[int, Field(ge=LOWEST, le=HIGHEST)]
    note: OptionalReason = ""


class ConflictNote(Input):
    """Declaring a conflict for one session; the note stays with the member."""

    note: OptionalReason = ""


class ThemeConflict(Input):
    """Declaring a conflict for every session of a theme."""

    theme: Line
    note: OptionalReason = ""


class NewSuggestion(Input):
    """A question somebody would like to be asked, and why."""

    text: QuestionText
    reason: Reason
    submission_key: SubmissionKey


class SuggestionAnswer(Input):
    """The MAG's public answer to a suggestion."""

    verdict: Verdict
    answer: Reason


class NewSignOff(Input):
    """A stance; `draft` is the fingerprint of the text the form showed."""

    stance: Stance
    text: OptionalReason = ""
    draft: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

    @model_validator(mode="after")
    def _text_with_discuss(self) -> "NewSignOff":
        if self.stance is Stance.DISCUSS and len(self.text) < 10:
            raise PydanticCustomError("discuss_text", "a Discuss says what to discuss")
        return self


class SignOffAnswer(Input):
    """The facilitator's answer to a Discuss."""

    answer: Reason


class Publication(Input):
    """Publishing a draft; `override` is the public reason for doing so over a Discuss."""

    version: int = 0
    override: OptionalReason = ""
