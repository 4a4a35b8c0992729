"""Keeping a comment on the server before it is published, and letting it go."""

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import get_page
from deliberate.domain.errors import NotFound
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import NewComment
from deliberate.policy import Can, require
from deliberate.storage import comment_drafts
from deliberate.storage.comment_drafts import CommentDraft
from deliberate.storage.database import now
from deliberate.storage.people import lock_person


def save_draft(tx: Session, actor: Actor, deliberation_id: int, form: NewComment) -> CommentDraft:
    """Keep a comment as it was typed; what was kept before for the same place is replaced."""
    require(actor, Can.COMMENT, get_page(tx, deliberation_id))
    person_id = _hold(tx, actor)
    draft = comment_drafts.find_draft(tx, person_id, deliberation_id, form.place)
    if draft is None:
        draft = CommentDraft(person_id=person_id, deliberation_id=deliberation_id, place=form.place)
        tx.add(draft)
    draft.body, draft.kind = form.body, form.kind
    draft.language, draft.capacity = form.language, form.capacity
    draft.saved_at = now(tx)
    tx.flush()
    return draft


def discard_own_draft(tx: Session, actor: Actor, draft_id: int) -> None:
    """Delete one's own draft. Raises `NotFound` for anybody else's: nobody learns of it."""
    require(actor, Can.KEEP_ACCOUNT)
    draft = comment_drafts.find_own_draft(tx, draft_id, actor.id)
    if draft is None:
        raise NotFound("There is no such draft.")
    tx.delete(draft)


def _hold(tx: Session, actor: Actor) -> int:
    """The actor's id, their row held, so that two tabs that save at once take turns."""
    person = lock_person(tx, actor.id or 0)
    if person is None or person.forgotten_at is not None:
        raise NotFound("There is no such person.")
    return person.id
