"""The filled forum that claims about the whole house begin with."""

import pytest

from deliberate.storage.database import Database
from tests.support.clock import FakeClock
from tests.support.kept_world import KeptWorlds
from tests.support.world import World


@pytest.fixture
def world(db: Database, database_url: str, clock: FakeClock, kept_worlds: KeptWorlds) -> World:
    """One forum in which everything exists, copied over the empty database."""
    db.dispose()
    made, left_at = kept_worlds.copy_over(database_url)
    clock.now = left_at
    return made
