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
from deliberate.domain.errors import Invalid
from deliberate.domain.forum import CurationKind, LineageKind, QuestionState
from deliberate.importing import read_page
from deliberate.storage.curation import list_decisions
from deliberate.storage.deliberation_pages import DeliberationPage, list_pages
from deliberate.storage.forum import (
    ForumSession,
    Output,
    OutputPoint,
    PolicyQuestion,
    QuestionLineage,
    list_lineage,
    list_questions,
)
from deliberate.storage.labels import Labels, SessionLabels, list_session_labels
from deliberate.storage.session_pages import list_outputs_with_points
from deliberate.web.labels import LabelLink, label_links, subject_kind

MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class QuestionItem:
    """A policy question with what became of it.

    `replaced_by` and `came_from` are other questions of the session; `by_merger` says that
    they were merged rather than split.
    """

    id: int
    heading: str | None
    text: str
    original: str | None
    state: QuestionState
    source_line: int | None
    deliberation: DeliberationPage | None
    replaced_by: Sequence[PolicyQuestion]
    came_from: Sequence[PolicyQuestion]
    by_merger: bool
    declined_because: str | None
    labels: Sequence[LabelLink]
    facilitator: tuple[int, str] | None
    priority: Priority | None


@dataclass(frozen=True, slots=True)
class OutputItem:
    """A takeaway or call, verbatim; `points` only when it was split into several."""

    id: int
    position: int
    text: str
    source_line: int | None
    points: Sequence[OutputPoint]
    deliberation: DeliberationPage | None
    labels: Sequence[LabelLink]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody named on the page; `name` is none where the page gives only a group."""

    name: str | None
    affiliation: str | None
    region: str | None


@dataclass(frozen=True, slots=True)
class People:
    """Those in one role, by stakeholder group in alphabetical order, unknown groups last."""

    role: str
    groups: Sequence[tuple[str | None, Sequence[PersonLine]]]


@dataclass(frozen=True, slots=True)
class SessionView:
    """Everything on a forum session's page.

    `kicker` names number, type and year; `facts` are terms with their values.
    """

    session: ForumSession
    kicker: str
    facts: Sequence[tuple[str, str]]
    people: Sequence[People]
    questions: Sequence[QuestionItem]
    takeaways: Sequence[OutputItem]
    calls: Sequence[OutputItem]
    curation: Sequence[Any]


def session_view(reader: Session, slug: str) -> SessionView:
    """The page of one forum session. Raises `NotFound`."""
    session = get_session(reader, slug)
    pages = list_pages(reader, session.id)
    curation = list_decisions(reader, session.id, limit=MOST_ENTRIES)
    outputs = list_outputs_with_points(reader, session.id)
    by_output = {page.deliberation.output_id: page for page in pages}
    labels = list_session_labels(reader, session.id)
    items = [
        _output(output, points, by_output, labels.of_outputs.get(output.id, frozenset()))
        for output, points in outputs
    ]
    kinds = [output.kind.value for output, _points in outputs]
    return SessionView(
        session=session,
        kicker=_kicker(session),
        facts=_facts(session),
        people=_people(session.record),
        questions=_questions(reader, session, pages, _reasons(curation), labels),
        takeaways=[item for item, kind in zip(items, kinds, strict=True) if kind == "key_takeaway"],
        calls=[item for item, kind in zip(items, kinds, strict=True) if kind == "call_to_action"],
        curation=curation,
    )


def source_lines(session: ForumSession) -> Sequence[str]:
    """The lines of the original as it was read: line 1 is the first entry.

    References count these lines, not those of a web page's markup. A text that can no longer
    be read as a session page is shown line by line.
    """
    try:
        return read_page(session.source_text, session.source_name).lines
    except Invalid:
        return session.source_text.splitlines()


def _questions(
    reader: Session,
    session: ForumSession,
    pages: Iterable[DeliberationPage],
    reasons: Mapping[int | None, str],
    labels: SessionLabels,
) -> list[QuestionItem]:
    questions = list_questions(reader, session.id)
    links = list_lineage(reader, [question.id for question in questions]) if questions else []
    by_id = {question.id: question for question in questions}
    by_question = {page.deliberation.question_id: page for page in pages}
    return [
        _question(one, links, by_id, by_question.get(one.id), reasons.get(one.id), labels)
        for one in questions
    ]


def _question(
    question: PolicyQuestion,
    links: Sequence[QuestionLineage],
    by_id: Mapping[int, PolicyQuestion],
    deliberation: DeliberationPage | None,
    reason: str | None,
    labels: SessionLabels,
) -> QuestionItem:
    children = [link for link in links if link.parent_id == question.id]
    parents = [link for link in links if link.child_id == question.id]
    return QuestionItem(
        id=question.id,
        heading=question.heading,
        text=question.text,
        original=question.original if question.original != question.text else None,
        state=question.state,
        source_line=question.source_line,
        deliberation=deliberation,
        replaced_by=[by_id[link.child_id] for link in children if link.child_id in by_id],
        came_from=[by_id[link.parent_id] for link in parents if link.parent_id in by_id],
        by_merger=any(link.kind is LineageKind.MERGE for link in (*children, *parents)),
        declined_because=reason if question.state is QuestionState.DECLINED else None,
        labels=label_links(labels.of_questions.get(question.id, ())),
        facilitator=labels.facilitators.get(question.id),
        priority=question.priority,
    )


def _reasons(curation: Iterable[Any]) -> dict[int | None, str]:
    """Why each question was last declined."""
    declined = [entry for entry, *_rest in curation if entry.kind is CurationKind.DECLINE]
    return {entry.question_id: entry.reason for entry in reversed(declined)}


def _output(
    output: Output,
    points: Sequence[OutputPoint],
    by_output: Mapping[int | None, DeliberationPage],
    labels: Labels,
) -> OutputItem:
    return OutputItem(
        id=output.id,
        position=output.position,
        text=output.text,
        source_line=output.source_line,
        points=points if len(points) > 1 else [],
        deliberation=by_output.get(output.id),
        labels=label_links(labels, subject_kind(output)),
    )


def _kicker(session: ForumSession) -> str:
    parts = (session.reference, _(session.type), str(session.year) if session.year else None)
    return " · ".join(part for part in parts if part)


def _facts(session: ForumSession) -> list[tuple[str, str]]:
    """What the page says about time, place and subject; what it leaves open is left out."""
    record = session.record
    minutes = record.get("duration_minutes")
    facts = (
        (_("When"), _when(record)),
        (_("Room"), record.get("room")),
        (_("Format"), record.get("format")),
        (_("Length"), ngettext("%(num)d minute", "%(num)d minutes", minutes) if minutes else None),
        (_("Theme"), session.theme),
        (_("Sustainable Development Goals"), ", ".join(map(str, record.get("sdgs") or ()))),
    )
    return [(term, value) for term, value in facts if value]


def _when(record: Mapping[str, Any]) -> str | None:
    """The day in words, with the times in UTC where the page gives them."""
    if not record.get("date"):
        return None
    day = format_date(date.fromisoformat(record["date"]), "d MMM y")
    start, end = record.get("start_utc"), record.get("end_utc")
    if not start or not end:
        return str(day)
    return str(_("%(day)s, %(start)s to %(end)s UTC", day=day, start=start, end=end))


def _people(record: Mapping[str, Any]) -> list[People]:
    """Organizers, speakers and the rest as the record names them, by group."""
    found = []
    for role in ("organizers", "speakers", "moderators", "rapporteurs"):
        entries = record.get(role) or []
        groups: dict[str | None, list[PersonLine]] = {}
        for entry in entries:
            line = PersonLine(
                entry.get("name"), entry.get("affiliation"), entry.get("regional_group")
            )
            groups.setdefault(entry.get("stakeholder_group"), []).append(line)
        if entries:
            in_order = sorted(groups.items(), key=lambda pair: (pair[0] is None, pair[0] or ""))
            found.append(People(role, in_order))
    return found
