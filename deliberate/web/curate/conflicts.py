"""Declaring conflicts of interest, for a session or a theme, and withdrawing them."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from deliberate.actions.conflicts import (
    declare_for_session,
    declare_for_theme,
    withdraw_conflict,
)
from deliberate.actions.forum import get_session
from deliberate.domain.errors import Invalid
from deliberate.inputs.review import ConflictNote, ThemeConflict
from deliberate.policy import Can, require
from deliberate.web.curate.awaiting import answer_desk
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.database import reader, writing
from deliberate.web.forms import blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other


@blueprint.get("/sessions/<slug>/conflict")
def show_conflict(slug: str) -> ResponseReturnValue:
    """Ask whether one stands aside in this session, and say what that means."""
    require(current_actor(), Can.DECLARE_CONFLICT)
    session = get_session(reader(), slug)
    return respond("curate/conflict.html", session=session, form=blank())


@blueprint.post("/sessions/<slug>/conflict")
def declare_in_session(slug: str) -> ResponseReturnValue:
    """Stand aside in this session."""
    require(current_actor(), Can.DECLARE_CONFLICT)
    session = get_session(reader(), slug)
    form = read_form(ConflictNote, request.form)
    if form.data is None:
        return respond("curate/conflict.html", None, 422, session=session, form=form)
    with writing() as tx:
        _conflict, voided = declare_for_session(tx, current_actor(), session.id, form.data.note)
    _say(voided)
    return see_other("/curate#conflicts")


@blueprint.post("/conflicts")
def declare_in_theme() -> ResponseReturnValue:
    """Stand aside in every session of a theme."""
    require(current_actor(), Can.DECLARE_CONFLICT)
    form = read_form(ThemeConflict, request.form)
    if form.data is not None:
        try:
            with writing() as tx:
                _conflict, voided = declare_for_theme(tx, current_actor(), form.data)
        except Invalid as error:
            form = form.reject(error)
        else:
            _say(voided)
            return see_other("/curate#conflicts")
    return answer_desk(form, 422)


@blueprint.post("/conflicts/<int:conflict_id>/withdrawal")
def withdraw_declaration(conflict_id: int) -> ResponseReturnValue:
    """Take a declaration back."""
    with writing() as tx:
        withdraw_conflict(tx, current_actor(), conflict_id)
    flash(_("You no longer stand aside there. Scores you gave before stay void."), "ok")
    return see_other("/curate#conflicts")


def _say(voided: int) -> None:
    flash(_("You stand aside there. The curation log says so, without your note."), "ok")
    if voided:
        void = ngettext(
            "%(num)d score you gave there is void now.",
            "%(num)d scores you gave there are void now.",
            voided,
        )
        flash(void, "info")
