"""Putting proposals forward, rewording and withdrawing them, and saying how one rates them.

Every act here first counts the change of its deliberation. That takes the lock which opening a
poll takes too, so that a ballot holds exactly the version that was current, and makes writers
of one discussion take turns, so that two copies of one form find each other.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.actions.deliberations import get_page
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.notices import EventKind
from deliberate.domain.people import Actor, StakeholderGroup
from deliberate.domain.phases import Phase
from deliberate.domain.threads import Capacity
from deliberate.inputs.contributions import NewProposal, NewRating, NewVersion, ProposalText
from deliberate.markdown import to_html
from deliberate.policy import Can, require
from deliberate.storage import audit, notices, proposal_versions, proposals
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import touch
from deliberate.storage.forum import list_points
from deliberate.storage.proposals import Proposal, ProposalLine, ProposalRating, ProposalVersion
from deliberate.storage.sponsors import list_sponsor_ids


@dataclass(frozen=True, slots=True)
class Authored:
    """A proposal as policy sees it."""

    phase: Phase
    opens_at: datetime
    author_id: int
    takes_proposals: bool
    proposals_are_open: bool
    sponsor_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Byline:
    """In whose name a proposal stands."""

    author_id: int
    group: StakeholderGroup
    organisation: str | None
    capacity: Capacity = Capacity.PERSONAL


def authored(
    page: DeliberationPage, author_id: int, sponsor_ids: frozenset[int] = frozenset()
) -> Authored:
    """A text of this author's in a deliberation, with those who stand behind it."""
    return Authored(
        page.phase,
        page.opens_at,
        author_id,
        page.takes_proposals,
        page.proposals_are_open,
        sponsor_ids,
    )


def backed(session: Session, page: DeliberationPage, line: ProposalLine) -> Authored:
    """A proposal with the co-sponsors of its current version."""
    return authored(page, line.author_id, list_sponsor_ids(session, line.version_id))


def make_proposal(tx: Session, actor: Actor, deliberation_id: int, form: NewProposal) -> Proposal:
    """Put a proposal forward. The same rendering of the form leads to one proposal only.

    Raises `Invalid` for a point that does not stand in this deliberation.
    """
    touch(tx, deliberation_id)
    earlier = proposals.find_by_submission(tx, actor.id, form.submission_key)
    if earlier is not None:
        return earlier
    page = get_page(tx, deliberation_id)
    require(actor, Can.PROPOSE, page)
    author_id, affiliation = identity(actor)
    _require_point(tx, page, form.point_id)
    if form.capacity is Capacity.ORGANISATION:
        require(actor, Can.SPEAK_FOR_ORGANISATION)
    by = Byline(author_id, affiliation.group, affiliation.organisation, form.capacity)
    return add_proposal(tx, actor, deliberation_id, by, form, form.point_id)


def add_proposal(
    tx: Session,
    actor: Actor,
    deliberation_id: int,
    by: Byline,
    text: ProposalText,
    point_id: int | None,
) -> Proposal:
    """Store a proposal with its first version. Whoever calls holds the deliberation."""
    proposal = Proposal(
        deliberation_id=deliberation_id,
        author_id=by.author_id,
        group=by.group,
        organisation=by.organisation,
        capacity=by.capacity,
        point_id=point_id,
        submission_key=text.submission_key,
        proposed_at=now(tx),
    )
    tx.add(proposal)
    tx.flush()
    add_version(tx, proposal.id, 1, text)
    audit.record(tx, actor, "proposed", "proposal", proposal.id)
    notices.record(tx, actor, EventKind.PROPOSAL, deliberation_id, proposal_id=proposal.id)
    return proposal


def revise_proposal(
    tx: Session, actor: Actor, proposal_id: int, form: NewVersion
) -> ProposalVersion:
    """Publish a new version of one's own proposal. One rendering of the form leads to one.

    Raises what `publish_version` raises.
    """
    line = hold_proposal(tx, proposal_id)
    earlier = proposal_versions.find_version_by_submission(tx, line.id, form.submission_key)
    if earlier is not None and actor.id == line.author_id:
        return earlier
    page = get_page(tx, line.deliberation_id)
    require(actor, Can.REVISE_PROPOSAL, authored(page, line.author_id))
    return publish_version(tx, actor, line, form)


def publish_version(
    tx: Session, actor: Actor, line: ProposalLine, form: NewVersion
) -> ProposalVersion:
    """Publish the next version of a proposal that is held. Whoever calls asked policy.

    Ratings stay on the version they were given to. Raises `Conflict` when the proposal was
    withdrawn, stands on a ballot, or is no longer at the version that the form was made from;
    `Invalid` when nothing changed.
    """
    require_changeable(tx, line)
    require_current(line, form.version)
    if (form.title, form.body, form.rationale) == (line.title, line.body, line.rationale):
        raise Invalid(
            "Nothing changed.", fields={"body": "This is the text as it stands. Change it first."}
        )
    version = add_version(
        tx, line.id, line.version_number + 1, form, note=form.note, key=form.submission_key
    )
    audit.record(tx, actor, "revised", "proposal", line.id, version=version.number)
    kind = EventKind.PROPOSAL_VERSION
    notices.record(tx, actor, kind, line.deliberation_id, proposal_id=line.id)
    return version


def add_version(
    tx: Session,
    proposal_id: int,
    number: int,
    text: ProposalText,
    *,
    note: str = "",
    key: str | None = None,
) -> ProposalVersion:
    """Store one wording of a proposal. Whoever calls holds the proposal and asked policy."""
    version = ProposalVersion(
        proposal_id=proposal_id,
        number=number,
        title=text.title,
        body=text.body,
        body_html=to_html(text.body),
        rationale=text.rationale,
        rationale_html=to_html(text.rationale) if text.rationale else "",
        note=note,
        submission_key=key,
        written_at=now(tx),
    )
    tx.add(version)
    tx.flush()
    return version


def withdraw_proposal(tx: Session, actor: Actor, proposal_id: int) -> Proposal:
    """Withdraw one's own proposal. Raises `Conflict` when it stands on a ballot."""
    line = hold_proposal(tx, proposal_id)
    page = get_page(tx, line.deliberation_id)
    require(actor, Can.WITHDRAW_PROPOSAL, authored(page, line.author_id))
    require_off_ballot(tx, line)
    proposal = proposals.lock_proposal(tx, proposal_id)
    assert proposal is not None, "a held proposal is there"  # noqa: S101
    if proposal.withdrawn_at is None:
        proposal.withdrawn_at = now(tx)
        audit.record(tx, actor, "withdrew", "proposal", proposal.id)
    return proposal


def rate_proposal(tx: Session, actor: Actor, proposal_id: int, form: NewRating) -> None:
    """Rate the version that was shown; a later rating of the same version replaces it.

    A rating of an earlier version stays where it is: to confirm it is to give it again. Raises
    `Conflict` when the proposal was withdrawn, hidden or reworded since.
    """
    line = hold_proposal(tx, proposal_id)
    require(actor, Can.RATE, get_page(tx, line.deliberation_id))
    if not line.stands or line.version_id != form.version_id:
        raise Conflict(
            "This proposal changed since you saw it.", "Read it again, then give your rating."
        )
    person_id, affiliation = identity(actor)
    rating = proposals.find_rating(tx, form.version_id, person_id)
    if rating is None:
        rating = ProposalRating(version_id=form.version_id, person_id=person_id)
        tx.add(rating)
    rating.group, rating.rating, rating.rated_at = affiliation.group, form.rating, now(tx)
    audit.record(tx, actor, "rated", "proposal", proposal_id)


def hold_proposal(tx: Session, proposal_id: int) -> ProposalLine:
    """The proposal as it stands, with its deliberation held until the transaction ends.

    Raises `NotFound`. What is read after the lock is taken is what nobody else can change.
    """
    deliberation_id = proposals.find_deliberation_id(tx, proposal_id)
    if deliberation_id is None:
        raise NotFound("There is no such proposal.")
    touch(tx, deliberation_id)
    line = proposals.find_proposal(tx, proposal_id)
    assert line is not None, "a proposal has a version"  # noqa: S101
    return line


def require_changeable(tx: Session, line: ProposalLine) -> None:
    """Raise `Conflict` for a proposal whose text is fixed: it stands no more, or on a ballot."""
    require_standing(line)
    require_off_ballot(tx, line)


def require_standing(line: ProposalLine) -> None:
    """Raise `Conflict` for a proposal that is hidden, withdrawn, or became others."""
    if line.is_hidden:
        raise Conflict("A moderator hid this proposal.", "You can appeal; your drafts are kept.")
    if line.is_replaced:
        raise Conflict("Another proposal was made of this one.", "It leads there; go on with that.")
    if line.is_withdrawn:
        raise Conflict(
            "This proposal is withdrawn.", "Make a new one; it can say what it replaces."
        )


def require_current(line: ProposalLine, number: int) -> None:
    """Raise `Conflict` when a proposal is no longer at the version that somebody read."""
    if line.version_number != number:
        raise Conflict(
            "This proposal was changed in the meantime.", "Compare the two texts, then go on."
        )


def require_off_ballot(tx: Session, line: ProposalLine) -> None:
    """Raise `Conflict` for a proposal that people vote on or have voted on."""
    if proposal_versions.find_poll_with(tx, line.id) is not None:
        raise Conflict(
            "This proposal stands on a ballot.",
            "What people vote on is not changed any more. "
            "Make a new proposal with your other text; it can stand in a later poll.",
        )


def _require_point(tx: Session, page: DeliberationPage, point_id: int | None) -> None:
    """Raise `Invalid` unless the point is one of the output's, in the round of this discussion."""
    if point_id is None:
        return
    points = list_points(tx, [page.output.id], page.deliberation.round) if page.output else []
    if point_id not in {point.id for point in points}:
        raise Invalid(
            "This point is not in this discussion.",
            fields={"point_id": "Choose one of the points of this discussion."},
        )
