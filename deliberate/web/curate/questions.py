"""Curating questions: accept, decline, reword, split, merge, open."""

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
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.inputs.curation import Judgement, Opening, QuestionMerger, QuestionSplit, Rewording
from deliberate.storage.forum import find_question
from deliberate.web.curate.acts import perform, read_parts, show_desk, slug_of
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.desk import desk_of
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond


@blueprint.get("/sessions/<slug>/curation")
def show_curation(slug: str) -> ResponseReturnValue:
    """The session's questions and outputs with everything that can be done to them."""
    desk = desk_of(slug)
    return respond("curate/curation.html", "curation", desk=desk, form=blank(), ids={})


@blueprint.post("/questions/<int:question_id>/acceptance")
def accept(question_id: int) -> ResponseReturnValue:
    """Take the question into discussion."""

    def act(tx: Session, data: Judgement) -> str:
        accept_question(tx, current_actor(), question_id, data.reason)
        return f"question-{question_id}"

    form = read_form(Judgement, request.form)
    done = _("The question is accepted. It can be opened now.")
    return perform(_slug(question_id), f"question-{question_id}-acceptance", form, act, done)


@blueprint.post("/questions/<int:question_id>/declination")
def decline(question_id: int) -> ResponseReturnValue:
    """Leave the question out."""

    def act(tx: Session, data: Judgement) -> str:
        decline_question(tx, current_actor(), question_id, data.reason)
        return f"question-{question_id}"

    form = read_form(Judgement, request.form)
    done = _("The question is declined. It stays visible with your reason.")
    return perform(_slug(question_id), f"question-{question_id}-declination", form, act, done)


@blueprint.post("/questions/<int:question_id>/rewording")
def reword(question_id: int) -> ResponseReturnValue:
    """Give the question another wording; two curators' wordings are shown beside each other."""

    def act(tx: Session, data: Rewording) -> str:
        reword_question(tx, current_actor(), question_id, data)
        return f"question-{question_id}"

    form = read_form(Rewording, request.form)
    key = f"question-{question_id}-rewording"
    slug = _slug(question_id)
    try:
        return perform(slug, key, form, act, _("The new wording is saved."))
    except Conflict as error:
        return _show_both(slug, question_id, form, error)


@blueprint.post("/questions/<int:question_id>/split")
def split(question_id: int) -> ResponseReturnValue:
    """Replace the question by several."""

    def act(tx: Session, data: QuestionSplit) -> str:
        children = split_question(tx, current_actor(), question_id, data)
        return f"question-{children[0].id}"

    form = read_parts(QuestionSplit)
    done = _("The question is split. Each part waits for you on its own.")
    return perform(_slug(question_id), f"question-{question_id}-split", form, act, done)


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


@blueprint.post("/questions/<int:question_id>/opening")
def open_to_all(question_id: int) -> ResponseReturnValue:
    """Open the question to everybody."""

    def act(tx: Session, data: Opening) -> str:
        open_question(tx, current_actor(), question_id, data)
        return f"question-{question_id}"

    form = read_form(Opening, request.form)
    done = _("The discussion is set up. Its text and dates do not change any more.")
    return perform(_slug(question_id), f"question-{question_id}-opening", form, act, done)


def _slug(question_id: int) -> str:
    question = find_question(reader(), question_id)
    if question is None:
        raise NotFound(_("There is no such question."))
    return slug_of(question.session_id)


def _show_both(
    slug: str, question_id: int, form: Form[Rewording], error: Conflict
) -> ResponseReturnValue:
    """Their wording beside the one just sent, which a second click would put in its place.

    A question that cannot be reworded any more has no form to show; the refusal stands.
    """
    card = next(card for card in desk_of(slug).questions if card.id == question_id)
    if not card.is_curable:
        raise error
    mine: Form[Rewording] = Form(
        {**form.posted, "version": str(card.question.version)}, {"text": in_words(error)}
    )
    return show_desk(slug, f"question-{question_id}-rewording", mine, 409, card.question.text)
