"""Suggesting questions for a session: the public list with its form, and taking one back."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.forum import get_session
from deliberate.actions.suggestions import suggest_question, withdraw_suggestion
from deliberate.inputs.review import NewSuggestion
from deliberate.policy import Can, require
from deliberate.storage.forum import ForumSession
from deliberate.storage.suggestions import list_of_session
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_page
from deliberate.web.render import respond, see_other
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.throttle import limit

SUGGESTIONS_A_PAGE = 20


@blueprint.get("/sessions/<slug>/suggestions")
def suggestions(slug: str) -> ResponseReturnValue:
    """What was suggested for a session and what became of it, with the form to suggest more."""
    return _show(slug, blank())


@blueprint.post("/sessions/<slug>/suggestions")
def suggest(slug: str) -> ResponseReturnValue:
    """Suggest a question for this session."""
    require(current_actor(), Can.SUGGEST_QUESTION)
    form = read_form(NewSuggestion, request.form)
    if form.data is None:
        return _show(slug, form, 422)
    session = get_session(reader(), slug)
    with writing() as tx:
        limit(tx, "suggestion", burst=5, minutes=60)
        made = suggest_question(tx, current_actor(), session.id, form.data)
    flash(_("Thank you. The MAG will answer here, and you find the answer in your account."), "ok")
    return see_other(f"/sessions/{slug}/suggestions#suggestion-{made.id}")


@blueprint.post("/suggestions/<int(max=2147483647):suggestion_id>/withdrawal")
def withdraw_own_suggestion(suggestion_id: int) -> ResponseReturnValue:
    """Take one's own suggestion back."""
    with writing() as tx:
        suggestion = withdraw_suggestion(tx, current_actor(), suggestion_id)
        slug = tx.get_one(ForumSession, suggestion.session_id).slug
    flash(_("Your suggestion is withdrawn."), "ok")
    return see_other(f"/sessions/{slug}/suggestions")


def _show(slug: str, form: Form[Any], status: int = 200) -> Response:
    session = get_session(reader(), slug)
    number = asked_page()
    start = (number - 1) * SUGGESTIONS_A_PAGE
    lines = list_of_session(reader(), session.id, SUGGESTIONS_A_PAGE + 1, start)
    return respond(
        "take_part/suggestions.html",
        "suggestions",
        status,
        session=session,
        lines=lines[:SUGGESTIONS_A_PAGE],
        form=form,
        page=number,
        has_more=len(lines) > SUGGESTIONS_A_PAGE,
    )
