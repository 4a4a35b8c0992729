"""What MAG members do to a deliberation that was opened: move its closing, archive it, go on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.actions.archive import archive, unarchive
from deliberate.actions.deliberations import get_page
from deliberate.actions.timetable import find_running_poll, poll_dates, reschedule
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.timetable import POLL_NOTICE
from deliberate.inputs.process import NewClosing, PublicReason
from deliberate.policy import Can, require
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import Deliberation, list_rounds
from deliberate.storage.reschedulings import list_reschedulings
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other

ENTERED = "%Y-%m-%dT%H:%M"
USUAL_EXTENSION = timedelta(days=7)


@blueprint.get("/deliberations/<int:deliberation_id>/dates")
def show_dates(deliberation_id: int) -> ResponseReturnValue:
    """Its closing and how it can be moved, its place in the lists, its rounds."""
    return _show(deliberation_id)


@blueprint.post("/deliberations/<int:deliberation_id>/rescheduling")
def move_closing(deliberation_id: int) -> ResponseReturnValue:
    """Move the closing, with a public reason."""
    form = read_form(NewClosing, request.form)
    require(current_actor(), Can.RESCHEDULE, get_page(reader(), deliberation_id))
    if form.data is None:
        return _show(deliberation_id, form, status=422)
    try:
        with writing() as tx:
            reschedule(tx, current_actor(), deliberation_id, form.data)
    except Invalid as error:
        return _show(deliberation_id, form.reject(error), status=422)
    except Conflict as error:
        shown = get_page(reader(), deliberation_id).closes_at.isoformat()
        again: Form[Any] = Form({**form.posted, "shown": shown}, {"closes_at": in_words(error)})
        return _show(deliberation_id, again, status=409)
    flash(_("The closing is moved. Everybody who took part is told on their page."), "ok")
    return see_other(f"/deliberations/{deliberation_id}")


@blueprint.post("/deliberations/<int:deliberation_id>/archive")
def take_out(deliberation_id: int) -> ResponseReturnValue:
    """Take it out of the lists."""
    return _change_lists(deliberation_id, archive, _("The discussion is archived."))


@blueprint.post("/deliberations/<int:deliberation_id>/archive/withdrawal")
def put_back(deliberation_id: int) -> ResponseReturnValue:
    """Put it back into the lists."""
    return _change_lists(deliberation_id, unarchive, _("The discussion is in the lists again."))


def _change_lists(
    deliberation_id: int, act: Callable[[Session, Any, int, str], Any], done: str
) -> ResponseReturnValue:
    form = read_form(PublicReason, request.form)
    require(current_actor(), Can.ARCHIVE, get_page(reader(), deliberation_id))
    if form.data is None:
        return _show(deliberation_id, form, status=422)
    with writing() as tx:
        act(tx, current_actor(), deliberation_id, form.data.reason)
    flash(done, "ok")
    return see_other(f"/deliberations/{deliberation_id}/dates")


def _show(deliberation_id: int, form: Form[Any] | None = None, status: int = 200) -> Response:
    require(current_actor(), Can.DESIGN_PROCESS)
    page = get_page(reader(), deliberation_id)
    poll = find_running_poll(reader(), deliberation_id)
    inside = poll_dates(reader(), page, poll)
    can_extend = (
        inside is not None
        and inside.is_running
        and not inside.was_extended
        and inside.closes_at - now(reader()) >= POLL_NOTICE
    )
    suggested = (page.closes_at + USUAL_EXTENSION).strftime(ENTERED)
    return respond(
        "curate/dates.html",
        "dates",
        status,
        page=page,
        form=form or blank(closes_at=suggested, shown=page.closes_at.isoformat()),
        poll=inside,
        can_extend_poll=can_extend,
        moved=list_reschedulings(reader(), deliberation_id) if page.move_count else [],
        address=_subject_address(page),
        later=_later_round(page),
    )


def _later_round(page: DeliberationPage) -> Deliberation | None:
    """The newest round on the same subject, if it is not this one."""
    own = page.deliberation
    rounds = list_rounds(reader(), question_id=own.question_id, output_id=own.output_id)
    return rounds[-1] if rounds[-1].round > own.round else None


def _subject_address(page: DeliberationPage) -> str:
    own = page.deliberation
    if own.question_id is not None:
        return f"/questions/{own.question_id}"
    return f"/outputs/{own.output_id}"
