"""The values of a session's page in words, and what differs between two of its records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from deliberate.domain.differences import Change, compare_lists, compare_values

LABELS: Mapping[str, Any] = {
    "title": _l("Title"),
    "reference": _l("Session number"),
    "year": _l("Year"),
    "type": _l("Session type"),
    "format": _l("Format"),
    "duration_minutes": _l("Duration"),
    "date": _l("Date"),
    "start_utc": _l("Begins (UTC)"),
    "end_utc": _l("Ends (UTC)"),
    "room": _l("Room"),
    "organizers": _l("Organizers"),
    "speakers": _l("Speakers"),
    "moderators": _l("Moderators"),
    "rapporteurs": _l("Rapporteurs"),
    "theme": _l("Theme"),
    "sdgs": _l("Sustainable Development Goals"),
    "policy_questions": _l("Policy questions"),
    "key_takeaways": _l("Key takeaways"),
    "calls_to_action": _l("Calls to action"),
}
"""The fields of a page in its own order."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two records give differently."""

    name: str
    label: str
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class CorrectedValue:
    """What a curator made of a value: `now` is none for what was left out, `was` for additions."""

    name: str
    label: str
    now: str | None
    was: str | None


def words_of(name: str, value: Any) -> str:
    """One value, in the JSON types of a record, as a person reads it."""
    if name == "duration_minutes":
        return str(ngettext("%(num)d minute", "%(num)d minutes", value))
    if name == "sdgs":
        return ", ".join(map(str, value))
    if name == "type":
        return str(_(value))
    if not isinstance(value, dict):
        return str(value)
    if "text" in value:
        return f"{value['heading']}: {value['text']}" if value["heading"] else str(value["text"])
    groups = [value["stakeholder_group"], value["regional_group"]]
    parts = [value["name"], value.get("affiliation"), *(_(group) for group in groups if group)]
    return ", ".join(part for part in parts if part) or str(_("not named"))


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What two records of a session give differently, field by field, changed words marked."""
    found = []
    for name, label in LABELS.items():
        if before.get(name) == after.get(name):
            continue
        old, new = _texts(name, before.get(name)), _texts(name, after.get(name))
        if isinstance(after.get(name), list) and name != "sdgs":
            changes = compare_lists(old, new)
        else:
            changes = compare_values(*(texts[0] if texts else None for texts in (old, new)))
        if changes:
            found.append(Difference(name, str(label), changes))
    return found


def count_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """How many values two records give differently."""
    return sum(len(one.changes) for one in differences(before, after))


def corrected_values(corrections: Mapping[str, Any]) -> list[CorrectedValue]:
    """What curators corrected, in the order of the fields."""
    found = []
    for name, label in LABELS.items():
        for key in sorted(corrections, key=_place):
            if key.partition("/")[0] == name:
                one = corrections[key]
                now, was = (_words_or_none(name, one[each]) for each in ("value", "was"))
                found.append(CorrectedValue(name, str(label), now, was))
    return found


def _words_or_none(name: str, value: Any) -> str | None:
    return None if value is None else words_of(name, value)


def _place(key: str) -> tuple[bool, int]:
    """Entries that were read in their order, then those that were added."""
    last = key.rpartition("/")[2]
    number = last.removeprefix("added-")
    return number != last, int(number) if number.isdecimal() else 0


def _texts(name: str, value: Any) -> list[str]:
    if value is None or value == []:
        return []
    if isinstance(value, list) and name != "sdgs":
        return [words_of(name, entry) for entry in value]
    return [words_of(name, value)]
