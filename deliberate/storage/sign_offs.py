"""Sign-off on draft summaries: who asked for it, and where each MAG member stands."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.review import Stance
from deliberate.storage.base import Base
from deliberate.storage.conflicts import stands_aside
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession
from deliberate.storage.people import Person
from deliberate.storage.summaries import Edition, Summary
from deliberate.storage.types import Word


class SignOffRequest(Base):
    """That a facilitator asked the MAG for sign-off on a summary, once."""

    __tablename__ = "sign_off_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(sa.ForeignKey("summaries.id"), unique=True)
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    asked_at: Mapped[datetime]


class SignOff(Base):
    """One member's stance. `draft` is the fingerprint of the text it was given to.

    `answer` is the facilitator's to a Discuss; only the member takes a Discuss back.
    """

    __tablename__ = "sign_offs"
    __table_args__ = (sa.UniqueConstraint("summary_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(sa.ForeignKey("summaries.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    group: Mapped[StakeholderGroup] = mapped_column(Word(StakeholderGroup))
    stance: Mapped[Stance] = mapped_column(Word(Stance))
    text: Mapped[str]
    draft: Mapped[str]
    given_at: Mapped[datetime]
    answer: Mapped[str]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]


def find_request(session: Session, summary_id: int) -> SignOffRequest | None:
    """The request for sign-off on a summary."""
    return session.scalar(sa.select(SignOffRequest).where(SignOffRequest.summary_id == summary_id))


def find_sign_off(session: Session, summary_id: int, person_id: int) -> SignOff | None:
    """Where this person stands on a summary."""
    return session.scalar(
        sa.select(SignOff).where(SignOff.summary_id == summary_id, SignOff.person_id == person_id)
    )


def get_sign_off(session: Session, sign_off_id: int) -> SignOff | None:
    """The stance with this id."""
    return session.get(SignOff, sign_off_id)


def list_sign_offs(session: Session, summary_id: int) -> Sequence[sa.Row[SignOff, Person]]:
    """Every member's stance on a summary, by name."""
    query = (
        sa.select(SignOff, Person)
        .join(Person, Person.id == SignOff.person_id)
        .where(SignOff.summary_id == summary_id)
        .order_by(Person.name, SignOff.id)
    )
    return session.execute(query).all()


def list_awaiting(
    session: Session, person_id: int, limit: int
) -> Sequence[sa.Row[int, str, datetime]]:
    """Summaries this person has not signed off: id, title, when asked; the oldest first.

    Without those published since sign-off was asked for, and those they stand aside from.
    """
    published = (
        sa.select(Edition.id)
        .where(Edition.summary_id == Summary.id, Edition.published_at >= SignOffRequest.asked_at)
        .correlate(Summary, SignOffRequest)
        .exists()
    )
    given = (
        sa.select(SignOff.id)
        .where(SignOff.summary_id == Summary.id, SignOff.person_id == person_id)
        .correlate(Summary)
        .exists()
    )
    query = (
        sa.select(Summary.id, Deliberation.title, SignOffRequest.asked_at)
        .join(SignOffRequest, SignOffRequest.summary_id == Summary.id)
        .join(Deliberation, Deliberation.id == Summary.deliberation_id)
        .join(ForumSession, ForumSession.id == Deliberation.session_id)
        .where(~published, ~given, ~stands_aside(person_id))
        .order_by(SignOffRequest.id)
        .limit(limit)
    )
    return session.execute(query).all()


def recuse(
    tx: Session, person_id: int, moment: datetime, session_id: int | None, theme: str | None
) -> None:
    """Turn a person's stances in a session, or in a theme's sessions, into standing aside."""
    concerned = (
        sa.select(Summary.id)
        .join(Deliberation, Deliberation.id == Summary.deliberation_id)
        .join(ForumSession, ForumSession.id == Deliberation.session_id)
        .where(ForumSession.id == session_id if session_id else ForumSession.theme == theme)
    )
    found = sa.select(SignOff).where(
        SignOff.person_id == person_id, SignOff.summary_id.in_(concerned)
    )
    for each in tx.scalars(found):
        each.stance, each.text, each.given_at = Stance.RECUSE, "", moment
        each.answer, each.answered_by, each.answered_at = "", None, None
