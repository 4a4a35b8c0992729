"""Choosing another password: signed in, or after forgetting the old one."""

from datetime import timedelta

from sqlalchemy.orm import Session

from deliberate.actions.mailboxes import ask_confirmation, mail_link, open_link
from deliberate.actions.tokens import hash_token
from deliberate.domain.errors import NotFound
from deliberate.domain.mail import Purpose, Stream
from deliberate.domain.people import Actor
from deliberate.policy import Can, require
from deliberate.storage import audit, mailboxes, outbox, people, second_steps
from deliberate.storage.database import now
from deliberate.storage.jobs import enqueue
from deliberate.storage.people import Person

NEW_PASSWORD_LASTS = timedelta(minutes=60)


def note_forgotten_password(tx: Session, email: str) -> None:
    """Take down that somebody forgot a password; the answer goes by mail, if to anybody.

    Whether the address has an account is looked up later, by the worker, so that the time the
    page takes tells nothing.
    """
    enqueue(tx, "answer_forgotten_password", email=email)


def answer_forgotten_password(tx: Session, email: str) -> None:
    """Mail a link for a new password to the account of this address, when there is one.

    An address that was never confirmed gets the link to confirm it instead.
    """
    person = people.find_person_by_email(tx, email)
    if person is None or person.suspended_at is not None:
        return
    if mailboxes.get_mailbox(tx, person.id).confirmed_at is None:
        ask_confirmation(tx, person)
    else:
        mail_link(tx, person, Purpose.NEW_PASSWORD, NEW_PASSWORD_LASTS)


def open_new_password(session: Session, token: str) -> Person:
    """Whose password a link would replace. Raises `NotFound` or `Gone` when it does not work."""
    link = mailboxes.find_link(session, hash_token(token), Purpose.NEW_PASSWORD)
    return open_link(session, link)


def replace_forgotten_password(tx: Session, token: str, password_hash: str) -> None:
    """Set a new password by a mailed link and end every sign-in of the person.

    Nobody is signed in by this, so a second step still has to be taken. Raises `NotFound` or
    `Gone` when the link does not work.
    """
    link = mailboxes.lock_link(tx, hash_token(token), Purpose.NEW_PASSWORD)
    person = open_link(tx, link)
    _set_password(tx, person, password_hash)


def change_password(tx: Session, actor: Actor, password_hash: str, sign_in_token: str) -> None:
    """Set a new password after the old one was given, and end all sign-ins but this one."""
    require(actor, Can.KEEP_ACCOUNT)
    person = people.find_person(tx, actor.id or 0)
    if person is None:
        raise NotFound("There is no such person.")
    _set_password(tx, person, password_hash, but=hash_token(sign_in_token))


def _set_password(tx: Session, person: Person, password_hash: str, but: str | None = None) -> None:
    """Store the hash, end what the old password opened, and tell the person by mail."""
    mailboxes.use_up_links(tx, person.id, Purpose.NEW_PASSWORD)
    person.password_hash = password_hash
    people.end_sign_ins(tx, person.id, but=but)
    second_steps.delete_half_sign_ins(tx, person.id)
    event = audit.record(tx, Actor(person.id), "changed_password", "person", person.id)
    tx.flush()
    told = f"audit:{event.id}"
    outbox.post(tx, person.id, Stream.ACCOUNT, "password_changed", told, at=now(tx).isoformat())
