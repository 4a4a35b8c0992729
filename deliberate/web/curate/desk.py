"""What curators work on: a session's questions and outputs, with their history and forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deliberate.actions.forum import get_session
from deliberate.domain.forum import LineageKind, OutputKind, QuestionState
from deliberate.policy import Can, require
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage, list_pages
from deliberate.storage.forum import (
    ForumSession,
    Output,
    OutputPoint,
    PolicyQuestion,
    list_lineage,
    list_outputs,
    list_points,
    list_questions,
)
from deliberate.storage.labels import SessionLabels, list_session_labels
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank
from deliberate.web.labels import LabelLink, label_links, subject_kind
from deliberate.web.login import current_actor

USUAL_DURATION = timedelta(days=14)
USUAL_MINIMUM = "5"


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question with where it came from, what it became and its discussion."""

    question: PolicyQuestion
    parents: Sequence[PolicyQuestion]
    children: Sequence[PolicyQuestion]
    came_by: LineageKind | None
    page: DeliberationPage | None
    labels: Sequence[LabelLink]
    facilitator: tuple[int, str] | None

    @property
    def id(self) -> int:
        """The question's id."""
        return self.question.id

    @property
    def is_curable(self) -> bool:
        """Whether anything can still be done to it: not replaced, not opened."""
        return self.page is None and self.question.state is not QuestionState.REPLACED

    @property
    def is_accepted(self) -> bool:
        """Whether it was taken into discussion."""
        return self.question.state is QuestionState.ACCEPTED

    @property
    def is_declined(self) -> bool:
        """Whether it was left out."""
        return self.question.state is QuestionState.DECLINED

    @property
    def is_reworded(self) -> bool:
        """Whether it reads differently from its original."""
        return self.question.text != self.question.original


@dataclass(frozen=True, slots=True)
class OutputCard:
    """A takeaway or call with the points people respond to, and its discussion."""

    output: Output
    points: Sequence[OutputPoint]
    page: DeliberationPage | None
    labels: Sequence[LabelLink]

    @property
    def id(self) -> int:
        """The output's id."""
        return self.output.id

    @property
    def is_takeaway(self) -> bool:
        """Whether it is a key takeaway; else it is a call to action."""
        return self.output.kind is OutputKind.KEY_TAKEAWAY

    @property
    def parts(self) -> str:
        """Its points as the form to split it shows them: blank lines between."""
        return "\n\n".join(point.text for point in self.points)


@dataclass(frozen=True, slots=True)
class Desk:
    """A session's curation page.

    `sent` is the one form that came back invalid, under its key such as `question-3-split`;
    `theirs` is what somebody else made of the text meanwhile.
    """

    session: ForumSession
    questions: Sequence[QuestionCard]
    outputs: Sequence[OutputCard]
    closes_at: datetime
    sent: Mapping[str, Form[Any]]
    theirs: str | None

    @property
    def mergeable(self) -> Sequence[QuestionCard]:
        """The questions that can be merged with one another."""
        return [card for card in self.questions if card.is_curable]

    def form(self, key: str, **defaults: str) -> Form[Any]:
        """The form with this key: as it was sent, else with its suggestions."""
        return self.sent.get(key) or blank(**defaults)

    def opening(self, key: str) -> Form[Any]:
        """The form to open a question or an output, with the usual dates suggested."""
        closes_at = self.closes_at.strftime("%Y-%m-%dT%H:%M")
        return self.form(key, opens_at="", closes_at=closes_at, minimum=USUAL_MINIMUM)


def desk_of(
    slug: str, sent: Mapping[str, Form[Any]] | None = None, theirs: str | None = None
) -> Desk:
    """Gather the curation page. Raises `Refused` for people who may not curate."""
    require(current_actor(), Can.CURATE)
    session = get_session(reader(), slug)
    pages = list_pages(reader(), session.id)
    labels = list_session_labels(reader(), session.id)
    return Desk(
        session=session,
        questions=_question_cards(session.id, pages, labels),
        outputs=_output_cards(session.id, pages, labels),
        closes_at=now(reader()) + USUAL_DURATION,
        sent=sent or {},
        theirs=theirs,
    )


def _question_cards(
    session_id: int, pages: Sequence[DeliberationPage], labels: SessionLabels
) -> list[QuestionCard]:
    questions = {question.id: question for question in list_questions(reader(), session_id)}
    opened = {page.deliberation.question_id: page for page in pages}
    links = list_lineage(reader(), list(questions))
    return [
        QuestionCard(
            question=question,
            parents=[questions[link.parent_id] for link in links if link.child_id == question.id],
            children=[questions[link.child_id] for link in links if link.parent_id == question.id],
            came_by=next((link.kind for link in links if link.child_id == question.id), None),
            page=opened.get(question.id),
            labels=label_links(labels.of_questions.get(question.id, ())),
            facilitator=labels.facilitators.get(question.id),
        )
        for question in questions.values()
    ]


def _output_cards(
    session_id: int, pages: Sequence[DeliberationPage], labels: SessionLabels
) -> list[OutputCard]:
    outputs = list_outputs(reader(), session_id)
    opened = {page.deliberation.output_id: page for page in pages}
    points = list_points(reader(), [output.id for output in outputs])
    return [
        OutputCard(
            output=output,
            points=[point for point in points if point.output_id == output.id],
            page=opened.get(output.id),
            labels=label_links(labels.of_outputs.get(output.id, ()), subject_kind(output)),
        )
        for output in outputs
    ]
