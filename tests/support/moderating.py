"""Moderation for tests: reports, hidden texts and appeals, made through the product's actions."""

from deliberate.actions.appeals import appeal_hiding
from deliberate.actions.flags import flag_item
from deliberate.actions.moderation import hide_item
from deliberate.domain.moderation import ItemKind, Rule
from deliberate.domain.people import Actor
from deliberate.inputs.moderation import Hiding, NewAppeal, NewFlag
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database
from deliberate.storage.moderation import Appeal, Flag, ModerationAct

APPEAL = "I name no person here, only what the lantern company published."


def report(
    db: Database, person: Actor, comment: Comment, rule: Rule = Rule.ATTACK, note: str = ""
) -> Flag:
    """This person's report of a comment."""
    with db.writing() as tx:
        form = NewFlag(rule=rule, note=note)
        return flag_item(tx, person, ItemKind.COMMENT, comment.id, form)


def hide(
    db: Database, moderator: Actor, comment: Comment, rule: Rule = Rule.ATTACK, seen: int = 0
) -> ModerationAct:
    """A moderator's hiding of a comment."""
    form = Hiding(seen=seen, rule=rule, words="Please answer the argument.")
    with db.writing() as tx:
        return hide_item(tx, moderator, ItemKind.COMMENT, comment.id, form)


def appeal(
    db: Database, author: Actor, comment: Comment, act: ModerationAct, text: str = APPEAL
) -> Appeal:
    """The author's appeal against a hiding."""
    with db.writing() as tx:
        form = NewAppeal(act_id=act.id, text=text)
        return appeal_hiding(tx, author, ItemKind.COMMENT, comment.id, form)
