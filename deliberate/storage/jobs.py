"""Jobs as rows, written in the same transaction as the change that needs them.

A row and its follow-up cannot part: either both are committed or neither is. One claim query
serves both databases; the lease gives a job back when its worker died.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.storage.base import Base
from deliberate.storage.database import now

LEASE = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)


class Job(Base):
    """Work to do at or after `run_at`, by the name of its handler."""

    __tablename__ = "jobs"
    __table_args__ = (sa.Index("ix_jobs_due", "done_at", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    run_at: Mapped[datetime]
    attempts: Mapped[int]
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


def enqueue(tx: Session, name: str, *, run_at: datetime | None = None, **payload: Any) -> None:
    """Ask for the handler `name` to be run with `payload`, now or at a stated time."""
    tx.add(Job(name=name, payload=payload, run_at=run_at or now(tx), attempts=0))


def claim(tx: Session) -> Job | None:
    """Lease the next due job, passing over those that another worker holds."""
    free = sa.or_(Job.leased_until.is_(None), Job.leased_until < now(tx))
    due = (Job.done_at.is_(None), Job.run_at <= now(tx), free)
    query = sa.select(Job).where(*due).order_by(Job.run_at, Job.id).limit(1)
    job = tx.scalar(query.with_for_update(skip_locked=True))
    if job is not None:
        job.leased_until = now(tx) + LEASE
        job.attempts += 1
    return job


def finish(tx: Session, job_id: int) -> None:
    """Note that a job is done; what it was told, such as an address, is kept no longer."""
    job = tx.get_one(Job, job_id)
    job.done_at, job.leased_until, job.last_error, job.payload = now(tx), None, None, {}


def postpone(tx: Session, job_id: int, error: str) -> None:
    """Note that a job failed and try again later, twice as long each time, at last every hour.

    No job is given up: a poll that could not be counted is counted once the fault is mended.
    """
    job = tx.get_one(Job, job_id)
    job.last_error, job.leased_until = error, None
    doublings = min(job.attempts - 1, 10)
    job.run_at = now(tx) + min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
