"""The filled forum, made once for each kind of database and copied for each test."""

import functools
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from deliberate.storage.database import Database
from deliberate.storage.migrate import upgrade
from tests.support import postgresql, sqlite
from tests.support.clock import FakeClock
from tests.support.world import World, make_world

Made = tuple[World, datetime]
"""What is in a filled forum, and the time it was left at."""


class KeptWorlds:
    """One worker's filled forums, which nothing writes to once they are made."""

    def __init__(self, folder: Path, worker: str) -> None:
        self.file = folder / "deliberate.sqlite3"
        self.name = f"deliberate_world_{worker}"

    def copy_over(self, url: str) -> Made:
        """Put a copy in the place of the database at this address, which nobody may be using."""
        if url.startswith("sqlite"):
            made = self._sqlite
            sqlite.copy_template(self.file, Path(url.removeprefix("sqlite:///")).parent)
        else:
            made = self._postgresql
            name = sa.make_url(url).database
            assert name is not None
            postgresql.shared_server().ensure_database(name, template=self.name)
        return made

    @functools.cached_property
    def _sqlite(self) -> Made:
        made: list[Made] = []
        sqlite.make_template(self.file, lambda url: made.append(_fill(url)))
        return made[0]

    @functools.cached_property
    def _postgresql(self) -> Made:
        return _fill(postgresql.shared_server().ensure_database(self.name))


def _fill(url: str) -> Made:
    """Migrate an empty database and make rows in every table through the product's actions."""
    upgrade(url)
    db = Database(url, clock := FakeClock())
    made = make_world(db, clock)
    db.dispose()
    return made, clock.now
