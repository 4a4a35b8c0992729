"""A forum session as its public page shows it: who spoke, what was asked, what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.actions.forum import get_session
from deliberate.domain.classification import Priority
from deliberate.domain.forum import CurationKind, LineageKind, OutputKind, QuestionState
from deliberate.domain.levels import ConsensusLevel
from deliberate.storage.curation import list_decisions
from deliberate.storage.deliberation_pages import DeliberationPage, list_pages, newest_rounds
from deliberate.storage.forum import (
    ForumSession,
    Output,
    OutputPoint,
)
from deliberate.storage.labels import Labels, SessionLabels, list_session_labels
from deliberate.storage.lineage import Kin, Relative, list_kin
from deliberate.storage.session_pages import list_outputs_with_points
from deliberate.storage.suggestions import Suggested, list_for_page
from deliberate.web.labels import LabelLink, label_links, subject_kind
from deliberate.web.session_values import CorrectedValue, corrected_values, words_of

MOST_ENTRIES = 200
Notes = Mapping[tuple[str, str], CorrectedValue]
"""What a curator corrected, by field and by the words that stand there now."""
FIRST_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class QuestionItem:
    """A policy question with what became of it.

    `replaced_by` and `came_from` are other questions, of any session; `became_by_merger` and
    `came_by_merger` say that it was merged rather than split.
    """

    id: int
    heading: str | None
    text: str
    original: str | None
    state: QuestionState
    source_line: int | None
    is_added: bool
    deliberation: DeliberationPage | None
    replaced_by: Sequence[Relative]
    came_from: Sequence[Relative]
    became_by_merger: bool
    came_by_merger: bool
    declined_because: str | None
    labels: Sequence[LabelLink]
    facilitator: tuple[int, str] | None
    priority: Priority | None
    withdrawn_in: int | None
    note: CorrectedValue | None


@dataclass(frozen=True, slots=True)
class OutputItem:
    """A takeaway or call, verbatim; `points` only when it was split into several."""

    id: int
    position: int
    text: str
    source_line: int | None
    is_added: bool
    points: Sequence[OutputPoint]
    deliberation: DeliberationPage | None
    labels: Sequence[LabelLink]
    withdrawn_in: int | None
    note: CorrectedValue | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody named on the page; `name` is none where the page gives only a group."""

    name: str | None
    affiliation: str | None
    region: str | None
    note: CorrectedValue | None


@dataclass(frozen=True, slots=True)
class People:
    """Those in one role, by stakeholder group in alphabetical order, unknown groups last."""

    role: str
    groups: Sequence[tuple[str | None, Sequence[PersonLine]]]


@dataclass(frozen=True, slots=True)
class SessionView:
    """Everything on a forum session's page.

    `kicker` names number, type and year; `facts` are terms with their values and what a curator
    corrected of them. `head_notes` are corrections of what stands in the head of the page,
    `left_out` what a curator found not to be in the page.
    """

    session: ForumSession
    kicker: str
    facts: Sequence[tuple[str, str, Sequence[CorrectedValue]]]
    head_notes: Sequence[CorrectedValue]
    left_out: Sequence[CorrectedValue]
    people: Sequence[People]
    questions: Sequence[QuestionItem]
    takeaways: Sequence[OutputItem]
    calls: Sequence[OutputItem]
    curation: Sequence[Any]
    suggested: Mapping[int | None, Suggested]
    suggestions: Sequence[Any]
    has_more_suggestions: bool
    undoings: Mapping[int, int]
    levels: Mapping[str, str]


def session_view(reader: Session, slug: str) -> SessionView:
    """The page of one forum session. Raises `NotFound`."""
    session = get_session(reader, slug)
    pages = newest_rounds(list_pages(reader, session.id))
    curation = list_decisions(reader, session.id, limit=MOST_ENTRIES)
    outputs = list_outputs_with_points(reader, session.id)
    by_output = {page.deliberation.output_id: page for page in pages}
    labels = list_session_labels(reader, session.id)
    corrected = corrected_values(session.corrections)
    notes = {(one.name, one.now): one for one in corrected if one.now is not None}
    items = [
        _output(
            output,
            points,
            by_output.get(output.id),
            notes,
            labels.of_outputs.get(output.id, frozenset()),
        )
        for output, points in outputs
    ]
    suggestions = list_for_page(reader, session.id, FIRST_SUGGESTIONS + 1)
    kinds = [output.kind.value for output, _points in outputs]
    return SessionView(
        session=session,
        kicker=_kicker(session),
        facts=_facts(session, corrected),
        head_notes=_about(corrected, "title", "reference", "year", "type"),
        left_out=[one for one in corrected if one.now is None],
        people=_people(session.record, notes),
        questions=_questions(reader, session, pages, _reasons(curation), notes, labels),
        takeaways=[item for item, kind in zip(items, kinds, strict=True) if kind == "key_takeaway"],
        calls=[item for item, kind in zip(items, kinds, strict=True) if kind == "call_to_action"],
        curation=curation,
        suggested=_suggested(suggestions),
        suggestions=suggestions[:FIRST_SUGGESTIONS],
        has_more_suggestions=len(suggestions) > FIRST_SUGGESTIONS,
        undoings={entry.undoes_id: entry.id for entry, *_rest in curation if entry.undoes_id},
        levels={level.value: level.label for level in ConsensusLevel},
    )


def _questions(
    reader: Session,
    session: ForumSession,
    pages: Iterable[DeliberationPage],
    reasons: Mapping[int | None, str],
    notes: Notes,
    labels: SessionLabels,
) -> list[QuestionItem]:
    by_question = {page.deliberation.question_id: page for page in pages}
    return [
        _question(
            one,
            by_question.get(one.question.id),
            reasons.get(one.question.id),
            notes,
            labels,
        )
        for one in list_kin(reader, session.id)
    ]


def _suggested(lines: Iterable[Any]) -> dict[int | None, Suggested]:
    """Who suggested what became a question."""
    return {
        suggestion.question_id: Suggested(author.name, suggestion.group)
        for suggestion, author, *_rest in lines
        if suggestion.question_id is not None
    }


def _question(
    kin: Kin,
    deliberation: DeliberationPage | None,
    reason: str | None,
    notes: Notes,
    labels: SessionLabels,
) -> QuestionItem:
    question = kin.question
    said = words_of("policy_questions", {"heading": question.heading, "text": question.original})
    return QuestionItem(
        id=question.id,
        heading=question.heading,
        text=question.text,
        original=question.original if question.original != question.text else None,
        state=question.state,
        source_line=question.source_line,
        is_added=question.is_added,
        deliberation=deliberation,
        replaced_by=kin.children,
        came_from=kin.parents,
        became_by_merger=kin.became_by is LineageKind.MERGE,
        came_by_merger=kin.came_by is LineageKind.MERGE,
        declined_because=reason if question.state is QuestionState.DECLINED else None,
        labels=label_links(labels.of_questions.get(question.id, ())),
        facilitator=labels.facilitators.get(question.id),
        priority=question.priority,
        withdrawn_in=question.withdrawn_in,
        note=None if kin.parents else notes.get(("policy_questions", said)),
    )


def _reasons(curation: Iterable[Any]) -> dict[int | None, str]:
    """Why each question was last declined."""
    declined = [entry for entry, *_rest in curation if entry.kind is CurationKind.DECLINE]
    return {entry.question_id: entry.reason for entry in reversed(declined)}


def _output(
    output: Output,
    points: Sequence[OutputPoint],
    deliberation: DeliberationPage | None,
    notes: Notes,
    labels: Labels,
) -> OutputItem:
    field = "key_takeaways" if output.kind is OutputKind.KEY_TAKEAWAY else "calls_to_action"
    return OutputItem(
        id=output.id,
        position=output.position,
        text=output.text,
        source_line=output.source_line,
        is_added=output.is_added,
        points=points if len(points) > 1 else [],
        deliberation=deliberation,
        labels=label_links(labels, subject_kind(output)),
        withdrawn_in=output.withdrawn_in,
        note=notes.get((field, output.text)),
    )


def _kicker(session: ForumSession) -> str:
    parts = (session.reference, _(session.type), str(session.year) if session.year else None)
    return " · ".join(part for part in parts if part)


def _facts(
    session: ForumSession, corrected: Sequence[CorrectedValue]
) -> list[tuple[str, str, Sequence[CorrectedValue]]]:
    """What the page says about time, place and subject; what it leaves open is left out.

    Each with what a curator corrected of it.
    """
    record = session.record
    minutes = record.get("duration_minutes")
    length = ngettext("%(num)d minute", "%(num)d minutes", minutes) if minutes else None
    goals = ", ".join(map(str, record.get("sdgs") or ()))
    facts = (
        (_("When"), _when(record), ("date", "start_utc", "end_utc")),
        (_("Room"), record.get("room"), ("room",)),
        (_("Format"), record.get("format"), ("format",)),
        (_("Length"), length, ("duration_minutes",)),
        (_("Theme"), session.theme, ("theme",)),
        (_("Sustainable Development Goals"), goals, ("sdgs",)),
    )
    return [(term, value, _about(corrected, *names)) for term, value, names in facts if value]


def _about(corrected: Iterable[CorrectedValue], *names: str) -> list[CorrectedValue]:
    """What a curator made of these fields, other than leaving values out."""
    return [one for one in corrected if one.name in names and one.now is not None]


def _when(record: Mapping[str, Any]) -> str | None:
    """The day in words, with the times in UTC where the page gives them."""
    if not record.get("date"):
        return None
    day = format_date(date.fromisoformat(record["date"]), "d MMM y")
    start, end = record.get("start_utc"), record.get("end_utc")
    if not start or not end:
        return str(day)
    return str(_("%(day)s, %(start)s to %(end)s UTC", day=day, start=start, end=end))


def _people(record: Mapping[str, Any], notes: Notes) -> list[People]:
    """Organizers, speakers and the rest as the record names them, by group."""
    found = []
    for role in ("organizers", "speakers", "moderators", "rapporteurs"):
        entries = record.get(role) or []
        groups: dict[str | None, list[PersonLine]] = {}
        for entry in entries:
            line = PersonLine(
                entry.get("name"),
                entry.get("affiliation"),
                entry.get("regional_group"),
                notes.get((role, words_of(role, entry))),
            )
            groups.setdefault(entry.get("stakeholder_group"), []).append(line)
        if entries:
            in_order = sorted(groups.items(), key=lambda pair: (pair[0] is None, pair[0] or ""))
            found.append(People(role, in_order))
    return found
