"""Reporting comments and proposals to moderators, and taking a report back."""

from sqlalchemy.orm import Session

from deliberate.actions.moderation import lock_item, require_shown
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.moderation import FlagState, ItemKind
from deliberate.domain.people import Actor
from deliberate.inputs.moderation import NewFlag
from deliberate.policy import Can, require
from deliberate.storage import audit
from deliberate.storage.database import now
from deliberate.storage.moderation import Flag, find_flag


def flag_item(tx: Session, actor: Actor, kind: ItemKind, item_id: int, form: NewFlag) -> Flag:
    """Report a comment or proposal; a second report of the same person changes the first.

    Raises `Conflict` when the item is not shown any more, or a moderator has answered already.
    """
    locked = lock_item(tx, kind, item_id)
    require(actor, Can.FLAG, locked.item)
    flag = find_flag(tx, kind, item_id, actor.id)
    if flag is not None and flag.state in (FlagState.UPHELD, FlagState.DECLINED):
        raise Conflict(
            "A moderator has answered your report already.",
            "You find the answer on your account page.",
        )
    require_shown(locked.row)
    if flag is None:
        flag = Flag(
            comment_id=item_id if kind is ItemKind.COMMENT else None,
            proposal_id=item_id if kind is ItemKind.PROPOSAL else None,
            person_id=actor.id,
            flagged_at=now(tx),
        )
        tx.add(flag)
    elif flag.state is FlagState.WITHDRAWN:
        flag.flagged_at, flag.asked_at = now(tx), None
    flag.rule, flag.note, flag.state = form.rule, form.note, FlagState.OPEN
    tx.flush()
    audit.record(tx, actor, "flagged", kind.value, item_id, rule=form.rule.value)
    return flag


def withdraw_flag(tx: Session, actor: Actor, flag_id: int) -> Flag:
    """Take one's own report back. Raises `Conflict` when a moderator has answered it."""
    flag = tx.get(Flag, flag_id)
    if flag is None or flag.person_id != actor.id:
        raise NotFound("You have not reported this.")
    kind, item_id = item_of(flag)
    require(actor, Can.FLAG, lock_item(tx, kind, item_id).item)
    tx.refresh(flag)
    if flag.state in (FlagState.UPHELD, FlagState.DECLINED):
        raise Conflict("A moderator has answered this report already.")
    if flag.state is FlagState.OPEN:
        flag.state = FlagState.WITHDRAWN
        audit.record(tx, actor, "unflagged", kind.value, item_id)
    return flag


def item_of(flag: Flag) -> tuple[ItemKind, int]:
    """Kind and id of what was reported."""
    if flag.comment_id is not None:
        return ItemKind.COMMENT, flag.comment_id
    return ItemKind.PROPOSAL, flag.proposal_id or 0
