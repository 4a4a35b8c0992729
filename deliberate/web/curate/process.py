"""Designing the process of a question or output, looking at it as each role, and fixing it."""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from deliberate.actions.deliberations import open_output, open_question
from deliberate.actions.designs import find_subject, save_design
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.methods import Method
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.weighting import Scheme
from deliberate.inputs.process import Freezing, ProcessForm
from deliberate.policy import Can, require
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.process_pages import ROLES, differences, preview, view_process
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import writing
from deliberate.web.forms import Form, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other

TEMPLATE = "curate/process.html"
Ids = Mapping[str, int]


@blueprint.get("/questions/<int:question_id>/process")
def show_question_process(question_id: int) -> ResponseReturnValue:
    """The process of a question, as far as it is designed."""
    return _show({"question_id": question_id})


@blueprint.post("/questions/<int:question_id>/process")
def save_question_process(question_id: int) -> ResponseReturnValue:
    """Keep the design of a question's process."""
    return _save({"question_id": question_id})


@blueprint.get("/questions/<int:question_id>/process/preview")
def preview_question_process(question_id: int) -> ResponseReturnValue:
    """A question's process as each role will meet it."""
    return _preview({"question_id": question_id})


@blueprint.get("/outputs/<int:output_id>/process")
def show_output_process(output_id: int) -> ResponseReturnValue:
    """The process of an output, as far as it is designed."""
    return _show({"output_id": output_id})


@blueprint.post("/outputs/<int:output_id>/process")
def save_output_process(output_id: int) -> ResponseReturnValue:
    """Keep the design of an output's process."""
    return _save({"output_id": output_id})


@blueprint.get("/outputs/<int:output_id>/process/preview")
def preview_output_process(output_id: int) -> ResponseReturnValue:
    """An output's process as each role will meet it."""
    return _preview({"output_id": output_id})


def freeze(ids: Ids) -> ResponseReturnValue:
    """Open what was designed; contradictions and a missing reason are shown on the design page."""
    form = read_form(Freezing, request.form)
    if form.data is None:
        require(current_actor(), Can.OPEN_DELIBERATION)
        return _show(ids, opening=form, status=422)
    try:
        with writing() as tx:
            actor = current_actor()
            if "question_id" in ids:
                opened = open_question(tx, actor, ids["question_id"], form.data)
            else:
                opened = open_output(tx, actor, ids["output_id"], form.data)
            address = f"/deliberations/{opened.id}"
    except Invalid as error:
        # Contradictions that time brought are told by the design itself, which was read anew.
        is_about_reason = "reason" in error.fields
        return _show(ids, opening=form.reject(error) if is_about_reason else form, status=422)
    flash(_("The process is fixed. What it says does not change any more."), "ok")
    return see_other(address)


def _show(
    ids: Ids,
    sent: Form[Any] | None = None,
    opening: Form[Any] | None = None,
    status: int = 200,
    theirs: Mapping[str, Any] | None = None,
) -> Response:
    asked = request.args.get("template", "") if sent is None else ""
    view = view_process(ids, asked, sent)
    if view.running is not None and (sent is not None or opening is not None):
        # There is no form any more that could keep what was typed; the error page does.
        raise Conflict("This is already open.", "It is opened once; see the discussion.")
    title = ngettext(
        "Saved as a draft. It cannot be opened yet: %(num)d reason.",
        "Saved as a draft. It cannot be opened yet: %(num)d reasons.",
        len(view.problems),
    )
    return respond(
        TEMPLATE,
        "process",
        status,
        view=view,
        form=view.form,
        opening=opening or Form(),
        problem_title=title if sent is None else None,
        theirs=theirs or {},
        group_options=[(group.value, _(group.value)) for group in StakeholderGroup.registrable()],
        scheme_options=[(scheme.value, _(scheme.label)) for scheme in Scheme],
        method_options=[(method.value, _(method.label)) for method in Method],
    )


def _save(ids: Ids) -> ResponseReturnValue:
    form = read_form(ProcessForm, request.form)
    require(current_actor(), Can.DESIGN_PROCESS)
    if form.data is None:
        return _show(ids, form, status=422)
    try:
        with writing() as tx:
            save_design(tx, current_actor(), find_subject(tx, **ids), form.data)
    except Conflict as error:
        return _show_both(ids, form, form.data, error)
    address = view_process(ids)
    if address.problems:
        flash(_("The draft is saved with its contradictions."), "warn")
    else:
        flash(_("The design is saved. Nothing contradicts anything: it can be opened."), "ok")
    return see_other(f"{address.address}/process")


def _show_both(ids: Ids, form: Form[ProcessForm], meant: ProcessForm, error: Conflict) -> Response:
    """What somebody else saved beside what was sent, which a second click would put in its place.

    Raises the conflict again when it is about something else than a draft.
    """
    current = view_process(ids)
    if current.saved is None:
        raise error
    theirs = differences(current.saved, meant.as_design())
    mine = {**form.posted, "version": str(current.version)}
    again: Form[Any] = Form(mine, {"": in_words(error)})
    return _show(ids, again, status=409, theirs=theirs)


def _preview(ids: Ids) -> ResponseReturnValue:
    view = view_process(ids)
    asked = request.args.get("as", "")
    design = view.saved
    if design is None:
        return see_other(f"{view.address}/process")
    role = asked if asked in ROLES else "participant"
    shown = preview(design, view.subject, role)
    return respond(
        "curate/process_preview.html",
        view=view,
        design=design,
        preview=shown,
        opening=Form(),
        tabs=[
            (key, words, f"{view.address}/process/preview?as={key}") for key, words in shown.roles
        ],
    )
