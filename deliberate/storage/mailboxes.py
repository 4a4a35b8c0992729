"""What is known of a person's mailbox: whether it is theirs, whether it works, what may come."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.mail import HARD_FAILURES, Purpose, Rhythm
from deliberate.storage.base import Base
from deliberate.storage.database import now
from deliberate.storage.people import Person
from deliberate.storage.types import Word


class Mailbox(Base):
    """One for each person. Nothing but the confirmation is sent before `confirmed_at` is set.

    `language` is a BCP 47 tag, `time_zone` a name of the IANA database or empty for UTC.
    `stop_key` stands in the links that end mail; it opens nothing else. `failures` counts
    refusals of the address in a row; mail to it has stopped once `stopped_at` is set.
    `digested_until` is the newest notice that a digest has told of.
    """

    __tablename__ = "mailboxes"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    confirmed_at: Mapped[datetime | None]
    language: Mapped[str]
    time_zone: Mapped[str | None]
    stop_key: Mapped[str] = mapped_column(unique=True)
    failures: Mapped[int]
    stopped_at: Mapped[datetime | None]
    rhythm: Mapped[Rhythm] = mapped_column(Word(Rhythm))
    official: Mapped[bool]
    follows_own: Mapped[bool]
    next_digest_at: Mapped[datetime | None] = mapped_column(index=True)
    digested_until: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def takes_mail(self) -> bool:
        """Whether mail other than the confirmation may be sent."""
        return self.confirmed_at is not None and self.stopped_at is None


class MailLink(Base):
    """A secret link that was mailed. It works once, for one purpose, while the address stays."""

    __tablename__ = "mail_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    email: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def get_mailbox(session: Session, person_id: int) -> Mailbox:
    """The mailbox of a person, which everybody has."""
    return session.get_one(Mailbox, person_id)


def find_person_and_mailbox(session: Session, person_id: int) -> tuple[Person, Mailbox] | None:
    """A person with their mailbox, in one query."""
    query = sa.select(Person, Mailbox).join(Mailbox, Mailbox.person_id == Person.id)
    row = session.execute(query.where(Person.id == person_id)).one_or_none()
    return row and (row[0], row[1])


def lock_mailbox(tx: Session, person_id: int) -> Mailbox:
    """A mailbox as it is now, held until the transaction ends."""
    return tx.get_one(Mailbox, person_id, with_for_update=True, populate_existing=True)


def find_mailbox_by_stop_key(session: Session, stop_key: str) -> Mailbox | None:
    """The mailbox that a link to end mail belongs to."""
    return session.scalar(sa.select(Mailbox).where(Mailbox.stop_key == stop_key))


def find_link(session: Session, token_hash: str, purpose: Purpose) -> MailLink | None:
    """The link with this token, if it is for this purpose."""
    return session.scalar(_link(token_hash, purpose))


def lock_link(tx: Session, token_hash: str, purpose: Purpose) -> MailLink | None:
    """The link as it is now, held until the transaction ends."""
    query = _link(token_hash, purpose).with_for_update()
    return tx.scalar(query.execution_options(populate_existing=True))


def use_up_links(tx: Session, person_id: int, purpose: Purpose) -> None:
    """Make every open link of a person for a purpose useless."""
    opened = (MailLink.person_id == person_id, MailLink.purpose == purpose)
    used = sa.update(MailLink).where(*opened, MailLink.used_at.is_(None))
    tx.execute(used.values(used_at=now(tx)))


def note_delivery(tx: Session, person_id: int, *, refused: bool) -> None:
    """Count a refusal of the address, or forget the earlier ones once a mail arrived."""
    mailbox = lock_mailbox(tx, person_id)
    mailbox.failures = mailbox.failures + 1 if refused else 0
    if mailbox.failures >= HARD_FAILURES and mailbox.stopped_at is None:
        mailbox.stopped_at = now(tx)


def _link(token_hash: str, purpose: Purpose) -> sa.Select[MailLink]:
    return sa.select(MailLink).where(MailLink.token_hash == token_hash, MailLink.purpose == purpose)
