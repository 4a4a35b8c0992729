"""The curation log: what curators decided about sessions, questions and outputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.forum import CurationKind
from deliberate.domain.people import Actor
from deliberate.storage.base import Base
from deliberate.storage.database import now
from deliberate.storage.forum import ForumSession, PolicyQuestion, QuestionLineage
from deliberate.storage.people import Person
from deliberate.storage.types import Word


class CurationDecision(Base):
    """One public act of a curator with its reason and the text before and after.

    It belongs to a session unless it is about a whole theme. `review` is what the review of a
    question came to, in the shape of `domain.review.review_record`; none without a review.
    `restores` is what taking the act back needs: the ids of what it made and the states it
    found. An act is undone once: the one that does so names it in `undoes_id`.
    """

    __tablename__ = "curation_decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("forum_sessions.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(sa.ForeignKey("policy_questions.id"))
    output_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outputs.id"))
    kind: Mapped[CurationKind] = mapped_column(Word(CurationKind))
    reason: Mapped[str]
    before: Mapped[list[Any]]
    after: Mapped[list[Any]]
    review: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    restores: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    undoes_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("curation_decisions.id"), unique=True
    )
    decided_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[datetime]


def log_decision(
    tx: Session,
    actor: Actor,
    kind: CurationKind,
    reason: str,
    *,
    session_id: int | None,
    question_id: int | None = None,
    output_id: int | None = None,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    review: dict[str, Any] | None = None,
    restores: dict[str, Any] | None = None,
    undoes_id: int | None = None,
) -> CurationDecision:
    """Write a public act into the log, with the texts it found and the texts it left."""
    decision = CurationDecision(
        session_id=session_id,
        question_id=question_id,
        output_id=output_id,
        kind=kind,
        reason=reason,
        before=list(before),
        after=list(after),
        review=review,
        restores=restores,
        undoes_id=undoes_id,
        decided_by=actor.id,
        decided_at=now(tx),
    )
    tx.add(decision)
    return decision


def find_newest_by(session: Session, actor: Actor) -> CurationDecision | None:
    """The last act of this person, if there is one."""
    query = sa.select(CurationDecision).where(CurationDecision.decided_by == actor.id)
    return session.scalar(query.order_by(CurationDecision.id.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What a reader of the log wants to see; nothing stands for everything."""

    session_id: int | None = None
    kind: CurationKind | None = None
    person_id: int | None = None


def list_decisions(
    session: Session,
    session_id: int | None = None,
    before_id: int | None = None,
    limit: int = 50,
    wanted: LogFilter | None = None,
) -> Sequence[sa.Row[CurationDecision, Person, ForumSession | None]]:
    """The curation log, newest first, with who decided and in which session, if in one.

    To a forum session belongs as well what was done to a question that its own were merged into.
    """
    query = (
        sa.select(CurationDecision, Person, ForumSession)
        .join(Person, Person.id == CurationDecision.decided_by)
        .outerjoin(ForumSession, ForumSession.id == CurationDecision.session_id)
        .order_by(CurationDecision.id.desc())
        .limit(limit)
    )
    wanted = wanted or LogFilter(session_id)
    if wanted.session_id is not None:
        query = query.where(_concerns(wanted.session_id))
    if wanted.kind is not None:
        query = query.where(CurationDecision.kind == wanted.kind)
    if wanted.person_id is not None:
        query = query.where(CurationDecision.decided_by == wanted.person_id)
    if before_id is not None:
        query = query.where(CurationDecision.id < before_id)
    return session.execute(query).all()


def list_undoings(session: Session, decision_ids: Sequence[int]) -> dict[int, int]:
    """The entries that took these acts back, by the act; of those that were taken back."""
    columns = (CurationDecision.undoes_id, CurationDecision.id)
    query = sa.select(*columns).where(CurationDecision.undoes_id.in_(decision_ids))
    return {undone: number for undone, number in session.execute(query) if undone}


def _concerns(session_id: int) -> sa.ColumnElement[bool]:
    """Done in the session, or to what became of its questions elsewhere."""
    became = (
        sa.select(QuestionLineage.child_id)
        .join(PolicyQuestion, PolicyQuestion.id == QuestionLineage.parent_id)
        .where(PolicyQuestion.session_id == session_id)
    )
    return sa.or_(
        CurationDecision.session_id == session_id, CurationDecision.question_id.in_(became)
    )
