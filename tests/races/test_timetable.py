"""Dates that move while others take part, and while what they are about closes."""

from itertools import pairwise
from typing import Any

from deliberate.actions.deliberations import get_page
from deliberate.domain.people import Role
from deliberate.domain.timetable import LAST_CALL
from deliberate.storage.ballots import list_receipts
from deliberate.storage.database import Database
from deliberate.storage.polls import find_tally, list_options
from deliberate.storage.reschedulings import list_reschedulings
from tests.factories import make_deliberation, make_person, make_poll, vote
from tests.races.counters import count_at_closing
from tests.races.curators import extend_until_last_call
from tests.races.voters import take_part, vote_until_closing
from tests.support.processes import run_together

A_SECOND = 1 / 3600


def test_extensions_and_closings_take_turns(db: Database, database_url: str) -> None:
    """Ensure every acknowledged date and ballot stands, and no other.

    Two curators give a discussion more and more time, until its date stands for its last hour.
    A second before that the poll inside closes, in which two people change their ballots until the
    end, and is counted.
    """
    opened = make_deliberation(db, days=1)
    poll = make_poll(db, opened.id, hours=23 - A_SECOND)
    with db.reading() as reader:
        ids = [option.id for option in list_options(reader, poll.id)]
    curators = [make_person(db, role=Role.MAG_MEMBER) for _ in range(2)]
    voters = [make_person(db) for _ in range(2)]
    earlier = {voter.id: vote(db, poll.id, voter, 2) for voter in voters}

    shared = (database_url, poll.closes_at, poll.id, voters, [{ids[0]: 1}, {ids[1]: 1}])
    acts: list[tuple[Any, ...]] = [
        (extend_until_last_call, database_url, poll.closes_at, opened.id, curator)
        for curator in curators
    ]
    first, second, receipts, _ = run_together(
        take_part, [*acts, (vote_until_closing, *shared), (count_at_closing, *shared)]
    )

    with db.reading() as reader:
        moves = list_reschedulings(reader, opened.id)
        tally, kept = find_tally(reader, poll.id), list(list_receipts(reader, poll.id))
        assert get_page(reader, opened.id).closes_at == moves[-1].closes_after
    assert sorted([*first, *second]) == [move.closes_after for move in moves]
    assert moves[0].closes_before == opened.closes_at
    assert all(one.closes_after == next_.closes_before for one, next_ in pairwise(moves))
    assert all(move.closes_before - move.rescheduled_at >= LAST_CALL for move in moves)
    assert kept == sorted({**earlier, **receipts}.values())
    assert tally is not None
    assert sum(tally.result["turnout"].values()) == len(kept) == len(voters)
