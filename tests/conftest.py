"""Fixtures for all tests: the clock, a database of each kind, the app and its client.

Imports of the product stand inside the fixtures, so that a test of the pure core starts
without loading the database or the web.
"""

import os
import zlib
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.support import postgresql, sqlite
from tests.support.clock import FakeClock

if TYPE_CHECKING:
    from flask import Flask

    from deliberate.settings import Settings
    from deliberate.storage.database import Database
    from tests.support.client import PageChecker
    from tests.support.kept_world import KeptWorlds

pytest_plugins = ["tests.support.browser"]

DATABASES = ("sqlite", "postgresql")
# Machines are noisy: no test fails because one of its examples took long.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")
_folder = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Name the folder of the shared PostgreSQL once, in the process that starts the workers.

    What the developer set for a server of their own does not reach the tests.
    """
    if not hasattr(config, "workerinput"):
        for name in [name for name in os.environ if name.startswith("DELIBERATE_")]:
            del os.environ[name]
        config.stash[_folder] = postgresql.prepare_folder()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the shared PostgreSQL when all workers are done."""
    if _folder in config.stash:
        postgresql.remove_folder(config.stash[_folder])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches a database on those it should see.

    A journey is made with scripts on one database and without on the other, so that two runs
    show it in both ways and on both; `make journeys` makes all four.
    """
    if "scripts" in metafunc.fixturenames:
        every_pair = "EVERY_PAIR" in os.environ
        ways = ("js", "nojs")
        pairs = list(product(ways, DATABASES) if every_pair else zip(ways, DATABASES, strict=True))
        metafunc.parametrize("scripts, database_url", pairs, indirect=True)
    elif "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", _databases_of(metafunc), indirect=True)


def _databases_of(metafunc: pytest.Metafunc) -> Sequence[str]:
    """Both, unless marked otherwise; a claim about a page takes one of them, by its name.

    What pages ask of a database is claimed on both under `storage`, `actions`, `races` and
    `house`, so half of the pages on each are enough to notice one that asks otherwise.
    """
    markers = {marker.name for marker in metafunc.definition.iter_markers()}
    if "both_databases" in markers:
        return DATABASES
    if markers & {"browser", "one_database"}:
        return DATABASES[:1]
    if metafunc.module.__name__.startswith("tests.web."):
        return [DATABASES[zlib.crc32(metafunc.function.__name__.encode()) % 2]]
    return DATABASES


@pytest.fixture
def clock() -> FakeClock:
    """The test's clock: 2 March 2026, 09:00 UTC, until it is advanced."""
    return FakeClock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file on which the migrations have run and which nothing writes to."""
    from deliberate.storage.migrate import upgrade

    return sqlite.make_template(tmp_path_factory.mktemp("template") / "empty.sqlite3", upgrade)


@pytest.fixture(scope="session")
def demo_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demonstration in it, which nothing writes to any more."""
    from deliberate.demo import load_demo
    from deliberate.storage.database import Database

    def fill(url: str) -> None:
        db = Database(url, FakeClock())
        load_demo(db)
        db.dispose()

    copy = sqlite.copy_template(sqlite_template, tmp_path_factory.mktemp("demo"))
    return sqlite.make_template(Path(copy.removeprefix("sqlite:///")), fill)


@pytest.fixture(scope="session")
def postgresql_database(worker_id: str) -> tuple[str, str]:
    """The migrated PostgreSQL database of this worker alone: its name and its address."""
    from deliberate.storage.migrate import upgrade

    name = f"deliberate_{worker_id}"
    try:
        url = postgresql.shared_server().ensure_database(name)
    except postgresql.PostgreSQLUnavailableError as error:
        pytest.fail(str(error), pytrace=False)
    upgrade(url)
    return name, url


@pytest.fixture(scope="session")
def kept_worlds(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> "KeptWorlds":
    """A forum in which everything exists, on each kind of database, to be copied."""
    from tests.support.kept_world import KeptWorlds

    return KeptWorlds(tmp_path_factory.mktemp("world"), worker_id)


@pytest.fixture(scope="session")
def worker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this worker's SQLite file lies, at one path for all its tests."""
    return tmp_path_factory.mktemp("database")


@pytest.fixture
def database_url(request: pytest.FixtureRequest, worker_folder: Path) -> str:
    """The address of an empty, migrated database, of either kind in turn."""
    if request.param == "sqlite":
        return sqlite.copy_template(request.getfixturevalue("sqlite_template"), worker_folder)
    name, url = request.getfixturevalue("postgresql_database")
    postgresql.shared_server().empty_database(name)
    return str(url)


@pytest.fixture(scope="session")
def databases() -> "Iterator[dict[str, Database]]":
    """The databases this worker has opened, by address: an engine keeps the SQL it compiled."""
    opened: dict[str, Database] = {}
    yield opened
    for database in opened.values():
        database.dispose()


@pytest.fixture
def db(
    database_url: str, databases: "dict[str, Database]", clock: FakeClock
) -> "Iterator[Database]":
    """The product's own access to the empty database, on the test's clock."""
    from deliberate.storage.database import Database

    if database_url not in databases:
        databases[database_url] = Database(database_url)
    database = databases[database_url]
    database.clock = clock
    yield database
    # A fresh pool: what is kept in memory belongs to one, and the next test begins with no rows.
    database.dispose()


@pytest.fixture
def settings(database_url: str) -> "Settings":
    """Settings as a developer's machine has them, apart from the database."""
    from deliberate.settings import Settings

    return Settings(database_url=database_url)


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compile each template once for all the apps of this worker, not once for each test."""
    from flask import Flask
    from jinja2 import FileSystemBytecodeCache

    folder = str(tmp_path_factory.mktemp("templates"))
    cache = {"bytecode_cache": FileSystemBytecodeCache(folder)}
    Flask.jinja_options = {**Flask.jinja_options, **cache}


@pytest.fixture(scope="session")
def apps() -> "dict[str, Flask]":
    """The applications this worker has wired together, by the address of their database."""
    return {}


@pytest.fixture
def app(settings: "Settings", db: "Database", apps: "dict[str, Flask]") -> "Flask":
    """The whole application, forms protected as in production, with an empty memory."""
    from deliberate.app import create_app
    from deliberate.web.take_part import kept
    from tests.support.client import PageChecker

    if settings.database_url not in apps:
        application = create_app(settings, db=db)
        application.testing = True
        application.test_client_class = PageChecker
        apps[settings.database_url] = application
    # Ids begin anew with every test; what was kept of the last one's pages would answer for them.
    apps[settings.database_url].extensions["deliberate.take_part"] = kept.Memory()
    return apps[settings.database_url]


@pytest.fixture
def client(app: "Flask") -> "PageChecker":
    """A visitor's browser without JavaScript that complains about every faulty page."""
    from tests.support.client import PageChecker

    client = app.test_client()
    assert isinstance(client, PageChecker)
    return client
