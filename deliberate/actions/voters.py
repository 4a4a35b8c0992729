"""Who may vote in a poll: the list of voters that was drawn up when it was put together."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from deliberate.actions.poll_rules import voters_of
from deliberate.domain.people import Actor, StakeholderGroup
from deliberate.domain.phases import PollPhase, poll_phase
from deliberate.storage.database import now
from deliberate.storage.polls import Poll
from deliberate.storage.voters import Voter, find_voter


@dataclass(frozen=True, slots=True)
class OpenPoll:
    """A poll at one moment, as policy sees it.

    `groups` is None when no group is left out; `is_on_roll` says whether the person who asks is on
    the list of voters. Whoever is on it votes with the group of then.
    """

    phase: PollPhase
    groups: frozenset[StakeholderGroup] | None = None
    is_on_roll: bool = True


def find_own_line(session: Session, actor: Actor, poll: Poll) -> Voter | None:
    """The actor's line in the list of voters; None for visitors and for those who are not on it."""
    return None if actor.id is None else find_voter(session, poll.id, actor.id)


def poll_for(session: Session, actor: Actor, poll: Poll) -> OpenPoll:
    """The poll as policy sees it when this actor asks."""
    return as_open_poll(session, poll, find_own_line(session, actor, poll))


def as_open_poll(session: Session, poll: Poll, line: Voter | None) -> OpenPoll:
    """The same when the actor's line is known."""
    phase = poll_phase(poll, now(session))
    if line is not None:
        return OpenPoll(phase)
    return OpenPoll(phase, voters_of(poll.frozen), is_on_roll=False)
