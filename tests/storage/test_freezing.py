"""What was fixed at opening stays fixed, below every page and every action."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.counting import count_poll
from deliberate.domain.errors import Conflict
from deliberate.domain.people import StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.polls import FIXED_COLUMNS, Poll, PollOption, find_tally, list_options
from deliberate.storage.voters import Voter, find_voter
from tests.factories import make_person, make_poll, vote
from tests.support.clock import FakeClock

Change = Callable[[Session, Any], object]


def set_to(name: str, value: object) -> Change:
    """Setting one attribute."""
    return lambda _tx, row: setattr(row, name, value)


def delete(tx: Session, row: object) -> None:
    """Deleting a row."""
    tx.delete(row)


@pytest.mark.one_database
@pytest.mark.parametrize("name", FIXED_COLUMNS)
def test_what_the_fingerprint_covers_does_not_change(db: Database, name: str) -> None:
    """Ensure no code can change it by mistake, and is told the proper way."""
    poll = make_poll(db)
    other: dict[str, object] = {
        "frozen": {}, "minimum": 3, "kind": "approval", "settings": {"most": 1},
        "deliberation_id": 2, "opened_by": 1,
        "opens_at": poll.opens_at + timedelta(hours=1), "opened_at": poll.closes_at,
    }  # fmt: skip

    with pytest.raises(Conflict) as refusal, db.writing() as tx:
        setattr(tx.get_one(Poll, poll.id), name, other.get(name, "another"))

    assert "a new round" in refusal.value.advice
    with db.reading() as reader:
        assert getattr(reader.get_one(Poll, poll.id), name) == getattr(poll, name)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "statement",
    [sa.update(Poll).values(minimum=2), sa.delete(PollOption), sa.update(Voter).values(region="x")],
    ids=str,
)
def test_many_at_once_are_refused_as_well(db: Database, statement: Any) -> None:
    """Ensure a statement over all rows does not go past the guard."""
    make_poll(db)

    with pytest.raises(Conflict), db.writing() as tx:
        tx.execute(statement)


@pytest.mark.one_database
def test_options_voters_and_counts_stay(db: Database, clock: FakeClock) -> None:
    """Ensure none of them can be changed or taken away; a closing date only moves later."""
    voter = make_person(db)
    poll = make_poll(db)
    vote(db, poll.id, voter, 0)
    earlier = poll.closes_at - timedelta(minutes=1)
    with pytest.raises(Conflict, match="never shortened"), db.writing() as tx:
        tx.get_one(Poll, poll.id).closes_at = earlier
    clock.now = poll.closes_at
    with db.writing() as tx:
        count_poll(tx, poll.id)

    def refused(find: Callable[[Session], Any], change: Change) -> None:
        with pytest.raises(Conflict), db.writing() as tx:
            change(tx, find(tx))

    for find, name, value in (
        (lambda tx: list_options(tx, poll.id)[0], "title", "Another"),
        (lambda tx: find_voter(tx, poll.id, voter.id or 0), "group", StakeholderGroup.TECHNICAL),
        (lambda tx: find_tally(tx, poll.id), "digest", "0" * 64),
    ):
        refused(find, set_to(name, value))
        refused(find, delete)
