"""Mandates: that a person speaks for an organisation, as the secretariat has confirmed."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.storage.base import Base


class Mandate(Base):
    """A confirmation for one organisation, by its name; it holds until it is ended."""

    __tablename__ = "mandates"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    organisation: Mapped[str]
    confirmed_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    confirmed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def find_mandate(session: Session, person_id: int) -> Mandate | None:
    """The mandate that the person has now."""
    query = sa.select(Mandate).where(Mandate.person_id == person_id, Mandate.ended_at.is_(None))
    return session.scalar(query)


def list_mandated(session: Session, person_ids: Iterable[int]) -> frozenset[int]:
    """Those of these people who have a mandate now."""
    query = sa.select(Mandate.person_id).where(Mandate.ended_at.is_(None))
    return frozenset(session.scalars(query.where(Mandate.person_id.in_(list(person_ids)))))
