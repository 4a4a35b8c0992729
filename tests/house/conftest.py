"""The filled forum that claims about the whole house begin with."""

from pathlib import Path

import pytest

from deliberate.storage.database import Database
from tests.support import sqlite
from tests.support.clock import FakeClock
from tests.support.world import World, make_world


@pytest.fixture(scope="session")
def kept_world(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World, FakeClock]:
    """A SQLite file with the world in it, which nothing writes to, and the time it was left at."""
    clock = FakeClock()
    url = sqlite.copy_template(sqlite_template, tmp_path_factory.mktemp("world"))
    made = []

    def fill(address: str) -> None:
        db = Database(address, clock)
        made.append(make_world(db, clock))
        db.dispose()

    return sqlite.make_template(Path(url.removeprefix("sqlite:///")), fill), made[0], clock


@pytest.fixture
def world(
    request: pytest.FixtureRequest, db: Database, database_url: str, clock: FakeClock
) -> World:
    """One forum in which everything exists: on SQLite a copy, on PostgreSQL made each time."""
    if not database_url.startswith("sqlite"):
        return make_world(db, clock)
    kept: tuple[Path, World, FakeClock] = request.getfixturevalue("kept_world")
    template, made, left_at = kept
    sqlite.copy_template(template, Path(database_url.removeprefix("sqlite:///")).parent)
    clock.now = left_at.now
    return made
