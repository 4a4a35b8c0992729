"""What a page says, as the curator checks it: values beside the lines they were read from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from deliberate.actions.forum import Upload
from deliberate.importing import Confidence, Organizer, Person, SessionPage, Source
from deliberate.storage.forum import ForumSession, find_session_by_identity
from deliberate.web.database import reader

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

CONFIDENCES = {
    Confidence.STATED: _l("stated"),
    Confidence.SHAPE: _l("by its form"),
    Confidence.DERIVED: _l("derived"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value in words; `line` counts from 1. Line and confidence are None when not known.

    `heading` is the heading a question stands under.
    """

    text: str
    line: int | None = None
    confidence: Any = None
    heading: "Value | None" = None


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the page with its values; a field that is not on the page has none."""

    label: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the page in stretches: the words, and whether a value was read from them."""

    number: int
    stretches: Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that a stored session and this page give differently."""

    label: str
    stored: Sequence[str]
    now: Sequence[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that is shown before a page is stored.

    `stored` is the session that this page describes, if it was imported before; `differences`
    is empty when it was imported from a page that said the same.
    """

    page: SessionPage
    upload: Upload
    rows: Sequence[Row]
    lines: Sequence[SourceLine]
    stored: ForumSession | None
    differences: Sequence[Difference]

    @property
    def is_unchanged(self) -> bool:
        """Whether storing this page would change nothing."""
        return self.stored is not None and self.stored.digest == self.page.digest


def preview_of(page: SessionPage, upload: Upload) -> Preview:
    """Lay a page out for checking; nothing is stored."""
    stored = find_session_by_identity(reader(), page.identity)
    return Preview(
        page=page,
        upload=upload,
        rows=[Row(str(label), _values(page, name)) for name, label in LABELS.items()],
        lines=list(_source_lines(page)),
        stored=stored,
        differences=_differences(stored.record, page.as_json()) if stored else [],
    )


def _values(page: SessionPage, name: str) -> list[Value]:
    value = getattr(page, name)
    if value is None:
        return []
    if not isinstance(value, tuple):
        return [_value(page.sources, name, _words(name, value))]
    return [
        _value(page.sources, f"{name}/{at}", _words(name, entry), getattr(entry, "heading", None))
        for at, entry in enumerate(value)
    ]


def _value(sources: Mapping[str, Source], key: str, text: str, heading: str | None = None) -> Value:
    above = _value(sources, f"{key}/heading", heading) if heading else None
    source = sources.get(key)
    if source is None:
        return Value(text, heading=above)
    return Value(text, source.line, CONFIDENCES[source.confidence], above)


def _words(name: str, value: Any) -> str:
    """A value as a person reads it."""
    if name == "duration_minutes":
        return str(ngettext("%(num)d minute", "%(num)d minutes", value))
    if isinstance(value, Organizer | Person):
        known = (value.name, getattr(value, "affiliation", None))
        parts = [*known, value.stakeholder_group, value.regional_group]
        return ", ".join(part for part in parts if part) or str(_("not named"))
    return str(getattr(value, "text", value))


def _source_lines(page: SessionPage) -> Iterator[SourceLine]:
    read: dict[int, list[tuple[int, int]]] = {}
    for source in page.sources.values():
        for span in source.spans:
            read.setdefault(span.line, []).append((span.start, span.end))
    for number, text in enumerate(page.lines, start=1):
        yield SourceLine(number, _stretches(text, sorted(read.get(number, []))))


def _stretches(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The line cut where reading begins and ends; overlapping spans count as one."""
    stretches: list[tuple[str, bool]] = []
    done = 0
    for start, end in spans:
        if end <= done:
            continue
        if start > done:
            stretches.append((text[done:start], False))
        stretches.append((text[max(start, done) : end], True))
        done = end
    if done < len(text):
        stretches.append((text[done:], False))
    return stretches


def _differences(stored: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    return [
        Difference(str(label), _plain(stored.get(name)), _plain(now[name]))
        for name, label in LABELS.items()
        if stored.get(name) != now[name]
    ]


def _plain(value: Any) -> list[str]:
    """A recorded value as lines of text."""
    if value is None:
        return []
    if isinstance(value, list):
        return [line for entry in value for line in _plain(entry)]
    if isinstance(value, dict):
        return [", ".join(str(part) for part in value.values() if part)]
    return [str(value)]
