"""Which question came from which, across sessions, and where an old one lives on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from deliberate.domain.forum import LineageKind, QuestionState
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion, QuestionLineage

DEEPEST = 50
"""Steps after which following a question ends, so that no chain of splits is walked for ever."""


@dataclass(frozen=True, slots=True)
class Relative:
    """A question that another came from or became, with its session."""

    id: int
    text: str
    session_id: int
    slug: str
    session_title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question or an output is now: in its session, and in a discussion once opened."""

    id: int
    text: str
    slug: str
    deliberation_id: int | None


@dataclass(frozen=True, slots=True)
class Descent:
    """One question came from another by a split or a merger."""

    kind: LineageKind
    parent: Relative
    child: Relative


def list_descent(session: Session, session_id: int) -> list[Descent]:
    """Every link with a question of this forum session at either end, in the order made."""
    return _descents(session, _either_end(session_id))


def list_origins(session: Session, question_id: int) -> list[Descent]:
    """The questions that this one was merged or split from, in the order of the sessions."""
    return _descents(session, lambda _parent, child: child.id == question_id)


def find_living(session: Session, question_id: int) -> list[Place]:
    """Where a question lives on: itself, what replaced it, or what it was made of.

    A question whose making was taken back leads to those it was made of; one that was added by
    hand and taken back leads nowhere.
    """
    living: set[int] = set()
    seen: set[int] = set()
    pending = {question_id}
    for _step in range(DEEPEST):
        if not pending:
            break
        seen |= pending
        pending = _step_on(session, pending, living) - seen
    query = _places(PolicyQuestion, Deliberation.question_id, PolicyQuestion.id.in_(living))
    order = (PolicyQuestion.session_id, PolicyQuestion.position, PolicyQuestion.id)
    return [Place(*row) for row in session.execute(query.order_by(*order))]


def find_output_place(session: Session, output_id: int) -> Place | None:
    """Where an output is now; nowhere when it was added by hand and taken back."""
    condition = sa.and_(Output.id == output_id, Output.taken_back_at.is_(None))
    row = session.execute(_places(Output, Deliberation.output_id, condition)).one_or_none()
    return None if row is None else Place(*row)


def list_opened(session: Session, question_ids: Iterable[int]) -> dict[int, int]:
    """The ids of the discussions on these questions, by question; of those that were opened."""
    columns = (Deliberation.question_id, Deliberation.id)
    query = sa.select(*columns).where(Deliberation.question_id.in_(question_ids))
    return {question_id: number for question_id, number in session.execute(query) if question_id}


def _places(table: Any, subject: Any, condition: Any) -> sa.Select[Any]:
    return (
        sa.select(table.id, table.text, ForumSession.slug, Deliberation.id)
        .join(ForumSession, ForumSession.id == table.session_id)
        .outerjoin(Deliberation, subject == table.id)
        .where(condition)
    )


def _step_on(session: Session, ids: Iterable[int], living: set[int]) -> set[int]:
    """Note those of these questions that live, and give the ids at which the others go on."""
    columns = (PolicyQuestion.id, PolicyQuestion.state, PolicyQuestion.taken_back_at)
    rows = session.execute(sa.select(*columns).where(PolicyQuestion.id.in_(ids))).all()
    living |= {number for number, state, _gone in rows if state is not QuestionState.REPLACED}
    gone = {number for number, _state, taken_back_at in rows if taken_back_at is not None}
    replaced = {number for number, _state, _gone in rows} - living - gone
    back = sa.select(QuestionLineage.parent_id).where(QuestionLineage.child_id.in_(gone))
    on = (
        sa.select(QuestionLineage.child_id)
        .join(PolicyQuestion, PolicyQuestion.id == QuestionLineage.child_id)
        .where(QuestionLineage.parent_id.in_(replaced), PolicyQuestion.taken_back_at.is_(None))
    )
    return {*session.scalars(back), *session.scalars(on)}


def _either_end(session_id: int) -> Any:
    return lambda parent, child: sa.or_(
        parent.session_id == session_id, child.session_id == session_id
    )


def _descents(session: Session, condition: Any) -> list[Descent]:
    parent, child = aliased(PolicyQuestion), aliased(PolicyQuestion)
    whence, where = aliased(ForumSession), aliased(ForumSession)
    rows = session.execute(
        sa.select(
            QuestionLineage.kind,
            *_columns(parent, whence),
            *_columns(child, where),
        )
        .join(parent, parent.id == QuestionLineage.parent_id)
        .join(whence, whence.id == parent.session_id)
        .join(child, child.id == QuestionLineage.child_id)
        .join(where, where.id == child.session_id)
        .where(child.taken_back_at.is_(None), condition(parent, child))
        .order_by(QuestionLineage.id)
    )
    return [Descent(row[0], Relative(*row[1:7]), Relative(*row[7:13])) for row in rows]


def _columns(question: Any, session: Any) -> tuple[Any, ...]:
    return (
        question.id,
        question.text,
        session.id,
        session.slug,
        session.title,
        session.year,
    )
