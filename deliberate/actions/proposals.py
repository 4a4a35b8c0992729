"""Putting proposals forward, withdrawing them, and saying how strongly one agrees."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.comments import Written, identity
from deliberate.actions.deliberations import get_page
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import NewProposal, NewRating
from deliberate.markdown import to_html
from deliberate.policy import Can, require
from deliberate.storage import audit, proposals
from deliberate.storage.database import now
from deliberate.storage.deliberations import touch
from deliberate.storage.polls import PollOption
from deliberate.storage.proposals import Proposal, ProposalRating, ProposalVersion


def make_proposal(tx: Session, actor: Actor, deliberation_id: int, form: NewProposal) -> Proposal:
    """Put a proposal forward. The same rendering of the form leads to one proposal only."""
    require(actor, Can.PROPOSE, get_page(tx, deliberation_id))
    author_id, affiliation = identity(actor)
    touch(tx, deliberation_id)
    earlier = proposals.find_by_submission(tx, author_id, form.submission_key)
    if earlier is not None:
        return earlier
    proposal = Proposal(
        deliberation_id=deliberation_id,
        author_id=author_id,
        group=affiliation.group,
        organisation=affiliation.organisation,
        submission_key=form.submission_key,
        proposed_at=now(tx),
    )
    tx.add(proposal)
    tx.flush()
    tx.add(
        ProposalVersion(
            proposal_id=proposal.id,
            number=1,
            title=form.title,
            body=form.body,
            body_html=to_html(form.body),
            written_at=now(tx),
        )
    )
    audit.record(tx, actor, "proposed", "proposal", proposal.id)
    return proposal


def withdraw_proposal(tx: Session, actor: Actor, proposal_id: int) -> Proposal:
    """Withdraw one's own proposal. Raises `Conflict` when it stands on a ballot."""
    proposal = proposals.lock_proposal(tx, proposal_id)
    if proposal is None:
        raise NotFound("There is no such proposal.")
    page = get_page(tx, proposal.deliberation_id)
    require(actor, Can.WITHDRAW_PROPOSAL, Written(page.phase, page.opens_at, proposal.author_id))
    on_ballot = (
        sa.select(PollOption.id)
        .join(ProposalVersion, ProposalVersion.id == PollOption.version_id)
        .where(ProposalVersion.proposal_id == proposal_id)
    )
    if tx.scalar(on_ballot) is not None:
        raise Conflict(
            "This proposal stands on a ballot.", "What people vote on is not changed any more."
        )
    if proposal.withdrawn_at is None:
        proposal.withdrawn_at = now(tx)
        touch(tx, proposal.deliberation_id)
        audit.record(tx, actor, "withdrew", "proposal", proposal.id)
    return proposal


def rate_proposal(tx: Session, actor: Actor, proposal_id: int, form: NewRating) -> None:
    """Rate the version that was shown; a later rating of the same version replaces it.

    Raises `Conflict` when the proposal was withdrawn or reworded since.
    """
    if proposals.lock_proposal(tx, proposal_id) is None:
        raise NotFound("There is no such proposal.")
    proposal = proposals.find_proposal(tx, proposal_id)
    assert proposal is not None, "a locked proposal has a version"  # noqa: S101
    require(actor, Can.RATE, get_page(tx, proposal.deliberation_id))
    if proposal.is_withdrawn or proposal.version_id != form.version_id:
        raise Conflict(
            "This proposal changed since you saw it.", "Read it again, then give your rating."
        )
    person_id, affiliation = identity(actor)
    rating = proposals.find_rating(tx, form.version_id, person_id)
    if rating is None:
        rating = ProposalRating(version_id=form.version_id, person_id=person_id)
        tx.add(rating)
    rating.group, rating.rating, rating.rated_at = affiliation.group, form.rating, now(tx)
    touch(tx, proposal.deliberation_id)
    audit.record(tx, actor, "rated", "proposal", proposal_id)
