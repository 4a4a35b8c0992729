"""The one clock of a test, which moves only when told to."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Answers with `now`, an aware moment in UTC; takes the place of `system_clock`."""

    def __init__(self, now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The moment it is now."""
        return self.now

    def advance(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> datetime:
        """Move the clock and return the new moment; negative amounts move it back."""
        self.now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.now
