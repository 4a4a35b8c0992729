"""The loaded demonstration, a copy for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deliberate.app import create_app
from deliberate.settings import Settings
from deliberate.storage.database import Database
from tests.support import sqlite
from tests.support.client import PageChecker
from tests.support.clock import FakeClock


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
