"""Importing a session page: send it, check what was read, store it."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.forum import Upload, import_session
from deliberate.domain.errors import Conflict, Invalid
from deliberate.importing import SessionPage, read_page
from deliberate.policy import Can, require
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.preview import preview_of
from deliberate.web.curate.uploads import allow_large_body, field_in_use, in_words, read_upload
from deliberate.web.database import writing
from deliberate.web.forms import Form, blank
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other

CARRIERS = {"curate.preview_page", "curate.store_page"}


@blueprint.url_value_preprocessor
def make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Raise the limit on bodies before anything reads the form, the token's check included."""
    if endpoint in CARRIERS:
        allow_large_body()


@blueprint.get("/import")
def show_import() -> ResponseReturnValue:
    """Ask for a page, as a file or as text."""
    require(current_actor(), Can.IMPORT_SESSION)
    return respond("curate/import.html", "import", form=blank())


@blueprint.post("/import")
def preview_page() -> ResponseReturnValue:
    """Read the page and show what was understood. Nothing is stored."""
    require(current_actor(), Can.IMPORT_SESSION)
    try:
        upload, page = _read()
    except Invalid as error:
        return _ask_again(error)
    return _show(page, upload)


@blueprint.post("/import/confirmation")
def store_page() -> ResponseReturnValue:
    """Store the page as it was shown; one that reads differently by now is shown again."""
    require(current_actor(), Can.IMPORT_SESSION)
    try:
        upload, page = _read()
    except Invalid as error:
        return _ask_again(error)
    if page.digest != request.form.get("digest"):
        warning = _("The text reads differently from what you were shown. Check it once more.")
        return _show(page, upload, warning, 409)
    try:
        with writing() as tx:
            session, is_new = import_session(tx, current_actor(), page, upload)
    except Conflict as error:
        return _show(page, upload, in_words(error), 409)
    if is_new:
        flash(_("The session is imported. Its questions wait for you below."), "ok")
    else:
        flash(_("This page was already imported; nothing changed."), "info")
    return see_other(f"/sessions/{session.slug}/curation")


def _read() -> tuple[Upload, SessionPage]:
    """The posted page as sent and as read. Raises `Invalid` with the field to explain it at."""
    upload = read_upload()
    try:
        return upload, read_page(upload.text, upload.name)
    except Invalid as error:
        raise Invalid(error.title, fields={field_in_use(): in_words(error)}) from error


def _ask_again(error: Invalid) -> Response:
    form: Form[Any] = Form({"text": request.form.get("text", "")}).reject(error)
    return respond("curate/import.html", "import", 422, form=form)


def _show(
    page: SessionPage, upload: Upload, warning: str | None = None, status: int = 200
) -> Response:
    return respond(
        "curate/preview.html", None, status, preview=preview_of(page, upload), warning=warning
    )
