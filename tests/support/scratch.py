"""Empty databases of both kinds outside the tests, for measurements; gone when the block ends."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from deliberate.storage.database import Database
from deliberate.storage.migrate import upgrade
from tests.support import postgresql

CAREFUL = ("fsync = on", "synchronous_commit = on", "shared_buffers = '256MB'")
"""Unlike for tests, every commit waits for the disk, as it does where people's words are kept."""


@contextmanager
def both_databases() -> Iterator[dict[str, Database]]:
    """A migrated SQLite file and a database on a PostgreSQL server of its own, by their names."""
    folder = postgresql.prepare_folder()
    try:
        with tempfile.TemporaryDirectory() as files:
            urls = {
                "SQLite": f"sqlite:///{Path(files) / 'scratch.sqlite3'}",
                "PostgreSQL": _careful_server().ensure_database("scratch"),
            }
            found = {}
            for name, url in urls.items():
                upgrade(url)
                found[name] = Database(url)
            yield found
            for db in found.values():
                db.dispose()
    finally:
        postgresql.remove_folder(folder)


def analyse(db: Database) -> None:
    """Let PostgreSQL take stock of its tables, as it does by itself after a while."""
    if not db.is_sqlite:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


def _careful_server() -> postgresql.PostgreSQLServer:
    server = postgresql.shared_server()
    server.ensure_running()
    address = f"host={server.folder} user={postgresql.OWNER} dbname=postgres"
    with psycopg.connect(address, autocommit=True) as admin:
        for setting in CAREFUL:
            admin.execute(f"ALTER SYSTEM SET {setting}")
    server.restart()
    return server
