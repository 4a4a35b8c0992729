"""Casting ballots through the action: one voter, one ballot, in time, counted as entered."""

import uuid

import pytest

from deliberate.actions.ballots import cast_ballot, find_own_ballot, order_for, voter_key
from deliberate.actions.counting import count_poll
from deliberate.domain.ballots import decode
from deliberate.domain.errors import Conflict, Invalid, NotFound, Refused
from deliberate.domain.people import VISITOR, Actor, Role, StakeholderGroup
from deliberate.inputs.ballots import CastBallot
from deliberate.storage.audit import AuditEvent
from deliberate.storage.ballots import (
    Ballot,
    count_turnout,
    has_participated,
    list_ballots,
    list_receipts,
)
from deliberate.storage.database import Database
from deliberate.storage.polls import Poll, find_poll, list_options
from tests.factories import make_person, make_poll, vote
from tests.support.clock import FakeClock


def form_of(db: Database, poll: Poll, *ranks: int | None, key: str | None = None) -> CastBallot:
    """A ballot with a rank for each option in registered order."""
    with db.reading() as reader:
        options = [option.id for option in list_options(reader, poll.id)]
    return CastBallot(
        marks=dict(zip(options, ranks, strict=False)), submission_key=key or str(uuid.uuid4())
    )


def stored(db: Database, poll: Poll) -> list[Ballot]:
    """The ballots in the database."""
    with db.reading() as reader:
        return list(list_ballots(reader, poll.id))


@pytest.fixture
def poll(db: Database) -> Poll:
    """An open poll that ranks three proposals."""
    return make_poll(db)


def test_a_changed_ballot_replaces_the_earlier_one(db: Database, poll: Poll) -> None:
    """Ensure the last ranking alone is kept, with a new receipt and one participation."""
    voter = make_person(db)

    first, last = vote(db, poll.id, voter, 0, 1, 2), vote(db, poll.id, voter, 2)

    (ballot,) = stored(db, poll)
    assert ballot.receipt == last != first
    assert decode(ballot.answer) == (0, 0, 1)
    with db.reading() as reader:
        assert count_turnout(reader, poll.id) == {StakeholderGroup.CIVIL_SOCIETY: 1}


def test_the_same_form_sent_twice_is_cast_once(db: Database, poll: Poll) -> None:
    """Ensure a resend answers with the same receipt and is not written down again."""
    voter, form = make_person(db), form_of(db, poll, 1, 2, 3)

    receipts = []
    for _ in range(2):
        with db.writing() as tx:
            receipts.append(cast_ballot(tx, voter, poll.id, form))

    assert receipts[0] == receipts[1]
    with db.reading() as reader:
        cast = [event for event in reader.query(AuditEvent) if event.act == "cast_ballot"]
    assert len(cast) == 1


def test_a_ballot_names_nobody(db: Database, poll: Poll) -> None:
    """Ensure the row of a ballot holds neither the voter, nor a class of theirs, nor a time."""
    voter = make_person(db)
    vote(db, poll.id, voter, 0, 1, 2)

    columns = set(Ballot.__table__.columns.keys())
    (ballot,) = stored(db, poll)

    assert columns == {
        "id", "poll_id", "voter_key", "stakeholder_group", "stratum", "answer", "receipt",
        "submission_key",
    }  # fmt: skip
    assert (ballot.group, ballot.stratum) == (None, None)
    assert poll.secret is not None
    assert voter.id is not None
    assert ballot.voter_key == voter_key(poll.secret, voter.id)


def test_the_log_says_that_somebody_voted_never_what(db: Database, poll: Poll) -> None:
    """Ensure no entry of the audit log holds a ranking or a receipt."""
    code = vote(db, poll.id, make_person(db), 2, 0, 1)
    (ballot,) = stored(db, poll)

    with db.reading() as reader:
        entries = [str(vars(event)) for event in reader.query(AuditEvent)]

    assert any("cast_ballot" in entry for entry in entries)
    assert not any(code in entry or str(ballot.answer) in entry for entry in entries)


def test_counting_cuts_the_link_between_voter_and_ballot(
    db: Database, clock: FakeClock, poll: Poll
) -> None:
    """Ensure after the count nobody can ask for a voter's ballot, the voter included."""
    voter = make_person(db)
    code = vote(db, poll.id, voter, 0, 1, 2)
    clock.advance(hours=24)
    with db.writing() as tx:
        count_poll(tx, poll.id)

    with db.reading() as reader:
        counted = find_poll(reader, poll.id)
        assert counted is not None
        assert counted.secret is None
        assert find_own_ballot(reader, voter, counted) is None
        assert list_receipts(reader, poll.id) == [code]


@pytest.mark.parametrize("hours", [24, 25])
def test_no_ballot_is_cast_after_closing(
    db: Database, clock: FakeClock, poll: Poll, hours: int
) -> None:
    """Ensure from the closing moment on, counted or not, a ballot is a conflict."""
    voter = make_person(db)
    clock.advance(hours=hours)

    with pytest.raises(Conflict, match="closed"):
        vote(db, poll.id, voter, 0, 1, 2)

    assert stored(db, poll) == []


def test_a_late_ballot_leaves_the_earlier_one_as_it_was(
    db: Database, clock: FakeClock, poll: Poll
) -> None:
    """Ensure a change that comes too late changes nothing."""
    voter = make_person(db)
    code = vote(db, poll.id, voter, 0, 1, 2)
    clock.advance(hours=24)

    with pytest.raises(Conflict):
        vote(db, poll.id, voter, 2, 1, 0)

    assert [ballot.receipt for ballot in stored(db, poll)] == [code]


@pytest.mark.parametrize("role", [Role.MAG_MEMBER, Role.FACILITATOR, Role.SECRETARIAT])
def test_people_who_run_things_do_not_vote(db: Database, poll: Poll, role: Role) -> None:
    """Ensure staff are refused by the action, whatever page they come from."""
    with pytest.raises(Refused, match="do not take positions"):
        vote(db, poll.id, make_person(db, role=role), 0, 1, 2)

    assert stored(db, poll) == []


def test_a_visitor_does_not_vote(db: Database, poll: Poll) -> None:
    """Ensure a ballot belongs to somebody who is signed in."""
    with pytest.raises(Refused, match="Sign in"):
        vote(db, poll.id, VISITOR, 0, 1, 2)

    assert stored(db, poll) == []


@pytest.mark.parametrize("ranks", [(1, 1, 2), (1, 3), (0, 1, 2), (4, 1, 2), (None, None, None)])
def test_ranks_that_cannot_be_counted_are_not_stored(
    db: Database, poll: Poll, ranks: tuple[int | None, ...]
) -> None:
    """Ensure the action itself refuses doubles, gaps and empty ballots."""
    voter, form = make_person(db), form_of(db, poll, *ranks)

    with pytest.raises(Invalid), db.writing() as tx:
        cast_ballot(tx, voter, poll.id, form)

    assert stored(db, poll) == []
    with db.reading() as reader:
        assert voter.id is not None
        assert not has_participated(reader, poll.id, voter.id)


def test_an_option_of_another_poll_is_refused(db: Database, poll: Poll) -> None:
    """Ensure only what is on this ballot can be ranked."""
    voter, form = make_person(db), CastBallot(marks={10_000: 1}, submission_key=str(uuid.uuid4()))

    with pytest.raises(Invalid), db.writing() as tx:
        cast_ballot(tx, voter, poll.id, form)


def test_a_poll_that_does_not_exist_takes_no_ballot(db: Database) -> None:
    """Ensure a wrong number is answered as such."""
    voter = make_person(db)
    form = CastBallot(marks={1: 1}, submission_key=str(uuid.uuid4()))

    with pytest.raises(NotFound), db.writing() as tx:
        cast_ballot(tx, voter, 99, form)


def test_each_voter_has_an_order_of_their_own(poll: Poll) -> None:
    """Ensure orders differ between voters, stay for one voter, and hold all options."""
    options = tuple(range(1, 9))
    orders = {order_for(Actor(number), poll, options) for number in range(40)}

    assert len(orders) > 20
    assert all(sorted(order) == sorted(options) for order in orders)
    assert order_for(Actor(7), poll, options) == order_for(Actor(7), poll, options[::-1])
