"""Facilitators and writers who reach for one thread at the same moment."""

import pytest

from deliberate.domain.forum import OutputKind
from deliberate.domain.gardening import GardenAct
from deliberate.domain.people import Actor, Role
from deliberate.storage.database import Database
from deliberate.storage.gardening import list_acts
from tests.factories import make_comment, make_deliberation, make_person
from tests.races.gardeners import tend_or_reply
from tests.support.clock import FakeClock
from tests.support.processes import run_together
from tests.support.tending import assert_whole, rows_of, tending


@pytest.fixture
def facilitator(db: Database) -> Actor:
    """A facilitator."""
    return make_person(db, role=Role.FACILITATOR)


def test_overlapping_branches_move_one_after_the_other(
    db: Database, database_url: str, clock: FakeClock, facilitator: Actor
) -> None:
    """Ensure two threads that are each to go under the other do not make a circle."""
    home, other = make_deliberation(db), make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    one, two = make_comment(db, home.id), make_comment(db, home.id)
    deep = make_comment(db, home.id, parent_id=one.id)
    acts = [
        (one.id, tending(GardenAct.MERGE, parent=two.id)),
        (two.id, tending(GardenAct.MERGE, parent=deep.id)),
        (deep.id, tending(GardenAct.SPLIT)),
        (one.id, tending(GardenAct.MOVE, home=other.id)),
    ]

    done = run_together(
        tend_or_reply,
        [(database_url, clock, facilitator, number, form, home.id) for number, form in acts],
    )

    assert_whole(db)
    with db.reading() as reader:
        logged = {line.id for each in (home, other) for line in list_acts(reader, each.id, 9)}
    assert len(logged) <= sum(done)
    assert len(rows_of(db)) == 3


def test_replies_go_where_their_thread_goes(
    db: Database, database_url: str, clock: FakeClock, facilitator: Actor
) -> None:
    """Ensure a reply written while its thread moves is in the thread, or is refused."""
    home, other = make_deliberation(db), make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    root = make_comment(db, home.id)
    author = make_person(db)
    move = tending(GardenAct.MOVE, home=other.id)
    shared = (database_url, clock)

    done = run_together(
        tend_or_reply,
        [
            (*shared, facilitator, root.id, move, home.id),
            (*shared, author, root.id, None, home.id),
            (*shared, author, root.id, None, home.id),
        ],
    )

    assert done[0]
    assert_whole(db)
    assert {row[1] for row in rows_of(db)} == {other.id}
