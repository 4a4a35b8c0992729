"""Inviting people to hold a role, and accepting with a new account or with one's own."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deliberate.actions.people import give_role, register_person
from deliberate.actions.tokens import hash_token
from deliberate.domain.errors import Conflict, Gone, Invalid, NotFound
from deliberate.domain.people import Actor, Role
from deliberate.inputs.people import NewInvitation, Registration
from deliberate.policy import Can, require
from deliberate.storage import audit, invitations, people
from deliberate.storage.database import now
from deliberate.storage.invitations import Invitation

INVITATION_LASTS = timedelta(days=14)
_ASK = "Ask the secretariat, or whoever sent you the link, for a new one."
_INCOMPLETE = (
    "Part of it may be missing: copy the whole link. If it still does not work, ask the "
    "secretariat, or whoever sent it to you, for a new one."
)
_SHOWN_ONCE = "This invitation was made already, and its link is shown once."
_AGAIN = "If you did not keep the link, invite the address again; that makes a new one."


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that can be accepted now, and who has an account with its address."""

    id: int
    email: str
    role: Role
    addressee_id: int | None


def invite(tx: Session, actor: Actor, form: NewInvitation) -> tuple[Invitation, str]:
    """Invite an address to hold a role; the invitation and the secret token of its link.

    Raises `Conflict` when this rendering of the form made one already, whose link cannot be
    shown again.
    """
    require(actor, Can.GRANT_ROLE)
    key = form.submission_key
    if key and invitations.find_invitation_by_submission(tx, key):
        raise Conflict(_SHOWN_ONCE, _AGAIN)
    return make_invitation(tx, actor, form)


def make_invitation(tx: Session, actor: Actor, form: NewInvitation) -> tuple[Invitation, str]:
    """Invite on the operator's own authority, as the command line does.

    An earlier open invitation of the address to this role is withdrawn, so that one link works.
    Raises `Invalid` when the address's owner holds the role.
    """
    person = people.find_person_by_email(tx, form.email)
    if person is not None and form.role in people.list_roles(tx, person.id):
        told = "Whoever has this address holds this role already."
        raise Invalid(told, fields={"email": told})
    for earlier in invitations.list_open_for(tx, form.email, form.role):
        _withdraw(tx, actor, earlier)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=form.email,
        role=form.role,
        token_hash=hash_token(token),
        submission_key=form.submission_key,
        invited_by=actor.id,
        invited_at=now(tx),
        expires_at=now(tx) + INVITATION_LASTS,
    )
    tx.add(invitation)
    try:
        tx.flush()
    except IntegrityError as error:
        raise Conflict(_SHOWN_ONCE, _AGAIN) from error
    audit.record(tx, actor, "invited", "invitation", invitation.id, role=form.role.value)
    return invitation, token


def withdraw_invitation(tx: Session, actor: Actor, invitation_id: int) -> None:
    """Make an invitation's link useless. Raises `Conflict` when it was accepted."""
    require(actor, Can.GRANT_ROLE)
    invitation = invitations.lock_invitation(tx, invitation_id)
    if invitation is None:
        raise NotFound("There is no such invitation.")
    if invitation.accepted_at is not None:
        raise Conflict(
            "This invitation was accepted already.", "You can withdraw the role instead."
        )
    if invitation.withdrawn_at is None:
        _withdraw(tx, actor, invitation)


def open_invitation(session: Session, token: str) -> OpenInvitation:
    """The invitation behind a link. Raises `NotFound` or `Gone` with what is wrong with it."""
    return _opened(session, _get(invitations.find_invitation_by_token(session, hash_token(token))))


def accept_with_new_account(
    tx: Session,
    actor: Actor,
    token: str,
    form: Registration,
    password_hash: str,
    language: str = "en",
) -> int:
    """Make the invited person's account with the role; returns the person's id.

    Raises `Invalid` when the form is for another address than the invitation.
    """
    invitation = _take(tx, actor, token)
    if form.email != invitation.email:
        told = "This invitation is for another address."
        raise Invalid(told, fields={"email": told})
    person = register_person(tx, form, password_hash, language)
    _accept(tx, invitation, person.id)
    return person.id


def accept_with_own_account(tx: Session, actor: Actor, token: str) -> Role:
    """Give the role to the invited person, who is signed in; returns the role."""
    invitation = _take(tx, actor, token)
    if actor.id is None:
        raise NotFound("There is no such person.")
    _accept(tx, invitation, actor.id)
    return invitation.role


def put_welcome_away(tx: Session, actor: Actor) -> None:
    """Put away the list of first things to do that an invited MAG member sees."""
    require(actor, Can.DECLARE_CONFLICT)
    welcome = invitations.find_welcome(tx, actor.id or 0, Role.MAG_MEMBER)
    if welcome is not None:
        welcome.welcomed_at = now(tx)


def _take(tx: Session, actor: Actor, token: str) -> Invitation:
    """The invitation, held, if this actor may accept it now."""
    invitation = _get(invitations.lock_invitation_by_token(tx, hash_token(token)))
    require(actor, Can.ACCEPT_INVITATION, _opened(tx, invitation))
    return invitation


def _accept(tx: Session, invitation: Invitation, person_id: int) -> None:
    invitation.accepted_at = now(tx)
    invitation.accepted_by = person_id
    actor = Actor(person_id)
    audit.record(tx, actor, "accepted_invitation", "invitation", invitation.id)
    give_role(tx, Actor(invitation.invited_by), person_id, invitation.role)


def _withdraw(tx: Session, actor: Actor, invitation: Invitation) -> None:
    invitation.withdrawn_at = now(tx)
    audit.record(tx, actor, "withdrew_invitation", "invitation", invitation.id)


def _get(found: Invitation | None) -> Invitation:
    if found is None:
        raise NotFound("This is no invitation link.", _INCOMPLETE)
    return found


def _opened(session: Session, invitation: Invitation) -> OpenInvitation:
    """What can be accepted now. Raises `Gone`, saying why, when the link no longer works."""
    if invitation.accepted_at is not None:
        raise Gone(
            "This invitation was used already.",
            "If it was you, sign in with your account. If not, tell the secretariat.",
        )
    if invitation.withdrawn_at is not None:
        raise Gone("This invitation was withdrawn.", _ASK)
    if invitation.expires_at <= now(session):
        raise Gone("This invitation has expired.", _ASK)
    addressee = people.find_person_by_email(session, invitation.email)
    return OpenInvitation(
        invitation.id, invitation.email, invitation.role, addressee.id if addressee else None
    )
