"""A real PostgreSQL server for one run of the tests, shared by all its worker processes.

The process that runs pytest names a folder; the first worker that needs a database starts the
server in it, under a file lock; the same first process stops it at the end. The server listens
on a Unix socket only. It forgets everything when stopped, so it need not wait for the disk.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

FOLDER_VARIABLE = "DELIBERATE_TEST_POSTGRESQL"
OWNER = "deliberate"
# PostgreSQL refuses to run as root; its Debian package makes this account.
ACCOUNT = "postgres"
SETTINGS = """
listen_addresses = ''
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = 10s
jit = off
max_connections = 200
lock_timeout = 60s
shared_buffers = 64MB
timezone = 'UTC'
"""


class PostgreSQLUnavailableError(RuntimeError):
    """PostgreSQL cannot be started here; the message says what to do about it."""


def find_binaries() -> Path:
    """The folder of `initdb` and `pg_ctl`, the newest version first.

    Raises `PostgreSQLUnavailableError` when there is none: a test on PostgreSQL never passes
    by not having run.
    """
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(versions, key=lambda path: path.parent.name.zfill(8), reverse=True)
    found = shutil.which("initdb")
    candidates = [*newest_first, *([Path(found).parent] if found else [])]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise PostgreSQLUnavailableError(
        "PostgreSQL is not installed, and these tests need it. Run `make test`, which installs"
        " it, or install the package `postgresql`."
    )


class PostgreSQLServer:
    """The server in one folder: `data/`, `log` and the socket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"

    def ensure_running(self) -> None:
        """Start the server unless another worker has."""
        with self.locked():
            if not (self.data / "postmaster.pid").exists():
                self._start()

    def ensure_database(self, name: str, template: str = "template0") -> str:
        """Make a database called `name`, empty or a copy of another; its SQLAlchemy address.

        Whoever is connected to the one it replaces loses the connection.
        """
        self.ensure_running()
        if kept := _kept_connections.pop(self._address(name), None):
            kept.close()
        new, old = sql.Identifier(name), sql.Identifier(template)
        with self.locked(), psycopg.connect(self._address("postgres"), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(new))
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(new, old))
        return f"postgresql+psycopg://{OWNER}@/{name}?host={self.folder}"

    def empty_database(self, name: str) -> None:
        """Delete every row except the schema's version, whatever refers to what."""
        connection = _kept_connection(self._address(name))
        with connection.transaction():
            # A session that a test left open would otherwise be waited for without end.
            connection.execute("SET LOCAL lock_timeout = '10s'")
            # In this role the server fires no triggers, and foreign keys are triggers to it.
            connection.execute("SET LOCAL session_replication_role = replica")
            tables = connection.execute(
                "SELECT tablename FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchall()
            deletions = [sql.SQL("DELETE FROM {}").format(sql.Identifier(row[0])) for row in tables]
            if deletions:
                connection.execute(sql.SQL("; ").join(deletions))

    def stop(self) -> None:
        """Stop the server if it runs, at once and without saving anything."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "immediate")

    def restart(self) -> None:
        """Stop the server and start it on what it has, as changed settings need it."""
        self._run("pg_ctl", "restart", "-D", str(self.data), "-w", "-t", "60")

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep the other workers of this run out of the block."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start(self) -> None:
        find_binaries()
        shutil.rmtree(self.data, ignore_errors=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, ACCOUNT, ACCOUNT)
        self._run(
            "initdb", "-D", str(self.data), "-U", OWNER, "--auth=trust", "--no-sync",
            "--encoding=UTF8", "--locale=C",
        )  # fmt: skip
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write(f"{SETTINGS}unix_socket_directories = '{self.folder}'\n")
        self._run("pg_ctl", "start", "-D", str(self.data), "-w", "-t", "60")

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs, as its own account when this process is root."""
        account = {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []}
        with self.log.open("a") as log:
            done = subprocess.run(
                [find_binaries() / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                check=False,
                **(account if os.geteuid() == 0 else {}),  # type: ignore[call-overload]
            )
        if done.returncode != 0:
            raise PostgreSQLUnavailableError(
                f"{program} ended with {done.returncode}:\n{self.log.read_text()[-4000:]}"
            )

    def _address(self, database: str) -> str:
        return f"host={self.folder} user={OWNER} dbname={database}"


_kept_connections: dict[str, psycopg.Connection[tuple[Any, ...]]] = {}
"""The one connection for all the emptying of this worker, by address; the server ends it."""


def _kept_connection(address: str) -> psycopg.Connection[tuple[Any, ...]]:
    """The connection to this address, made when it is first asked for."""
    if address not in _kept_connections:
        _kept_connections[address] = psycopg.connect(address, autocommit=True)
    return _kept_connections[address]


def prepare_folder() -> Path:
    """Make this run's folder and name it to all its workers, which inherit the environment."""
    # Not pytest's own temporary folder: the path of a Unix socket must stay under 108 bytes.
    folder = Path(tempfile.mkdtemp(prefix="deliberate-tests-"))
    os.environ[FOLDER_VARIABLE] = str(folder)
    return folder


def remove_folder(folder: Path) -> None:
    """Stop the server that runs in the folder, if one does, and delete the folder."""
    PostgreSQLServer(folder).stop()
    shutil.rmtree(folder, ignore_errors=True)


def shared_server() -> PostgreSQLServer:
    """The server of this run, started or not."""
    return PostgreSQLServer(Path(os.environ[FOLDER_VARIABLE]))
