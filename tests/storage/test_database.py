"""Claims about reading and writing sessions, made to both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.storage.database import Database, now, system_clock
from deliberate.storage.throttles import Throttle
from tests.support import sqlite
from tests.support.clock import FakeClock
from tests.support.processes import run_together

WRITES = {
    "an insert": "INSERT INTO throttles (key, next_at) VALUES ('new', '2026-01-01')",
    "an update": "UPDATE throttles SET key = 'changed'",
    "a deletion": "DELETE FROM throttles",
    "a new table": "CREATE TABLE notes (id INTEGER)",
}


def add_row(tx: Session, key: str = "row") -> None:
    """The simplest row there is."""
    tx.add(Throttle(key=key, next_at=now(tx)))


def keys(db: Database) -> list[str]:
    """What is stored."""
    with db.reading() as reader:
        return list(reader.scalars(sa.select(Throttle.key).order_by(Throttle.key)))


def write_and_fail(db: Database) -> None:
    """A transaction that has written when something goes wrong."""
    with db.writing() as tx:
        add_row(tx)
        tx.flush()
        raise ZeroDivisionError


def push_back(url: str, times: int) -> None:
    """Read a moment and write it back one second later, over and over."""
    db = Database(url)
    for _ in range(times):
        with db.writing() as tx:
            row = tx.get_one(Throttle, "counter", with_for_update=True)
            row.next_at += timedelta(seconds=1)
    db.dispose()


@pytest.mark.parametrize("write", WRITES)
def test_a_reading_session_cannot_write(db: Database, write: str) -> None:
    """Ensure the database itself refuses what a page that only shows things tries to change."""
    with db.writing() as tx:
        add_row(tx)

    refusal = pytest.raises(sa.exc.DBAPIError, match=r"readonly database|read-only transaction")
    with refusal, db.reading() as reader:
        reader.execute(sa.text(WRITES[write]))

    assert keys(db) == ["row"]


def test_a_reading_session_cannot_write_through_objects(db: Database) -> None:
    """Ensure an object changed by mistake while a page is shown is not stored."""
    refusal = pytest.raises(sa.exc.DBAPIError, match=r"readonly database|read-only transaction")
    with refusal, db.reading() as reader:
        add_row(reader)
        reader.commit()

    assert keys(db) == []


def test_reading_and_writing_take_turns_on_one_connection(db: Database) -> None:
    """Ensure a connection that was read with can write, and is refused to write afterwards."""
    for key in ("first", "second"):
        assert keys(db) == ["first"] * (key == "second")
        with db.writing() as tx:
            add_row(tx, key)

    with pytest.raises(sa.exc.DBAPIError), db.reading() as reader:
        reader.execute(sa.text("DELETE FROM throttles"))


def test_a_failing_block_leaves_nothing(db: Database) -> None:
    """Ensure a transaction is stored whole or not at all."""
    with pytest.raises(ZeroDivisionError):
        write_and_fail(db)

    assert keys(db) == []


def test_a_failed_block_gives_its_lock_back(db: Database) -> None:
    """Ensure the next writer does not wait for one that failed."""
    with pytest.raises(ZeroDivisionError), db.writing():
        raise ZeroDivisionError

    with db.writing() as tx:
        add_row(tx)

    assert keys(db) == ["row"]


def test_a_reader_sees_what_was_committed_before_it_began(db: Database) -> None:
    """Ensure an answer after an act shows the act."""
    with db.writing() as tx:
        add_row(tx)

    assert keys(db) == ["row"]


def test_a_reader_neither_waits_for_a_writer_nor_sees_half_its_work(db: Database) -> None:
    """Ensure pages are served while somebody writes."""
    with db.writing() as tx:
        add_row(tx)
        tx.flush()

        assert keys(db) == []


def test_processes_that_read_and_then_write_lose_nothing(db: Database, database_url: str) -> None:
    """Ensure a value read in a writing transaction is still the value when it is written."""
    with db.writing() as tx:
        add_row(tx, "counter")
        start = now(tx)

    run_together(push_back, [(database_url, 25)] * 3)

    with db.reading() as reader:
        assert reader.get_one(Throttle, "counter").next_at - start == timedelta(seconds=75)


def test_threads_that_read_and_then_write_lose_nothing(db: Database) -> None:
    """Ensure the threads of one server take turns as its processes do."""
    with db.writing() as tx:
        add_row(tx, "counter")
        start = now(tx)

    def once(_number: int) -> None:
        with db.writing() as tx:
            row = tx.get_one(Throttle, "counter", with_for_update=True)
            row.next_at += timedelta(seconds=1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(once, range(80)))

    with db.reading() as reader:
        assert reader.get_one(Throttle, "counter").next_at - start == timedelta(seconds=80)


def test_a_transaction_happens_at_one_moment(db: Database, clock: FakeClock) -> None:
    """Ensure everything written together carries the same time, however long it takes."""
    with db.writing() as tx:
        began = now(tx)
        clock.advance(minutes=5)

        assert now(tx) == began == clock.now - timedelta(minutes=5)

    with db.reading() as reader:
        assert now(reader) == clock.now


def test_a_writer_that_waited_acts_at_the_moment_its_turn_came(
    sqlite_template: Path, tmp_path: Path, clock: FakeClock
) -> None:
    """Ensure a SQLite writer held up past a deadline does not act as if it had been in time.

    PostgreSQL's writers wait at the rows they lock, which the claims on ballots cover.
    """
    db = Database(sqlite.copy_template(sqlite_template, tmp_path), clock)
    waiting = threading.Event()
    acted_at = []

    def act_late() -> None:
        waiting.set()
        with db.writing() as tx:
            acted_at.append(now(tx))

    late = threading.Thread(target=act_late)
    with db.writing():
        late.start()
        waiting.wait()
        clock.advance(hours=1)
    late.join()
    db.dispose()

    assert acted_at == [clock.now]


def test_a_row_cannot_refer_to_nothing(db: Database) -> None:
    """Ensure foreign keys hold, which SQLite must be told on every connection."""
    orphan = sa.text(
        "INSERT INTO role_grants (person_id, role, granted_at)"
        " VALUES (404, 'facilitator', '2026-01-01')"
    )

    with pytest.raises(sa.exc.IntegrityError), db.writing() as tx:
        tx.execute(orphan)


def test_an_acknowledged_write_is_on_the_disk(db: Database) -> None:
    """Ensure a commit waits for the disk, so that a power cut loses nothing that was thanked for.

    Asked of the engine's own settings; PostgreSQL's default is the same and the operator's.
    """
    if db.is_sqlite:
        with db.reading() as reader:
            assert reader.scalar(sa.text("PRAGMA journal_mode")) == "wal"
            assert reader.scalar(sa.text("PRAGMA synchronous")) == 2
    else:
        with db.writing() as tx:
            assert tx.scalar(sa.text("SELECT boot_val FROM pg_settings WHERE name = 'fsync'"))


def test_the_systems_clock_is_in_utc_and_whole_seconds() -> None:
    """Ensure deadlines are compared in one zone and to the second."""
    moment = system_clock()

    assert moment.utcoffset() == timedelta(0)
    assert moment.microsecond == 0
