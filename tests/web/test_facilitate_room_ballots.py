"""Entering what was counted in a room, as a browser without scripts does it."""

import pytest
from flask import Flask

from deliberate.actions.counting import count_poll
from deliberate.actions.room_counts import list_batches
from deliberate.domain.people import Actor, Role
from deliberate.storage.database import Database
from deliberate.storage.polls import Poll
from tests.factories import make_person, make_poll, vote
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.signed_in import browser_of, renew

COUNT = {
    "ballots": "12", "counts": ["7", "4", "1"], "source": "Main <b>hall", "witness": "Ada Example",
}  # fmt: skip
WHY = "Two cards were counted twice."


@pytest.fixture
def poll(db: Database) -> Poll:
    """A poll that ranks three proposals."""
    return make_poll(db)


@pytest.fixture
def facilitator(db: Database) -> Actor:
    """Somebody who runs polls."""
    return make_person(db, role=Role.FACILITATOR)


@pytest.fixture
def desk(app: Flask, db: Database, facilitator: Actor) -> PageChecker:
    """Their browser."""
    return browser_of(app, db, facilitator)


def test_a_count_in_a_room_stands_beside_the_result_with_its_history(
    db: Database, clock: FakeClock, facilitator: Actor, desk: PageChecker, client: PageChecker,
    poll: Poll,
) -> None:  # fmt: skip
    """Ensure it is in no figure, hidden until closing, and corrected without overwriting."""
    address = f"/polls/{poll.id}/room-ballots"
    for place in (0, 0, 1):
        vote(db, poll.id, make_person(db), place)
    assert desk.submit(address, data=COUNT).status_code == 303
    assert "Main <b>hall" in desk.page(address).text
    assert (
        "hall"
        not in client.page(f"/polls/{poll.id}").text + client.page(f"/polls/{poll.id}/results").text
    )
    corrected = COUNT | {"ballots": "10", "counts": ["5", "4", "1"], "reason": WHY}
    stale = desk.page(f"{address}?batch=1").form(address).fields | corrected

    assert desk.submit(f"{address}?batch=1", address, corrected).status_code == 303

    assert desk.post(address, data=stale).status_code == 409
    with db.reading() as reader:
        (batch,) = list_batches(reader, poll.id)
    assert (batch.current.ballots, [old.ballots for old in batch.earlier]) == (10, [12])
    assert batch.current.entered_by == facilitator.id
    clock.now = poll.closes_at
    with db.writing() as tx:
        tally = count_poll(tx, poll.id)
    assert tally is not None
    assert sum(tally.result["turnout"].values()) == 3
    shown = client.page(f"/polls/{poll.id}/results").text
    assert "in none of the figures above" in shown
    assert "10 ballots" in shown
    assert WHY in shown
    renew(desk, db, facilitator)
    assert desk.post(address, data=stale).status_code == 403


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"counts": ["7", "5", "1"]}, "Together these are more than there were ballots."),
        ({"counts": ["7", "4"]}, "Enter a number for each option"),
        ({"counts": ["7", "x", "1"]}, "Enter a whole number."),
        ({"ballots": "0"}, "Enter 1 or more."),
        ({"group": "Intergovernmental"}, "Choose one of the options."),
        ({"witness": "A"}, "Write at least 2 characters."),
    ],
)
def test_numbers_that_cannot_be_are_explained(
    db: Database, desk: PageChecker, poll: Poll, changes: dict[str, object], words: str
) -> None:
    """Ensure nothing is stored and what was typed is kept."""
    address = f"/polls/{poll.id}/room-ballots"

    response = desk.submit(address, data=COUNT | changes)

    assert response.status_code == 422
    assert words in response.text
    assert "Main &lt;b&gt;hall" in response.text
    with db.reading() as reader:
        assert list_batches(reader, poll.id) == []
