"""What participants write: comments, proposals, ratings and responses."""

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from deliberate.domain.positions import Position, Rating
from deliberate.domain.threads import CommentKind
from deliberate.inputs.texts import (
    Id,
    Input,
    OptionalId,
    OptionalReason,
    Prose,
    SubmissionKey,
    Title,
)


class NewComment(Input):
    """A comment, possibly in reply to another or about a proposal."""

    body: Prose
    kind: CommentKind = CommentKind.REMARK
    parent_id: OptionalId = None
    proposal_id: OptionalId = None
    submission_key: SubmissionKey


class NewProposal(Input):
    """A proposal: one sentence that stands alone, and its text."""

    title: Title
    body: Prose
    submission_key: SubmissionKey


class NewRating(Input):
    """How strongly somebody agrees with the proposal version that was shown."""

    rating: Rating
    version_id: Id


class NewResponse(Input):
    """A position on a point, with a reason where one is asked for."""

    position: Position
    reason: OptionalReason = ""

    @model_validator(mode="after")
    def _reason_where_asked(self) -> "NewResponse":
        if self.position.asks_reason and len(self.reason) < 10:
            raise PydanticCustomError("reason_asked", "a reason is asked for")
        return self
