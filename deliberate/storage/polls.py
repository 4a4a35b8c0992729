"""Polls, their options and the tally kept after closing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.ballots import Kind
from deliberate.domain.errors import Conflict
from deliberate.storage.base import Base
from deliberate.storage.freezing import former, freeze
from deliberate.storage.types import Word


class Poll(Base):
    """An indicative poll. `frozen` and its `fingerprint` say what was registered at opening.

    `kind` and `settings` are the rules of its ballots (`deliberate.domain.ballots`).
    `secret` keys the link between voter and ballot and is destroyed when the poll is counted.
    `tie_nonce` is committed to at opening and published with the count (`domain.ties`).
    """

    __tablename__ = "polls"
    __table_args__ = (sa.CheckConstraint("opens_at < closes_at", name="opens_first"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    title: Mapped[str]
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    settings: Mapped[dict[str, Any]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    primary_scheme: Mapped[str]
    minimum: Mapped[int]
    frozen: Mapped[dict[str, Any]]
    fingerprint: Mapped[str]
    secret: Mapped[str | None]
    tie_nonce: Mapped[str | None]
    opened_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    invalidated_at: Mapped[datetime | None]

    @property
    def was_moved(self) -> bool:
        """Whether it closes at another moment than was fixed at opening."""
        return bool(self.closes_at != datetime.fromisoformat(self.frozen["closes_at"]))

    @property
    def awaits_count(self) -> bool:
        """Whether it still has to be counted; one that was declared invalid before never is."""
        return self.closed_at is None and self.invalidated_at is None


class PollOption(Base):
    """What can be voted on: a version of a proposal, or a text written for the poll alone.

    `title` says what it stood for at opening. `text` is empty for a proposal, whose text is its
    version's.
    """

    __tablename__ = "poll_options"
    __table_args__ = (sa.UniqueConstraint("poll_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal_versions.id"))
    position: Mapped[int]
    title: Mapped[str]
    text: Mapped[str]


class Tally(Base):
    """What counting the ballots gave, once, with the digest of its canonical JSON."""

    __tablename__ = "tallies"

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id"), unique=True)
    result: Mapped[dict[str, Any]]
    digest: Mapped[str]
    counted_at: Mapped[datetime]


FIXED_COLUMNS = (
    *(
        "deliberation_id",
        "title",
        "opens_at",
        "primary_scheme",
        "minimum",
        "frozen",
        "kind",
        "settings",
    ),
    *("fingerprint", "tie_nonce", "opened_by", "opened_at"),
)


def _is_fixed(poll: Poll) -> bool:
    """A poll is fixed from the moment it has its fingerprint."""
    return bool(former(poll, "fingerprint"))


freeze(Poll, FIXED_COLUMNS, _is_fixed)
freeze(PollOption)
freeze(Tally)


@sa.event.listens_for(Poll, "before_update")
def _never_shorten(_mapper: object, _connection: object, poll: Poll) -> None:
    """A poll closes later than was announced, if its date moves at all."""
    if poll.closes_at < former(poll, "closes_at"):
        raise Conflict("A poll is never shortened: people may count on its closing date.")


def awaits_count() -> sa.ColumnElement[bool]:
    """The same of every poll, in a query."""
    return sa.and_(Poll.closed_at.is_(None), Poll.invalidated_at.is_(None))


def find_poll(session: Session, poll_id: int) -> Poll | None:
    """The poll with this id."""
    return session.get(Poll, poll_id)


def lock_poll(tx: Session, poll_id: int) -> Poll | None:
    """The poll, held until the transaction ends, so that casting and closing take turns."""
    query = sa.select(Poll).where(Poll.id == poll_id).with_for_update()
    return tx.scalar(query.execution_options(populate_existing=True))


def list_polls(session: Session, deliberation_id: int) -> Sequence[Poll]:
    """The polls of a deliberation, oldest first."""
    query = sa.select(Poll).where(Poll.deliberation_id == deliberation_id).order_by(Poll.id)
    return session.scalars(query).all()


def list_invalid(session: Session, poll_ids: Sequence[int]) -> Sequence[int]:
    """Those of these polls that were declared invalid."""
    if not poll_ids:
        return []
    query = sa.select(Poll.id).where(Poll.id.in_(poll_ids), Poll.invalidated_at.is_not(None))
    return session.scalars(query).all()


def list_all_polls(session: Session) -> Sequence[Poll]:
    """Every poll, oldest first."""
    return session.scalars(sa.select(Poll).order_by(Poll.id)).all()


def list_options(session: Session, poll_id: int) -> Sequence[PollOption]:
    """The options of a poll in their registered order."""
    query = sa.select(PollOption).where(PollOption.poll_id == poll_id)
    return session.scalars(query.order_by(PollOption.position)).all()


def find_tally(session: Session, poll_id: int) -> Tally | None:
    """The count of a poll, once it was made."""
    return session.scalar(sa.select(Tally).where(Tally.poll_id == poll_id))
