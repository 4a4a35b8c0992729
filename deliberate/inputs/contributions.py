"""What participants write: comments, proposals, ratings and responses."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from deliberate.domain.classification import LANGUAGES
from deliberate.domain.positions import Position, Rating
from deliberate.domain.threads import Capacity, CommentKind
from deliberate.inputs.texts import (
    LARGEST_ID,
    Id,
    Input,
    OptionalId,
    OptionalReason,
    Prose,
    Reason,
    SubmissionKey,
    Title,
    blank_to_none,
    clean_line,
    clean_prose,
)

DraftProse = Annotated[str, AfterValidator(clean_prose), Field(max_length=40_000)]


def _known_language(tag: str) -> str:
    if tag not in LANGUAGES:
        raise PydanticCustomError("enum", "not a language of the list")
    return tag


OptionalLanguage = Annotated[
    Annotated[str, AfterValidator(_known_language)] | None, BeforeValidator(blank_to_none)
]
"""The BCP 47 tag of a language one can choose, or none."""


PLACES = ("parent_id", "proposal_id", "point_id", "source_line")
"""The fields that say where a comment stands; at most one of them counts, the first."""


def place_of(fields: Mapping[str, Any]) -> str:
    """Where a comment stands as one text, such as "parent_id=12"; "" for a thread of its own."""
    return next((f"{name}={fields[name]}" for name in PLACES if fields.get(name)), "")


class NewComment(Input):
    """A comment, in reply to another or about a proposal, a point or a line of the session's page.

    About none of these it is about the question itself, or names a point that is missing.
    """

    body: Prose
    kind: CommentKind = CommentKind.REMARK
    language: OptionalLanguage = None
    capacity: Capacity = Capacity.PERSONAL
    parent_id: OptionalId = None
    proposal_id: OptionalId = None
    point_id: OptionalId = None
    source_line: OptionalId = None
    submission_key: SubmissionKey

    @property
    def place(self) -> str:
        """Where it stands, see `place_of`."""
        return place_of(self.model_dump(include=set(PLACES)))


class CommentRevision(Input):
    """A comment in other words, made from the version that was shown."""

    body: Prose
    kind: CommentKind
    language: OptionalLanguage = None
    version: Annotated[int, Field(ge=1)]


class ProposalText(Input):
    """What a proposal says: one sentence that stands alone, the text, and why."""

    title: Title
    body: Prose
    rationale: Annotated[str, AfterValidator(clean_prose), Field(max_length=3_000)] = ""
    submission_key: SubmissionKey


class NewProposal(ProposalText):
    """A proposal, possibly in answer to one point of an output."""

    point_id: OptionalId = None
    capacity: Capacity = Capacity.PERSONAL


class NewVersion(ProposalText):
    """Another wording; `version` is the number of the one that it was made from."""

    note: Annotated[str, AfterValidator(clean_prose), Field(min_length=10, max_length=500)]
    version: Annotated[int, Field(ge=1)]


class NewAmendment(NewVersion):
    """The text as somebody else would have it; `note` says why, `version` is what it changes."""


class Answer(Input):
    """Why an amendment is answered as it is."""

    reason: Reason


class NewRecasting(Input):
    """Why texts are to be made of a proposal, and of which others; the texts are `ProposalText`."""

    others: list[Id] = []
    reason: Reason
    submission_key: SubmissionKey


class SponsorInviting(Input):
    """The handle of somebody who is asked to co-sponsor a proposal; the at sign may be left out."""

    handle: Annotated[str, AfterValidator(clean_line), Field(min_length=2, max_length=120)]


class NewSponsorship(Input):
    """Standing behind the version of a proposal that was shown."""

    version_id: Id
    capacity: Capacity = Capacity.PERSONAL


class DraftedProposal(Input):
    """A proposal or a new version that is kept for its author as far as it goes.

    It may be too short or too long to be published. `saved` is the number of the saved state
    that the form showed, 0 at first; `version` as in `NewVersion`.
    """

    title: Annotated[str, AfterValidator(clean_line), Field(max_length=1_000)] = ""
    body: DraftProse = ""
    rationale: DraftProse = ""
    note: DraftProse = ""
    point_id: OptionalId = None
    capacity: Capacity = Capacity.PERSONAL
    version: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    saved: Annotated[int, Field(ge=0, le=LARGEST_ID)] = 0
    submission_key: SubmissionKey

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.title or self.body or self.rationale or self.note)


class DraftPublication(Input):
    """Publishing a draft as it was shown: the number of its saved state, and its key."""

    saved: Annotated[int, Field(ge=1, le=LARGEST_ID)]
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
