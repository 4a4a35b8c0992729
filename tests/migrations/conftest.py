"""A database of its own for each test that changes tables."""

from pathlib import Path

import pytest

from tests.support import postgresql
from tests.support.kept_world import KeptWorlds


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> str:
    """The address of a database in which nothing is, not even a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deliberate.sqlite3'}"
    return postgresql.shared_server().ensure_database(f"deliberate_migrations_{worker_id}")


@pytest.fixture
def filled_url(empty_url: str, kept_worlds: KeptWorlds) -> str:
    """The address of a migrated database with rows in every table."""
    kept_worlds.copy_over(empty_url)
    return empty_url
