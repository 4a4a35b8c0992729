"""Entering what was counted in a room or on paper, and correcting it until the count."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from deliberate.actions.invalidations import lock_with_page, run_poll_for
from deliberate.actions.poll_rules import groups_of
from deliberate.domain.ballots import Kind
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.people import Actor
from deliberate.inputs.polls import RoomBallots
from deliberate.policy import Can, require
from deliberate.storage import audit, polls
from deliberate.storage.database import now
from deliberate.storage.polls import Poll
from deliberate.storage.room_counts import RoomCount, list_room_counts

ONE_EACH = (Kind.RANKED, Kind.CHOICE)
"""Kinds of which a ballot counts for one option in a room: the one it puts first."""
POINTS = (Kind.SCORE, Kind.DOTS)
TITLE = "This cannot be entered like this."


@dataclass(frozen=True, slots=True)
class Batch:
    """What was counted in one place: as it stands now, and what it was before."""

    current: RoomCount
    earlier: tuple[RoomCount, ...]


def enter_room_ballots(tx: Session, actor: Actor, poll_id: int, form: RoomBallots) -> RoomCount:
    """Keep what was counted, or correct an earlier entry with a reason; nothing is overwritten.

    Raises `Invalid` at the field for numbers that cannot be, `Conflict` when somebody else
    corrected the same entry since the form was shown.
    """
    poll = lock_with_page(tx, poll_id)
    require(actor, Can.ENTER_ROOM_BALLOTS, run_poll_for(tx, poll))
    options = [option.id for option in polls.list_options(tx, poll_id)]
    _check(poll, form, len(options))
    batches = list_batches(tx, poll_id)
    before = next((each.current for each in batches if each.current.batch == form.batch), None)
    if (before.version if before else 0) != form.version:
        raise Conflict("Somebody else corrected this entry.", "Look at it again before you do.")
    entry = RoomCount(
        poll_id=poll_id,
        batch=before.batch if before else len(batches) + 1,
        version=form.version + 1,
        group=form.group,
        ballots=form.ballots,
        counts={str(option): number for option, number in zip(options, form.counts, strict=True)},
        source=form.source,
        witness=form.witness,
        reason=form.reason,
        entered_by=actor.id,
        entered_at=now(tx),
    )
    tx.add(entry)
    tx.flush()
    audit.record(
        tx, actor, "entered_room_ballots", "poll", poll_id,
        batch=entry.batch, version=entry.version, ballots=form.ballots,
    )  # fmt: skip
    return entry


def list_batches(session: Session, poll_id: int) -> Sequence[Batch]:
    """What was counted in rooms, each with its corrections, in the order of entry."""
    found: dict[int, list[RoomCount]] = {}
    for entry in list_room_counts(session, poll_id):
        found.setdefault(entry.batch, []).append(entry)
    return [Batch(versions[-1], tuple(versions[:-1])) for versions in found.values()]


def _check(poll: Poll, form: RoomBallots, options: int) -> None:
    """Raise `Invalid` for what no ballots of this kind can come to."""
    wrong: dict[str, str] = {}
    if len(form.counts) != options:
        wrong["counts"] = "Enter a number for each option, 0 where there was none."
    elif poll.kind in ONE_EACH and sum(form.counts) > form.ballots:
        wrong["counts"] = "Together these are more than there were ballots."
    elif poll.kind not in POINTS and max(form.counts) > form.ballots:
        wrong["counts"] = "One of these is more than there were ballots."
    if form.group is not None and form.group not in groups_of(poll.frozen):
        wrong["group"] = "This group does not vote in this poll."
    if form.version and len(form.reason) < 10:
        wrong["reason"] = "Say in at least 10 characters what was wrong."
    if wrong:
        raise Invalid(TITLE, fields=wrong)
