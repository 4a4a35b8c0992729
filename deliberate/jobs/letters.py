"""What a mail in the outbox says: its row, and what it tells of, as the words of a letter.

Each kind of mail has a composer that looks up what its templates need. A composer that returns
None has nothing to say any more, because what it would tell of was hidden or taken back; such a
mail is dropped.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.domain.mail import Purpose, Stream
from deliberate.mailing.letters import Letter, write_letter
from deliberate.mailing.messages import Envelope, stop_address
from deliberate.mailing.office import Office
from deliberate.storage.mailboxes import Mailbox, get_mailbox
from deliberate.storage.outbox import Mail
from deliberate.storage.people import Person, find_person

Words = dict[str, Any]
Composer = Callable[[Session, Mail, Mailbox], Words | None]


def compose(session: Session, office: Office, mail: Mail) -> tuple[Envelope, Letter] | None:
    """The letter and its envelope, or None when it may not or need not be sent."""
    person = find_person(session, mail.person_id)
    if person is None or person.suspended_at is not None:
        return None
    mailbox = get_mailbox(session, mail.person_id)
    words = COMPOSERS[mail.kind](session, mail, mailbox) if _is_wanted(mail, mailbox) else None
    if words is None:
        return None
    shared = _shared_words(office, mail, person, mailbox)
    letter = write_letter(mail.kind, mailbox.language, mailbox.time_zone, **shared, **words)
    envelope = Envelope(
        name=person.name,
        email=person.email,
        stream=mail.stream,
        message_key=mail.message_key,
        thread=mail.thread,
        stop_key=mailbox.stop_key,
        written_at=mail.written_at,
    )
    return envelope, letter


def _is_wanted(mail: Mail, mailbox: Mailbox) -> bool:
    """Whether this mailbox takes this mail now, whatever it took when the mail was written."""
    if mail.kind == Purpose.CONFIRM_ADDRESS:
        return mailbox.stopped_at is None
    return mailbox.takes_mail


def _shared_words(office: Office, mail: Mail, person: Person, mailbox: Mailbox) -> Words:
    stop = None
    if mail.stream.can_be_ended:
        stop = stop_address(office, mailbox.stop_key, mail.stream)
    return {
        "site": office.site,
        "forum": office.forum,
        "name": person.name,
        "stop_address": stop,
        "is_official": mail.stream is Stream.OFFICIAL,
    }


def _with_token(_session: Session, mail: Mail, _mailbox: Mailbox) -> Words | None:
    token = mail.details.get("token")
    return {"token": token} if token else None


def _password_changed(_session: Session, mail: Mail, _mailbox: Mailbox) -> Words:
    return {"at": datetime.fromisoformat(mail.details["at"])}


COMPOSERS: dict[str, Composer] = {
    Purpose.CONFIRM_ADDRESS.value: _with_token,
    Purpose.NEW_PASSWORD.value: _with_token,
    "password_changed": _password_changed,
}
