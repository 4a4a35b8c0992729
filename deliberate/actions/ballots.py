"""Casting, changing and withdrawing ballots."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from deliberate.actions.voters import as_open_poll, find_own_line
from deliberate.domain.ballots import Answer, decode, display_order, encode, read_rules
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.mail import Stream
from deliberate.domain.people import Actor
from deliberate.domain.phases import PollPhase
from deliberate.inputs.ballots import CastBallot
from deliberate.policy import Can, require
from deliberate.storage import audit, ballots, outbox, polls
from deliberate.storage.ballots import Ballot, Participation
from deliberate.storage.mailboxes import get_mailbox
from deliberate.storage.polls import Poll
from deliberate.storage.voters import Voter


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a voter holds after casting: the ballot's code and the answer that was recorded."""

    code: str
    answer: Answer


def cast_ballot(tx: Session, actor: Actor, poll_id: int, form: CastBallot) -> Receipt:
    """Record an answer, replacing the voter's earlier one.

    The poll is locked first, so that two ballots of one voter, and a ballot and the closing,
    take turns. Raises `Refused` or `Conflict` when the poll takes no ballots, `Invalid` naming
    the answers that cannot be counted.
    """
    poll, line = _lock_open(tx, actor, poll_id)
    options = [option.id for option in polls.list_options(tx, poll_id)]
    answer = read_rules(poll.kind, poll.settings).check(form.as_filled(), options)
    ballot = _own_ballot(tx, poll, line)
    if ballot.submission_key == form.submission_key:
        return _receipt(tx, ballot)
    ballot.answer, ballot.submission_key = encode(answer.marks), form.submission_key
    ballot.receipt = secrets.token_hex(8)
    tx.flush()
    ballots.replace_reasons(tx, ballot.id, answer.reasons)
    audit.record(tx, actor, "cast_ballot", "poll", poll_id)
    _mail_receipt(tx, poll, line.person_id)
    return Receipt(ballot.receipt, answer)


def withdraw_ballot(tx: Session, actor: Actor, poll_id: int) -> None:
    """Take the voter's ballot back: the answer, its reasons, and that they have voted.

    Without a ballot nothing happens. Raises as `cast_ballot` when the poll takes no ballots.
    """
    poll, line = _lock_open(tx, actor, poll_id)
    ballot = _find(tx, poll, line.person_id)
    if ballot is not None:
        ballots.delete_ballot(tx, ballot, line.person_id)
        audit.record(tx, actor, "withdrew_ballot", "poll", poll_id)


def find_own_ballot(session: Session, actor: Actor, poll: Poll) -> Receipt | None:
    """The voter's current ballot, while the poll is open and the link to it exists."""
    if actor.id is None:
        return None
    ballot = _find(session, poll, actor.id)
    return None if ballot is None else _receipt(session, ballot)


def find_receipt_code(session: Session, poll_id: int, person_id: int) -> tuple[Poll, str] | None:
    """A poll and the code of somebody's ballot in it, while the link between them exists."""
    poll = polls.find_poll(session, poll_id)
    ballot = _find(session, poll, person_id) if poll is not None else None
    return (poll, ballot.receipt) if poll is not None and ballot is not None else None


def order_for(actor: Actor, poll: Poll, options: Sequence[int]) -> tuple[int, ...]:
    """The options in this reader's own, stable order, so that no option profits from its place."""
    return display_order(options, f"{poll.fingerprint}:{actor.id}".encode())


def voter_key(secret: str, person_id: int) -> str:
    """The keyed hash (HMAC-SHA-256, RFC 2104) that stands for a voter on the ballot."""
    return hmac.new(bytes.fromhex(secret), str(person_id).encode(), hashlib.sha256).hexdigest()


def _lock_open(tx: Session, actor: Actor, poll_id: int) -> tuple[Poll, Voter]:
    """The poll, held, and the actor's line in its list of voters, while it takes ballots."""
    poll = polls.lock_poll(tx, poll_id)
    if poll is None:
        raise NotFound("There is no such poll.")
    line = find_own_line(tx, actor, poll)
    asked = as_open_poll(tx, poll, line)
    if asked.phase is PollPhase.INVALID:
        raise Conflict("This poll was declared invalid.", "It takes no ballots any more.")
    if asked.phase in (PollPhase.COUNTING, PollPhase.CLOSED):
        raise Conflict(
            "This poll has closed.",
            f"It closed on {poll.closes_at:%d %B %Y at %H:%M} UTC. Your ballot was not changed.",
        )
    require(actor, Can.CAST_BALLOT, asked)
    assert line is not None, "policy refuses who is not on the list"  # noqa: S101
    return poll, line


def _find(session: Session, poll: Poll, person_id: int) -> Ballot | None:
    if poll.secret is None:
        return None
    return ballots.find_ballot(session, poll.id, voter_key(poll.secret, person_id))


def _receipt(session: Session, ballot: Ballot) -> Receipt:
    answer = Answer(decode(ballot.answer), ballots.list_reasons(session, ballot.id))
    return Receipt(ballot.receipt, answer)


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


def _mail_receipt(tx: Session, poll: Poll, person_id: int) -> None:
    """Put a mail with the receipt into the outbox, for those who take mail about the process.

    The row names the poll alone: the code is looked up when the mail is sent and told to nobody
    once the poll is counted, so that the outbox never links a person to a ballot. One mail that
    waits tells of every change made until it goes out.
    """
    mailbox = get_mailbox(tx, person_id)
    thread = f"poll-{poll.id}"
    if not (mailbox.takes_mail and mailbox.official):
        return
    if not outbox.is_waiting(tx, person_id, "receipt", thread):
        event = f"receipt:{uuid.uuid4()}"
        outbox.post(
            tx, person_id, Stream.OFFICIAL, "receipt", event, thread=thread, poll_id=poll.id
        )
