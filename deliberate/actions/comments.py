"""Writing in a discussion and taking back what one wrote."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.deliberations import get_page
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.people import Actor, Affiliation
from deliberate.domain.phases import Phase
from deliberate.domain.threads import Anchor, comment_path
from deliberate.inputs.contributions import NewComment
from deliberate.markdown import to_html
from deliberate.policy import Can, require
from deliberate.storage import audit, comments, proposals
from deliberate.storage.comments import Comment
from deliberate.storage.database import now
from deliberate.storage.deliberations import touch

ANCHORING = ("anchor", "proposal_id", "point_id", "source_line")


@dataclass(frozen=True, slots=True)
class Written:
    """Something written in a deliberation, as policy sees it."""

    phase: Phase
    opens_at: datetime
    author_id: int


def add_comment(tx: Session, actor: Actor, deliberation_id: int, form: NewComment) -> Comment:
    """Add a comment or a reply. The same rendering of the form leads to one comment only."""
    require(actor, Can.COMMENT, get_page(tx, deliberation_id))
    author_id, affiliation = identity(actor)
    # Counting the change first also makes writers of one discussion take turns, so that two
    # copies of one form cannot both find no earlier comment.
    touch(tx, deliberation_id)
    earlier = comments.find_by_submission(tx, author_id, form.submission_key)
    if earlier is not None:
        return earlier
    parent = _find_parent(tx, deliberation_id, form.parent_id)
    comment = Comment(
        deliberation_id=deliberation_id,
        parent_id=parent.id if parent else None,
        **_anchor(tx, deliberation_id, form, parent),
        path="",
        depth=parent.depth + 1 if parent else 0,
        kind=form.kind,
        body=form.body,
        body_html=to_html(form.body),
        author_id=author_id,
        group=affiliation.group,
        organisation=affiliation.organisation,
        submission_key=form.submission_key,
        written_at=now(tx),
    )
    tx.add(comment)
    tx.flush()
    comment.path = comment_path(parent.path if parent else None, comment.id)
    audit.record(tx, actor, "commented", "comment", comment.id)
    return comment


def retract_comment(tx: Session, actor: Actor, comment_id: int) -> Comment:
    """Take back one's own comment. Its text is no longer shown; replies stay readable."""
    comment = tx.scalar(sa.select(Comment).where(Comment.id == comment_id).with_for_update())
    if comment is None:
        raise NotFound("There is no such comment.")
    page = get_page(tx, comment.deliberation_id)
    require(actor, Can.RETRACT_COMMENT, Written(page.phase, page.opens_at, comment.author_id))
    if comment.retracted_at is None:
        comment.retracted_at = now(tx)
        touch(tx, comment.deliberation_id)
        audit.record(tx, actor, "retracted", "comment", comment.id)
    return comment


def identity(actor: Actor) -> tuple[int, Affiliation]:
    """Id and affiliation of an actor whom policy has already found to be signed in."""
    if actor.id is None or actor.affiliation is None:
        raise ValueError("policy lets only signed-in people write")
    return actor.id, actor.affiliation


def _find_parent(tx: Session, deliberation_id: int, parent_id: int | None) -> Comment | None:
    if parent_id is None:
        return None
    parent = comments.find_comment(tx, parent_id)
    if parent is None or parent.deliberation_id != deliberation_id or parent.held_at is not None:
        raise NotFound("The comment you reply to is not in this discussion.")
    if parent.retracted_at is not None or parent.hidden_at is not None:
        raise Conflict(
            "The comment you reply to is no longer shown.",
            "Your text is kept: send it as a new comment.",
        )
    return parent


def _anchor(
    tx: Session, deliberation_id: int, form: NewComment, parent: Comment | None
) -> dict[str, Any]:
    """The columns that say what a comment is about; a reply is about what its parent is about."""
    if parent is not None:
        return {name: getattr(parent, name) for name in ANCHORING}
    if form.proposal_id is None:
        return {"anchor": Anchor.SUBJECT}
    proposal = proposals.find_proposal(tx, form.proposal_id)
    if proposal is None or proposal.deliberation_id != deliberation_id:
        raise NotFound("The proposal you write about is not in this discussion.")
    return {"anchor": Anchor.PROPOSAL, "proposal_id": proposal.id}
