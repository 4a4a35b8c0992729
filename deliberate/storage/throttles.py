"""Rate limits that hold across processes: one row for each limited key."""

import contextlib
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.storage.base import Base
from deliberate.storage.database import now


class Throttle(Base):
    """The theoretical arrival time of the generic cell rate algorithm (ITU-T I.371, annex A)."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]


def seconds_to_wait(tx: Session, key: str, burst: int, period: timedelta) -> int:
    """Take one of `burst` acts a `period`; 0 when permitted, else the seconds to wait."""
    interval = period / burst
    row = _lock(tx, key)
    arrival = max(row.next_at, now(tx))
    early = arrival + interval - period - now(tx)
    if early > timedelta(0):
        return int(early.total_seconds()) + 1
    row.next_at = arrival + interval
    return 0


def _lock(tx: Session, key: str) -> Throttle:
    """The key's row, held until the transaction ends; made when this is the first act."""
    row = tx.get(Throttle, key, with_for_update=True)
    if row is not None:
        return row
    # There is nothing to hold yet, so two first acts may both get here: the unique key lets one
    # of them make the row, and the other then waits for it like any later act.
    with contextlib.suppress(IntegrityError), tx.begin_nested():
        tx.add(Throttle(key=key, next_at=now(tx)))
    return tx.get_one(Throttle, key, with_for_update=True, populate_existing=True)
