"""Accounts, sign-ins and roles."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deliberate.actions.mailboxes import ask_confirmation, open_mailbox, vouch_for_address
from deliberate.actions.mandates import end_mandate
from deliberate.actions.tokens import hash_token
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.people import VISITOR, Actor, RegionalGroup, Role, StakeholderGroup
from deliberate.inputs.people import Registration
from deliberate.policy import Can, require
from deliberate.storage import audit, people
from deliberate.storage.database import now
from deliberate.storage.people import Person, RoleGrant, SignIn

SIGN_IN_LASTS = timedelta(days=30)
STAFF_SIGN_IN_LASTS = timedelta(hours=8)


def register_person(
    tx: Session, form: Registration, password_hash: str, language: str = "en"
) -> Person:
    """Make an account and mail a link that confirms its address.

    Raises `Invalid` when the address already has an account.
    """
    person = _make_person(tx, form, password_hash, language)
    ask_confirmation(tx, person)
    return person


def _make_person(tx: Session, form: Registration, password_hash: str, language: str) -> Person:
    """The account and its mailbox."""
    if people.find_person_by_email(tx, form.email):
        raise _taken()
    person = Person(
        name=form.name,
        email=form.email,
        password_hash=password_hash,
        stakeholder_group=StakeholderGroup(form.stakeholder_group),
        regional_group=RegionalGroup(form.regional_group),
        organisation=form.organisation,
        registered_at=now(tx),
    )
    tx.add(person)
    try:
        tx.flush()
    except IntegrityError as error:
        raise _taken() from error
    open_mailbox(tx, person, language)
    audit.record(tx, Actor(person.id), "registered", "person", person.id)
    return person


def start_sign_in(tx: Session, person_id: int) -> str:
    """Begin a sign-in and return its token, of which only a hash is stored."""
    token = secrets.token_urlsafe(32)
    staff = people.list_roles(tx, person_id) - {Role.STAKEHOLDER}
    tx.add(
        SignIn(
            token_hash=hash_token(token),
            person_id=person_id,
            signed_in_at=now(tx),
            expires_at=now(tx) + (STAFF_SIGN_IN_LASTS if staff else SIGN_IN_LASTS),
        )
    )
    audit.record(tx, Actor(person_id), "signed_in", "person", person_id)
    return token


def end_sign_in(tx: Session, actor: Actor, token: str) -> None:
    """End a sign-in; its token opens nothing any more."""
    tx.execute(
        sa.update(SignIn)
        .where(SignIn.token_hash == hash_token(token), SignIn.ended_at.is_(None))
        .values(ended_at=now(tx))
    )
    if actor.id is not None:
        audit.record(tx, actor, "signed_out", "person", actor.id)


def grant_role(tx: Session, actor: Actor, person_id: int, role: Role) -> None:
    """Give a person a role; giving it twice changes nothing."""
    require(actor, Can.GRANT_ROLE)
    give_role(tx, actor, person_id, role)


def give_role(tx: Session, actor: Actor, person_id: int, role: Role) -> None:
    """Give a role on the operator's own authority, as the command line does."""
    person = _get_person(tx, person_id)
    if role not in people.list_roles(tx, person_id):
        tx.add(RoleGrant(person_id=person.id, role=role, granted_by=actor.id, granted_at=now(tx)))
        audit.record(tx, actor, "granted_role", "person", person.id, role=role.value)


def change_organisation(tx: Session, actor: Actor, organisation: str | None) -> None:
    """Change the organisation one speaks for; what one contributed keeps the earlier one."""
    require(actor, Can.KEEP_ACCOUNT)
    person = _get_person(tx, actor.id or 0)
    if person.organisation == organisation:
        return
    changed = {"before": person.organisation, "after": organisation}
    audit.record(tx, actor, "changed_organisation", "person", person.id, **changed)
    end_mandate(tx, actor, person.id)
    person.organisation = organisation


def withdraw_role(tx: Session, actor: Actor, person_id: int, role: Role) -> None:
    """Take a role back. Raises `Conflict` for the last holder of the secretariat's role."""
    require(actor, Can.GRANT_ROLE)
    _get_person(tx, person_id)
    holders = tx.scalars(sa.select(RoleGrant).where(RoleGrant.role == role).with_for_update()).all()
    grant = next((holder for holder in holders if holder.person_id == person_id), None)
    if grant is None:
        return
    if role is Role.SECRETARIAT and len(holders) == 1:
        raise Conflict(
            "Somebody has to hold the secretariat's role.", "Grant it to another person first."
        )
    tx.delete(grant)
    audit.record(tx, actor, "withdrew_role", "person", person_id, role=role.value)


def add_person(tx: Session, form: Registration, password_hash: str, role: Role | None) -> Person:
    """Make an account and give it a role in one step, for the command line.

    Whoever runs the site vouches for the address, so nothing is mailed.
    """
    person = _make_person(tx, form, password_hash, "en")
    vouch_for_address(tx, person.id)
    if role is not None and role is not Role.STAKEHOLDER:
        give_role(tx, VISITOR, person.id, role)
    return person


def _taken() -> Invalid:
    return Invalid(
        "This address already has an account.",
        "Sign in with it, or register with another address.",
        {"email": "This address already has an account. Sign in instead."},
    )


def _get_person(tx: Session, person_id: int) -> Person:
    """The person, locked, so that two acts on the same person take turns.

    The lock leaves the key alone: records that only name the person need not wait for it.
    """
    query = sa.select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    person = tx.scalar(query)
    if person is None:
        raise NotFound("There is no such person.")
    return person
