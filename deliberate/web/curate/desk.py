"""What curators work on: a session's questions and outputs, with their history and forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deliberate.actions.curation import version_of
from deliberate.actions.undoing import list_undoable, subject_of
from deliberate.domain.errors import NotFound
from deliberate.domain.forum import LineageKind, OutputKind, QuestionState
from deliberate.domain.undoing import Subject
from deliberate.domain.wording import Hint, hints
from deliberate.policy import Can, require
from deliberate.storage.conflicts import find_session_and_standing
from deliberate.storage.curation import CurationDecision
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage, list_pages, newest_rounds
from deliberate.storage.forum import (
    ForumSession,
    Output,
    OutputPoint,
    PolicyQuestion,
)
from deliberate.storage.labels import SessionLabels, list_session_labels
from deliberate.storage.lineage import Kin, Relative, list_kin
from deliberate.storage.session_pages import list_outputs_with_points
from deliberate.storage.similar import SimilarQuestion, list_similar_to_all
from deliberate.storage.suggestions import Suggested, list_questions_with_authors
from deliberate.web.curate.stale import Stale
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank
from deliberate.web.labels import LabelLink, label_links, subject_kind
from deliberate.web.login import current_actor

USUAL_DURATION = timedelta(days=14)
USUAL_MINIMUM = "5"
MOST_SIMILAR = 3
ACTS = {
    "question": frozenset({"acceptance", "declination", "rewording", "split", "opening"}),
    "output": frozenset({"split", "opening"}),
}
"""The forms that come and go with the state of a question or an output."""


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """A question with where it came from, what it became and its discussion.

    `similar` are questions of other sessions that ask much the same; `undo` is the last act on
    it, if that can be taken back. Nothing is offered to a member who stands aside: `is_recused`.
    """

    question: PolicyQuestion
    parents: Sequence[Relative]
    children: Sequence[Relative]
    came_by: LineageKind | None
    page: DeliberationPage | None
    labels: Sequence[LabelLink]
    facilitator: tuple[int, str] | None
    similar: Sequence[SimilarQuestion]
    undo: CurationDecision | None
    suggested: Suggested | None
    is_recused: bool

    @property
    def id(self) -> int:
        """The question's id."""
        return self.question.id

    @property
    def is_curable(self) -> bool:
        """Whether anything can still be done to it: not replaced, not opened."""
        is_past = self.page is not None or self.question.state is QuestionState.REPLACED
        return not is_past and not self.is_recused

    @property
    def is_new(self) -> bool:
        """Whether it can be sent to review."""
        return self.is_curable and self.question.state is QuestionState.IMPORTED

    @property
    def is_in_review(self) -> bool:
        """Whether the MAG is scoring it."""
        return self.question.state is QuestionState.IN_REVIEW

    @property
    def acts(self) -> frozenset[str]:
        """The names of the forms that the page offers for it."""
        if not self.is_curable:
            return frozenset()
        onward = "opening" if self.is_accepted else "acceptance"
        away = set() if self.is_declined else {"declination"}
        return frozenset({"rewording", "split", onward} | away)

    @property
    def hints(self) -> Sequence[Hint]:
        """What may be looked at in its wording, as long as that can still be changed."""
        return hints(self.question.text) if self.is_curable else ()

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
    undo: CurationDecision | None
    is_recused: bool

    @property
    def id(self) -> int:
        """The output's id."""
        return self.output.id

    @property
    def acts(self) -> frozenset[str]:
        """The names of the forms that the page offers for it."""
        is_past = self.page is not None or self.is_recused
        return frozenset() if is_past else frozenset({"split", "opening"})

    @property
    def version(self) -> int:
        """A number that says which points it has."""
        return version_of(self.points)

    @property
    def is_takeaway(self) -> bool:
        """Whether it is a key takeaway; else it is a call to action."""
        return self.output.kind is OutputKind.KEY_TAKEAWAY

    @property
    def parts(self) -> str:
        """Its points as the form to split it shows them: blank lines between."""
        return "\n\n".join(point.text for point in self.points)


@dataclass(frozen=True, slots=True)
class Now:
    """How things stand, for a form that was overtaken: hidden fields, and somebody else's text.

    `place` is the field at which this is explained.
    """

    fields: Mapping[str, Any]
    place: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """A session's curation page.

    `sent` is the one form that came back invalid, under its key such as `question-3-split`;
    `theirs` is what somebody else made of the text meanwhile; `stale` is about a form that the
    page no longer offers. `is_recused`: this member declared a conflict of interest here.
    """

    session: ForumSession
    questions: Sequence[QuestionCard]
    outputs: Sequence[OutputCard]
    closes_at: datetime
    sent: Mapping[str, Form[Any]]
    theirs: str | None
    stale: Stale | None
    is_recused: bool

    @property
    def new_count(self) -> int:
        """How many questions could be sent to review at once."""
        return sum(card.is_new for card in self.questions)

    @property
    def cards(self) -> Sequence[QuestionCard | OutputCard]:
        """All questions and outputs."""
        return [*self.questions, *self.outputs]

    @property
    def mergeable(self) -> Sequence[QuestionCard]:
        """The questions that can be merged with one another."""
        return [card for card in self.questions if card.is_curable]

    @property
    def shown(self) -> list[str]:
        """The versions of the questions that can be merged, as the form to do so carries them."""
        return [f"{card.id}:{card.question.version}" for card in self.mergeable]

    def offers(self, key: str) -> bool:
        """Whether the page has the form with this key; forms it knows nothing of are taken on."""
        if key == "merger":
            return len(self.mergeable) > 1
        subject, number, act = (*key.split("-", 2), "", "")[:3]
        if subject == "decision":
            return any(card.undo and str(card.undo.id) == number for card in self.cards)
        if act not in ACTS.get(subject, ()):
            return True
        cards: Sequence[QuestionCard | OutputCard]
        cards = self.questions if subject == "question" else self.outputs
        return any(str(card.id) == number and act in card.acts for card in cards)

    def now_of(self, key: str, form: Form[Any]) -> Now:
        """How things stand for the form with this key, which the page offers."""
        if key == "merger":
            changed = {*self.shown} - {*form.posted.get("shown", [])}
            ids = {each.split(":")[0] for each in changed} & {*form.posted.get("question_ids", [])}
            texts = [card.question.text for card in self.mergeable if str(card.id) in ids]
            return Now({"shown": self.shown}, "text", " ".join(texts) or None)
        subject, number, act = (*key.split("-", 2), "", "")[:3]
        if act not in ("rewording", "split"):
            return Now({}, "", None)
        place = "text" if act == "rewording" else "parts"
        if subject == "output":
            output = next(card for card in self.outputs if str(card.id) == number)
            return Now({"version": str(output.version)}, place, output.parts)
        card = next(card for card in self.questions if str(card.id) == number)
        return Now({"version": str(card.question.version)}, place, card.question.text)

    def place(self, relative: Relative) -> str:
        """Where a question's relative stands: on this page, or on that of its own session."""
        is_here = relative.session_id == self.session.id
        page = "" if is_here else f"/sessions/{relative.slug}/curation"
        return f"{page}#question-{relative.id}"

    def form(self, key: str, **defaults: str) -> Form[Any]:
        """The form with this key: as it was sent, else with its suggestions."""
        return self.sent.get(key) or blank(**defaults)

    def opening(self, key: str) -> Form[Any]:
        """The form to open a question or an output, with the usual dates suggested."""
        closes_at = self.closes_at.strftime("%Y-%m-%dT%H:%M")
        return self.form(key, opens_at="", closes_at=closes_at, minimum=USUAL_MINIMUM)


def desk_of(
    slug: str,
    sent: Mapping[str, Form[Any]] | None = None,
    theirs: str | None = None,
    stale: Stale | None = None,
) -> Desk:
    """Gather the curation page. Raises `Refused` for people who may not curate."""
    require(current_actor(), Can.CURATE)
    member = current_actor().id or 0
    found = find_session_and_standing(reader(), slug, member)
    if found is None:
        raise NotFound("There is no such session.")
    session, is_recused = found
    pages = newest_rounds(list_pages(reader(), session.id))
    kin = list_kin(reader(), session.id)
    undoes = {} if is_recused else _latest_acts(session.id, pages, kin)
    labels = list_session_labels(reader(), session.id)
    return Desk(
        session=session,
        questions=_question_cards(session.id, pages, kin, undoes, labels, is_recused=is_recused),
        outputs=_output_cards(session.id, pages, undoes, labels, is_recused=is_recused),
        closes_at=now(reader()) + USUAL_DURATION,
        sent=sent or {},
        theirs=theirs,
        stale=stale,
        is_recused=is_recused,
    )


def _latest_acts(
    session_id: int, pages: Sequence[DeliberationPage], kin: Sequence[Kin]
) -> dict[Subject, CurationDecision]:
    """The act that can be taken back, by the question or output it was done to."""
    built_on: set[Subject] = {("question", each.question.id) for each in kin if each.children}
    built_on |= {("question", page.deliberation.question_id or 0) for page in pages}
    built_on |= {("output", page.deliberation.output_id or 0) for page in pages}
    possible = list_undoable(reader(), session_id, built_on)
    return {subject_of(decision): decision for decision in possible.values()}


def _question_cards(
    session_id: int,
    pages: Sequence[DeliberationPage],
    kin: Sequence[Kin],
    undoes: Mapping[Subject, CurationDecision],
    labels: SessionLabels,
    *,
    is_recused: bool,
) -> list[QuestionCard]:
    questions = [each.question for each in kin]
    authors = list_questions_with_authors(reader(), session_id)
    suggested = {question.id: by for question, by in authors}
    opened = {page.deliberation.question_id: page for page in pages}
    similar = list_similar_to_all(
        reader(),
        {each.id: each.text for each in questions if each.state is not QuestionState.REPLACED},
        session_id,
        MOST_SIMILAR,
    )
    return [
        QuestionCard(
            question=each.question,
            parents=each.parents,
            children=each.children,
            came_by=each.came_by,
            page=opened.get(each.question.id),
            labels=label_links(labels.of_questions.get(each.question.id, ())),
            facilitator=labels.facilitators.get(each.question.id),
            similar=similar.get(each.question.id, ()),
            undo=undoes.get(("question", each.question.id)),
            suggested=suggested.get(each.question.id),
            is_recused=is_recused,
        )
        for each in kin
    ]


def _output_cards(
    session_id: int,
    pages: Sequence[DeliberationPage],
    undoes: Mapping[Subject, CurationDecision],
    labels: SessionLabels,
    *,
    is_recused: bool,
) -> list[OutputCard]:
    opened = {page.deliberation.output_id: page for page in pages}
    return [
        OutputCard(
            output=output,
            points=points,
            page=opened.get(output.id),
            labels=label_links(labels.of_outputs.get(output.id, ()), subject_kind(output)),
            undo=undoes.get(("output", output.id)),
            is_recused=is_recused,
        )
        for output, points in list_outputs_with_points(reader(), session_id)
    ]
