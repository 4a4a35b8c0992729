"""Suggesting changes to somebody else's proposal, and answering such suggestions.

Whoever answers holds the proposal's deliberation and then the amendment, so that of two answers
given at once the second one finds the first.
"""

from sqlalchemy.orm import Session

from deliberate.actions.comments import Written, identity
from deliberate.actions.deliberations import get_page
from deliberate.actions.proposals import (
    Byline,
    add_proposal,
    authored,
    backed,
    hold_proposal,
    publish_version,
    require_changeable,
    require_current,
)
from deliberate.domain.amendments import AmendmentState
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.notices import EventKind, Reason
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import Answer, NewAmendment, NewVersion, ProposalText
from deliberate.policy import Can, require
from deliberate.storage import amendments, audit, notices
from deliberate.storage.amendments import Amendment
from deliberate.storage.database import now
from deliberate.storage.people import find_actor
from deliberate.storage.proposal_versions import list_texts
from deliberate.storage.proposals import Proposal, ProposalLine, ProposalVersion


def suggest_amendment(tx: Session, actor: Actor, proposal_id: int, form: NewAmendment) -> Amendment:
    """Suggest another wording of somebody's proposal. One rendering of the form leads to one.

    Raises `Conflict` when the proposal cannot change any more, or is no longer at the version
    that the form was made from; `Invalid` when nothing changed.
    """
    line = hold_proposal(tx, proposal_id)
    earlier = amendments.find_amendment_by_submission(tx, actor.id, form.submission_key)
    if earlier is not None:
        return earlier
    page = get_page(tx, line.deliberation_id)
    require(actor, Can.AMEND, authored(page, line.author_id))
    require_changeable(tx, line)
    require_current(line, form.version)
    if (form.title, form.body, form.rationale) == (line.title, line.body, line.rationale):
        raise Invalid(
            "Nothing changed.", fields={"body": "This is the text as it stands. Change it first."}
        )
    author_id, affiliation = identity(actor)
    amendment = Amendment(
        proposal_id=line.id,
        version_id=line.version_id,
        author_id=author_id,
        group=affiliation.group,
        organisation=affiliation.organisation,
        **form.model_dump(include={"title", "body", "rationale", "note", "submission_key"}),
        suggested_at=now(tx),
        state=AmendmentState.OPEN,
        answer="",
    )
    tx.add(amendment)
    tx.flush()
    audit.record(tx, actor, "suggested", "amendment", amendment.id, proposal=line.id)
    notices.record(
        tx,
        actor,
        EventKind.AMENDMENT,
        line.deliberation_id,
        proposal_id=line.id,
        to={line.author_id: Reason.AUTHOR},
        amendment_id=amendment.id,
    )
    return amendment


def accept_amendment(
    tx: Session, actor: Actor, amendment_id: int, form: NewVersion
) -> ProposalVersion:
    """Publish a new version that credits the amendment; the form holds the text it will have.

    Whoever accepts may edit that text first. Accepting twice from one rendering of the form has
    one effect. Raises `Conflict` for an amendment that was answered, and what
    `publish_version` raises.
    """
    amendment, line = _hold(tx, amendment_id)
    made = list_texts(tx, line.id, [form.version + 1])
    if made and (made[0].id, made[0].submission_key) == (
        amendment.made_version_id,
        form.submission_key,
    ):
        return made[0]
    _require_answerable(tx, actor, amendment, line)
    version = publish_version(tx, actor, line, form)
    amendment.made_version_id = version.id
    _answer(tx, actor, amendment, line, AmendmentState.ACCEPTED, "")
    return version


def reject_amendment(tx: Session, actor: Actor, amendment_id: int, form: Answer) -> Amendment:
    """Reject an amendment with a public reason. Raises `Conflict` for one that was answered."""
    amendment, line = _hold(tx, amendment_id)
    _require_answerable(tx, actor, amendment, line)
    _answer(tx, actor, amendment, line, AmendmentState.REJECTED, form.reason)
    return amendment


def make_alternative(tx: Session, actor: Actor, amendment_id: int) -> Proposal:
    """Let an amendment stand as a proposal of its author's; doing so twice makes one proposal.

    Whoever answers it may do this while it is open, whoever suggested it after a rejection too.
    """
    amendment, line = _hold(tx, amendment_id)
    made = tx.get(Proposal, amendment.made_proposal_id) if amendment.made_proposal_id else None
    is_own = actor.id == amendment.author_id
    page = get_page(tx, line.deliberation_id)
    if is_own:
        require(actor, Can.MAKE_ALTERNATIVE, authored(page, amendment.author_id))
    else:
        require(actor, Can.ANSWER_AMENDMENT, backed(tx, page, line))
    if made is not None:
        return made
    if not (is_own and amendment.state is AmendmentState.REJECTED):
        _require_open(amendment)
    author = actor if is_own else find_actor(tx, amendment.author_id)
    if author is None:
        raise Conflict("Whoever suggested this has left.", "You can still accept or reject it.")
    by = Byline(amendment.author_id, amendment.group, amendment.organisation)
    text = ProposalText(
        title=amendment.title,
        body=amendment.body,
        rationale=amendment.rationale or amendment.note,
        submission_key=amendment.submission_key,
    )
    proposal = add_proposal(tx, author, line.deliberation_id, by, text, line.point_id)
    amendment.made_proposal_id = proposal.id
    if is_own:
        amendment.state = AmendmentState.ALTERNATIVE
        amendment.answered_at = amendment.answered_at or now(tx)
    else:
        _answer(tx, actor, amendment, line, AmendmentState.ALTERNATIVE, "")
    return proposal


def withdraw_amendment(tx: Session, actor: Actor, amendment_id: int) -> Amendment:
    """Withdraw one's own amendment; it stays readable. Raises `Conflict` once it was answered."""
    amendment, line = _hold(tx, amendment_id)
    page = get_page(tx, line.deliberation_id)
    written = Written(page.phase, page.opens_at, amendment.author_id)
    require(actor, Can.WITHDRAW_AMENDMENT, written)
    if amendment.state is not AmendmentState.WITHDRAWN:
        _require_open(amendment)
        amendment.state, amendment.answered_at = AmendmentState.WITHDRAWN, now(tx)
        audit.record(tx, actor, "withdrew", "amendment", amendment.id)
    return amendment


def _hold(tx: Session, amendment_id: int) -> tuple[Amendment, ProposalLine]:
    """An amendment and its proposal, held until the transaction ends. Raises `NotFound`."""
    found = amendments.find_amendment(tx, amendment_id)
    if found is None:
        raise NotFound("There is no such amendment.")
    line = hold_proposal(tx, found.proposal_id)
    return amendments.lock_amendment(tx, amendment_id), line


def _require_answerable(
    tx: Session, actor: Actor, amendment: Amendment, line: ProposalLine
) -> None:
    page = get_page(tx, line.deliberation_id)
    require(actor, Can.ANSWER_AMENDMENT, backed(tx, page, line))
    _require_open(amendment)


def _require_open(amendment: Amendment) -> None:
    if amendment.state is not AmendmentState.OPEN:
        raise Conflict("This amendment was answered or withdrawn already.", "See what came of it.")


def _answer(
    tx: Session,
    actor: Actor,
    amendment: Amendment,
    line: ProposalLine,
    state: AmendmentState,
    words: str,
) -> None:
    """Store what became of an amendment, and tell whoever suggested it."""
    amendment.state, amendment.answer = state, words
    amendment.answered_by, amendment.answered_at = actor.id, now(tx)
    audit.record(tx, actor, state.value, "amendment", amendment.id)
    notices.record(
        tx,
        actor,
        EventKind.AMENDMENT_ANSWERED,
        line.deliberation_id,
        proposal_id=line.id,
        to={amendment.author_id: Reason.AUTHOR},
        amendment_id=amendment.id,
    )
