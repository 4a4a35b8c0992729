"""What a curator changes of what was read: data beside the page, applied without touching it.

A correction is kept under the key of the value it is about: `title`, `speakers/0` for an entry
of a list as it was read, `speakers/added-1` for one that a curator added. Keys never move, so
removing one entry leaves the corrections of the others in place.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from deliberate.domain.forum import SessionType
from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.importing.page import (
    VALUES,
    Confidence,
    Organizer,
    Person,
    Question,
    SessionPage,
    Source,
)

PEOPLE = ("organizers", "speakers", "moderators", "rapporteurs")
OUTPUTS = ("key_takeaways", "calls_to_action")
LISTS = (*PEOPLE, "policy_questions", *OUTPUTS)
"""Fields whose entries are corrected one by one; the goals are corrected as a whole."""
NEEDED = ("title", "type")
"""What every session has: it can be changed, not removed."""
ADDED = re.compile(r"added-([1-9]\d{0,3})")


@dataclass(frozen=True, slots=True)
class Correction:
    """What a curator made of one value, in JSON types.

    `value` is None for what is not in the page, `was` is None for what the page does not say.
    `version` is the draft's when this was changed last.
    """

    value: Any
    was: Any
    version: int = 0


Corrections = Mapping[str, Correction]


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a page with what became of it; `value` is None where there is none (now)."""

    key: str
    value: Any
    was: Any
    correction: Correction | None = None

    @property
    def is_added(self) -> bool:
        """Whether a curator added it to a list."""
        return "/added-" in self.key


def as_json(corrections: Corrections) -> dict[str, Any]:
    """Corrections as they are stored."""
    return {
        key: {"value": one.value, "was": one.was, "version": one.version}
        for key, one in corrections.items()
    }


def from_json(stored: Mapping[str, Any]) -> dict[str, Correction]:
    """Corrections as they were stored."""
    return {key: Correction(**one) for key, one in stored.items()}


def entries(page: SessionPage, name: str, corrections: Corrections) -> list[Entry]:
    """The values of a field as read, each with its correction, then those that were added.

    A field that is no list has exactly one entry.
    """
    read = page.as_json()[name]
    if name not in LISTS:
        return [_entry(name, read or None, corrections)]
    found = [_entry(f"{name}/{at}", value, corrections) for at, value in enumerate(read)]
    return found + [Entry(key, one.value, None, one) for key, one in _added(name, corrections)]


def find_entry(page: SessionPage, key: str, corrections: Corrections) -> Entry | None:
    """The entry with this key, or None when the page has no such value."""
    name = key.partition("/")[0]
    if name not in VALUES:
        return None
    return next((one for one in entries(page, name, corrections) if one.key == key), None)


def next_key(name: str, corrections: Corrections) -> str:
    """The key of the next entry that is added to a list."""
    used = [int(key.rpartition("-")[2]) for key, _one in _added(name, corrections)]
    return f"{name}/added-{max(used, default=0) + 1}"


def apply(page: SessionPage, corrections: Corrections) -> SessionPage:
    """The page with the corrections in place of what was read.

    Corrected values have the confidence `CORRECTED` and keep the spans of the original; lines
    and doubts stay those of the page. A key that the page does not have is passed over.
    """
    if not corrections:
        return page
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for name in VALUES:
        kept = [one for one in entries(page, name, corrections) if one.value is not None]
        if name in LISTS:
            values[name] = tuple(_build(name, one.value) for one in kept)
            for at, one in enumerate(kept):
                sources.update(_sources(page, one, f"{name}/{at}"))
        elif name == "sdgs":
            values[name] = tuple(kept[0].value) if kept else ()
            sources.update(_goal_sources(page, values[name]))
        else:
            values[name] = _build(name, kept[0].value) if kept else None
            sources.update(_sources(page, kept[0], name) if kept else {})
    return replace(page, **values, sources=MappingProxyType(sources))


def refit(
    corrections: Corrections, page: SessionPage, version: int = 0
) -> tuple[dict[str, Correction], list[tuple[str, Correction]]]:
    """Find a place on another reading of the page for each correction.

    Gives those that fit, under the keys they have now, and those whose value the page does not
    have any more. A correction that the page itself now makes is in neither.
    """
    kept: dict[str, Correction] = {}
    lost: list[tuple[str, Correction]] = []
    read = page.as_json()
    for key, one in corrections.items():
        name = key.partition("/")[0]
        now = replace(one, version=version)
        place = _place(name, key, one, read.get(name), kept)
        if place is None:
            if not _is_made(name, one, read.get(name)):
                lost.append((key, one))
        else:
            kept[place] = now
    return kept, lost


def _entry(key: str, read: Any, corrections: Corrections) -> Entry:
    one = corrections.get(key)
    return Entry(key, one.value if one else read, read, one)


def _added(name: str, corrections: Corrections) -> Iterator[tuple[str, Correction]]:
    """The entries that a curator added to a list, in the order in which they were added."""
    start = f"{name}/"
    numbered = [
        (int(match.group(1)), key)
        for key in corrections
        if key.startswith(start) and (match := ADDED.fullmatch(key.removeprefix(start)))
    ]
    return ((key, corrections[key]) for _number, key in sorted(numbered))


def _place(name: str, key: str, one: Correction, read: Any, kept: Mapping[str, Any]) -> str | None:
    """Where a correction belongs on a page with these values; None when nowhere."""
    if name not in LISTS:
        return key if (read or None) == one.was else None
    if one.was is None:
        return None if one.value in read else key
    places = [f"{name}/{at}" for at, value in enumerate(read) if value == one.was]
    free = [place for place in places if place not in kept]
    return key if key in free else next(iter(free), None)


def _is_made(name: str, one: Correction, read: Any) -> bool:
    """Whether the page says by itself what the correction would make it say."""
    if name not in LISTS:
        return bool((read or None) == one.value)
    return one.value is None or one.value in read


def _sources(page: SessionPage, one: Entry, place: str) -> Iterator[tuple[str, Source]]:
    """The sources of an entry under the place it has after corrections."""
    found = page.sources.get(one.key)
    if one.correction is not None:
        yield place, Source(found.spans if found else (), Confidence.CORRECTED)
        return
    for part in ("", "/heading"):
        if source := page.sources.get(one.key + part):
            yield place + part, source


def _goal_sources(page: SessionPage, goals: tuple[int, ...]) -> Iterator[tuple[str, Source]]:
    for at, goal in enumerate(goals):
        if goal not in page.sdgs:
            yield f"sdgs/{at}", Source((), Confidence.CORRECTED)
        elif source := page.sources.get(f"sdgs/{page.sdgs.index(goal)}"):
            yield f"sdgs/{at}", source


def _build(name: str, value: Any) -> Any:
    """A value of the page from JSON types."""
    if name == "type":
        return SessionType(value)
    if name == "policy_questions":
        return Question(**value)
    if name not in PEOPLE:
        return value
    group, region = value["stakeholder_group"], value["regional_group"]
    known = {
        "stakeholder_group": StakeholderGroup(group) if group else None,
        "regional_group": RegionalGroup(region) if region else None,
    }
    return Organizer(**{**value, **known}) if name == "organizers" else Person(**{**value, **known})
