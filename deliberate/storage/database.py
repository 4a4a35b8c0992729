"""Reading sessions that cannot write and writing sessions that take the lock first.

SQLite starts its transactions late when left alone, so a read followed by a write is
unprotected there. Here a writing transaction begins with BEGIN IMMEDIATE and a reading one is
refused every write by the database itself, on both engines.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

Clock = Callable[[], datetime]
BUSY_TIMEOUT_MS = 15_000


def system_clock() -> datetime:
    """The machine's clock, in UTC, to the second: deadlines are whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def now(session: Session) -> datetime:
    """The one moment that everything in this transaction happens at."""
    moment: datetime = session.info["now"]
    return moment


class Database:
    """An engine with its two kinds of session and the clock they share."""

    def __init__(self, url: str, clock: Clock = system_clock) -> None:
        self.clock = clock
        self.engine = sa.create_engine(url, pool_pre_ping=True, connect_args=_arguments(url))
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # One writer at a time inside this process: waiting here is fair and costs nothing,
        # waiting in SQLite's busy handler is neither. Other processes meet the busy timeout.
        self._writer = threading.Lock() if self.is_sqlite else contextlib.nullcontext()
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        self._reading = self.engine.execution_options(postgresql_readonly=True, query_only=True)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session in which every write is refused by the database."""
        with Session(self._reading, info={"now": self.clock()}) as reader:
            yield reader

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, undone when it raises."""
        with (
            self._writer,
            Session(self.engine, expire_on_commit=False) as tx,
            tx.begin(),
        ):
            tx.connection()
            tx.info["now"] = self.clock()
            yield tx

    def dispose(self) -> None:
        """Close every connection, as a forked or stopping process must."""
        self.engine.dispose()


def _arguments(url: str) -> dict[str, Any]:
    if sa.make_url(url).get_backend_name() == "sqlite":
        return {"timeout": BUSY_TIMEOUT_MS / 1000}
    return {"options": "-c lock_timeout=15s -c statement_timeout=60s -c timezone=UTC"}


def _prepare_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        query_only = connection.get_execution_options().get("query_only", False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if query_only else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")
