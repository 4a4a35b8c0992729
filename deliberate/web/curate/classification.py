"""Classifying: what a question or output is about, whom it addresses, who takes care of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from deliberate.actions.classification import (
    classify_output,
    classify_question,
    classify_session,
)
from deliberate.actions.forum import get_session
from deliberate.domain.classification import ACTOR_LABELS, GOAL_LABELS, Classification, LabelKind
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.languages import likely_language
from deliberate.importing.themes import THEMES
from deliberate.inputs.classification import Classifying, SessionLabelling
from deliberate.policy import Can, require
from deliberate.storage.forum import (
    ForumSession,
    Output,
    PolicyQuestion,
    find_output,
    find_question,
)
from deliberate.storage.labels import find_classification, find_names, list_facilitators
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
from deliberate.web.labels import (
    goal_name,
    language_choices,
    language_name,
    priority_choices,
    subject_kind,
)
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other

UNTICKED: Mapping[str, Any] = {"themes": [], "goals": [], "actors": []}
"""What a browser sends of boxes that are all empty: nothing."""
TEMPLATE = "curate/classification.html"


@dataclass(frozen=True, slots=True)
class ClassificationPage:
    """The form to classify something. `subject` is None for all questions of a session.

    `theirs` are the lines of what somebody else stored meanwhile; `hint` is the language that
    the text seems to be in.
    """

    session: ForumSession
    subject: PolicyQuestion | Output | None
    action: str
    form: Form[Any]
    themes: Sequence[tuple[str, str]]
    actors: Sequence[tuple[str, str]]
    facilitators: Sequence[tuple[int, str]]
    goals: Sequence[tuple[int, str]]
    languages: Sequence[tuple[str, str]]
    priorities: Sequence[tuple[str, str]]
    hint: str | None = None
    theirs: Sequence[str] = ()

    @property
    def kind(self) -> str:
        """What is classified: session, question, takeaway or call."""
        if isinstance(self.subject, Output):
            return subject_kind(self.subject)
        return "session" if self.subject is None else "question"


@blueprint.get("/questions/<int:question_id>/classification")
def show_question_classification(question_id: int) -> ResponseReturnValue:
    """The form for one question."""
    require(current_actor(), Can.CURATE)
    return _show(_question(question_id))


@blueprint.post("/questions/<int:question_id>/classification")
def classify_one_question(question_id: int) -> ResponseReturnValue:
    """Store how a question is classified."""
    require(current_actor(), Can.CURATE)
    question = _question(question_id)

    def act(tx: Session, data: Classifying) -> bool:
        return classify_question(tx, current_actor(), question_id, data)

    return _perform(question, f"question-{question_id}", act)


@blueprint.get("/outputs/<int:output_id>/classification")
def show_output_classification(output_id: int) -> ResponseReturnValue:
    """The form for one takeaway or call."""
    require(current_actor(), Can.CURATE)
    return _show(_output(output_id))


@blueprint.post("/outputs/<int:output_id>/classification")
def classify_one_output(output_id: int) -> ResponseReturnValue:
    """Store how a takeaway or call is classified."""
    require(current_actor(), Can.CURATE)
    output = _output(output_id)

    def act(tx: Session, data: Classifying) -> bool:
        return classify_output(tx, current_actor(), output_id, data)

    return _perform(output, f"output-{output_id}", act)


@blueprint.get("/sessions/<slug>/classification")
def show_session_classification(slug: str) -> ResponseReturnValue:
    """The form for all questions of a session."""
    require(current_actor(), Can.CURATE)
    return _show_session(slug, Form(dict(UNTICKED)))


@blueprint.post("/sessions/<slug>/classification")
def classify_whole_session(slug: str) -> ResponseReturnValue:
    """Add labels to everything a session asked, and on request to what it reported."""
    require(current_actor(), Can.CURATE)
    form = _read(SessionLabelling)
    if form.data is not None:
        try:
            with writing() as tx:
                number = classify_session(tx, current_actor(), slug, form.data)
        except Invalid as error:
            form = form.reject(error)
        else:
            text = ngettext("%(num)d text got new labels.", "%(num)d texts got new labels.", number)
            flash(text, "ok")
            return see_other(f"/sessions/{slug}/curation#questions")
    return _show_session(slug, form, 422)


def _question(question_id: int) -> PolicyQuestion:
    question = find_question(reader(), question_id)
    if question is None:
        raise NotFound(_("There is no such question."))
    return question


def _output(output_id: int) -> Output:
    output = find_output(reader(), output_id)
    if output is None:
        raise NotFound(_("There is no such output."))
    return output


def _read(model: type[Any]) -> Form[Any]:
    """The posted form; boxes that are all empty stay empty when it is shown again."""
    form: Form[Any] = read_form(model, request.form)
    return Form({**UNTICKED, **form.posted}, form.errors, form.data)


def _perform(
    subject: PolicyQuestion | Output, anchor: str, act: Callable[[Session, Classifying], bool]
) -> ResponseReturnValue:
    """Store a valid form and go back to the desk; another curator's version is shown beside it."""
    form = _read(Classifying)
    if form.data is None:
        return _show(subject, form, 422)
    try:
        with writing() as tx:
            changed = act(tx, form.data)
    except Invalid as error:
        return _show(subject, form.reject(error), 422)
    except Conflict as error:
        mine: Form[Any] = Form(form.posted, {"": in_words(error)})
        return _show(subject, mine, 409)
    if changed:
        flash(_("The labels are saved."), "ok")
    else:
        flash(_("Nothing was changed."), "info")
    slug = reader().get_one(ForumSession, subject.session_id).slug
    return see_other(f"/sessions/{slug}/curation#{anchor}")


def _show(
    subject: PolicyQuestion | Output, sent: Form[Any] | None = None, status: int = 200
) -> Response:
    stored = find_classification(reader(), subject)
    theirs: list[str] = []
    if status == 409 and sent is not None:
        names = find_names(reader(), [stored.facilitator_id])
        theirs = stored.in_words(names) or [str(_("No labels at all."))]
        sent = Form({**sent.posted, "version": stored.version}, sent.errors)
    form = sent or _filled_in(stored)
    likely = None if form.value("language") else likely_language(subject.text)
    hint = language_name(likely) if likely else None
    session = reader().get_one(ForumSession, subject.session_id)
    folder = "outputs" if isinstance(subject, Output) else "questions"
    page = _page(session, subject, f"/{folder}/{subject.id}/classification", form, stored)
    return respond(TEMPLATE, "classification", status, page=replace(page, hint=hint, theirs=theirs))


def _show_session(slug: str, form: Form[Any], status: int = 200) -> Response:
    session = get_session(reader(), slug)
    page = _page(session, None, f"/sessions/{slug}/classification", form, Classification())
    return respond(TEMPLATE, "classification", status, page=page)


def _page(
    session: ForumSession,
    subject: PolicyQuestion | Output | None,
    action: str,
    form: Form[Any],
    stored: Classification,
) -> ClassificationPage:
    """The form with everything to choose from, what is stored or was typed included."""
    themes = [*THEMES.get(session.year or 0, "").split("|"), session.theme]
    themes += [*stored.values(LabelKind.THEME), *form.value("themes")]
    actors = [*ACTOR_LABELS, *stored.values(LabelKind.ACTOR), *form.value("actors")]
    return ClassificationPage(
        session=session,
        subject=subject,
        action=action,
        form=form,
        themes=[(theme, theme) for theme in dict.fromkeys(themes) if theme],
        actors=[(each, _(ACTOR_LABELS.get(each, each))) for each in dict.fromkeys(actors) if each],
        facilitators=list_facilitators(reader()),
        goals=[(number, goal_name(str(number))) for number in GOAL_LABELS],
        languages=language_choices(),
        priorities=priority_choices(),
    )


def _filled_in(stored: Classification) -> Form[Any]:
    """The form as it is stored now."""
    return Form(
        {
            "themes": stored.values(LabelKind.THEME),
            "goals": stored.values(LabelKind.GOAL),
            "tags": ", ".join(stored.values(LabelKind.TAG)),
            "language": "".join(stored.values(LabelKind.LANGUAGE)[:1]),
            "actors": stored.values(LabelKind.ACTOR),
            "priority": stored.priority or "",
            "facilitator_id": stored.facilitator_id or "",
            "version": stored.version,
        }
    )
