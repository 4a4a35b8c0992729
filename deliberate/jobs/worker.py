"""Doing what is due: claim a job, do it in one transaction, try again later when it fails."""

import threading

import structlog

from deliberate.jobs.handlers import HANDLERS
from deliberate.storage import jobs
from deliberate.storage.database import Database
from deliberate.storage.jobs import Job

log = structlog.get_logger()
PAUSE_SECONDS = 1.0


def run_due_jobs(db: Database) -> int:
    """Do everything that is due now and return how many jobs were tried."""
    tried = 0
    while (job := _claim(db)) is not None:
        tried += 1
        _run(db, job)
    return tried


def work(db: Database, stop: threading.Event) -> None:
    """Do what becomes due until told to stop."""
    while not stop.is_set():
        try:
            run_due_jobs(db)
        except Exception as error:
            log.error("worker_failed", exc_info=error)
        stop.wait(PAUSE_SECONDS)


def _claim(db: Database) -> Job | None:
    with db.writing() as tx:
        return jobs.claim(tx)


def _run(db: Database, job: Job) -> None:
    try:
        with db.writing() as tx:
            HANDLERS[job.name](tx, job.payload)
            jobs.finish(tx, job.id)
    except Exception as error:
        log.error("job_failed", job=job.name, id=job.id, attempt=job.attempts, exc_info=error)
        with db.writing() as tx:
            jobs.postpone(tx, job.id, f"{type(error).__name__}: {error}")
    else:
        log.info("job_done", job=job.name, id=job.id)
