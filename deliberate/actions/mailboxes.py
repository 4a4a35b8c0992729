"""Making sure that an address is its person's before anything but that question is sent to it."""

import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from deliberate.actions.tokens import hash_token, new_link_token
from deliberate.domain.errors import Gone, NotFound
from deliberate.domain.mail import Purpose, Rhythm, Stream
from deliberate.domain.notices import next_digest
from deliberate.domain.people import Actor
from deliberate.policy import Can, require
from deliberate.storage import audit, mailboxes, outbox
from deliberate.storage.database import now
from deliberate.storage.mailboxes import Mailbox, MailLink
from deliberate.storage.people import Person, find_person

CONFIRMATION_LASTS = timedelta(hours=24)
ALL_STREAMS = "all"
_INCOMPLETE = "Part of it may be missing: copy the whole link, or ask for a new one."


def open_mailbox(tx: Session, person: Person, language: str = "en") -> Mailbox:
    """Give a new person a mailbox that takes a weekly digest and official notices."""
    mailbox = Mailbox(
        person_id=person.id,
        language=language,
        stop_key=secrets.token_urlsafe(16),
        failures=0,
        rhythm=Rhythm.WEEKLY,
        official=True,
        follows_own=True,
        next_digest_at=next_digest(now(tx), Rhythm.WEEKLY, None),
        digested_until=0,
    )
    tx.add(mailbox)
    return mailbox


def vouch_for_address(tx: Session, person_id: int) -> None:
    """Count an address as confirmed on the operator's own authority."""
    mailboxes.lock_mailbox(tx, person_id).confirmed_at = now(tx)


def ask_confirmation(tx: Session, person: Person) -> None:
    """Mail a link that confirms the address; earlier ones for it stop working."""
    mail_link(tx, person, Purpose.CONFIRM_ADDRESS, CONFIRMATION_LASTS)


def ask_confirmation_again(tx: Session, actor: Actor) -> None:
    """Mail another link to the actor's own address; nothing when it is confirmed already."""
    require(actor, Can.KEEP_ACCOUNT)
    person = find_person(tx, actor.id or 0)
    if person is not None and mailboxes.lock_mailbox(tx, person.id).confirmed_at is None:
        ask_confirmation(tx, person)


def open_confirmation(session: Session, token: str) -> Person:
    """Whose address a link would confirm. Raises `NotFound` or `Gone` when it does not work."""
    link = mailboxes.find_link(session, hash_token(token), Purpose.CONFIRM_ADDRESS)
    return open_link(session, link)


def confirm_address(tx: Session, token: str) -> None:
    """Confirm the address a link was mailed to. Raises `NotFound` or `Gone` as `open_link`."""
    link = mailboxes.lock_link(tx, hash_token(token), Purpose.CONFIRM_ADDRESS)
    person = open_link(tx, link)
    mailboxes.use_up_links(tx, person.id, Purpose.CONFIRM_ADDRESS)
    mailbox = mailboxes.lock_mailbox(tx, person.id)
    mailbox.confirmed_at = mailbox.confirmed_at or now(tx)
    mailbox.failures, mailbox.stopped_at = 0, None
    audit.record(tx, Actor(person.id), "confirmed_address", "person", person.id)


def resume_mail(tx: Session, actor: Actor) -> None:
    """Begin anew with an address that had refused mail."""
    require(actor, Can.KEEP_ACCOUNT)
    mailbox = mailboxes.lock_mailbox(tx, actor.id or 0)
    mailbox.failures, mailbox.stopped_at = 0, None
    audit.record(tx, actor, "resumed_mail", "person", mailbox.person_id)


def mail_link(tx: Session, person: Person, purpose: Purpose, lasts: timedelta) -> None:
    """Mail a secret link for one purpose; the person's earlier ones for it stop working.

    The token stands in the outbox until the mail is sent, and is stored as a hash beside it.
    """
    mailboxes.use_up_links(tx, person.id, purpose)
    token = new_link_token()
    link = MailLink(
        person_id=person.id,
        purpose=purpose,
        email=person.email,
        token_hash=hash_token(token),
        made_at=now(tx),
        expires_at=now(tx) + lasts,
    )
    tx.add(link)
    tx.flush()
    event = f"link:{link.id}"
    outbox.post(
        tx, person.id, Stream.ACCOUNT, purpose.value, event, give_up_after=lasts, token=token
    )


def open_link(session: Session, link: MailLink | None) -> Person:
    """Whose link this is. Raises `NotFound` for none, `Gone` when used, run out or outdated."""
    if link is None:
        raise NotFound("This link does not work.", _INCOMPLETE)
    person = find_person(session, link.person_id)
    if link.used_at is not None:
        raise Gone("This link was used already, or a newer one was sent.", "Ask for a new one.")
    if link.expires_at <= now(session):
        raise Gone("This link has expired.", "Ask for a new one.")
    if person is None or person.email != link.email or person.suspended_at is not None:
        raise Gone("This link was for another address.", "Ask for a new one.")
    return person


def open_stop_link(session: Session, stop_key: str, stream: str) -> tuple[Mailbox, Stream | None]:
    """Whose mail a link ends, and which stream; None for all. Raises `NotFound` for no such link.

    Links to end mail stay good: people find old mails.
    """
    mailbox = mailboxes.find_mailbox_by_stop_key(session, stop_key)
    streams = {each.value: each for each in Stream if each.can_be_ended}
    if mailbox is None or stream not in (*streams, ALL_STREAMS):
        raise NotFound("This link does not work.", _INCOMPLETE)
    return mailbox, streams.get(stream)


def end_stream(tx: Session, stop_key: str, stream: str) -> None:
    """End one stream of mail, or all; the key of the link is what permits it."""
    mailbox, kind = open_stop_link(tx, stop_key, stream)
    held = mailboxes.lock_mailbox(tx, mailbox.person_id)
    if kind is not Stream.OFFICIAL:
        held.rhythm, held.next_digest_at = Rhythm.NONE, None
    if kind in (Stream.OFFICIAL, None):
        held.official = False
    audit.record(tx, Actor(held.person_id), "ended_mail", "person", held.person_id, stream=stream)
