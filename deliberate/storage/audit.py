"""The audit trail: who did what to which thing, written beside the act."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import Actor
from deliberate.storage.base import Base
from deliberate.storage.database import now


class AuditEvent(Base):
    """One act. Ballots are recorded as cast, never with their content."""

    __tablename__ = "audit_events"
    __table_args__ = (sa.Index("ix_audit_events_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    happened_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    act: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[int]
    details: Mapped[dict[str, Any]]


def record(
    tx: Session, actor: Actor, act: str, subject_type: str, subject_id: int, **details: Any
) -> AuditEvent:
    """Add one act to the trail, in the transaction of the act itself."""
    event = AuditEvent(
        happened_at=now(tx),
        actor_id=actor.id,
        act=act,
        subject_type=subject_type,
        subject_id=subject_id,
        details=details,
    )
    tx.add(event)
    return event
