"""Dates, times and durations of session slots."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DAY_FIRST = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?:of\s+)?(?P<m>{MONTH})\b\.?,?(?:\s+(?P<y>20\d\d))?",
    re.IGNORECASE,
)
MONTH_FIRST = re.compile(
    rf"\b(?P<m>{MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b,?(?:\s+(?P<y>20\d\d))?",
    re.IGNORECASE,
)
ISO = re.compile(r"\b(?P<y>20\d\d)-(?P<m>\d{2})-(?P<d>\d{2})(?=\D|$)")
SLASHED = re.compile(r"\b(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>20\d\d)\b")
CLOCK = re.compile(
    r"(?<![\d:])(?P<h>[01]?\d|2[0-4])(?:\s?[:h]\s?(?P<n>[0-5]\d)|\.(?P<p>[0-5]\d)(?!\d))?"
    r"(?::[0-5]\d)?\s?(?P<half>[ap]\.?m\.?)?(?![\d:/])",
    re.IGNORECASE,
)
ZONED = re.compile(r"\b(?:UTC|GMT)\s?([+−-])(\d{1,2})(?::?(\d{2}))?\b")
NUMERIC = re.compile(r"(?<=\d)\s?(\+)(\d{2}):?(\d{2})\b")
PLAIN = re.compile(r"\b(?:UTC|GMT)\b|(?<=\d)Z\b")
SLOT_START = re.compile(
    rf"(?:day \d\s?[:,–-]\s?)?"
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+{MONTH}\b|"
    rf"{MONTH}\.?\s+\d{{1,2}}|20\d\d-\d\d-\d\d)",
    re.IGNORECASE,
)
MINUTES = re.compile(r"\b(\d{1,3})\s*[-–]?\s*min(?:ute)?s?\b", re.IGNORECASE)
HOURS = re.compile(r"\b(\d)(?:\.(5))?\s*hours?\b|\b(\d)\s?h\b", re.IGNORECASE)
LONGEST = 400
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Slot:
    """A time slot: ISO date and `HH:MM` in UTC if the page gives an offset, else as printed.

    `minutes` is its length, also of a local slot.
    """

    date: str | None = None
    start_utc: str | None = None
    end_utc: str | None = None
    minutes: int | None = None
    is_local: bool = False


def is_slot(text: str) -> bool:
    """Whether a line is a date with a time of day."""
    return len(text) < 200 and bool(SLOT_START.match(text)) and bool(_clocks(text))


def read_slot(text: str, year: int | None, zone: str = "") -> Slot:
    """The slot that a line states.

    `year` is that of the title, for dates without one; `zone` is what the label says of the zone.
    """
    text = text[:LONGEST]
    day = _date(text, year)
    clocks = _clocks(_without_dates(text))
    minutes = (clocks[1] - clocks[0]) % DAY or None if len(clocks) > 1 else None
    offset = _offset(text) if clocks else None
    offset = _offset(zone) if clocks and offset is None else offset
    if offset is None:
        return Slot(day.isoformat() if day else None, None, None, minutes, bool(clocks))
    return _in_utc(day, clocks, offset, minutes)


def _in_utc(day: date | None, clocks: list[int], offset: int, minutes: int | None) -> Slot:
    """A slot with a known offset, in minutes east of Greenwich, moved to UTC."""
    start = clocks[0] - offset
    end = clocks[1] - offset if len(clocks) > 1 else None
    moved = _moved(day, start)
    return Slot(
        moved.isoformat() if moved else None,
        _hhmm(start),
        None if end is None else _hhmm(end),
        minutes,
    )


def _moved(day: date | None, minutes: int) -> date | None:
    """The day on which a moment falls that is so many minutes after a day's midnight."""
    if day is None:
        return None
    return (datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)).date()  # noqa: DTZ001


def _hhmm(minutes: int) -> str:
    return f"{minutes % DAY // 60:02d}:{minutes % 60:02d}"


def read_minutes(text: str, *, bare: bool = False) -> int | None:
    """A duration in minutes; with `bare`, a number without its unit counts as minutes."""
    text = text[:LONGEST]
    hours, minutes = HOURS.search(text), MINUTES.search(text)
    if hours or minutes:
        found = int(minutes.group(1)) if minutes else 0
        if hours and (not minutes or hours.end() < minutes.start() < hours.end() + 6):
            found += int(hours.group(1) or hours.group(3)) * 60 + (30 if hours.group(2) else 0)
    elif bare and (match := re.match(r"\D{0,3}(\d{1,3})\b", text)):
        found = int(match.group(1))
    else:
        return None
    return found if 0 < found <= DAY else None


def _date(text: str, year: int | None) -> date | None:
    """The first date of a line."""
    matches = [pattern.search(text) for pattern in (ISO, DAY_FIRST, MONTH_FIRST, SLASHED)]
    found = sorted((match for match in matches if match), key=lambda match: match.start())
    for match in found:
        wanted = int(match["y"]) if match["y"] else year
        month = match["m"].lower()[:3]
        number = int(month) if month.isdigit() else MONTHS.index(month) + 1
        try:
            return date(wanted, number, int(match["d"])) if wanted else None
        except ValueError:
            continue
    return None


def _without_dates(text: str) -> str:
    for pattern in (ISO, DAY_FIRST, MONTH_FIRST, SLASHED):
        text = pattern.sub("; ", text)
    return text


def _clocks(text: str) -> list[int]:
    """Times of day in minutes after midnight, the first two. A bare number is no time."""
    plain = NUMERIC.sub(" ", ZONED.sub(" ", _without_dates(text[:LONGEST])))
    found = [match for match in CLOCK.finditer(plain) if match["n"] or match["p"] or match["half"]]
    halves = [(match["half"] or "").lower()[:1] for match in found[:2]]
    clocks = [_minutes(match, half) for match, half in zip(found, halves, strict=False)]
    if len(clocks) > 1 and not halves[0] and halves[1] and clocks[0] + DAY // 2 < clocks[1]:
        clocks[0] += DAY // 2
    return clocks


def _minutes(match: re.Match[str], half: str) -> int:
    """Minutes after midnight of one time; `half` is a, p or nothing."""
    hour = int(match["h"])
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + int(match["n"] or match["p"] or 0)


def _offset(text: str) -> int | None:
    """Minutes east of Greenwich, if the line says so; never guessed from a city."""
    rest = _without_dates(text)
    match = ZONED.search(rest) or NUMERIC.search(rest)
    if not match:
        return 0 if PLAIN.search(rest) else None
    minutes = int(match.group(2)) * 60 + int(match.group(3) or 0)
    if minutes > 14 * 60:
        return None
    return minutes if match.group(1) == "+" else -minutes
