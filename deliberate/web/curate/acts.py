"""What all acts of curating share: doing what a form asks, or giving the form back."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from sqlalchemy.orm import Session

from deliberate.domain.errors import Invalid
from deliberate.storage.forum import ForumSession
from deliberate.web.curate.desk import desk_of
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
from deliberate.web.render import respond, see_other

M = TypeVar("M", bound=BaseModel)


def perform(
    slug: str, key: str, form: Form[M], act: Callable[[Session, M], str], done: str
) -> ResponseReturnValue:
    """Do what a valid form asks, say so, and go to the anchor that `act` returns.

    A form with errors, its own or those the act finds, comes back open with its text. `key`
    names the form on the page.
    """
    if form.data is not None:
        try:
            with writing() as tx:
                anchor = act(tx, form.data)
        except Invalid as error:
            form = form.reject(error)
        else:
            flash(done, "ok")
            return see_other(f"/sessions/{slug}/curation#{anchor}")
    return show_desk(slug, key, form)


def read_parts(model: type[M]) -> Form[M]:
    """Read a form whose text area holds several texts, and keep that text as it was typed."""
    form = read_form(model, request.form)
    return Form({**form.posted, "parts": request.form.get("parts", "")}, form.errors, form.data)


def slug_of(session_id: int) -> str:
    """The session's part of an address."""
    return reader().get_one(ForumSession, session_id).slug


def show_desk(
    slug: str, key: str, form: Form[Any], status: int = 422, theirs: str | None = None
) -> Response:
    """The curation page with this one form open, as it was sent."""
    desk = desk_of(slug, {key: form}, theirs)
    ids = {name: f"{key}-{name}" for name in form.errors}
    return respond("curate/curation.html", "curation", status, desk=desk, form=form, ids=ids)
