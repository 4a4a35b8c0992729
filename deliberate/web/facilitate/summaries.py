"""Writing a summary beside what was computed, and publishing it."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from deliberate.actions.summaries import publish_summary, save_summary
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.inputs.review import Publication
from deliberate.inputs.summaries import SummaryDraft
from deliberate.storage.summaries import Summary, find_summary, find_summary_of
from deliberate.web.database import reader, writing
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.facilitate.pages import desk
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other

STEPS = ("step", "insert")


@blueprint.get("/deliberations/<int:deliberation_id>/summary")
def edit_summary(deliberation_id: int) -> ResponseReturnValue:
    """The summary in progress, with the figures it may stand on."""
    return _show(deliberation_id, _stored_form(deliberation_id))


@blueprint.post("/deliberations/<int:deliberation_id>/summary")
def store_summary(deliberation_id: int) -> ResponseReturnValue:
    """Save the text, show how it reads, or put a figure into it."""
    form = read_form(SummaryDraft, _without_steps(request.form))
    if key := request.form.get("insert"):
        body = f"{form.value('body').rstrip()} [[{key}]]".lstrip()
        return _show(deliberation_id, Form({**form.posted, "body": body}))
    if request.form.get("step") == "preview":
        return _show(deliberation_id, form, preview=form.value("body"))
    if form.data is None:
        return _show(deliberation_id, form, status=422)
    try:
        with writing() as tx:
            save_summary(tx, current_actor(), deliberation_id, form.data)
    except Conflict as error:
        return _show_conflict(deliberation_id, form, error)
    flash(_("The draft is saved."), "ok")
    return see_other(f"/deliberations/{deliberation_id}/summary#draft")


@blueprint.post("/summaries/<int:summary_id>/publication")
def publish(summary_id: int) -> ResponseReturnValue:
    """Publish the saved draft as the next edition."""
    form = read_form(Publication, request.form)
    if form.data is None:
        return refuse(summary_id, form)
    version, override = form.data.version, form.data.override
    try:
        with writing() as tx:
            edition = publish_summary(tx, current_actor(), summary_id, version, override)
    except Invalid as error:
        return refuse(summary_id, form, error)
    flash(_("Edition %(number)d is published and will not change.", number=edition.number), "ok")
    return see_other(f"/summaries/{summary_id}/editions/{edition.number}")


def refuse(summary_id: int, form: Form[Any], error: Invalid | None = None) -> ResponseReturnValue:
    """The page of the draft as it is stored, with what was wrong with a form beside it."""
    summary = find_summary(reader(), summary_id)
    if summary is None:
        raise NotFound(_("There is no such summary."))
    stored = _stored_form(summary.deliberation_id)
    posted = {**form.posted, **stored.posted}
    shown: Form[Any] = Form(posted, form.errors)
    return _show(summary.deliberation_id, shown.reject(error) if error else shown, status=422)


def _without_steps(posted: MultiDict[str, str]) -> MultiDict[str, str]:
    """The fields of the draft, without the names of the buttons."""
    return MultiDict((name, value) for name, value in posted.items(True) if name not in STEPS)


def _stored_form(deliberation_id: int) -> Form[Any]:
    return _as_form(find_summary_of(reader(), deliberation_id))


def _as_form(summary: Summary | None) -> Form[Any]:
    if summary is None:
        return blank(version="0")
    return Form(
        {
            "body": summary.body,
            "minority_views": summary.minority_views,
            "level": summary.level.value if summary.level else "",
            "level_reason": summary.level_reason,
            "version": str(summary.version),
        }
    )


def _show_conflict(
    deliberation_id: int, form: Form[SummaryDraft], error: Conflict
) -> ResponseReturnValue:
    """Both texts: the sender's in the form, the saved one beside it."""
    saved = find_summary_of(reader(), deliberation_id)
    newest = str(saved.version) if saved else "0"
    mine: Form[SummaryDraft] = Form(
        {**form.posted, "version": newest}, {"body": f"{_(error.title)} {_(error.advice)}"}
    )
    return _show(deliberation_id, mine, status=409, theirs=saved.body if saved else "")


def _show(
    deliberation_id: int,
    form: Form[Any],
    *,
    status: int = 200,
    preview: str | None = None,
    theirs: str | None = None,
) -> ResponseReturnValue:
    context = desk(deliberation_id, preview)
    return respond(
        "facilitate/summary.html", "draft", status, desk=context, form=form, theirs=theirs
    )
