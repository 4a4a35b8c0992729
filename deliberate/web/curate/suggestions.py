"""What participants suggest, for the MAG: acknowledged and answered in public."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.suggestions import acknowledge_suggestion, answer_suggestion
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.review import SuggestionState
from deliberate.inputs.review import SuggestionAnswer
from deliberate.policy import Can, require
from deliberate.storage.suggestions import Line, find_line, list_answered, list_unanswered
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_page
from deliberate.web.render import respond, see_other

SUGGESTIONS_A_PAGE = 20


@blueprint.get("/suggestions")
def show_suggestions() -> ResponseReturnValue:
    """What waits for an answer, oldest first; with `answered`, what was answered."""
    return _show({}, blank())


@blueprint.post("/suggestions/<int:suggestion_id>/acknowledgement")
def acknowledge(suggestion_id: int) -> ResponseReturnValue:
    """Let the author know that it was seen."""
    with writing() as tx:
        acknowledge_suggestion(tx, current_actor(), suggestion_id)
    flash(_("Acknowledged. The author sees that an answer will follow."), "ok")
    return see_other(f"/suggestions#suggestion-{suggestion_id}")


@blueprint.post("/suggestions/<int:suggestion_id>/answer")
def answer(suggestion_id: int) -> ResponseReturnValue:
    """Take the suggestion up, or say why not."""
    form = read_form(SuggestionAnswer, request.form)
    if form.data is None:
        return _ask_again(suggestion_id, form)
    with writing() as tx:
        suggestion = answer_suggestion(tx, current_actor(), suggestion_id, form.data)
    if suggestion.state is SuggestionState.TAKEN_UP:
        flash(_("Taken up: it is a new question of its session now."), "ok")
    else:
        flash(_("Answered. Your answer is public."), "ok")
    return see_other("/suggestions")


def _ask_again(suggestion_id: int, form: Form[SuggestionAnswer]) -> Response:
    """The form as it was sent, while it can still be answered."""
    require(current_actor(), Can.ANSWER_SUGGESTION)
    line = find_line(reader(), suggestion_id)
    if line is None:
        raise NotFound(_("There is no such suggestion."))
    if not line[0].state.is_open:
        raise Conflict(_("This suggestion was answered or withdrawn already."))
    return _show({suggestion_id: form}, form, suggestion_id, 422)


def _show(sent: dict[int, Form[Any]], form: Form[Any], of: int = 0, status: int = 200) -> Response:
    require(current_actor(), Can.ANSWER_SUGGESTION)
    number, answered = asked_page(), "answered" in request.args
    start = (number - 1) * SUGGESTIONS_A_PAGE
    member = current_actor().id or 0
    if answered:
        lines = list_answered(reader(), SUGGESTIONS_A_PAGE + 1, start)
    else:
        lines = list_unanswered(reader(), member, SUGGESTIONS_A_PAGE + 1, start)
    return respond(
        "curate/suggestions.html",
        "suggestions",
        status,
        lines=_with(of, lines[:SUGGESTIONS_A_PAGE]),
        answered=answered,
        sent=sent,
        form=form,
        ids={name: f"suggestion-{of}-{name}" for name in form.errors},
        blank=blank(),
        page=number,
        has_more=len(lines) > SUGGESTIONS_A_PAGE,
    )


def _with(suggestion_id: int, lines: Sequence[Line]) -> Sequence[Line]:
    """These lines, and before them the one whose form came back, should it stand elsewhere."""
    if not suggestion_id or any(line[0].id == suggestion_id for line in lines):
        return lines
    own = find_line(reader(), suggestion_id)
    return [own, *lines] if own else lines
