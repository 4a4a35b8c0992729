"""What one person contributed, newest first, for that person alone. Ballots are not read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.forum import OutputKind
from deliberate.domain.positions import Position
from deliberate.domain.process import Visibility
from deliberate.domain.review import SuggestionState
from deliberate.storage.ballots import Participation
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, Output, OutputPoint
from deliberate.storage.polls import Poll
from deliberate.storage.responses import Response
from deliberate.storage.suggestions import Suggestion

NEWEST = 20


@dataclass(frozen=True, slots=True)
class OwnComment:
    """A comment its author wrote, with the discussion it stands in; `body` is what was typed."""

    id: int
    deliberation_title: str
    body: str
    written_at: datetime
    is_retracted: bool


@dataclass(frozen=True, slots=True)
class OwnProposal:
    """A proposal with its current title."""

    id: int
    title: str
    proposed_at: datetime
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class OwnResponse:
    """A position on one point of an output, until when it can be changed, and who will see it."""

    point_id: int
    point_text: str
    kind: OutputKind
    position: Position
    deliberation_id: int
    closes_at: datetime
    responded_at: datetime
    visibility: str

    @property
    def is_named(self) -> bool:
        """Whether it is published with the person's name after closing."""
        return self.visibility == Visibility.NAMED


@dataclass(frozen=True, slots=True)
class OwnPoll:
    """A poll this person has a ballot in; what the ballot says is not here."""

    id: int
    title: str
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class OwnSuggestion:
    """A question the person suggested for a session, and what was answered."""

    id: int
    text: str
    session_slug: str
    state: SuggestionState
    answer: str
    suggested_at: datetime


def list_own_suggestions(session: Session, person_id: int) -> Sequence[OwnSuggestion]:
    """The person's newest suggestions, withdrawn ones included."""
    query = (
        sa.select(
            Suggestion.id,
            Suggestion.text,
            ForumSession.slug,
            Suggestion.state,
            Suggestion.answer,
            Suggestion.suggested_at,
        )
        .join(ForumSession, ForumSession.id == Suggestion.session_id)
        .where(Suggestion.author_id == person_id)
        .order_by(Suggestion.id.desc())
        .limit(NEWEST)
    )
    return [OwnSuggestion(*row) for row in session.execute(query)]


def list_own_responses(session: Session, person_id: int) -> Sequence[OwnResponse]:
    """The person's newest responses to points of outputs."""
    query = (
        sa.select(
            OutputPoint.id,
            OutputPoint.text,
            Output.kind,
            Response.position,
            Deliberation.id,
            Deliberation.closes_at,
            Response.responded_at,
            Deliberation.frozen["visibility"].as_string(),
        )
        .join(OutputPoint, OutputPoint.id == Response.point_id)
        .join(Output, Output.id == OutputPoint.output_id)
        .join(
            Deliberation,
            sa.and_(Deliberation.output_id == Output.id, Deliberation.round == OutputPoint.round),
        )
        .where(Response.person_id == person_id)
        .order_by(Response.id.desc())
        .limit(NEWEST)
    )
    return [OwnResponse(*row) for row in session.execute(query)]


def list_own_polls(session: Session, person_id: int) -> Sequence[OwnPoll]:
    """The newest polls in which the person has a ballot."""
    query = (
        sa.select(Poll.id, Poll.title, Poll.closes_at)
        .join(Participation, Participation.poll_id == Poll.id)
        .where(Participation.person_id == person_id)
        .order_by(Poll.id.desc())
        .limit(NEWEST)
    )
    return [OwnPoll(*row) for row in session.execute(query)]
