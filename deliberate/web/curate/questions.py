"""Curating questions: accept, decline, reword, split, merge, open."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.actions.curation import (
    accept_question,
    decline_question,
    merge_questions,
    reword_question,
    split_question,
)
from deliberate.actions.deliberations import open_question
from deliberate.actions.forum import get_session
from deliberate.domain.errors import Invalid
from deliberate.domain.review import ReviewsMissingError
from deliberate.inputs.curation import Judgement, Opening, QuestionMerger, QuestionSplit, Rewording
from deliberate.web.curate.acts import curate, perform, read_parts, show_desk, slug_of_subject
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.desk import desk_of
from deliberate.web.curate.process import freeze
from deliberate.web.curate.review_pages import needs_in_words, rules
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond


@blueprint.get("/sessions/<slug>/curation")
def show_curation(slug: str) -> ResponseReturnValue:
    """The session's questions and outputs with everything that can be done to them.

    `undo` is the id of an act whose form to take it back is shown open.
    """
    opened = request.args.get("undo", type=int)
    desk = desk_of(slug, {} if opened is None else {f"decision-{opened}-undoing": blank()})
    return respond("curate/curation.html", "curation", desk=desk, form=Form(), ids={})


@blueprint.post("/questions/<int:question_id>/acceptance")
def accept(question_id: int) -> ResponseReturnValue:
    """Take the question into discussion."""

    def act(tx: Session, data: Judgement) -> int:
        return accept_question(tx, current_actor(), question_id, data.reason, rules()).id

    form = read_form(Judgement, request.form)
    done = _("The question is accepted. It can be opened now.")
    return _judge(question_id, "acceptance", form, act, done)


@blueprint.post("/questions/<int:question_id>/declination")
def decline(question_id: int) -> ResponseReturnValue:
    """Leave the question out."""

    def act(tx: Session, data: Judgement) -> int:
        return decline_question(tx, current_actor(), question_id, data.reason, rules()).id

    form = read_form(Judgement, request.form)
    done = _("The question is declined. It stays visible with your reason.")
    return _judge(question_id, "declination", form, act, done)


@blueprint.post("/questions/<int:question_id>/rewording")
def reword(question_id: int) -> ResponseReturnValue:
    """Give the question another wording; two curators' wordings are shown beside each other."""

    def act(tx: Session, data: Rewording) -> int:
        return reword_question(tx, current_actor(), question_id, data).id

    form = read_form(Rewording, request.form)
    return curate("question", question_id, "rewording", form, act, _("The new wording is saved."))


@blueprint.post("/questions/<int:question_id>/split")
def split(question_id: int) -> ResponseReturnValue:
    """Replace the question by several."""

    def act(tx: Session, data: QuestionSplit) -> int:
        return split_question(tx, current_actor(), question_id, data)[0].id

    done = _("The question is split. Each part waits for you on its own.")
    return curate("question", question_id, "split", read_parts(QuestionSplit), act, done)


@blueprint.post("/questions/<int:question_id>/opening")
def open_to_all(question_id: int) -> ResponseReturnValue:
    """Open the question to everybody: as designed, or with the dates of the short form."""
    if "version" in request.form:
        return freeze({"question_id": question_id})

    def act(tx: Session, data: Opening) -> int | None:
        return open_question(tx, current_actor(), question_id, data).question_id

    form = read_form(Opening, request.form)
    done = _("The discussion is set up. Its text and dates do not change any more.")
    return curate("question", question_id, "opening", form, act, done)


@blueprint.post("/sessions/<slug>/mergers")
def merge(slug: str) -> ResponseReturnValue:
    """Replace several questions of this session by one."""

    def act(tx: Session, data: QuestionMerger) -> str:
        session = get_session(tx, slug)
        merged = merge_questions(tx, current_actor(), data)
        if merged.session_id != session.id:
            raise Invalid(_("Only questions of this session can be merged here."))
        return f"question-{merged.id}"

    form = read_form(QuestionMerger, request.form)
    done = _("The questions are merged. The new one waits for you.")
    return perform(slug, "merger", form, act, done)


def _judge(
    question_id: int,
    name: str,
    form: Form[Judgement],
    act: Callable[[Session, Judgement], int],
    done: str,
) -> ResponseReturnValue:
    """Judge the question, or say above the form what its review still needs."""
    try:
        return curate("question", question_id, name, form, act, done)
    except ReviewsMissingError as error:
        told = f"{_(error.title)} {needs_in_words(error.missing)}"
        slug = slug_of_subject("question", question_id)
        key = f"question-{question_id}-{name}"
        return show_desk(slug, key, Form(form.posted, {"": told}), 409)
