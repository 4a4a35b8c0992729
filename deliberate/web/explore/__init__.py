"""Reading: the front page, discussions, forum sessions, the curation log and what this is."""

from deliberate.web.explore import (
    calendars,
    discussions,
    feeds,
    moderation,
    portfolio,
    records,
    search,
    sessions,
    statements,
    timetable,
)
from deliberate.web.explore.blueprint import blueprint

__all__ = [
    "blueprint",
    "calendars",
    "discussions",
    "feeds",
    "moderation",
    "portfolio",
    "records",
    "search",
    "sessions",
    "statements",
    "timetable",
]
