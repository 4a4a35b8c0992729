"""Reacting to comments: agreeing, disagreeing, thanking, asking for a source."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.actions.deliberations import get_page
from deliberate.domain.errors import NotFound
from deliberate.domain.people import Actor
from deliberate.domain.phases import Phase
from deliberate.domain.threads import Reaction
from deliberate.policy import Can, require
from deliberate.storage import audit, comments, reactions
from deliberate.storage.comments import Comment
from deliberate.storage.database import now
from deliberate.storage.deliberations import touch
from deliberate.storage.reactions import CommentReaction

STANCES = frozenset({Reaction.AGREE, Reaction.DISAGREE})
"""These say where somebody stands; the others do not."""


@dataclass(frozen=True, slots=True)
class Reacted:
    """A comment that somebody reacts to, as policy sees it."""

    phase: Phase
    opens_at: datetime
    author_id: int
    is_shown: bool


def get_reacted(session: Session, comment_id: int) -> Reacted:
    """A comment as it stands, to ask policy whether somebody may react to it."""
    comment = session.scalar(
        sa.select(Comment)
        .where(Comment.id == comment_id, Comment.held_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if comment is None:
        raise NotFound("There is no such comment.")
    page = get_page(session, comment.deliberation_id)
    is_shown = comment.retracted_at is comment.hidden_at is None
    return Reacted(page.phase, page.opens_at, comment.author_id, is_shown)


def react(tx: Session, actor: Actor, comment_id: int, reaction: Reaction | None) -> Comment:
    """Store one's reaction to a comment in the place of an earlier one; None takes it back."""
    comment = comments.find_comment(tx, comment_id)
    if comment is None:
        raise NotFound("There is no such comment.")
    touch(tx, comment.deliberation_id)
    # Read again: until the lock was taken, it may have been taken back, hidden or moved.
    subject = get_reacted(tx, comment_id)
    require(actor, Can.TAKE_STANCE if reaction in STANCES else Can.REACT, subject)
    _store(tx, actor, comment, reaction)
    tx.flush()
    reactions.recount(tx, comment)
    audit.record(tx, actor, "reacted", "comment", comment_id)
    return comment


def _store(tx: Session, actor: Actor, comment: Comment, reaction: Reaction | None) -> None:
    person_id, affiliation = identity(actor)
    own = reactions.find_reaction(tx, comment.id, person_id)
    if reaction is None:
        if own is not None:
            tx.delete(own)
        return
    if own is None:
        own = CommentReaction(comment_id=comment.id, person_id=person_id)
        tx.add(own)
    own.reaction, own.group, own.reacted_at = reaction, affiliation.group, now(tx)
