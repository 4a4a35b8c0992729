"""An author's appeal against a hiding, and another moderator's answer."""

from sqlalchemy.orm import Session

from deliberate.actions.moderation import (
    answer_appeal_with,
    lock_for_act,
    lock_item,
    record_act,
    show_again,
)
from deliberate.domain.errors import Conflict
from deliberate.domain.moderation import Act, ItemKind
from deliberate.domain.people import Actor
from deliberate.inputs.moderation import AppealAnswer, NewAppeal
from deliberate.policy import Can, require
from deliberate.storage import audit
from deliberate.storage.database import now
from deliberate.storage.moderation import Appeal, ModerationAct, in_force


def appeal_hiding(
    tx: Session, actor: Actor, kind: ItemKind, item_id: int, form: NewAppeal
) -> Appeal:
    """Appeal against the hiding of what one wrote; sending the same form again changes nothing.

    Raises `Conflict` after the one appeal that there is, and when the text is shown again.
    """
    locked = lock_item(tx, kind, item_id)
    require(actor, Can.APPEAL, locked.item)
    hiding = in_force(locked.acts)
    if hiding is None or hiding.id != form.act_id:
        raise Conflict("This is not hidden any more.", "Look at it again: there is nothing to do.")
    if locked.appeal is not None:
        if locked.appeal.text == form.text:
            return locked.appeal
        raise Conflict(
            "You have appealed already.", "There is one appeal, and its answer is final."
        )
    appeal = Appeal(act_id=hiding.id, text=form.text, appealed_at=now(tx))
    tx.add(appeal)
    tx.flush()
    audit.record(tx, actor, "appealed", kind.value, item_id, hiding=hiding.id)
    return appeal


def answer_appeal(
    tx: Session, actor: Actor, kind: ItemKind, item_id: int, form: AppealAnswer
) -> ModerationAct:
    """Answer an appeal for good: the text is shown again, or stays hidden.

    Raises `Conflict` when another moderator answered it before.
    """
    locked = lock_for_act(tx, actor, kind, item_id, Can.ANSWER_APPEAL)
    appeal = locked.appeal
    act = Act.GRANT if form.granted else Act.CONFIRM
    newest = locked.acts[0][0] if locked.acts else None
    if newest is not None and (newest.act, newest.moderator_id) == (act, actor.id):
        return newest
    if appeal is None:
        raise Conflict("There is no appeal to answer.", "The text may be shown again already.")
    if appeal.answered_at is not None:
        raise Conflict("Another moderator has answered this appeal.", "That outcome is final.")
    answer_appeal_with(tx, appeal, granted=form.granted, words=form.words)
    rule = locked.row.hidden_for
    if form.granted:
        show_again(tx, locked.row)
    return record_act(tx, actor, locked, act, rule=rule, words=form.words)
