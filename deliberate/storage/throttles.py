"""Rate limits that hold across processes: one row for each limited key."""

from datetime import datetime, timedelta

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
    row = tx.get(Throttle, key, with_for_update=True)
    arrival = max(row.next_at if row else now(tx), now(tx))
    early = arrival + interval - period - now(tx)
    if early > timedelta(0):
        return int(early.total_seconds()) + 1
    if row is None:
        tx.add(Throttle(key=key, next_at=arrival + interval))
    else:
        row.next_at = arrival + interval
    return 0
