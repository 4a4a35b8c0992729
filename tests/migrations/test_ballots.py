"""Rankings are carried over into bytes and back, and no ballot is lost on the way."""

import json

import pytest
import sqlalchemy as sa

from deliberate.storage import migrate
from deliberate.storage.database import Database
from tests.factories import make_person, make_poll, vote
from tests.support.clock import FakeClock
from tests.support.voting import rankings_in


def stored(url: str) -> list[list[int]]:
    """The rankings as the earlier version keeps them: option ids, best first."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = [each for (each,) in connection.execute(sa.text("SELECT ranking FROM ballots"))]
    engine.dispose()
    return sorted(json.loads(each) if isinstance(each, str) else each for each in found)


def test_rankings_are_carried_over_in_both_directions(empty_url: str) -> None:
    """Ensure each ballot says the same before and after, unranked options included."""
    migrate.upgrade(empty_url)
    db = Database(empty_url, FakeClock())
    poll = make_poll(db)
    for places in ((2, 0, 1), (1,), (0, 2)):
        vote(db, poll.id, make_person(db), *places)
    before = sorted(rankings_in(db, poll.id))
    db.dispose()

    migrate.downgrade(empty_url, "0026")
    assert stored(empty_url) == before
    migrate.upgrade(empty_url)

    db = Database(empty_url, FakeClock())
    assert sorted(rankings_in(db, poll.id)) == before
    db.dispose()


@pytest.mark.parametrize(
    "change",
    ["UPDATE polls SET kind = 'approval'", "UPDATE poll_options SET version_id = NULL"],
)
def test_what_the_earlier_version_cannot_read_is_not_undone(empty_url: str, change: str) -> None:
    """Ensure going back is refused rather than turning approvals into rankings."""
    migrate.upgrade(empty_url)
    db = Database(empty_url, FakeClock())
    make_poll(db)
    with db.writing() as tx:
        tx.execute(sa.text(change))
    db.dispose()

    with pytest.raises(RuntimeError, match="cannot read"):
        migrate.downgrade(empty_url, "0026")
