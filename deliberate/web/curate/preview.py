"""What a page says, as the curator checks it: values beside the lines they were read from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from deliberate.actions.forum import find_stored
from deliberate.actions.imports import read_draft, settled_doubts, shown_version
from deliberate.domain.forum import SessionType
from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.importing import Confidence, Doubt, DoubtKind, SessionPage
from deliberate.importing.corrections import (
    LISTS,
    NEEDED,
    Corrections,
    Entry,
    apply,
    entries,
    from_json,
)
from deliberate.importing.doubts import Standing, State, standings
from deliberate.inputs.imports import MODELS
from deliberate.storage.forum import ForumSession
from deliberate.storage.imports import ImportDraft
from deliberate.storage.similar import SimilarQuestion, list_similar_to_all
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank
from deliberate.web.session_values import LABELS, Difference, differences, words_of

CONFIDENCES = {
    Confidence.STATED: _l("stated"),
    Confidence.SHAPE: _l("by its form"),
    Confidence.DERIVED: _l("derived"),
}
MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Value:
    """One value with where it stands, what a curator made of it, and the form to change it.

    `line` and `heading_line` count from 1, 0 stands for none. `lines` are all its lines. `was`
    is what the page says where that differs. `sent` says that `form` came back with errors, and
    `theirs` what the value became in another window meanwhile.
    """

    key: str
    text: str | None
    heading: str | None
    line: int
    heading_line: int
    lines: Sequence[int]
    confidence: Any
    was: str | None
    is_corrected: bool
    is_added: bool
    version: int
    form: Form[Any]
    sent: bool = False
    theirs: str | None = None
    is_focus: bool = False
    alike: Sequence[SimilarQuestion] = ()

    @property
    def anchor(self) -> str:
        """The id of the value's place on the page."""
        return anchor_of(self.key)


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the page with its values; `kind` says which form corrects one.

    `adding` is the form for another entry of a list, `sent` says that it came back with errors.
    """

    name: str
    label: str
    kind: str
    values: Sequence[Value]
    is_list: bool
    is_needed: bool
    adding: Form[Any]
    sent: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of the page in stretches: the words, and whether a value was read from them."""

    number: int
    stretches: Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """A doubt with its line, the value read from that line, and what became of it."""

    doubt: Doubt
    text: str
    anchor: str | None
    is_answered: bool
    is_settled: bool

    @property
    def id(self) -> str:
        """The id of the doubt's place on the page."""
        return id_of(self.doubt)


@dataclass(frozen=True, slots=True)
class Unfit:
    """A correction that found no place when the text changed."""

    label: str
    now: str | None
    was: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that is shown before a page is stored.

    `stored` is the session that this page describes, if it was imported before. `focus` is what
    was just dealt with: the key of a value, or the id of the doubt that comes next.
    """

    draft: ImportDraft
    title: str
    kicker: str
    rows: Sequence[Row]
    doubts: Sequence[DoubtLine]
    lines: Sequence[SourceLine]
    unfit: Sequence[Unfit]
    stored: ForumSession | None
    differences: Sequence[Difference]
    confirmation: Form[Any]
    warning: str = ""
    focus: str | None = None

    @property
    def is_unchanged(self) -> bool:
        """Whether storing this page would change nothing."""
        stored, draft = self.stored, self.draft
        return stored is not None and (stored.digest, stored.page_digest) == (
            draft.digest,
            draft.page_digest,
        )

    @property
    def open_doubts(self) -> Sequence[DoubtLine]:
        """The doubts that nobody answered or settled, those of one kind together."""
        kinds = list(dict.fromkeys(one.doubt.kind for one in self.doubts))
        left = [one for one in self.doubts if not (one.is_answered or one.is_settled)]
        return sorted(left, key=lambda one: (kinds.index(one.doubt.kind), one.doubt.line))

    @property
    def groups(self) -> Sequence[Sequence[DoubtLine]]:
        """The open doubts by kind, in the order in which the page raises the first of each."""
        return [list(group) for _kind, group in groupby(self.open_doubts, _kind_of)]

    def next_open(self, done: Doubt) -> str:
        """The id of the open doubt that comes after one just settled, of the list without one."""
        kinds = list(dict.fromkeys(one.doubt.kind for one in self.doubts))
        place = kinds.index(done.kind), done.line
        after = (
            one.id
            for one in self.open_doubts
            if (kinds.index(one.doubt.kind), one.doubt.line) > place
        )
        return next(after, "doubts")

    @property
    def done_doubts(self) -> Sequence[DoubtLine]:
        """The doubts that are answered or settled."""
        return [one for one in self.doubts if one.is_answered or one.is_settled]

    def row(self, name: str) -> Row:
        """The row of one field."""
        return next(row for row in self.rows if row.name == name)


@dataclass(frozen=True, slots=True)
class Sent:
    """What was just sent for one value: its form, and what happened to it meanwhile."""

    forms: Mapping[str, Form[Any]] = field(default_factory=dict)
    theirs: str | None = None
    focus: str | None = None
    confirmation: Form[Any] | None = None
    warning: str = ""


def preview_of(draft: ImportDraft, sent: Sent | None = None) -> Preview:
    """Lay a draft's page out for checking. Raises `Invalid` when it cannot be read."""
    sent = sent or Sent()
    page, made = read_draft(draft), from_json(draft.corrections)
    shown = apply(page, made)
    stored = find_stored(reader(), page, made)
    return Preview(
        draft=draft,
        title=shown.title,
        kicker=" · ".join(part for part in (shown.reference, str(shown.year or "")) if part),
        rows=_rows(draft, page, made, stored, sent),
        doubts=[_doubt(page, one) for one in standings(page, made, settled_doubts(draft))],
        lines=list(_source_lines(page)),
        unfit=[_unfit(one) for one in draft.unfit],
        stored=stored,
        differences=differences(stored.record, shown.as_json()) if stored else [],
        confirmation=sent.confirmation or blank(),
        warning=sent.warning,
        focus=sent.focus,
    )


def anchor_of(key: str) -> str:
    """The id of a value's place on the page."""
    return "value-" + key.replace("/", "-").replace("_", "-")


def id_of(doubt: Doubt) -> str:
    """The id of a doubt's place on the page."""
    return f"doubt-{doubt.kind.name.lower().replace('_', '-')}-{doubt.line}"


def form_of(name: str, value: Any) -> Form[Any]:
    """The form to change a value, filled in with what it is now."""
    if isinstance(value, dict):
        return blank(**{part: each or "" for part, each in value.items()})
    if name == "sdgs":
        return blank(value=", ".join(map(str, value or ())))
    return blank(value="" if value is None else str(value))


def choices() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in the forms: kinds of session, stakeholder and regional groups."""
    found = {"types": SessionType, "groups": StakeholderGroup, "regions": RegionalGroup}
    return {name: [(each.value, _(each.value)) for each in kind] for name, kind in found.items()}


def kind_of(name: str) -> str:
    """Which form corrects a field: `line`, `text`, `year`, `person`, and so on."""
    return MODELS[name].__name__.removesuffix("Correction").lower()


def _rows(
    draft: ImportDraft,
    page: SessionPage,
    made: Corrections,
    stored: ForumSession | None,
    sent: Sent,
) -> list[Row]:
    found = {name: entries(page, name, made) for name in LABELS}
    asked = {
        one.key: one.value["text"] for one in found["policy_questions"] if one.value is not None
    }
    stored_id = stored.id if stored else None
    alike = list_similar_to_all(reader(), asked, stored_id, MOST_ALIKE) if asked else {}
    return [
        Row(
            name=name,
            label=str(label),
            kind=kind_of(name),
            values=[
                _value(draft, page, name, one, sent, alike.get(one.key, ()))
                for one in found[name]
                if one.value is not None or one.was is not None or name not in LISTS
            ],
            is_list=name in LISTS,
            is_needed=name in NEEDED,
            adding=(name in LISTS and sent.forms.get(name)) or form_of(name, _empty(name)),
            sent=name in LISTS and name in sent.forms,
        )
        for name, label in LABELS.items()
    ]


def _empty(name: str) -> Any:
    fields = MODELS[name].model_fields
    return None if "value" in fields else dict.fromkeys(fields.keys() - {"key", "version", "act"})


def _value(
    draft: ImportDraft,
    page: SessionPage,
    name: str,
    entry: Entry,
    sent: Sent,
    alike: Sequence[SimilarQuestion],
) -> Value:
    key, now = entry.key, entry.value
    shown = now if now is not None else entry.was
    is_question = isinstance(shown, dict) and "text" in shown
    source = page.sources.get(key) or page.sources.get(f"{key}/0")
    above = page.sources.get(f"{key}/heading")
    spans = [span for one in (above, source) if one for span in one.spans]
    if name == "sdgs":
        spans = [span for at in range(len(page.sdgs)) for span in _spans(page, f"sdgs/{at}")]
    text = None if now is None else (now["text"] if is_question else words_of(name, now))
    return Value(
        key=key,
        text=text,
        heading=now["heading"] if is_question and now is not None else None,
        line=source.line if source else 0,
        heading_line=above.line if above else 0,
        lines=sorted({span.line for span in spans}),
        confidence=CONFIDENCES.get(source.confidence) if source else None,
        was=words_of(name, entry.was) if entry.correction and entry.was is not None else None,
        is_corrected=entry.correction is not None,
        is_added=entry.is_added,
        version=shown_version(draft, key),
        form=sent.forms.get(key) or form_of(name, shown if shown is not None else _empty(name)),
        sent=key in sent.forms,
        theirs=sent.theirs if key in sent.forms else None,
        is_focus=key == sent.focus,
        alike=alike,
    )


def _spans(page: SessionPage, key: str) -> Sequence[Any]:
    source = page.sources.get(key)
    return source.spans if source else ()


def _kind_of(one: DoubtLine) -> DoubtKind:
    return one.doubt.kind


def _doubt(page: SessionPage, one: Standing) -> DoubtLine:
    """A doubt with the first value that was read from its line."""
    return DoubtLine(
        doubt=one.doubt,
        text=page.lines[one.doubt.line - 1],
        anchor=anchor_of(one.keys[0]) if one.keys else None,
        is_answered=one.state is State.ANSWERED,
        is_settled=one.state is State.SETTLED,
    )


def _unfit(one: Mapping[str, Any]) -> Unfit:
    name = one["key"].partition("/")[0]
    now, was = (
        None if one[each] is None else words_of(name, one[each]) for each in ("value", "was")
    )
    return Unfit(str(LABELS[name]), now, was)


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
