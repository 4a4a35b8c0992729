"""What all acts of curating share: doing what a form asks, or giving the form back."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from pydantic import BaseModel
from sqlalchemy.orm import Session

from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.undoing import REVERSIBLE
from deliberate.storage.curation import CurationDecision, find_newest_by
from deliberate.storage.forum import ForumSession, find_output, find_question
from deliberate.web.curate.desk import desk_of
from deliberate.web.curate.stale import stale_of
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other

M = TypeVar("M", bound=BaseModel)
Act = Callable[[Session, M], str]
"""What a valid form does in a transaction; gives the anchor to go to."""
Subject = Literal["question", "output"]


def curate(
    subject: Subject,
    subject_id: int,
    name: str,
    form: Form[M],
    act: Callable[[Session, M], int | None],
    done: str,
) -> ResponseReturnValue:
    """Do to a question or an output what the form called `name` asks, as `perform` does.

    `act` gives the id of the question or output to go to. Raises `NotFound`.
    """

    def act_there(tx: Session, data: M) -> str:
        return f"{subject}-{act(tx, data)}"

    slug = slug_of_subject(subject, subject_id)
    return perform(slug, f"{subject}-{subject_id}-{name}", form, act_there, done)


def perform(slug: str, key: str, form: Form[M], act: Act[M], done: str) -> ResponseReturnValue:
    """Do what a valid form asks, say so, and go to the anchor that `act` returns.

    A form with errors, its own or those the act finds, comes back open with its text. `key`
    names the form on the page. When the world changed since the form was shown, the answer is
    409: with both texts where the form is still offered, else with the way to the question.
    """
    if form.data is None:
        return show_desk(slug, key, form)
    try:
        anchor, decision = carry_out(act, form.data)
    except Invalid as error:
        return show_desk(slug, key, form.reject(error))
    except Conflict as error:
        # What a kind of conflict of its own says is told by those who know it.
        if type(error) is not Conflict:
            raise
        return show_conflict(slug, key, form, error)
    say(slug, done, decision)
    return see_other(f"/sessions/{slug}/curation#{anchor}")


def carry_out(act: Act[M], data: M) -> tuple[str, CurationDecision | None]:
    """Do it in one transaction; gives the anchor and the entry it made in the log, if any."""
    with writing() as tx:
        before = find_newest_by(tx, current_actor())
        anchor = act(tx, data)
        tx.flush()
        after = find_newest_by(tx, current_actor())
    is_new = after is not None and (before is None or before.id != after.id)
    return anchor, after if is_new else None


def say(slug: str, done: str, decision: CurationDecision | None) -> None:
    """Tell on the next page that it is done, with a link that offers to take it back."""
    if decision is None or decision.kind not in REVERSIBLE:
        flash(done, "ok")
        return
    address = f"/sessions/{slug}/curation?undo={decision.id}#decision-{decision.id}"
    link = Markup('{} <a href="{}">{}</a>').format(done, address, _("Undo"))
    flash(link, "ok")


def read_parts(model: type[M]) -> Form[M]:
    """Read a form whose text area holds several texts, and keep that text as it was typed."""
    form = read_form(model, request.form)
    return Form({**form.posted, "parts": request.form.get("parts", "")}, form.errors, form.data)


def slug_of(session_id: int) -> str:
    """The session's part of an address."""
    return reader().get_one(ForumSession, session_id).slug


def slug_of_subject(subject: Subject, subject_id: int) -> str:
    """The address part of the session a question or an output belongs to, or `NotFound`."""
    if subject == "question":
        question = find_question(reader(), subject_id)
        if question is None:
            raise NotFound("There is no such question.")
        return slug_of(question.session_id)
    output = find_output(reader(), subject_id)
    if output is None:
        raise NotFound("There is no such output.")
    return slug_of(output.session_id)


def show_desk(
    slug: str, key: str, form: Form[Any], status: int = 422, theirs: str | None = None
) -> Response:
    """The curation page with this one form open, as it was sent.

    A form that the page no longer offers cannot be opened: what was typed is shown instead.
    """
    desk = desk_of(slug, {key: form}, theirs)
    if not desk.offers(key):
        return show_stale(slug, key, form)
    ids = {name: f"{key}-{name}" for name in form.errors}
    return respond("curate/curation.html", "curation", status, desk=desk, form=form, ids=ids)


def show_conflict(slug: str, key: str, form: Form[Any], error: Conflict) -> Response:
    """Their text beside the one just sent, which a second click would put in its place."""
    desk = desk_of(slug)
    if not desk.offers(key):
        return show_stale(slug, key, form, error)
    now = desk.now_of(key, form)
    mine: Form[Any] = Form({**form.posted, **now.fields}, {now.place: in_words(error)})
    return show_desk(slug, key, mine, 409, now.text)


def show_stale(slug: str, key: str, form: Form[Any], error: Conflict | None = None) -> Response:
    """The curation page as it is now, above it what was typed and where the question is."""
    desk = desk_of(slug, stale=stale_of(key, form, error))
    return respond("curate/curation.html", "curation", 409, desk=desk, form=Form(), ids={})
