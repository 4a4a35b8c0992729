"""The loaded demonstration, made once for each worker and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberate.app import create_app
from deliberate.demo import load_demo
from deliberate.settings import Settings
from deliberate.storage.database import Database
from deliberate.storage.migrate import upgrade
from tests.support import sqlite
from tests.support.client import PageChecker
from tests.support.clock import FakeClock


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demonstration in it, which nothing writes to any more."""

    def fill(url: str) -> None:
        upgrade(url)
        db = Database(url, FakeClock())
        load_demo(db)
        db.dispose()

    return sqlite.make_template(tmp_path_factory.mktemp("demo") / "demo.sqlite3", fill)


@pytest.fixture
def demo_url(demo_template: Path, tmp_path: Path) -> str:
    """The address of a copy of the demonstration."""
    return sqlite.copy_template(demo_template, tmp_path)


@pytest.fixture
def demo(demo_url: str, clock: FakeClock) -> Iterator[Database]:
    """The demonstration at the moment at which it was loaded."""
    database = Database(demo_url, clock)
    yield database
    database.dispose()


@pytest.fixture
def demo_client(demo: Database, demo_url: str) -> PageChecker:
    """A visitor's browser on the demonstration."""
    app = create_app(Settings(database_url=demo_url), db=demo)
    app.testing = True
    app.test_client_class = PageChecker
    client = app.test_client()
    assert isinstance(client, PageChecker)
    return client
