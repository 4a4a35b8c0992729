"""Tending threads: putting words where readers look for them, and taking that back.

Every act names a reason that everybody can read. A branch moves as a whole: its authors, texts
and numbers stay, so that old addresses lead to the new place.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.comments import ANCHORING
from deliberate.actions.deliberations import get_page
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.gardening import Aspect, GardenAct
from deliberate.domain.people import Actor
from deliberate.domain.threads import Anchor
from deliberate.inputs.gardening import Tending
from deliberate.policy import Can, require
from deliberate.storage import audit, comments, gardening
from deliberate.storage.comments import Comment
from deliberate.storage.database import now
from deliberate.storage.deliberations import find_revision, touch
from deliberate.storage.gardening import ThreadAct

NOT_HERE = "There is no such comment in this discussion."
SETTING = (GardenAct.PIN, GardenAct.SETTLE, GardenAct.LOCK)
_COLUMNS = {Aspect.PIN: "pinned_at", Aspect.ANSWER: "settled_at", Aspect.LOCK: "locked_at"}


def tend(tx: Session, actor: Actor, comment_id: int, form: Tending) -> ThreadAct | None:
    """Do an act to a comment; None when it is so already, so that two clicks have one effect.

    Raises `Invalid` when the place asked for makes no sense, and `Conflict` when a comment
    moved while its page was open, or when it cannot leave its discussion.
    """
    comment = _get_comment(tx, comment_id)
    if form.act.aspect is not Aspect.PLACE:
        _hold(tx, actor, [comment])
        return _mark(tx, actor, comment, form)
    parent = _find_target(tx, comment, form.parent, "parent")
    home_id = _find_home(tx, comment, form)
    _hold(tx, actor, [comment, *([parent] if parent else [])], [home_id])
    if parent is not None and form.act is GardenAct.MERGE:
        _check_parent(tx, comment, parent)
        return _replant(tx, actor, comment, home_id, parent, form)
    return _replant(tx, actor, comment, home_id, None, form)


def undo(tx: Session, actor: Actor, act_id: int) -> ThreadAct:
    """Take an act back, while it is the last one of its kind and the old place is still there."""
    act = gardening.find_act(tx, act_id)
    if act is None:
        raise NotFound("There is no such act.")
    comment = _get_comment(tx, act.comment_id)
    parent = _get_comment(tx, act.from_parent_id) if act.from_parent_id else None
    held = [comment, *([parent] if parent else [])]
    home_id = parent.deliberation_id if parent else act.deliberation_id
    is_moving = act.aspect is Aspect.PLACE
    _hold(tx, actor, held if is_moving else [comment], [home_id] if is_moving else [])
    tx.refresh(act)
    if act.undone_at is not None:
        return act
    if gardening.find_last(tx, act.comment_id, act.aspect) is not act:
        raise Conflict(
            "Something was done to this thread since.", "Take that back first, then this."
        )
    if is_moving:
        _put_back(tx, act, comment, parent, home_id)
    else:
        _set(tx, comment, act.aspect, act.act not in SETTING, act.answer_id)
    act.undone_by, act.undone_at = actor.id, now(tx)
    audit.record(tx, actor, "undid", "comment", comment.id, thread_act=act.id)
    return act


def _get_comment(tx: Session, comment_id: int) -> Comment:
    comment = comments.find_comment(tx, comment_id)
    if comment is None:
        raise NotFound("There is no such comment.")
    return comment


def _find_target(tx: Session, comment: Comment, number: int | None, field: str) -> Comment | None:
    """A comment that was named by its number, shown and in the same discussion."""
    if number is None:
        return None
    found = comments.find_comment(tx, number)
    if found is None or found.deliberation_id != comment.deliberation_id:
        raise Invalid(NOT_HERE, fields={field: NOT_HERE})
    if found.retracted_at or found.hidden_at or found.held_at:
        gone = "This comment is not shown any more."
        raise Invalid(gone, fields={field: gone})
    return found


def _find_home(tx: Session, comment: Comment, form: Tending) -> int:
    """The discussion that a comment will stand in."""
    if form.act is not GardenAct.MOVE or form.home is None:
        return comment.deliberation_id
    if find_revision(tx, form.home) is None:
        unknown = "There is no such discussion."
        raise Invalid(unknown, fields={"home": unknown})
    return form.home


def _hold(tx: Session, actor: Actor, held: Iterable[Comment], home_ids: Iterable[int] = ()) -> None:
    """Hold the discussions of comments, always in the same order, for those who may tend them.

    Writers of a discussion wait for its row, so nothing is added to a branch while it moves.
    """
    named = list(held)
    homes = {*(each.deliberation_id for each in named), *home_ids}
    for home_id in sorted(homes):
        touch(tx, home_id)
    for comment in named:
        tx.refresh(comment)
    if any(comment.deliberation_id not in homes for comment in named):
        raise _moved_since()
    for home_id in homes:
        require(actor, Can.TEND, get_page(tx, home_id))


def _check_parent(tx: Session, comment: Comment, parent: Comment) -> None:
    """Refuse a circle, a bottomless thread, and a parent that has left the discussion since."""
    if parent.deliberation_id != comment.deliberation_id:
        raise _moved_since()
    if _stands_in(parent, comment):
        circle = "A comment cannot stand under itself or one of its own replies."
        raise Invalid(circle, fields={"parent": circle})
    if not gardening.fits_under(tx, comment, parent):
        deep = "The thread would become too deep there. Choose a comment further up."
        raise Invalid(deep, fields={"parent": deep})


def _moved_since() -> Conflict:
    return Conflict(
        "This thread was moved in the meantime.", "Reload the page to see where it stands now."
    )


def _stands_in(comment: Comment, branch: Comment) -> bool:
    return f"{comment.path}/".startswith(f"{branch.path}/")


def _replant(
    tx: Session, actor: Actor, comment: Comment, home_id: int, parent: Comment | None, form: Tending
) -> ThreadAct | None:
    """Move a branch and log it.

    A branch is about what its parent is about; one that leaves its discussion leaves behind the
    texts it was about.
    """
    parent_id = parent.id if parent else None
    if (comment.deliberation_id, comment.parent_id) == (home_id, parent_id):
        return None
    if form.act is GardenAct.MOVE and comment.deliberation_id == home_id:
        return None
    if home_id != comment.deliberation_id:
        _check_is_free(tx, comment)
    act = _log(tx, actor, comment, form, home_id=home_id, to_parent_id=parent_id)
    about = anchoring_of(parent) if parent else act.anchoring
    if home_id != comment.deliberation_id:
        about = dict.fromkeys(ANCHORING) | {"anchor": Anchor.SUBJECT}
    gardening.move_branch(tx, comment, home_id, parent, about)
    return act


def _check_is_free(tx: Session, comment: Comment) -> None:
    """Refuse to take away from a discussion what its arguments rest on."""
    if gardening.is_sorted(tx, comment):
        raise Conflict(
            "Arguments of this discussion refer to comments of this thread.",
            "Take these out of the arguments first, or leave the thread here.",
        )


def anchoring_of(comment: Comment) -> dict[str, Any]:
    """What a comment is about, as columns."""
    return {name: getattr(comment, name) for name in ANCHORING}


def _log(tx: Session, actor: Actor, comment: Comment, form: Tending, **after: Any) -> ThreadAct:
    """Write an act into the public log, with the place that the comment has before it."""
    values = {"home_id": comment.deliberation_id, "to_parent_id": comment.parent_id} | after
    act = ThreadAct(
        act=form.act,
        aspect=form.act.aspect,
        comment_id=comment.id,
        deliberation_id=comment.deliberation_id,
        from_parent_id=comment.parent_id,
        anchoring=anchoring_of(comment),
        reason=form.reason,
        acted_by=actor.id,
        acted_at=now(tx),
        **values,
    )
    tx.add(act)
    tx.flush()
    audit.record(tx, actor, form.act.value, "comment", comment.id, thread_act=act.id)
    return act


def _put_back(
    tx: Session, act: ThreadAct, comment: Comment, parent: Comment | None, home_id: int
) -> None:
    """Put a branch where it stood, with all that was added to it since."""
    if parent is not None and _stands_in(parent, comment):
        raise Conflict(
            "The place this thread came from stands under it now.",
            "Take back what was done to that comment first.",
        )
    if home_id != comment.deliberation_id:
        _check_is_free(tx, comment)
    before = act.anchoring | {"anchor": Anchor(act.anchoring["anchor"])}
    about = anchoring_of(parent) if parent else before
    gardening.move_branch(tx, comment, home_id, parent, about)


def _mark(tx: Session, actor: Actor, comment: Comment, form: Tending) -> ThreadAct | None:
    """Pin, settle or lock a comment, or take that from it."""
    if form.act is GardenAct.PIN and comment.depth > 0:
        raise Invalid("Only the first comment of a thread can be pinned.")
    column = _COLUMNS[form.act.aspect]
    if (getattr(comment, column) is not None) == (form.act in SETTING):
        return None
    answer = _find_answer(tx, comment, form)
    former = comment.answer_id if form.act is GardenAct.REOPEN else None
    act = _log(tx, actor, comment, form, answer_id=answer.id if answer else former)
    _set(tx, comment, form.act.aspect, form.act in SETTING, act.answer_id)
    return act


def _find_answer(tx: Session, comment: Comment, form: Tending) -> Comment | None:
    """The comment that settles another, if one was named."""
    if form.act is not GardenAct.SETTLE:
        return None
    answer = _find_target(tx, comment, form.answer, "answer")
    if answer is comment:
        own = "A comment does not answer itself."
        raise Invalid(own, fields={"answer": own})
    return answer


def _set(
    tx: Session, comment: Comment, aspect: Aspect, is_set: bool, answer_id: int | None
) -> None:
    setattr(comment, _COLUMNS[aspect], now(tx) if is_set else None)
    if aspect is Aspect.ANSWER:
        comment.answer_id = answer_id if is_set else None
