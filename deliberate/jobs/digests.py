"""Digests: at 08:00 where the reader is, one mail with what is new, and none when nothing is."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.mail import Stream
from deliberate.domain.notices import EventKind, next_digest
from deliberate.storage import outbox
from deliberate.storage.database import Database, now
from deliberate.storage.mailboxes import Mailbox
from deliberate.storage.notices import Event, Notice

PEOPLE_AT_ONCE = 200


def write_due_digests(db: Database) -> int:
    """Put every digest that is due into the outbox; how many mailboxes were looked at."""
    looked = 0
    while True:
        with db.reading() as reader:
            if reader.scalar(sa.select(Mailbox.person_id).where(_is_due(reader)).limit(1)) is None:
                return looked
        with db.writing() as tx:
            for mailbox in _lock_due(tx):
                looked += 1
                _write_digest(tx, mailbox)


def _is_due(session: Session) -> sa.ColumnElement[bool]:
    return Mailbox.next_digest_at <= now(session)


def _lock_due(tx: Session) -> Sequence[Mailbox]:
    """Some mailboxes whose hour has come, passing over those that another worker holds."""
    query = sa.select(Mailbox).where(_is_due(tx)).order_by(Mailbox.next_digest_at)
    return tx.scalars(query.limit(PEOPLE_AT_ONCE).with_for_update(skip_locked=True)).all()


def _write_digest(tx: Session, mailbox: Mailbox) -> None:
    """One digest, if there is news for it, and the appointment for the next.

    What the digest will say is looked up when it is sent; here only from where to where.
    """
    due = mailbox.next_digest_at
    mailbox.next_digest_at = next_digest(now(tx), mailbox.rhythm, mailbox.time_zone)
    newest = tx.scalar(_newest_unread(mailbox))
    if newest is None or not mailbox.takes_mail:
        return
    outbox.post(
        tx,
        mailbox.person_id,
        Stream.DIGEST,
        "digest",
        f"digest:{due:%Y-%m-%dT%H:%M}",
        after=mailbox.digested_until,
        until=newest,
    )
    mailbox.digested_until = newest


def _newest_unread(mailbox: Mailbox) -> sa.Select[int]:
    """The newest notice since the last digest; official ones are mailed by themselves."""
    official = [kind for kind in EventKind if kind.is_official or kind.is_moderation]
    return (
        sa.select(Notice.id)
        .join(Event, Event.id == Notice.event_id)
        .where(
            Notice.person_id == mailbox.person_id,
            Notice.id > mailbox.digested_until,
            Notice.read_at.is_(None),
            Event.kind.not_in(official),
        )
        .order_by(Notice.id.desc())
        .limit(1)
    )
