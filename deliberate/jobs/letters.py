"""What a mail in the outbox says: its row, and what it tells of, as the words of a letter.

Each kind of mail has a composer that looks up what its templates need. A composer that returns
None has nothing to say any more, because what it would tell of was hidden or taken back; such a
mail is dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.ballots import find_receipt_code
from deliberate.domain.mail import Purpose, Rhythm, Stream
from deliberate.domain.notices import sentence
from deliberate.mailing.letters import Letter, write_letter
from deliberate.mailing.messages import Envelope, stop_address
from deliberate.mailing.office import Office
from deliberate.storage.mailboxes import Mailbox, get_mailbox
from deliberate.storage.notices import EventLine, NoticeLine, find_notice, list_notices
from deliberate.storage.outbox import Mail
from deliberate.storage.people import Person, find_person

ITEMS_IN_DIGEST = 60
"""A digest holds so many; the inbox holds the others."""
Words = dict[str, Any]
Composer = Callable[[Session, Mail, Mailbox], Words | None]


@dataclass(frozen=True, slots=True)
class Told:
    """An event with the sentence that tells of it, to be translated with `name`."""

    sentence: str
    name: str
    event: EventLine


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


def _notice(session: Session, mail: Mail, mailbox: Mailbox) -> Words | None:
    """One event, told at once."""
    found = find_notice(session, mail.person_id, mail.details["event_id"])
    wanted = (
        mailbox.official if mail.stream is Stream.OFFICIAL else mailbox.rhythm is Rhythm.INSTANT
    )
    return {"notice": _told(found), "closes_at": _closing(found)} if found and wanted else None


def _receipt(session: Session, mail: Mail, mailbox: Mailbox) -> Words | None:
    """That a ballot is recorded, and its code; never what was chosen."""
    found = find_receipt_code(session, mail.details["poll_id"], mail.person_id)
    if found is None or not mailbox.official:
        return None
    poll, code = found
    return {"poll_id": poll.id, "title": poll.title, "closes_at": poll.closes_at, "code": code}


def _digest(session: Session, mail: Mail, mailbox: Mailbox) -> Words | None:
    """What is new and unread, by discussion, the discussion with the newest first."""
    if mailbox.rhythm not in (Rhythm.DAILY, Rhythm.WEEKLY):
        return None
    lines, more = list_notices(
        session,
        mail.person_id,
        after_id=mail.details["after"],
        before_id=mail.details["until"] + 1,
        only_unread=True,
        limit=ITEMS_IN_DIGEST,
    )
    groups: dict[int, list[Told]] = {}
    for line in lines:
        if not line.event.kind.is_official and not line.event.kind.is_moderation:
            groups.setdefault(line.event.deliberation_id, []).append(_told(line))
    if not groups:
        return None
    return {
        "groups": list(groups.values()),
        "number": sum(map(len, groups.values())),
        "has_more": more is not None,
    }


def _told(line: NoticeLine) -> Told:
    sentence_of = sentence(line.event.kind, line.reason)
    return Told(sentence_of, line.event.actor_name or "", line.event)


def _closing(line: NoticeLine) -> datetime | None:
    """When the poll of an event closes, if it tells of one."""
    text = line.event.details.get("closes_at")
    return datetime.fromisoformat(text) if text else None


COMPOSERS: dict[str, Composer] = {
    Purpose.CONFIRM_ADDRESS.value: _with_token,
    Purpose.NEW_PASSWORD.value: _with_token,
    "password_changed": _password_changed,
    "notice": _notice,
    "receipt": _receipt,
    "digest": _digest,
}
