"""Which question came from which, across sessions, and where an old one lives on."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from deliberate.domain.forum import LineageKind, QuestionState
from deliberate.storage.deliberations import Deliberation, is_newest_round
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


@dataclass(slots=True)
class Kin:
    """A question with those it came from and those it became, and by what kind of act each."""

    question: PolicyQuestion
    parents: list[Relative] = field(default_factory=list)
    children: list[Relative] = field(default_factory=list)
    came_by: LineageKind | None = None
    became_by: LineageKind | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question or an output is now: in its session, and in a discussion once opened."""

    id: int
    text: str
    slug: str
    deliberation_id: int | None


@dataclass(frozen=True, slots=True)
class Descent:
    """A question that another came from, by a split or a merger."""

    kind: LineageKind
    parent: Relative


def list_kin(session: Session, session_id: int) -> list[Kin]:
    """The questions of a forum session in page order, each with its lineage, in one query."""
    link, other, where = QuestionLineage, aliased(PolicyQuestion), aliased(ForumSession)
    at_either_end = sa.or_(link.parent_id == PolicyQuestion.id, link.child_id == PolicyQuestion.id)
    far_end = sa.case((link.parent_id == PolicyQuestion.id, link.child_id), else_=link.parent_id)
    rows = session.execute(
        sa.select(PolicyQuestion, link.kind, link.child_id, *_columns(other, where))
        .outerjoin(link, at_either_end)
        .outerjoin(other, sa.and_(other.id == far_end, other.taken_back_at.is_(None)))
        .outerjoin(where, where.id == other.session_id)
        .where(PolicyQuestion.session_id == session_id, PolicyQuestion.taken_back_at.is_(None))
        .order_by(PolicyQuestion.position, PolicyQuestion.id, link.id)
    )
    found: dict[int, Kin] = {}
    for question, kind, child_id, *far in rows:
        kin = found.setdefault(question.id, Kin(question))
        if far[0] is not None:
            ends = kin.parents if child_id == question.id else kin.children
            ends.append(Relative(*far))
            if child_id == question.id:
                kin.came_by = kind
            else:
                kin.became_by = kind
    return list(found.values())


def list_origins(session: Session, question_id: int) -> list[Descent]:
    """The questions that this one was merged or split from, in the order in which it names them."""
    parent, whence = aliased(PolicyQuestion), aliased(ForumSession)
    rows = session.execute(
        sa.select(QuestionLineage.kind, *_columns(parent, whence))
        .join(parent, parent.id == QuestionLineage.parent_id)
        .join(whence, whence.id == parent.session_id)
        .where(QuestionLineage.child_id == question_id)
        .order_by(QuestionLineage.id)
    )
    return [Descent(kind, Relative(*values)) for kind, *values in rows]


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
    """The ids of the newest discussions on these questions, by question, where there is one."""
    columns = (Deliberation.question_id, Deliberation.id)
    query = sa.select(*columns).where(Deliberation.question_id.in_(question_ids))
    query = query.order_by(Deliberation.round)
    return {question_id: number for question_id, number in session.execute(query) if question_id}


def _places(table: Any, subject: Any, condition: Any) -> sa.Select[Any]:
    return (
        sa.select(table.id, table.text, ForumSession.slug, Deliberation.id)
        .join(ForumSession, ForumSession.id == table.session_id)
        .outerjoin(Deliberation, sa.and_(subject == table.id, is_newest_round()))
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


def _columns(question: Any, session: Any) -> tuple[Any, ...]:
    return (
        question.id,
        question.text,
        session.id,
        session.slug,
        session.title,
        session.year,
    )
