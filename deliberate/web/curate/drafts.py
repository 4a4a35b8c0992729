"""One page on its way into the forum: check it, put values right, store it or discard it."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.actions.imports import (
    add_value,
    correct_value,
    discard_draft,
    dismiss_unfit,
    get_draft,
    replace_text,
    restore_value,
    shown_version,
    store_draft,
)
from deliberate.domain.errors import Conflict, Invalid
from deliberate.importing.text import decode_page
from deliberate.inputs.imports import MODELS, Act, Confirmation, TextReplacement
from deliberate.policy import Can, require
from deliberate.storage.imports import ImportDraft
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.preview import Sent, anchor_of, choices, preview_of
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other, wants_part

Do = Callable[[Session], str]


@blueprint.get("/imports/<int:draft_id>")
def show_draft(draft_id: int) -> ResponseReturnValue:
    """The page side by side with what was read from it."""
    draft = get_draft(reader(), current_actor(), draft_id)
    if draft.message is not None:
        return _show_text(draft, _text_form(draft))
    return _show(draft)


@blueprint.post("/imports/<int:draft_id>/corrections")
def correct(draft_id: int) -> ResponseReturnValue:
    """Change, remove, add or restore one value."""
    actor = current_actor()
    require(actor, Can.IMPORT_SESSION)
    act = request.form.get("act", "change")
    name = request.form.get("key", "").partition("/")[0]
    if act in ("remove", "restore", "dismiss") or name not in MODELS:
        return _undo(draft_id)
    form = read_form(MODELS[name], request.form)
    key = request.form.get("key", "")
    if form.data is None:
        return _refuse(draft_id, name if act == "add" else key, form)
    data = form.data

    def do(tx: Session) -> str:
        if data.act == "add":
            return add_value(tx, actor, draft_id, name, data.plain)
        return correct_value(tx, actor, draft_id, data.key, data.version, data.plain)

    return _perform(draft_id, name if data.act == "add" else key, form, do)


@blueprint.post("/imports/<int:draft_id>/confirmation")
def confirm(draft_id: int) -> ResponseReturnValue:
    """Store the page as it was shown; one that reads differently by now is shown again."""
    actor = current_actor()
    draft = get_draft(reader(), actor, draft_id)
    form = read_form(Confirmation, request.form)
    if form.data is None:
        return _show(draft, Sent(confirmation=form), 422)
    preview = preview_of(draft)
    if preview.stored and not preview.is_unchanged and form.data.reason is None:
        asked = Invalid("", fields={"reason": _("Say why, in at least 10 characters.")})
        return _show(draft, Sent(confirmation=form.reject(asked)), 422)
    try:
        with writing() as tx:
            session, is_stored = store_draft(
                tx, actor, draft_id, form.data.digest, form.data.reason
            )
    except Invalid as error:
        return _show(draft, Sent(confirmation=form.reject(error)), 422)
    except Conflict as error:
        draft = get_draft(reader(), actor, draft_id)
        return _show(draft, Sent(confirmation=form, warning=in_words(error)), 409)
    if not is_stored:
        flash(_("This page was already imported; nothing changed."), "info")
    elif session.revision == 1:
        flash(_("The session is imported. Its questions wait for you below."), "ok")
    else:
        flash(_("The session now says what its page says, as revision %(number)d.",
                number=session.revision), "ok")  # fmt: skip
    return see_other(f"/sessions/{session.slug}/curation")


@blueprint.get("/imports/<int:draft_id>/text")
def show_text(draft_id: int) -> ResponseReturnValue:
    """The page's text, to put it right and read it again."""
    draft = get_draft(reader(), current_actor(), draft_id)
    return _show_text(draft, _text_form(draft))


@blueprint.post("/imports/<int:draft_id>/text")
def replace_draft_text(draft_id: int) -> ResponseReturnValue:
    """Read the text again as it was put right."""
    actor = current_actor()
    draft = get_draft(reader(), actor, draft_id)
    form = read_form(TextReplacement, request.form)
    if form.data is None:
        return _show_text(draft, form, 422)
    try:
        with writing() as tx:
            draft = replace_text(tx, actor, draft_id, form.data.text, form.data.version)
    except Invalid as error:
        return _show_text(draft, form.reject(Invalid("", fields={"text": in_words(error)})), 422)
    except Conflict as error:
        theirs = get_draft(reader(), actor, draft_id)
        mine: Form[Any] = Form(
            {**form.posted, "version": str(theirs.version)}, {"text": in_words(error)}
        )
        return _show_text(theirs, mine, 409, _text_form(theirs).value("text"))
    flash(_("The text is read again."), "ok")
    return see_other(f"/imports/{draft.id}")


@blueprint.post("/imports/<int:draft_id>/removal")
def discard(draft_id: int) -> ResponseReturnValue:
    """Throw the draft away."""
    with writing() as tx:
        title = discard_draft(tx, current_actor(), draft_id)
    flash(_("“%(title)s” is discarded.", title=title), "ok")
    return see_other("/imports#drafts")


def _undo(draft_id: int) -> ResponseReturnValue:
    """What needs a button only: not in the page, take back the correction, seen."""
    actor, form = current_actor(), read_form(Act, request.form)
    if form.data is None:
        return _refuse(draft_id, request.form.get("key", ""), form)
    data = form.data

    def do(tx: Session) -> str:
        if data.act == "remove":
            return correct_value(tx, actor, draft_id, data.key, data.version, None)
        if data.act == "restore":
            return restore_value(tx, actor, draft_id, data.key, data.version)
        dismiss_unfit(tx, actor, draft_id)
        return ""

    return _perform(draft_id, data.key, form, do)


def _perform(draft_id: int, key: str, form: Form[Any], do: Do) -> ResponseReturnValue:
    """Do what was asked and show the value; what cannot be done is explained at its form."""
    try:
        with writing() as tx:
            done = do(tx)
    except Invalid as error:
        return _refuse(draft_id, key, form.reject(error))
    except Conflict as error:
        return _show_both(draft_id, key, form, error)
    if wants_part():
        return _swap(draft_id, done, Sent(focus=done))
    return see_other(f"/imports/{draft_id}#{anchor_of(done) if done else 'fields'}")


def _refuse(draft_id: int, key: str, form: Form[Any]) -> ResponseReturnValue:
    """The form again, as it was sent, with what is wrong."""
    draft = get_draft(reader(), current_actor(), draft_id)
    sent = Sent(forms={key: form})
    return _swap(draft_id, key, sent, 422) if wants_part() else _show(draft, sent, 422)


def _show_both(draft_id: int, key: str, form: Form[Any], error: Conflict) -> ResponseReturnValue:
    """What the value became elsewhere beside what was sent, which a second click would keep."""
    draft = get_draft(reader(), current_actor(), draft_id)
    version = str(shown_version(draft, key))
    mine: Form[Any] = Form({**form.posted, "version": version}, {"": in_words(error)})
    value = next(
        (one for row in preview_of(draft).rows for one in row.values if one.key == key), None
    )
    theirs = (value.text if value else None) or _("not in the page")
    sent = Sent(forms={key: mine}, theirs=theirs)
    return _swap(draft_id, key, sent, 409) if wants_part() else _show(draft, sent, 409)


def _swap(draft_id: int, key: str, sent: Sent, status: int = 200) -> ResponseReturnValue:
    """The row that changed, and the parts of the page that speak of it."""
    draft = get_draft(reader(), current_actor(), draft_id)
    preview = preview_of(draft, sent)
    name = key.partition("/")[0]
    if name not in MODELS:
        return _show(draft, sent, status)
    row = preview.row(name)
    return respond(
        "curate/_swapped.html", None, status, preview=preview, row=row, choices=choices()
    )


def _show(draft: ImportDraft, sent: Sent | None = None, status: int = 200) -> Response:
    preview = preview_of(draft, sent)
    return respond("curate/preview.html", None, status, preview=preview, choices=choices())


def _show_text(
    draft: ImportDraft, form: Form[Any], status: int = 200, theirs: str | None = None
) -> Response:
    message = " ".join(_(part) for part in (draft.message or "").splitlines())
    context = {"draft": draft, "form": form, "theirs": theirs, "message": message}
    return respond("curate/text.html", "text", status, **context)


def _text_form(draft: ImportDraft) -> Form[Any]:
    try:
        text = decode_page(draft.original).text
    except Invalid:
        text = ""
    return blank(text=text, version=str(draft.version))
