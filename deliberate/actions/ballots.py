"""Casting and changing ballots."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.actions.poll_rules import voters_of
from deliberate.domain.ballots import check_ranking, display_order
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.people import Actor, StakeholderGroup
from deliberate.domain.phases import PollPhase, poll_phase
from deliberate.inputs.polls import RankedBallot
from deliberate.policy import Can, require
from deliberate.storage import audit, ballots, polls
from deliberate.storage.ballots import Ballot, Participation
from deliberate.storage.database import now
from deliberate.storage.polls import Poll


@dataclass(frozen=True, slots=True)
class OpenPoll:
    """A poll at one moment, as policy sees it; `groups` is None when no group is left out."""

    phase: PollPhase
    groups: frozenset[StakeholderGroup] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter holds after casting: the ballot's code and the order that was recorded."""

    code: str
    ranking: tuple[int, ...]


def cast_ballot(tx: Session, actor: Actor, poll_id: int, form: RankedBallot) -> Receipt:
    """Record a ranking, replacing the voter's earlier one.

    The poll is locked first, so that two ballots of one voter, and a ballot and the closing,
    take turns. Raises `Refused` or `Conflict` when the poll takes no ballots, `Invalid` naming
    the ranks that cannot be counted.
    """
    poll = polls.lock_poll(tx, poll_id)
    if poll is None:
        raise NotFound("There is no such poll.")
    _require_open(tx, actor, poll)
    options = [option.id for option in polls.list_options(tx, poll_id)]
    ranking = tuple(option for (option,) in check_ranking(form.ranks, options))
    person_id, affiliation = identity(actor)
    ballot = _own_ballot(tx, poll, person_id, affiliation.group)
    if ballot.submission_key != form.submission_key:
        ballot.ranking, ballot.submission_key = list(ranking), form.submission_key
        ballot.receipt = secrets.token_hex(8)
        audit.record(tx, actor, "cast_ballot", "poll", poll_id)
    return Receipt(ballot.receipt, tuple(ballot.ranking))


def find_own_ballot(session: Session, actor: Actor, poll: Poll) -> Receipt | None:
    """The voter's current ballot, while the poll is open and the link to it exists."""
    if actor.id is None or poll.secret is None:
        return None
    ballot = ballots.find_ballot(session, poll.id, voter_key(poll.secret, actor.id))
    return None if ballot is None else Receipt(ballot.receipt, tuple(ballot.ranking))


def order_for(actor: Actor, poll: Poll, options: Sequence[int]) -> tuple[int, ...]:
    """The options in this reader's own, stable order, so that no option profits from its place."""
    return display_order(options, f"{poll.fingerprint}:{actor.id}".encode())


def voter_key(secret: str, person_id: int) -> str:
    """The keyed hash (HMAC-SHA-256, RFC 2104) that stands for a voter on the ballot."""
    return hmac.new(bytes.fromhex(secret), str(person_id).encode(), hashlib.sha256).hexdigest()


def _require_open(tx: Session, actor: Actor, poll: Poll) -> None:
    phase = poll_phase(poll, now(tx))
    if phase in (PollPhase.COUNTING, PollPhase.CLOSED):
        raise Conflict(
            "This poll has closed.",
            f"It closed on {poll.closes_at:%d %B %Y at %H:%M} UTC. Your ranking was not recorded.",
        )
    require(actor, Can.CAST_BALLOT, OpenPoll(phase, voters_of(poll.frozen)))


def _own_ballot(tx: Session, poll: Poll, person_id: int, group: StakeholderGroup) -> Ballot:
    """The voter's ballot, made together with the participation when it is the first."""
    if poll.secret is None:
        raise Conflict("This poll has closed.")
    key = voter_key(poll.secret, person_id)
    ballot = ballots.find_ballot(tx, poll.id, key)
    if ballot is None:
        ballot = Ballot(
            id=str(uuid.uuid4()), poll_id=poll.id, voter_key=key, group=group, submission_key=""
        )
        tx.add(ballot)
        tx.add(Participation(poll_id=poll.id, person_id=person_id, group=group))
    return ballot
