"""Following things, muting them, and choosing what comes by mail."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from deliberate.domain.errors import NotFound
from deliberate.domain.notices import Subject, SubjectKind, next_digest
from deliberate.domain.people import Actor
from deliberate.inputs.people import MailChoices
from deliberate.policy import Can, require
from deliberate.storage import audit, follows, mailboxes, notices
from deliberate.storage.database import now
from deliberate.storage.mailboxes import Mailbox


def follow(tx: Session, actor: Actor, subject: Subject) -> None:
    """Follow a thing, or hear of a muted one again. Raises `NotFound` when it is not there."""
    require(actor, Can.FOLLOW)
    _get_place(tx, subject)
    follows.follow(tx, actor.id or 0, subject)
    _set_muted(tx, actor, subject, muted=False)


def mute(tx: Session, actor: Actor, subject: Subject) -> None:
    """Hear no more of a thing, also where it belongs to something that is followed."""
    require(actor, Can.FOLLOW)
    _get_place(tx, subject)
    follows.follow(tx, actor.id or 0, subject)
    _set_muted(tx, actor, subject, muted=True)


def unfollow(tx: Session, actor: Actor, subject: Subject) -> None:
    """Follow a thing no more."""
    require(actor, Can.FOLLOW)
    found = follows.find_follow(tx, actor.id or 0, subject)
    if found is not None:
        tx.delete(found)


def choose_mail(tx: Session, actor: Actor, form: MailChoices) -> Mailbox:
    """Set what comes by mail, how often, in which language and by which clock.

    Another rhythm begins with what happens from now on: nothing is told twice.
    """
    require(actor, Can.KEEP_ACCOUNT)
    mailbox = mailboxes.lock_mailbox(tx, actor.id or 0)
    if mailbox.rhythm is not form.rhythm:
        mailbox.digested_until = notices.newest_notice_id(tx, mailbox.person_id)
    mailbox.rhythm, mailbox.official = form.rhythm, form.official
    mailbox.follows_own, mailbox.language = form.follows_own, form.language
    mailbox.time_zone = form.time_zone or None
    mailbox.next_digest_at = next_digest(now(tx), form.rhythm, mailbox.time_zone)
    chosen: Mapping[str, str] = {"rhythm": form.rhythm.value}
    audit.record(tx, actor, "chose_mail", "person", mailbox.person_id, **chosen)
    return mailbox


def mark_read(tx: Session, actor: Actor, notice_id: int | None, until_id: int) -> None:
    """Mark one of one's own notices as read, or all up to the newest that was shown."""
    require(actor, Can.FOLLOW)
    notices.mark_read(tx, actor.id or 0, notice_id=notice_id, until_id=until_id)


def _get_place(tx: Session, subject: Subject) -> None:
    if subject.kind is not SubjectKind.GROUP and follows.find_place(tx, subject) is None:
        raise NotFound("There is nothing of this kind to follow.")


def _set_muted(tx: Session, actor: Actor, subject: Subject, *, muted: bool) -> None:
    found = follows.find_follow(tx, actor.id or 0, subject)
    if found is not None:
        found.muted = muted
