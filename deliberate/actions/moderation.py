"""What moderators do with a comment or proposal: keep, hide, ask for an edit, release, unhide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from deliberate.actions.comments import tell_of_comment
from deliberate.domain.errors import Conflict, DomainError, NotFound
from deliberate.domain.moderation import Act, FlagState, Item, ItemKind, Rule
from deliberate.domain.notices import EventKind, Reason
from deliberate.domain.people import VISITOR, Actor, Role
from deliberate.inputs.moderation import Asking, BulkAct, Hiding, Keeping, Releasing, Unhiding
from deliberate.policy import Can, require
from deliberate.storage import audit, notices
from deliberate.storage.comments import Comment
from deliberate.storage.conflicts import list_recused
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation, touch
from deliberate.storage.mentions import list_mentioned
from deliberate.storage.moderation import (
    Appeal,
    Flag,
    Moderated,
    ModerationAct,
    find_home,
    find_item,
    in_force,
    list_acts,
    list_flags,
    stands_on_ballot,
)
from deliberate.storage.people import find_actor

QUICKER = "Another moderator was quicker."
TOLD = {
    Act.HIDE: EventKind.TEXT_HIDDEN,
    Act.ASK: EventKind.EDIT_ASKED,
    Act.RELEASE: EventKind.TEXT_SHOWN,
    Act.UNHIDE: EventKind.TEXT_SHOWN,
    Act.GRANT: EventKind.TEXT_SHOWN,
    Act.CONFIRM: EventKind.TEXT_STAYS_HIDDEN,
}
"""What the author of a text is told of; they are not told who acted."""


@dataclass(frozen=True, slots=True)
class Locked:
    """A comment or proposal whose discussion is held until the transaction ends.

    `flags` are the reports that stand, `acts` what moderators did, the newest first.
    """

    kind: ItemKind
    row: Moderated
    item: Item
    flags: Sequence[Flag]
    acts: Sequence[tuple[ModerationAct, Appeal | None]]

    @property
    def newest(self) -> int:
        """The id of the newest act; 0 before the first one."""
        return self.acts[0][0].id if self.acts else 0

    @property
    def appeal(self) -> Appeal | None:
        """The appeal against the hiding that holds, if there is one."""
        hiding = in_force(self.acts)
        return next((appeal for act, appeal in self.acts if act is hiding), None)


def keep_item(
    tx: Session, actor: Actor, kind: ItemKind, item_id: int, form: Keeping
) -> ModerationAct:
    """Leave an item as it is and decline what was reported of it."""
    locked = lock_for_act(tx, actor, kind, item_id)
    done = _done_before(locked, actor, Act.KEEP, form.seen)
    if done is not None:
        return done
    require_shown(locked.row)
    if not any(flag.state is FlagState.OPEN for flag in locked.flags):
        raise Conflict("Nobody reports this any more.", "There is nothing left to do.")
    _answer_flags(tx, locked, FlagState.DECLINED, form.words)
    return record_act(tx, actor, locked, Act.KEEP, words=form.words)


def hide_item(
    tx: Session, actor: Actor, kind: ItemKind, item_id: int, form: Hiding
) -> ModerationAct:
    """Hide an item by a rule and uphold what was reported of it.

    Raises `Conflict` for a proposal on a ballot, and for what an appeal brought back unchanged.
    """
    locked = lock_for_act(tx, actor, kind, item_id)
    done = _done_before(locked, actor, Act.HIDE, form.seen)
    if done is not None:
        return done
    if locked.row.hidden_for is not None:
        raise Conflict("This is hidden already.")
    if kind is ItemKind.PROPOSAL and stands_on_ballot(tx, item_id):
        raise Conflict(
            "This proposal stands on a ballot.",
            "What people vote on is not hidden: the poll would ask about something nobody can see.",
        )
    _require_no_final_answer(locked)
    locked.row.hidden_at, locked.row.hidden_for = now(tx), form.rule
    _answer_flags(tx, locked, FlagState.UPHELD, form.words)
    return record_act(tx, actor, locked, Act.HIDE, rule=form.rule, words=form.words)


def ask_for_edit(
    tx: Session, actor: Actor, kind: ItemKind, item_id: int, form: Asking
) -> ModerationAct:
    """Ask the author to change the text; reports stay open until that is seen."""
    locked = lock_for_act(tx, actor, kind, item_id)
    done = _done_before(locked, actor, Act.ASK, form.seen)
    if done is not None:
        return done
    if locked.row.hidden_for is not None:
        raise Conflict("This is hidden already.")
    for flag in locked.flags:
        if flag.state is FlagState.OPEN:
            flag.asked_at = now(tx)
    return record_act(tx, actor, locked, Act.ASK, words=form.words)


def release_item(
    tx: Session, actor: Actor, kind: ItemKind, item_id: int, form: Releasing
) -> ModerationAct:
    """Let a held comment appear, or the change of one, and tell whom a new comment concerns.

    Raises `Conflict` for another wording than the moderator has read.
    """
    locked = lock_for_act(tx, actor, kind, item_id)
    done = _done_before(locked, actor, Act.RELEASE, form.seen)
    if done is not None:
        return done
    row = locked.row
    if not isinstance(row, Comment) or not row.waits:
        raise Conflict("This does not wait for a moderator.")
    if row.version != form.version:
        raise Conflict("Its author changed it since you read it.", "Read it again, then act.")
    show_again(tx, row)
    return record_act(tx, actor, locked, Act.RELEASE)


def unhide_item(
    tx: Session, actor: Actor, kind: ItemKind, item_id: int, form: Unhiding
) -> ModerationAct:
    """Show again what was hidden. An appeal that waits is granted by it.

    Raises `Conflict` when an appeal was answered: that outcome is final.
    """
    locked = lock_for_act(tx, actor, kind, item_id)
    done = _done_before(locked, actor, Act.UNHIDE, form.seen)
    if done is not None:
        return done
    if locked.row.hidden_for is None:
        raise Conflict("This is not hidden.")
    _require_no_final_answer(locked)
    if locked.appeal is not None:
        answer_appeal_with(tx, locked.appeal, granted=True, words=form.words)
    show_again(tx, locked.row)
    return record_act(tx, actor, locked, Act.UNHIDE, words=form.words)


def moderate_many(tx: Session, actor: Actor, act: Act, form: BulkAct) -> tuple[int, int]:
    """The same act on several rows of the queue: how many were done, and how many were not.

    What somebody else dealt with in the meantime, or may not be dealt with by this moderator, is
    left as it is.
    """
    require(actor, Can.MODERATE)
    acts: dict[Act, Callable[[ItemKind, int, int, int], ModerationAct]] = {
        Act.KEEP: lambda kind, number, seen, _version: keep_item(
            tx, actor, kind, number, Keeping(seen=seen)
        ),
        Act.HIDE: lambda kind, number, seen, _version: hide_item(
            tx, actor, kind, number, Hiding(seen=seen, rule=form.rule)
        ),
        Act.RELEASE: lambda kind, number, seen, version: release_item(
            tx, actor, kind, number, Releasing(seen=seen, version=version)
        ),
    }
    done = 0
    # In the order of their discussions, so that two moderators cannot wait for each other.
    rows = sorted(form.rows, key=lambda row: find_home(tx, row[0], row[1]) or 0)
    for kind, number, seen, version in rows:
        try:
            acts[act](kind, number, seen, version)
        except DomainError:
            continue
        done += 1
    return done, len(rows) - done


def lock_item(tx: Session, kind: ItemKind, item_id: int) -> Locked:
    """The item as it is now, or `NotFound`; all acts in one discussion take turns."""
    home = find_home(tx, kind, item_id)
    if home is None:
        raise NotFound("There is no such text.")
    touch(tx, home)
    row = find_item(tx, kind, item_id)
    assert row is not None, "texts are never deleted"  # noqa: S101
    if row.deliberation_id != home:
        raise Conflict("This thread was moved meanwhile.", "Look at it again in its new place.")
    flags = list_flags(tx, kind, item_id)
    acts = [(act, appeal) for act, appeal in list_acts(tx, kind, [item_id])]
    hiding = in_force(acts)
    item = Item(
        author_id=row.author_id,
        recused=list_recused(tx, tx.get_one(Deliberation, home).session_id),
        flagged_by=frozenset(flag.person_id for flag in flags),
        hidden_by=hiding.moderator_id if hiding else None,
    )
    return Locked(kind, row, item, flags, acts)


def lock_for_act(
    tx: Session, actor: Actor, kind: ItemKind, item_id: int, can: Can = Can.MODERATE
) -> Locked:
    """The item for a moderator who may deal with it; nobody else learns whether it exists."""
    require(actor, can)
    locked = lock_item(tx, kind, item_id)
    require(actor, can, locked.item)
    return locked


def record_act(
    tx: Session,
    actor: Actor,
    locked: Locked,
    act: Act,
    *,
    rule: Rule | None = None,
    words: str = "",
) -> ModerationAct:
    """Write an act on an item down, and tell its author what concerns them."""
    row = locked.row
    comment_id = row.id if locked.kind is ItemKind.COMMENT else None
    made = ModerationAct(
        deliberation_id=row.deliberation_id,
        comment_id=comment_id,
        proposal_id=row.id if comment_id is None else None,
        act=act,
        rule=rule,
        words=words,
        moderator_id=actor.id,
        role=Role.FACILITATOR,
        happened_at=now(tx),
    )
    tx.add(made)
    tx.flush()
    details: dict[str, Any] = {"rule": rule.value} if rule else {}
    audit.record(tx, actor, f"moderated: {act.value}", locked.kind.value, row.id, **details)
    if act in TOLD:
        notices.record(
            tx,
            VISITOR,
            TOLD[act],
            row.deliberation_id,
            comment_id=made.comment_id,
            proposal_id=made.proposal_id,
            to={row.author_id: Reason.AUTHOR},
            words=words,
            **details,
        )
    return made


def show_again(tx: Session, row: Moderated) -> None:
    """Everybody may read it from now on; of a comment never shown before, people are told now."""
    row.hidden_at = row.hidden_for = None
    if not isinstance(row, Comment) or row.held_at is None:
        return
    row.held_at = None
    author = find_actor(tx, row.author_id) or VISITOR
    parent = tx.get(Comment, row.parent_id) if row.parent_id else None
    tell_of_comment(tx, author, row, parent, list_mentioned(tx, row.id))


def answer_appeal_with(tx: Session, appeal: Appeal, *, granted: bool, words: str) -> None:
    """Store the answer to an appeal."""
    appeal.answered_at, appeal.granted, appeal.words = now(tx), granted, words


def require_shown(row: Moderated) -> None:
    """Raise `Conflict` for what is not shown to everybody."""
    gone = row.retracted_at if isinstance(row, Comment) else row.withdrawn_at
    held = row.held_at if isinstance(row, Comment) else None
    if gone is not None or held is not None or row.hidden_at is not None:
        raise Conflict("This is no longer shown.", "It was taken back, held or hidden meanwhile.")


def _done_before(locked: Locked, actor: Actor, act: Act, seen: int) -> ModerationAct | None:
    """The act that this form led to before, for instance at a double click.

    Raises `Conflict` when anything else was done since the form was shown.
    """
    if locked.newest == seen:
        return None
    newest = locked.acts[0][0] if locked.acts else None
    if newest is not None and newest.moderator_id == locked_by(actor) and newest.act is act:
        return newest
    raise Conflict(QUICKER, "Nothing of yours was stored. See what was done, then act again.")


def locked_by(actor: Actor) -> int:
    """The id of a moderator, whom policy has found to be signed in."""
    if actor.id is None:
        raise ValueError("policy lets only signed-in people moderate")
    return actor.id


def _require_no_final_answer(locked: Locked) -> None:
    """Refuse to hide or show what an appeal has settled, unless its text changed since."""
    for _act, appeal in locked.acts:
        if appeal is not None and appeal.answered_at is not None:
            edited = locked.row.edited_at if isinstance(locked.row, Comment) else None
            if edited is None or edited < appeal.answered_at:
                raise Conflict("An appeal was answered here.", "That outcome is final.")


def _answer_flags(tx: Session, locked: Locked, state: FlagState, words: str) -> None:
    for flag in locked.flags:
        if flag.state is FlagState.OPEN:
            flag.state, flag.answered_at, flag.words = state, now(tx), words
