"""Deliberations: one policy question or one output, opened to everybody for a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.storage.base import Base


class Deliberation(Base):
    """An opened question or output. `frozen` is what may not change any more.

    What closed can be opened again as another `round`, which is a deliberation of its own.
    `closes_at` may have moved since opening; `storage.reschedulings` says so. An archived one
    stands in no list but keeps its address. Where it is premoderated, comments wait for a
    moderator, for a public reason. `revision` counts every change to anything shown on
    its page, so that it can serve as the page's entity tag.
    """

    __tablename__ = "deliberations"
    __table_args__ = (
        sa.CheckConstraint("(question_id IS NULL) <> (output_id IS NULL)", name="one_subject"),
        sa.CheckConstraint("opens_at < closes_at", name="opens_first"),
        sa.UniqueConstraint("question_id", "round"),
        sa.UniqueConstraint("output_id", "round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("forum_sessions.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(sa.ForeignKey("policy_questions.id"))
    output_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outputs.id"))
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    title: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    minimum: Mapped[int]
    frozen: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    premoderated_at: Mapped[datetime | None]
    premoderation_reason: Mapped[str] = mapped_column(default="", server_default=sa.text("''"))
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


def list_rounds(
    session: Session, *, question_id: int | None = None, output_id: int | None = None
) -> Sequence[Deliberation]:
    """Every round of one question or one output, the first one first."""
    own = (
        Deliberation.question_id == question_id
        if question_id is not None
        else Deliberation.output_id == output_id
    )
    return session.scalars(sa.select(Deliberation).where(own).order_by(Deliberation.round)).all()


def is_newest_round() -> sa.ColumnElement[bool]:
    """Whether no later round of the same subject follows the deliberation of a query."""
    later = sa.orm.aliased(Deliberation)
    same = sa.or_(
        later.question_id == Deliberation.question_id, later.output_id == Deliberation.output_id
    )
    return ~sa.exists().where(same, later.round > Deliberation.round)


def find_by_point_round(session: Session, output_id: int, number: int) -> int | None:
    """The id of the deliberation in which this round of an output's points is responded to."""
    return session.scalar(
        sa.select(Deliberation.id).where(
            Deliberation.output_id == output_id, Deliberation.round == number
        )
    )


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
