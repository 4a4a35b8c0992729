"""Adding a question, a takeaway or a call by hand, from a line of the page or from elsewhere."""

from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.actions.additions import add_output, add_question
from deliberate.actions.forum import get_session
from deliberate.domain.errors import Conflict, Invalid
from deliberate.inputs.additions import NewOutput, NewQuestion
from deliberate.policy import Can, require
from deliberate.web.curate.acts import Act, M, carry_out, say
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import reader
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.sources import read_source

QUESTION, OUTPUT = "curate/new_question.html", "curate/new_output.html"


@blueprint.get("/sessions/<slug>/questions/new")
def new_question(slug: str) -> ResponseReturnValue:
    """A form for a question; `line` and `at` name one that the page asks and was left out."""
    require(current_actor(), Can.CURATE)
    line = request.args.get("line", 0, type=int)
    left_out = read_source(get_session(reader(), slug)).left_out.get(line, ())
    at = request.args.get("at", 0, type=int)
    text = left_out[at] if 0 <= at < len(left_out) else ""
    return _show(QUESTION, slug, blank(text=text, line=str(line) if left_out else ""))


@blueprint.post("/sessions/<slug>/questions")
def store_question(slug: str) -> ResponseReturnValue:
    """Add the question to the session."""

    def act(tx: Session, data: NewQuestion) -> str:
        return f"question-{add_question(tx, current_actor(), slug, data).id}"

    done = _("The question is added. It is marked as yours on all pages.")
    return _store(QUESTION, slug, read_form(NewQuestion, request.form), act, done)


@blueprint.get("/sessions/<slug>/outputs/new")
def new_output(slug: str) -> ResponseReturnValue:
    """A form for a takeaway or a call, for a session whose page has no report yet."""
    require(current_actor(), Can.CURATE)
    return _show(OUTPUT, slug, blank())


@blueprint.post("/sessions/<slug>/outputs")
def store_output(slug: str) -> ResponseReturnValue:
    """Add the takeaway or the call to the session."""

    def act(tx: Session, data: NewOutput) -> str:
        return f"output-{add_output(tx, current_actor(), slug, data).id}"

    done = _("It is added, and marked as added by a curator on all pages.")
    return _store(OUTPUT, slug, read_form(NewOutput, request.form), act, done)


def _store(template: str, slug: str, form: Form[M], act: Act[M], done: str) -> ResponseReturnValue:
    require(current_actor(), Can.CURATE)
    if form.data is None:
        return _show(template, slug, form, 422)
    try:
        anchor, decision = carry_out(act, form.data)
    except Invalid as error:
        return _show(template, slug, form.reject(error), 422)
    except Conflict as error:
        return _show(template, slug, Form(form.posted, {"text": in_words(error)}), 409)
    say(slug, done, decision)
    return see_other(f"/sessions/{slug}/curation#{anchor}")


def _show(template: str, slug: str, form: Form[Any], status: int = 200) -> Response:
    session = get_session(reader(), slug)
    return respond(template, "addition", status, session=session, form=form)
