"""Claims about work that waits: done once, by whoever comes first, and never forgotten."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from deliberate.domain.people import VISITOR
from deliberate.jobs import worker
from deliberate.jobs.handlers import HANDLERS
from deliberate.jobs.worker import run_due_jobs, work
from deliberate.storage import audit, jobs
from deliberate.storage.audit import AuditEvent
from deliberate.storage.database import Database, now
from deliberate.storage.jobs import LEASE, Job, enqueue
from tests.support.clock import FakeClock
from tests.support.processes import run_together

JOBS = 100
PROCESSES = 4


def note(tx: Session, payload: dict[str, Any]) -> None:
    """A job that leaves a trace each time it is done."""
    audit.record(tx, VISITOR, "did", "job", payload["number"])


def fail(_tx: Session, _payload: dict[str, Any]) -> None:
    """A job that cannot be done."""
    raise RuntimeError("the printer is on fire")


def note_and_fail(tx: Session, payload: dict[str, Any]) -> None:
    """A job that fails when its work is half done."""
    note(tx, payload)
    tx.flush()
    fail(tx, payload)


@pytest.fixture(autouse=True)
def _handlers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Jobs of these tests; what the worker logs is not printed."""
    for handler in (note, fail, note_and_fail):
        monkeypatch.setitem(HANDLERS, handler.__name__, handler)
    with structlog.testing.capture_logs():
        yield


def ask(db: Database, name: str, **payload: Any) -> None:
    """Enqueue one job in a transaction of its own."""
    with db.writing() as tx:
        enqueue(tx, name, **payload)


def done(db: Database) -> list[int]:
    """The numbers of the jobs that left a trace, in order."""
    query = sa.select(AuditEvent.subject_id).where(AuditEvent.act == "did")
    with db.reading() as reader:
        return list(reader.scalars(query.order_by(AuditEvent.id)))


def only_job(db: Database) -> Job:
    """The one job there is."""
    with db.reading() as reader:
        return reader.scalars(sa.select(Job)).one()


def work_until_nothing_is_due(url: str, clock: FakeClock) -> int:
    """A worker in a process of its own; how many jobs it tried."""
    HANDLERS["note"] = note
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    db = Database(url, clock)
    tried = run_due_jobs(db)
    db.dispose()
    return tried


def test_a_job_is_done_once(db: Database) -> None:
    """Ensure a job that was done is not done again."""
    ask(db, "note", number=1)

    assert run_due_jobs(db) == 1
    assert run_due_jobs(db) == 0
    assert done(db) == [1]
    assert only_job(db).done_at is not None


def test_a_job_of_an_undone_transaction_never_was(db: Database) -> None:
    """Ensure a change and its follow-up are both stored or neither is."""
    with pytest.raises(ZeroDivisionError):
        ask_and_fail(db)

    with db.reading() as reader:
        assert reader.scalars(sa.select(Job)).all() == []


def ask_and_fail(db: Database) -> None:
    """A transaction that asks for a job and then comes to nothing."""
    with db.writing() as tx:
        enqueue(tx, "note", number=1)
        tx.flush()
        raise ZeroDivisionError


def test_a_job_waits_for_its_time(db: Database, clock: FakeClock) -> None:
    """Ensure nothing is done before the moment it was asked for, and then it is."""
    with db.writing() as tx:
        enqueue(tx, "note", run_at=now(tx) + timedelta(hours=1), number=1)

    clock.advance(hours=1, seconds=-1)
    assert run_due_jobs(db) == 0
    clock.advance(seconds=1)
    assert run_due_jobs(db) == 1


def test_jobs_are_done_in_the_order_they_are_due(db: Database, clock: FakeClock) -> None:
    """Ensure what has waited longest comes first."""
    with db.writing() as tx:
        for number, hours in ((1, 3), (2, 1), (3, 2), (4, 1)):
            enqueue(tx, "note", run_at=now(tx) + timedelta(hours=hours), number=number)
    clock.advance(hours=3)

    run_due_jobs(db)

    assert done(db) == [2, 4, 3, 1]


def test_many_workers_do_each_job_once(db: Database, database_url: str, clock: FakeClock) -> None:
    """Ensure processes that take jobs at the same time share them without a double."""
    with db.writing() as tx:
        for number in range(JOBS):
            enqueue(tx, "note", number=number)

    tried = run_together(work_until_nothing_is_due, [(database_url, clock)] * PROCESSES)

    assert sum(tried) == JOBS
    assert Counter(done(db)) == Counter(range(JOBS))
    with db.reading() as reader:
        rows = reader.scalars(sa.select(Job)).all()
    assert {(job.attempts, job.done_at is not None, job.leased_until) for job in rows} == {
        (1, True, None)
    }


def test_a_failing_job_leaves_nothing_half_done_and_is_kept(db: Database) -> None:
    """Ensure the work of a job is undone with it, while the job and its error stay."""
    ask(db, "note_and_fail", number=1)

    assert run_due_jobs(db) == 1

    job = only_job(db)
    assert done(db) == []
    assert job.done_at is None
    assert job.last_error == "RuntimeError: the printer is on fire"


def test_a_failing_job_is_tried_again_ever_more_patiently(db: Database, clock: FakeClock) -> None:
    """Ensure each wait is twice the one before until it is an hour."""
    ask(db, "fail")
    waits = []

    for _ in range(11):
        assert run_due_jobs(db) == 1
        assert run_due_jobs(db) == 0
        waits.append((only_job(db).run_at - clock.now).total_seconds())
        clock.now = only_job(db).run_at

    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


def test_no_job_is_ever_given_up(db: Database, clock: FakeClock) -> None:
    """Ensure a poll that could not be counted for weeks is counted once the fault is mended."""
    ask(db, "note", number=1)
    with db.writing() as tx:
        tx.execute(sa.update(Job).values(name="fail", attempts=5_000))
    run_due_jobs(db)
    with db.writing() as tx:
        tx.execute(sa.update(Job).values(name="note"))

    clock.advance(hours=1)
    run_due_jobs(db)

    assert done(db) == [1]


def test_a_job_that_failed_at_first_is_done_in_the_end(
    db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure a fault that passes costs time and nothing else."""
    monkeypatch.setitem(HANDLERS, "note", fail)
    ask(db, "note", number=1)
    run_due_jobs(db)
    monkeypatch.setitem(HANDLERS, "note", note)

    clock.advance(seconds=10)
    run_due_jobs(db)

    assert done(db) == [1]
    assert only_job(db).last_error is None


def test_a_failing_job_holds_up_no_other(db: Database) -> None:
    """Ensure the jobs behind one that fails are done at once."""
    ask(db, "fail")
    ask(db, "note", number=1)

    assert run_due_jobs(db) == 2
    assert done(db) == [1]


def test_an_unknown_job_does_not_stop_the_worker(db: Database) -> None:
    """Ensure a job of a newer version waits for the code that knows it."""
    ask(db, "dance")
    ask(db, "note", number=1)

    assert run_due_jobs(db) == 2
    assert done(db) == [1]
    with db.reading() as reader:
        unknown = reader.scalars(sa.select(Job).where(Job.name == "dance")).one()
    assert unknown.done_at is None
    assert unknown.last_error == "KeyError: 'dance'"


def test_a_job_whose_worker_died_is_given_back(db: Database, clock: FakeClock) -> None:
    """Ensure a lease keeps others away for its time and not a second longer."""
    ask(db, "note", number=1)
    with db.writing() as tx:
        assert jobs.claim(tx) is not None

    clock.advance(seconds=LEASE.total_seconds())
    assert run_due_jobs(db) == 0
    clock.advance(seconds=1)
    assert run_due_jobs(db) == 1
    assert done(db) == [1]


def test_a_worker_that_lost_its_lease_does_not_undo_what_another_did(
    db: Database, clock: FakeClock
) -> None:
    """Ensure a slow worker that fails late does not have a finished job done again."""
    ask(db, "note", number=1)
    with db.writing() as tx:
        slow = jobs.claim(tx)
        assert slow is not None
    clock.advance(seconds=LEASE.total_seconds() + 1)
    run_due_jobs(db)

    with db.writing() as tx:
        jobs.postpone(tx, slow.id, "too late")
    clock.advance(days=1)
    run_due_jobs(db)

    assert done(db) == [1]


def test_a_worker_outlives_a_database_that_is_away(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure the worker goes on when the database answers again."""
    ask(db, "note", number=1)
    stop = threading.Event()
    away = iter([True, True])
    claim = jobs.claim

    def claim_when_there(tx: Session) -> Job | None:
        if next(away, False):
            raise sa.exc.OperationalError("SELECT 1", {}, Exception("connection refused"))
        found = claim(tx)
        if found is None:
            stop.set()
        return found

    monkeypatch.setattr(jobs, "claim", claim_when_there)
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.01)
    thread = threading.Thread(target=work, args=(db, stop))
    thread.start()
    thread.join(timeout=30)

    assert not thread.is_alive()
    assert done(db) == [1]
