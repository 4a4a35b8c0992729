"""Deleting an account: the person is forgotten, what they contributed stays readable.

Comments, proposals, responses and ballots keep the group and the organisation they were made
with, because figures that were published must stay recomputable. Published editions and the
audit trail do not change.
"""

import secrets

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.mentions import erase_mentions
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.mail import Rhythm
from deliberate.domain.people import FORMER_PARTICIPANT, Actor, Role
from deliberate.policy import Can, require
from deliberate.storage import audit, mailboxes, people, traces
from deliberate.storage.database import now
from deliberate.storage.deliberations import touch
from deliberate.storage.people import Person, RoleGrant
from deliberate.storage.second_steps import delete_second_step

NO_PASSWORD = "!"  # noqa: S105 - no hash, so that no password fits.


def forget_oneself(tx: Session, actor: Actor) -> None:
    """Delete one's own account. Raises `Conflict` for the last of the secretariat."""
    require(actor, Can.KEEP_ACCOUNT)
    forget_person(tx, actor, actor.id or 0)


def forget_person(tx: Session, actor: Actor, person_id: int) -> None:
    """Delete an account on the operator's own authority, as the command line does.

    Deleting it twice changes nothing. Raises `Conflict` for the last of the secretariat, and
    `NotFound` when there is no such person.
    """
    # Deliberations are locked before anything else, as everywhere; their pages name the person.
    for deliberation_id in traces.list_taken_part(tx, person_id):
        touch(tx, deliberation_id)
    person = people.lock_person(tx, person_id)
    if person is None:
        raise NotFound("There is no such person.")
    if person.forgotten_at is not None:
        return
    _leave_a_secretariat(tx, person_id)
    erase_mentions(tx, person)
    traces.erase_rows(tx, person_id)
    delete_second_step(tx, person_id)
    address = f"former-participant-{person_id}@deliberate.invalid"
    traces.erase_invitations(tx, person_id, person.email, address)
    traces.free_questions(tx, person_id)
    _close_mailbox(tx, person_id)
    _erase_profile(tx, person, address)
    audit.record(tx, actor, "deleted_account", "person", person_id)


def _erase_profile(tx: Session, person: Person, address: str) -> None:
    """Take out what names the person; the address is one that nobody can have (RFC 2606)."""
    person.name = FORMER_PARTICIPANT
    person.email = address
    person.password_hash = NO_PASSWORD
    person.organisation = None
    person.forgotten_at = now(tx)
    person.suspended_at = person.suspended_at or now(tx)


def _close_mailbox(tx: Session, person_id: int) -> None:
    """Nothing is sent any more, and links in old mails lead nowhere."""
    mailbox = mailboxes.lock_mailbox(tx, person_id)
    mailbox.stop_key = secrets.token_urlsafe(16)
    mailbox.confirmed_at, mailbox.stopped_at = None, now(tx)
    mailbox.language, mailbox.time_zone = "en", None
    mailbox.rhythm, mailbox.official, mailbox.follows_own = Rhythm.NONE, False, False


def _leave_a_secretariat(tx: Session, person_id: int) -> None:
    query = sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.SECRETARIAT)
    if list(tx.scalars(query.with_for_update())) == [person_id]:
        raise Conflict(
            "Somebody has to hold the secretariat's role.", "Grant it to another person first."
        )
