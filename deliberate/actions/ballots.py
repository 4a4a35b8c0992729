"""Casting and changing ballots."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from deliberate.actions.voters import as_open_poll, find_own_line
from deliberate.domain.ballots import check_ranking, display_order
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.people import Actor
from deliberate.domain.phases import PollPhase
from deliberate.inputs.polls import RankedBallot
from deliberate.policy import Can, require
from deliberate.storage import audit, ballots, polls
from deliberate.storage.ballots import Ballot, Participation
from deliberate.storage.polls import Poll
from deliberate.storage.voters import Voter


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
    line = _require_open(tx, actor, poll)
    options = [option.id for option in polls.list_options(tx, poll_id)]
    ranking = tuple(option for (option,) in check_ranking(form.ranks, options))
    ballot = _own_ballot(tx, poll, line)
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


def _require_open(tx: Session, actor: Actor, poll: Poll) -> Voter:
    """The actor's line in the list of voters, while the poll takes ballots."""
    line = find_own_line(tx, actor, poll)
    asked = as_open_poll(tx, poll, line)
    if asked.phase in (PollPhase.COUNTING, PollPhase.CLOSED):
        raise Conflict(
            "This poll has closed.",
            f"It closed on {poll.closes_at:%d %B %Y at %H:%M} UTC. Your ranking was not recorded.",
        )
    require(actor, Can.CAST_BALLOT, asked)
    assert line is not None, "policy refuses who is not on the list"  # noqa: S101
    return line


def _own_ballot(tx: Session, poll: Poll, line: Voter) -> Ballot:
    """The voter's ballot, made together with the participation when it is the first."""
    if poll.secret is None:
        raise Conflict("This poll has closed.")
    key = voter_key(poll.secret, line.person_id)
    ballot = ballots.find_ballot(tx, poll.id, key)
    if ballot is None:
        ballot = Ballot(id=str(uuid.uuid4()), poll_id=poll.id, voter_key=key, submission_key="")
        tx.add(ballot)
        tx.add(Participation(poll_id=poll.id, person_id=line.person_id, group=line.group))
    return ballot
