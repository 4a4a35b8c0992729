"""Moving the closing of a running deliberation, and what falls into the same week.

A date that people rely on moves seldom, early and with a reason. Nothing moves so late that
somebody could already know how it stands or miss the notice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deliberate.domain.contradictions import TOO_SHORT
from deliberate.domain.process import SHORTEST, Contradiction

LAST_CALL = timedelta(hours=1)
"""So long before closing the date stands: no change can cross the closing itself."""
POLL_NOTICE = timedelta(hours=24)
SHORTEST_NOTICE = timedelta(hours=48)
TOO_LATE = "This closes within the hour. Its date stands now."
UNCHANGED = "This is the closing date already. Choose another."
NO_NOTICE = "People need at least 48 hours from now. Choose a later time."
POLL_INSIDE = "A poll of this discussion closes later. Choose a time after it."
NO_POLL_NOW = "No poll of this discussion takes ballots now."
POLL_SHORTER = "A poll is never shortened: people may count on its closing date."
POLL_MOVED = "This poll was extended before. A poll is extended once."
POLL_OUTLASTS = "The discussion closes before that. Its closing has to move first."
POLL_TOO_LATE = "A poll is extended at least 24 hours before it closes."


@dataclass(frozen=True, slots=True)
class PollDates:
    """The poll inside a deliberation: when it closes, and whether it can be moved.

    `is_running` is false for one that is only planned; `was_extended` says that its one extension
    is used up.
    """

    closes_at: datetime
    is_running: bool = True
    was_extended: bool = False


@dataclass(frozen=True, slots=True)
class NewDates:
    """The closing asked for, and that of the running poll if it should move as well."""

    closes_at: datetime
    poll_closes_at: datetime | None = None


def why_not_moved(
    opens_at: datetime,
    closes_at: datetime,
    asked: NewDates,
    moment: datetime,
    poll: PollDates | None = None,
) -> list[Contradiction]:
    """Everything that speaks against new dates for what closes at `closes_at`; empty if nothing.

    What is announced can be shortened too, but to no less than the shortest time. `poll` is the
    latest poll that is not counted yet, or the planned one.
    """
    moves_poll, shortens = asked.poll_closes_at is not None, asked.closes_at < closes_at
    found = []
    if closes_at - moment < LAST_CALL:
        found.append(Contradiction("closes_at", TOO_LATE))
    elif asked.closes_at == closes_at and not moves_poll:
        found.append(Contradiction("closes_at", UNCHANGED))
    elif shortens and asked.closes_at - moment < SHORTEST_NOTICE:
        found.append(Contradiction("closes_at", NO_NOTICE))
    elif shortens and asked.closes_at - opens_at < SHORTEST:
        found.append(Contradiction("closes_at", TOO_SHORT))
    if asked.poll_closes_at is not None:
        found += _why_poll_not_moved(asked.poll_closes_at, moment, poll)
    inside = asked.poll_closes_at or (poll.closes_at if poll else None)
    if inside is not None and asked.closes_at < inside:
        found.append(Contradiction("closes_at", POLL_INSIDE))
    return found


def why_not_extended(
    asked: datetime, moment: datetime, poll: PollDates, discussion_closes_at: datetime
) -> str:
    """What speaks against extending a poll alone, within its discussion; empty if nothing."""
    found = _why_poll_not_moved(asked, moment, poll)
    if found:
        return found[0].text
    return POLL_OUTLASTS if asked > discussion_closes_at else ""


def _why_poll_not_moved(
    asked: datetime, moment: datetime, poll: PollDates | None
) -> list[Contradiction]:
    if poll is None or not poll.is_running or poll.closes_at <= moment:
        text = NO_POLL_NOW
    elif poll.was_extended:
        text = POLL_MOVED
    elif asked <= poll.closes_at:
        text = POLL_SHORTER
    elif poll.closes_at - moment < POLL_NOTICE:
        text = POLL_TOO_LATE
    else:
        return []
    return [Contradiction("poll_closes_at", text)]


def monday_of(moment: datetime) -> date:
    """The first day of the week that a moment falls into (ISO 8601 weeks, in UTC)."""
    return moment.date() - timedelta(days=moment.weekday())


def count_by_week(moments: Iterable[datetime]) -> dict[date, int]:
    """How many of the moments fall into each week, by its Monday, in order of time."""
    counts: dict[date, int] = {}
    for moment in sorted(moments):
        monday = monday_of(moment)
        counts[monday] = counts.get(monday, 0) + 1
    return counts
