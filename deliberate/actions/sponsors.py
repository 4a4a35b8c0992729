"""Co-sponsoring proposals: inviting people, accepting, confirming a new version, leaving.

A co-sponsorship is given to one version and stays there. A new version asks everybody who stood
behind the one before to confirm.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.actions.deliberations import get_page
from deliberate.actions.proposals import authored, hold_proposal, require_standing
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.handles import to_handle
from deliberate.domain.notices import EventKind, Reason
from deliberate.domain.people import Actor
from deliberate.domain.phases import Phase
from deliberate.domain.sponsors import InvitationState
from deliberate.domain.threads import Capacity
from deliberate.inputs.contributions import NewSponsorship, SponsorInviting
from deliberate.policy import Can, require
from deliberate.storage import audit, notices, sponsors
from deliberate.storage.database import now
from deliberate.storage.proposals import ProposalLine, find_deliberation_id
from deliberate.storage.sponsors import CoSponsorship, SponsorInvitation

MOST_INVITED = 60
"""So many people an author may invite to one proposal; a list of hundreds says nothing."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A proposal as somebody sees it who was asked to stand behind it."""

    phase: Phase
    opens_at: datetime
    invitee_id: int | None


def invite_sponsor(
    tx: Session, actor: Actor, proposal_id: int, form: SponsorInviting
) -> SponsorInvitation:
    """Ask somebody to co-sponsor one's proposal; asking twice changes nothing.

    Raises `Invalid` when the handle means nobody, several people or the author.
    """
    line = hold_proposal(tx, proposal_id)
    page = get_page(tx, line.deliberation_id)
    require(actor, Can.INVITE_SPONSOR, authored(page, line.author_id))
    require_standing(line)
    person_id = _find_person(tx, line, form.handle)
    invitation = sponsors.find_sponsor_invitation(tx, line.id, person_id)
    if invitation is None:
        _require_room(tx, line)
        invitation = SponsorInvitation(proposal_id=line.id, person_id=person_id)
        tx.add(invitation)
    elif not invitation.state.is_done:
        return invitation
    invitation.state, invitation.invited_at = InvitationState.OPEN, now(tx)
    invitation.answered_at = None
    tx.flush()
    audit.record(tx, actor, "invited_sponsor", "proposal", line.id, person=person_id)
    notices.record(
        tx,
        actor,
        EventKind.INVITATION,
        line.deliberation_id,
        proposal_id=line.id,
        to={person_id: Reason.INVITATION},
    )
    return invitation


def withdraw_invitation(tx: Session, actor: Actor, proposal_id: int, person_id: int) -> None:
    """Take back an invitation that was not answered. Raises `Conflict` once it was accepted."""
    line = hold_proposal(tx, proposal_id)
    page = get_page(tx, line.deliberation_id)
    require(actor, Can.INVITE_SPONSOR, authored(page, line.author_id))
    invitation = _get_invitation(tx, line, person_id)
    if invitation.state is InvitationState.ACCEPTED:
        raise Conflict("This invitation was accepted already.", "Only co-sponsors can leave.")
    if invitation.state is InvitationState.OPEN:
        _answer(tx, actor, invitation, InvitationState.WITHDRAWN)


def sponsor_proposal(
    tx: Session, actor: Actor, proposal_id: int, form: NewSponsorship
) -> CoSponsorship:
    """Stand behind the version that was shown: accept the invitation, or confirm a new version.

    Raises `Conflict` when the text has changed since, or the invitation was withdrawn.
    """
    line, invitation = _hold(tx, actor, proposal_id)
    if form.capacity is Capacity.ORGANISATION:
        require(actor, Can.SPEAK_FOR_ORGANISATION)
    require_standing(line)
    if invitation.state.is_done:
        raise Conflict(
            "This invitation does not stand any more.", "The author can invite you again."
        )
    if line.version_id != form.version_id:
        raise Conflict("This proposal changed since you saw it.", "Read it again, then go on.")
    person_id, affiliation = identity(actor)
    given = sponsors.find_sponsorship(tx, line.version_id, person_id)
    if given is None:
        given = CoSponsorship(version_id=line.version_id, person_id=person_id)
        tx.add(given)
    given.group, given.organisation = affiliation.group, affiliation.organisation
    given.capacity, given.given_at, given.left_at = form.capacity, now(tx), None
    _answer(tx, actor, invitation, InvitationState.ACCEPTED)
    return given


def decline_sponsorship(tx: Session, actor: Actor, proposal_id: int) -> None:
    """Decline an invitation, or stop standing behind a proposal; doing so twice changes nothing."""
    line, invitation = _hold(tx, actor, proposal_id)
    if invitation.state.is_done:
        return
    for given in sponsors.list_own_sponsorships(tx, line.id, invitation.person_id):
        given.left_at = now(tx)
    was_behind = invitation.state is InvitationState.ACCEPTED
    _answer(tx, actor, invitation, InvitationState.LEFT if was_behind else InvitationState.DECLINED)


def require_invited(session: Session, actor: Actor, proposal_id: int) -> SponsorInvitation:
    """The actor's invitation to a proposal, whatever became of it; others are refused.

    Raises `NotFound` when there is no such proposal.
    """
    deliberation_id = find_deliberation_id(session, proposal_id)
    if deliberation_id is None:
        raise NotFound("There is no such proposal.")
    page = get_page(session, deliberation_id)
    invitation = sponsors.find_sponsor_invitation(session, proposal_id, actor.id)
    invitee_id = invitation.person_id if invitation else None
    require(actor, Can.SPONSOR, Invited(page.phase, page.opens_at, invitee_id))
    assert invitation is not None, "policy lets only those in who were invited"  # noqa: S101
    return invitation


def _hold(tx: Session, actor: Actor, proposal_id: int) -> tuple[ProposalLine, SponsorInvitation]:
    """The proposal, held, and the actor's invitation to it; whoever has none is refused."""
    line = hold_proposal(tx, proposal_id)
    return line, require_invited(tx, actor, proposal_id)


def _get_invitation(tx: Session, line: ProposalLine, person_id: int) -> SponsorInvitation:
    invitation = sponsors.find_sponsor_invitation(tx, line.id, person_id)
    if invitation is None:
        raise NotFound("There is no such invitation.")
    return invitation


def _answer(
    tx: Session, actor: Actor, invitation: SponsorInvitation, state: InvitationState
) -> None:
    invitation.state, invitation.answered_at = state, now(tx)
    audit.record(tx, actor, f"sponsor_{state.value}", "proposal", invitation.proposal_id)


def _find_person(tx: Session, line: ProposalLine, typed: str) -> int:
    """Who is meant by a handle."""
    found = sponsors.list_named(tx, to_handle(typed), line.deliberation_id)
    if found == [line.author_id]:
        told = "This is your own proposal already."
    elif len(found) > 1:
        told = "Several people have this name. Only those who wrote here can be told apart."
    elif not found:
        told = "Nobody who wrote something on this site has this name."
    else:
        return found[0]
    raise Invalid("Nobody was invited.", fields={"handle": told})


def _require_room(tx: Session, line: ProposalLine) -> None:
    if sponsors.count_invited(tx, line.id) >= MOST_INVITED:
        raise Conflict("You invited a great many people.", "A few from each group say more.")
