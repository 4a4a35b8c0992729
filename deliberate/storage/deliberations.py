"""Deliberations: one policy question or one output, opened to everybody for a time."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.storage.base import Base


class Deliberation(Base):
    """An opened question or output. `frozen` is what may not change any more.

    `revision` counts every change to anything shown on its page, so that it can serve as the
    page's entity tag.
    """

    __tablename__ = "deliberations"
    __table_args__ = (
        sa.CheckConstraint("(question_id IS NULL) <> (output_id IS NULL)", name="one_subject"),
        sa.CheckConstraint("opens_at < closes_at", name="opens_first"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("forum_sessions.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("policy_questions.id"), unique=True
    )
    output_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outputs.id"), unique=True)
    title: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    minimum: Mapped[int]
    frozen: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    revision: Mapped[int]


_REVISION = sa.select(Deliberation.__table__.c.revision).where(
    Deliberation.__table__.c.id == sa.bindparam("deliberation_id")
)


def find_revision(session: Session, deliberation_id: int) -> int | None:
    """How often the deliberation changed: the quickest way to learn that a kept page still holds.

    Everything on a page that does not follow from the passing of time follows from it.
    """
    revision: int | None = session.scalar(_REVISION, {"deliberation_id": deliberation_id})
    return revision


def find_deliberation(session: Session, deliberation_id: int) -> Deliberation | None:
    """The deliberation with this id."""
    return session.get(Deliberation, deliberation_id)


def lock_deliberation(tx: Session, deliberation_id: int) -> Deliberation | None:
    """The deliberation, held until the transaction ends."""
    query = sa.select(Deliberation).where(Deliberation.id == deliberation_id)
    return tx.scalar(query.with_for_update().execution_options(populate_existing=True))


def touch(tx: Session, deliberation_id: int) -> None:
    """Count one more change, so that caches of the page fall."""
    tx.execute(
        sa.update(Deliberation)
        .where(Deliberation.id == deliberation_id)
        .values(revision=Deliberation.revision + 1)
    )
