"""Mail as rows, written in the same transaction as the change that needs it.

A row says what the mail is about, not what it says: the words are put together when it is sent,
in the language the person has chosen by then and without what was hidden since. That also keeps
rendering out of writing transactions. The row's key makes the Message-ID, so a mail that is
sent twice because a worker died in between can be recognised as one.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.mail import MailState, Stream
from deliberate.storage.base import Base
from deliberate.storage.database import now
from deliberate.storage.types import Word

LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
PATIENCE = timedelta(days=2)
"""A mail that could not be sent for so long would be news no more."""
KEPT_FOR = timedelta(days=90)
PAGE_SIZE = 40


class Mail(Base):
    """One mail to one person. `kind` names its templates; `details` is what they are filled with.

    `event` is what it tells of; one event reaches a person once in each stream. `thread` groups
    mails about the same conversation. `details` is emptied once the mail is settled, because
    links in it are secret.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("event", "person_id", "stream"),
        sa.Index("ix_outbox_due", "state", "next_try_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    stream: Mapped[Stream] = mapped_column(Word(Stream))
    kind: Mapped[str]
    event: Mapped[str]
    thread: Mapped[str | None]
    details: Mapped[dict[str, Any]]
    message_key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[MailState] = mapped_column(Word(MailState))
    attempts: Mapped[int]
    written_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    give_up_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


def post(
    tx: Session,
    person_id: int,
    stream: Stream,
    kind: str,
    event: str,
    *,
    thread: str | None = None,
    give_up_after: timedelta = PATIENCE,
    **details: Any,
) -> bool:
    """Put a mail into the outbox; False when this event was put there before for this person.

    Nothing is sent here: the worker does that after the transaction is committed.
    """
    known = sa.select(Mail.id).where(
        Mail.event == event, Mail.person_id == person_id, Mail.stream == stream
    )
    if tx.scalar(known) is not None:
        return False
    tx.add(
        Mail(
            person_id=person_id,
            stream=stream,
            kind=kind,
            event=event,
            thread=thread,
            details=details,
            message_key=uuid.uuid4().hex,
            state=MailState.WAITING,
            attempts=0,
            written_at=now(tx),
            next_try_at=now(tx),
            give_up_at=now(tx) + give_up_after,
        )
    )
    return True


def is_waiting(session: Session, person_id: int, kind: str, thread: str) -> bool:
    """Whether such a mail to this person, about the same thing, still waits to be sent."""
    query = sa.select(Mail.id).where(
        Mail.person_id == person_id,
        Mail.kind == kind,
        Mail.thread == thread,
        Mail.state == MailState.WAITING,
        Mail.leased_until.is_(None),
    )
    return session.scalar(query.limit(1)) is not None


def post_to_many(
    tx: Session,
    person_ids: Sequence[int],
    stream: Stream,
    kind: str,
    event: str,
    *,
    thread: str | None,
    details: dict[str, Any],
) -> None:
    """Put the same mail into the outbox for many people who have not got it yet."""
    shared = {
        "stream": stream,
        "kind": kind,
        "event": event,
        "thread": thread,
        "details": details,
        "state": MailState.WAITING,
        "attempts": 0,
        "written_at": now(tx),
        "next_try_at": now(tx),
        "give_up_at": now(tx) + PATIENCE,
    }
    rows = [
        {"person_id": person_id, "message_key": uuid.uuid4().hex, **shared}
        for person_id in person_ids
    ]
    if rows:
        tx.execute(sa.insert(Mail), rows)


def claim(tx: Session) -> Mail | None:
    """Lease the next due mail, those about accounts first, passing over what others hold."""
    free = sa.or_(Mail.leased_until.is_(None), Mail.leased_until <= now(tx))
    due = (Mail.state == MailState.WAITING, Mail.next_try_at <= now(tx), free)
    order = (Mail.stream != Stream.ACCOUNT, Mail.next_try_at, Mail.id)
    query = sa.select(Mail).where(*due).order_by(*order).limit(1)
    mail = tx.scalar(query.with_for_update(skip_locked=True))
    if mail is not None:
        mail.leased_until = now(tx) + LEASE
        mail.attempts += 1
    return mail


def settle(tx: Session, mail: Mail, state: MailState, error: str | None = None) -> bool:
    """Note what became of a claimed mail; False when the lease ran out and another took over."""
    held = _hold(tx, mail)
    if held is None:
        return False
    held.state, held.settled_at, held.leased_until = state, now(tx), None
    held.last_error, held.details = error, {}
    return True


def postpone(tx: Session, mail: Mail, error: str) -> None:
    """Try a claimed mail again later, twice as long each time, at last every hour."""
    held = _hold(tx, mail)
    if held is not None:
        doublings = min(held.attempts - 1, 10)
        held.next_try_at = now(tx) + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
        held.last_error, held.leased_until = error, None


def has_work(session: Session, *, can_send: bool) -> bool:
    """Whether a worker has anything to do; looking does not keep others from writing."""
    due = Mail.give_up_at <= now(session)
    if can_send:
        due = sa.or_(due, Mail.next_try_at <= now(session))
    waiting = sa.select(Mail.id).where(Mail.state == MailState.WAITING, due).limit(1)
    return session.scalar(waiting) is not None


def tidy(tx: Session) -> None:
    """Give up what waited too long, and forget what was settled long ago."""
    stale = (Mail.state == MailState.WAITING, Mail.give_up_at <= now(tx))
    gone = {"state": MailState.FAILED, "settled_at": now(tx), "details": {}}
    tx.execute(sa.update(Mail).where(*stale).values(leased_until=None, **gone))
    tx.execute(sa.delete(Mail).where(Mail.settled_at < now(tx) - KEPT_FOR))


def find_mail(session: Session, mail_id: int) -> Mail | None:
    """The mail with this id."""
    return session.get(Mail, mail_id)


def list_mails(session: Session, before_id: int | None = None) -> tuple[Sequence[Mail], int | None]:
    """Mails, newest first, and the id the next page begins before."""
    query = sa.select(Mail).order_by(Mail.id.desc()).limit(PAGE_SIZE + 1)
    if before_id is not None:
        query = query.where(Mail.id < before_id)
    rows = session.scalars(query).all()
    return rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None


def _hold(tx: Session, mail: Mail) -> Mail | None:
    """The claimed row, locked, unless its lease is no longer this worker's."""
    held = tx.get(Mail, mail.id, with_for_update=True, populate_existing=True)
    ours = held is not None and held.leased_until == mail.leased_until
    return held if ours and held is not None and held.attempts == mail.attempts else None
