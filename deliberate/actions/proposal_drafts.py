"""Keeping a proposal, or a new version of one, for oneself until it is published."""

from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.actions.deliberations import get_page
from deliberate.actions.proposals import make_proposal, revise_proposal
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import (
    DraftedProposal,
    DraftPublication,
    NewProposal,
    NewVersion,
)
from deliberate.policy import Can, require
from deliberate.storage import proposal_drafts, proposal_versions, proposals
from deliberate.storage.database import now
from deliberate.storage.people import lock_person
from deliberate.storage.proposal_drafts import ProposalDraft

MOST_DRAFTS = 40
"""So many drafts one person may keep; nobody writes more, and a program is stopped."""


def keep_draft(
    tx: Session,
    actor: Actor,
    form: DraftedProposal,
    *,
    deliberation_id: int,
    proposal_id: int | None = None,
) -> ProposalDraft:
    """Save a text in progress; the same rendering of the form always saves the same draft.

    It asks for nothing but something typed, in every phase. Raises `Invalid` when nothing was
    typed, `Conflict` when the draft was saved from elsewhere since the form was shown.
    """
    require(actor, Can.DRAFT_PROPOSAL)
    author_id, _affiliation = identity(actor)
    get_page(tx, deliberation_id)
    lock_person(tx, author_id)
    if form.is_empty:
        raise Invalid("There is nothing to keep.", fields={"title": "Type something first."})
    draft = proposal_drafts.find_draft_by_submission(tx, author_id, form.submission_key)
    if draft is None:
        draft = _begin(tx, author_id, form, deliberation_id, proposal_id)
    elif _says(draft) == _asked(form):
        draft.base_number = form.version
        return draft
    elif draft.version != form.saved:
        raise Conflict("This draft was saved in another tab.", "Compare the two texts, then go on.")
    draft.title, draft.body, draft.rationale = form.title, form.body, form.rationale
    draft.note, draft.point_id, draft.base_number = form.note, form.point_id, form.version
    draft.capacity = form.capacity
    draft.version += 1
    draft.saved_at = now(tx)
    tx.flush()
    return draft


def publish_draft(
    tx: Session,
    actor: Actor,
    draft_id: int,
    form: DraftPublication,
    text: NewProposal | NewVersion,
) -> int:
    """Publish a draft as a proposal or a new version, and give the proposal's id.

    `text` is what the draft says, checked. Publishing the same draft twice has one effect.
    Raises `Conflict` when the draft is not at the state that was shown.
    """
    draft = proposal_drafts.lock_own_draft(tx, draft_id, actor.id)
    if draft is None:
        return find_published(tx, actor, form.submission_key)
    if draft.version != form.saved:
        raise Conflict(
            "This draft was saved in another tab.", "Look at it again before publishing."
        )
    if isinstance(text, NewVersion):
        if draft.proposal_id is None:
            raise ValueError("a new version is one of a proposal")
        proposal_id = revise_proposal(tx, actor, draft.proposal_id, text).proposal_id
    else:
        proposal_id = make_proposal(tx, actor, draft.deliberation_id, text).id
    tx.delete(draft)
    return proposal_id


def discard_draft(tx: Session, actor: Actor, draft_id: int) -> int:
    """Delete one's own draft for good, and give the deliberation it was written in."""
    draft = proposal_drafts.lock_own_draft(tx, draft_id, actor.id)
    if draft is None:
        raise NotFound("There is no such draft.", "If it is yours, sign in first.")
    require(actor, Can.DRAFT_PROPOSAL)
    tx.delete(draft)
    return draft.deliberation_id


def find_published(session: Session, actor: Actor, submission_key: str) -> int:
    """The proposal that a draft with this key became. Raises `NotFound`."""
    proposal = proposals.find_by_submission(session, actor.id, submission_key)
    if proposal is not None:
        return proposal.id
    version = proposal_versions.find_own_version(session, actor.id, submission_key)
    if version is not None:
        return version.proposal_id
    raise NotFound("There is no such draft.", "If it is yours, sign in first.")


def _begin(
    tx: Session,
    author_id: int,
    form: DraftedProposal,
    deliberation_id: int,
    proposal_id: int | None,
) -> ProposalDraft:
    if proposal_drafts.count_own_drafts(tx, author_id) >= MOST_DRAFTS:
        raise Conflict("You keep a great many drafts.", "Publish or discard one of them first.")
    draft = ProposalDraft(
        author_id=author_id,
        deliberation_id=deliberation_id,
        proposal_id=proposal_id,
        submission_key=form.submission_key,
        version=0,
    )
    tx.add(draft)
    return draft


def _says(draft: ProposalDraft) -> tuple[str | int | None, ...]:
    texts = (draft.title, draft.body, draft.rationale, draft.note)
    return *texts, draft.point_id, draft.capacity


def _asked(form: DraftedProposal) -> tuple[str | int | None, ...]:
    return *(form.title, form.body, form.rationale, form.note), form.point_id, form.capacity
