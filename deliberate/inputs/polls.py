"""Opening a poll and casting a ranked ballot."""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from deliberate.domain.weighting import Scheme
from deliberate.inputs.texts import Id, Input, Moment, OptionalMoment, SubmissionKey, Title


class NewPoll(Input):
    """A poll that ranks proposals: everything that is frozen when it opens.

    Without `opens_at` it opens at once.
    """

    title: Title
    opens_at: OptionalMoment = None
    closes_at: Moment
    proposal_ids: Annotated[list[Id], Field(min_length=2, max_length=50)]
    primary_scheme: Scheme
    minimum: Annotated[int, Field(ge=2, le=1_000)] = 5

    @model_validator(mode="after")
    def _closes_after_opening(self) -> "NewPoll":
        if self.opens_at is not None and self.closes_at <= self.opens_at:
            raise PydanticCustomError("closes_first", "closes before it opens")
        return self


class RankedBallot(Input):
    """A rank for each option id, or None; `submission_key` makes a resend harmless."""

    ranks: dict[int, int | None]
    submission_key: SubmissionKey
