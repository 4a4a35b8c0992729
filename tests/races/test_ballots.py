"""Ballots cast by processes at the same moment, against each other and against the count."""

import sqlalchemy as sa

from deliberate.domain.people import StakeholderGroup
from deliberate.storage.audit import AuditEvent
from deliberate.storage.ballots import count_turnout, list_ballots, list_receipts
from deliberate.storage.database import Database
from deliberate.storage.polls import Poll, find_tally, list_options
from tests.factories import make_person, make_poll, vote
from tests.races.counters import count_and_tell, count_at_closing
from tests.races.voters import cast_all, cast_and_withdraw, take_part, vote_until_closing
from tests.support.clock import FakeClock
from tests.support.processes import run_together
from tests.support.voting import rankings_in

PROCESSES = 40


def ids_of(db: Database, poll: Poll) -> list[int]:
    """The options' ids in registered order."""
    with db.reading() as reader:
        return [option.id for option in list_options(reader, poll.id)]


def test_forty_processes_of_one_voter_leave_one_ballot(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure a voter has one ballot and one participation, however many are cast at once."""
    poll, voter = make_poll(db), make_person(db)
    ids = ids_of(db, poll)
    rankings = [{ids[number % 3]: 1, ids[(number + 1) % 3]: 2} for number in range(PROCESSES)]

    shared = (database_url, clock, poll.id, voter)
    cast = run_together(cast_all, [(*shared, [ranks]) for ranks in rankings])

    receipts = {code: ranks for own in cast for code, ranks in own}
    assert len(receipts) == PROCESSES
    assert "" not in receipts
    with db.reading() as reader:
        (code,) = list_receipts(reader, poll.id)
        assert count_turnout(reader, poll.id) == {StakeholderGroup.CIVIL_SOCIETY: 1}
    # The ballot is the one its receipt was given for, and not a mixture of two.
    assert rankings_in(db, poll.id) == [list(receipts[code])]


def test_casting_and_withdrawing_take_turns(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure there is a participation exactly when there is a ballot, whoever comes last."""
    poll, voter = make_poll(db), make_person(db)
    ids = ids_of(db, poll)
    shared = (database_url, clock, poll.id, voter)

    casts = [(cast_all, *shared, [{ids[number % 3]: 1}] * 4) for number in range(4)]
    withdrawals = [(cast_and_withdraw, *shared, {ids[0]: 1}, 4) for _ in range(4)]
    run_together(take_part, [*casts, *withdrawals])

    with db.reading() as reader:
        ballots = list_ballots(reader, poll.id)
        assert len(ballots) <= 1
        assert sum(count_turnout(reader, poll.id).values()) == len(ballots)


def test_ballots_and_the_count_take_turns(db: Database, database_url: str) -> None:
    """Ensure that what was acknowledged is counted, and nothing else ever is.

    Three processes cast and change ballots across the moment of closing, while a fourth counts
    as soon as it may.
    """
    poll = make_poll(db)
    ids = ids_of(db, poll)
    rankings = [{ids[0]: 1, ids[1]: 2}, {ids[2]: 1}, {ids[1]: 1, ids[2]: 2, ids[0]: 3}]
    voters = [[make_person(db) for _ in range(4)] for _ in range(3)]

    shared = (database_url, poll.closes_at, poll.id)
    acts = [(vote_until_closing, *shared, own, rankings) for own in voters]
    receipts = run_together(take_part, [*acts, (count_at_closing, *shared, [], rankings)])

    acknowledged = sorted(code for own in receipts for code in own.values())
    assert len(acknowledged) >= poll.minimum
    with db.reading() as reader:
        tally = find_tally(reader, poll.id)
        assert tally is not None
        assert list(list_receipts(reader, poll.id)) == acknowledged
        assert sum(tally.result["turnout"].values()) == len(acknowledged)
        assert tally.result["schemes"][0]["ballots"] == len(acknowledged)
        assert sum(count_turnout(reader, poll.id).values()) == len(acknowledged)


def test_counts_at_the_same_moment_are_one_count(db: Database, database_url: str) -> None:
    """Ensure four processes that close a poll at once agree on one stored count."""
    poll = make_poll(db)
    for place in (0, 1, 0, 2):
        vote(db, poll.id, make_person(db), place)

    counted = run_together(count_and_tell, [(database_url, poll.closes_at, poll.id)] * 4)

    with db.reading() as reader:
        tally = find_tally(reader, poll.id)
        assert tally is not None
        events = reader.scalars(sa.select(AuditEvent).where(AuditEvent.act == "counted")).all()
    assert {digest for digest, _moment in counted} == {tally.digest}
    assert len({moment for _digest, moment in counted}) == 1
    assert [event.subject_id for event in events] == [poll.id]
