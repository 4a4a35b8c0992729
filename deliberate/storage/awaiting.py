"""What waits for one MAG member: counted in one query, and the first of each kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.forum import QuestionState
from deliberate.storage.conflicts import stands_aside
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, PolicyQuestion
from deliberate.storage.imports import ImportDraft
from deliberate.storage.reviews import scored_by
from deliberate.storage.suggestions import OPEN, Suggestion


@dataclass(frozen=True, slots=True)
class Awaiting:
    """How much waits, without what this member stands aside from."""

    to_check: int
    to_review: int
    suggestions: int
    to_open: int
    new_questions: int


def count_awaiting(session: Session, person_id: int) -> Awaiting:
    """What waits for this member."""
    return Awaiting(
        *session.execute(
            sa.select(
                sa.select(sa.func.count(ImportDraft.id))
                .where(ImportDraft.owner_id == person_id)
                .scalar_subquery(),
                _count(
                    PolicyQuestion,
                    person_id,
                    PolicyQuestion.state == QuestionState.IN_REVIEW,
                    PolicyQuestion.taken_back_at.is_(None),
                    ~scored_by(person_id),
                ),
                _count(Suggestion, person_id, Suggestion.state.in_(OPEN)),
                _count(PolicyQuestion, person_id, *_to_open()),
                _count(
                    PolicyQuestion,
                    person_id,
                    PolicyQuestion.state == QuestionState.IMPORTED,
                    PolicyQuestion.taken_back_at.is_(None),
                ),
            )
        ).one()
    )


def list_to_open(
    session: Session, person_id: int, limit: int
) -> Sequence[sa.Row[PolicyQuestion, str, str]]:
    """Accepted questions that nobody has opened, with their session's slug and title."""
    query = (
        sa.select(PolicyQuestion, ForumSession.slug, ForumSession.title)
        .join(ForumSession, ForumSession.id == PolicyQuestion.session_id)
        .where(*_to_open(), ~stands_aside(person_id))
        .order_by(PolicyQuestion.id)
        .limit(limit)
    )
    return session.execute(query).all()


def _to_open() -> tuple[sa.ColumnElement[bool], ...]:
    opened = sa.select(Deliberation.id).where(Deliberation.question_id == PolicyQuestion.id)
    return (
        PolicyQuestion.state == QuestionState.ACCEPTED,
        PolicyQuestion.taken_back_at.is_(None),
        ~opened.correlate(PolicyQuestion).exists(),
    )


def _count(table: Any, person_id: int, *conditions: sa.ColumnElement[bool]) -> Any:
    return (
        sa.select(sa.func.count(table.id))
        .join(ForumSession, ForumSession.id == table.session_id)
        .where(*conditions, ~stands_aside(person_id))
        .scalar_subquery()
    )
