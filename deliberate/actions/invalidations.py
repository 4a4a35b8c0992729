"""Declaring a poll invalid, before or after its count; it takes two people.

Nothing is deleted. Before the count, voting ends at once, the key to the ballots is destroyed and
nobody ever counts them. After it, the figures stay readable, so that everybody can see what it is
about, and every page and file that carries them says that they are invalid.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import lock_page
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.notices import EventKind
from deliberate.domain.people import Actor
from deliberate.domain.phases import PollPhase, poll_phase
from deliberate.inputs.process import PublicReason
from deliberate.policy import Can, require
from deliberate.storage import audit, notices, polls
from deliberate.storage.database import now
from deliberate.storage.deliberations import touch
from deliberate.storage.invalidations import Invalidation, find_invalidation
from deliberate.storage.polls import Poll


@dataclass(frozen=True, slots=True)
class RunPoll:
    """A poll as policy sees those who run it; `proposed_by` wants to declare it invalid."""

    phase: PollPhase
    is_valid: bool = True
    proposed_by: int | None = None


def run_poll_for(session: Session, poll: Poll) -> RunPoll:
    """The poll with what stands about its validity."""
    found = find_invalidation(session, poll.id)
    return RunPoll(
        poll_phase(poll, now(session)),
        is_valid=poll.invalidated_at is None,
        proposed_by=found.proposed_by if found is not None else None,
    )


def propose_invalidation(
    tx: Session, actor: Actor, poll_id: int, form: PublicReason
) -> Invalidation:
    """Propose to declare a poll invalid; nothing changes until somebody else confirms it.

    Raises `Conflict` when that was proposed before.
    """
    poll = lock_with_page(tx, poll_id)
    require(actor, Can.PROPOSE_INVALIDATION, run_poll_for(tx, poll))
    if find_invalidation(tx, poll_id) is not None:
        raise Conflict("This was proposed before.", "Confirm or drop that proposal first.")
    proposed = Invalidation(
        poll_id=poll_id, reason=form.reason, proposed_by=actor.id, proposed_at=now(tx)
    )
    tx.add(proposed)
    tx.flush()
    audit.record(tx, actor, "proposed_invalidation", "poll", poll_id, reason=form.reason)
    return proposed


def confirm_invalidation(tx: Session, actor: Actor, poll_id: int) -> Poll:
    """Declare a poll invalid, as the second person; everybody who took part is told."""
    poll = lock_with_page(tx, poll_id)
    require(actor, Can.CONFIRM_INVALIDATION, run_poll_for(tx, poll))
    proposed = _get_proposed(tx, poll_id)
    proposed.confirmed_by, proposed.confirmed_at = actor.id, now(tx)
    poll.invalidated_at, poll.secret = now(tx), None
    touch(tx, poll.deliberation_id)
    audit.record(tx, actor, "invalidated", "poll", poll_id, reason=proposed.reason)
    notices.record(tx, actor, EventKind.POLL_INVALIDATED, poll.deliberation_id, poll_id=poll_id)
    return poll


def drop_invalidation(tx: Session, actor: Actor, poll_id: int) -> None:
    """Drop a proposal that nobody has confirmed."""
    poll = lock_with_page(tx, poll_id)
    require(actor, Can.PROPOSE_INVALIDATION, run_poll_for(tx, poll))
    proposed = _get_proposed(tx, poll_id)
    proposed.dropped_by, proposed.dropped_at = actor.id, now(tx)
    audit.record(tx, actor, "dropped_invalidation", "poll", poll_id, reason=proposed.reason)


def lock_with_page(tx: Session, poll_id: int) -> Poll:
    """The poll, held together with its deliberation, which is locked first, or `NotFound`."""
    found = polls.find_poll(tx, poll_id)
    if found is None:
        raise NotFound("There is no such poll.")
    lock_page(tx, found.deliberation_id)
    poll = polls.lock_poll(tx, poll_id)
    assert poll is not None, "polls are never deleted"  # noqa: S101
    return poll


def _get_proposed(tx: Session, poll_id: int) -> Invalidation:
    proposed = find_invalidation(tx, poll_id)
    if proposed is None or proposed.confirmed_at is not None:
        raise Conflict("Nobody proposes to declare this poll invalid.")
    return proposed
