"""Ballots counted in a room or on paper: a channel of its own beside the ballots cast here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import StakeholderGroup
from deliberate.storage.base import Base
from deliberate.storage.freezing import freeze
from deliberate.storage.types import Word


class RoomCount(Base):
    """What was counted in one place, in one version. A correction is a version more.

    `counts` holds a number for each option id; `group` is empty where people of several groups
    voted together. `reason` says why an earlier version was corrected.
    """

    __tablename__ = "room_counts"
    __table_args__ = (sa.UniqueConstraint("poll_id", "batch", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id"), index=True)
    batch: Mapped[int]
    version: Mapped[int]
    group: Mapped[StakeholderGroup | None] = mapped_column(
        "stakeholder_group", Word(StakeholderGroup)
    )
    ballots: Mapped[int]
    counts: Mapped[dict[str, Any]]
    source: Mapped[str]
    witness: Mapped[str]
    reason: Mapped[str]
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    entered_at: Mapped[datetime]


freeze(RoomCount)


def list_room_counts(session: Session, poll_id: int) -> Sequence[RoomCount]:
    """Every version of every batch of a poll, the newest version of a batch last."""
    query = sa.select(RoomCount).where(RoomCount.poll_id == poll_id)
    return session.scalars(query.order_by(RoomCount.batch, RoomCount.version)).all()
