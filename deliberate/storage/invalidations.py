"""Declaring polls invalid: proposed by one person, confirmed by another."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.storage.base import Base


class Invalidation(Base):
    """One proposal to declare a poll invalid. It holds once `confirmed_at` is set."""

    __tablename__ = "invalidations"
    __table_args__ = (sa.CheckConstraint("confirmed_by <> proposed_by", name="two_people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id"), index=True)
    reason: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None]
    dropped_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    dropped_at: Mapped[datetime | None]


def find_invalidation(session: Session, poll_id: int) -> Invalidation | None:
    """The proposal that waits for a second person, or the one that was confirmed."""
    query = sa.select(Invalidation).where(
        Invalidation.poll_id == poll_id, Invalidation.dropped_at.is_(None)
    )
    return session.scalar(query.order_by(Invalidation.id.desc()).limit(1))
