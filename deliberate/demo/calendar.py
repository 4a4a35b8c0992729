"""When things happened, counted in days from the day on which the demonstration is loaded.

Times that nobody chose, such as when somebody wrote a comment, follow from names by a hash:
loading twice on one day gives the same history.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, time, timedelta

Window = tuple[datetime, datetime]
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "demo.example")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Moments relative to `now`, an aware moment in UTC."""

    now: datetime

    def at(self, day: int, hour: int = 9) -> datetime:
        """A full hour of a day; today is day 0."""
        midnight = datetime.combine(self.now.date(), time(), tzinfo=self.now.tzinfo)
        return midnight + timedelta(days=day, hours=hour)

    def lived(self, opens_at: datetime, closes_at: datetime) -> Window:
        """The part of a time between opening and closing that is over by now."""
        return opens_at, max(opens_at, min(closes_at, self.now))

    def within(self, window: Window, name: str, first: float = 0.0, last: float = 1.0) -> datetime:
        """A moment of a window for the thing with this name, between two fractions of it."""
        start, end = window
        fraction = first + (last - first) * share(name)
        return start + timedelta(seconds=int((end - start).total_seconds() * fraction))


def share(name: str) -> float:
    """A number from 0 up to 1 that looks drawn by lot but follows from a name."""
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def submission_key(name: str) -> str:
    """The key of the form that something would have been sent with."""
    return str(uuid.uuid5(_NAMESPACE, name))
