"""Questions that participants suggest for a session, and what the MAG answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.review import SuggestionState
from deliberate.storage.base import Base
from deliberate.storage.conflicts import stands_aside
from deliberate.storage.forum import ForumSession, PolicyQuestion
from deliberate.storage.people import Person
from deliberate.storage.types import Word

OPEN = (SuggestionState.RECEIVED, SuggestionState.ACKNOWLEDGED)


class Suggestion(Base):
    """A suggested question. `answer` is public; `question_id` is the one it became."""

    __tablename__ = "suggestions"
    __table_args__ = (
        sa.UniqueConstraint("author_id", "submission_key"),
        sa.Index("ix_suggestions_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("forum_sessions.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    group: Mapped[StakeholderGroup] = mapped_column(Word(StakeholderGroup))
    text: Mapped[str]
    reason: Mapped[str]
    submission_key: Mapped[str]
    state: Mapped[SuggestionState] = mapped_column(Word(SuggestionState))
    answer: Mapped[str]
    question_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("policy_questions.id"), unique=True
    )
    suggested_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]


Line = sa.Row[Suggestion, Person, ForumSession, str | None]
"""A suggestion with its author, its session and the name of whoever answered."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """Who suggested what became a question, and the group they belonged to."""

    name: str
    group: StakeholderGroup


def list_questions_with_authors(
    session: Session, session_id: int
) -> Sequence[tuple[PolicyQuestion, Suggested | None]]:
    """The questions of a forum session in page order, with who suggested them, if anybody did."""
    query = (
        sa.select(PolicyQuestion, Person.name, Suggestion.group)
        .outerjoin(Suggestion, Suggestion.question_id == PolicyQuestion.id)
        .outerjoin(Person, Person.id == Suggestion.author_id)
        .where(PolicyQuestion.session_id == session_id, PolicyQuestion.taken_back_at.is_(None))
        .order_by(PolicyQuestion.position, PolicyQuestion.id)
    )
    return [
        (question, None if name is None else Suggested(name, group))
        for question, name, group in session.execute(query)
    ]


def find_by_submission(session: Session, author_id: int, key: str) -> Suggestion | None:
    """The suggestion that this rendering of a form already led to."""
    return session.scalar(
        sa.select(Suggestion).where(
            Suggestion.author_id == author_id, Suggestion.submission_key == key
        )
    )


def lock_suggestion(tx: Session, suggestion_id: int) -> Suggestion | None:
    """The suggestion, held until the transaction ends."""
    query = sa.select(Suggestion).where(Suggestion.id == suggestion_id).with_for_update()
    return tx.scalar(query.execution_options(populate_existing=True))


def find_line(session: Session, suggestion_id: int) -> Line | None:
    """One suggestion with its author and session."""
    query = _lines().where(Suggestion.id == suggestion_id)
    return session.execute(query).one_or_none()


def list_of_session(
    session: Session, session_id: int, limit: int, offset: int = 0
) -> Sequence[Line]:
    """The suggestions for a session, newest first, without withdrawn ones."""
    query = _lines().where(
        Suggestion.session_id == session_id, Suggestion.state != SuggestionState.WITHDRAWN
    )
    order = query.order_by(Suggestion.id.desc()).limit(limit).offset(offset)
    return session.execute(order).all()


def list_for_page(session: Session, session_id: int, newest: int) -> Sequence[Line]:
    """The newest suggestions for a session, and all that became questions, newest first."""
    recent = (
        sa.select(Suggestion.id)
        .where(Suggestion.session_id == session_id, Suggestion.state != SuggestionState.WITHDRAWN)
        .order_by(Suggestion.id.desc())
        .limit(newest)
    )
    query = _lines().where(
        Suggestion.session_id == session_id,
        sa.or_(Suggestion.question_id.is_not(None), Suggestion.id.in_(recent)),
    )
    return session.execute(query.order_by(Suggestion.id.desc())).all()


def list_unanswered(
    session: Session, person_id: int, limit: int, offset: int = 0
) -> Sequence[Line]:
    """What waits for an answer, oldest first, without what this person stands aside from."""
    query = _lines().where(Suggestion.state.in_(OPEN), ~stands_aside(person_id))
    order = query.order_by(Suggestion.id).limit(limit).offset(offset)
    return session.execute(order).all()


def list_answered(session: Session, limit: int, offset: int = 0) -> Sequence[Line]:
    """What was answered, the latest answer first."""
    query = _lines().where(
        Suggestion.state.in_((SuggestionState.TAKEN_UP, SuggestionState.NOT_TAKEN_UP))
    )
    order = query.order_by(Suggestion.answered_at.desc(), Suggestion.id.desc())
    return session.execute(order.limit(limit).offset(offset)).all()


def _lines() -> sa.Select[Suggestion, Person, ForumSession, str | None]:
    answerer = aliased(Person)
    return (
        sa.select(Suggestion, Person, ForumSession, answerer.name)
        .join(Person, Person.id == Suggestion.author_id)
        .join(ForumSession, ForumSession.id == Suggestion.session_id)
        .outerjoin(answerer, answerer.id == Suggestion.answered_by)
    )
