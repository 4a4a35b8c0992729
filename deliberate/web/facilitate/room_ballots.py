"""The page on which facilitators enter what was counted in a room or on paper."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.deliberations import get_page
from deliberate.actions.invalidations import run_poll_for
from deliberate.actions.poll_rules import groups_of
from deliberate.actions.polls import get_poll
from deliberate.actions.room_counts import Batch, enter_room_ballots, list_batches
from deliberate.domain.errors import Invalid
from deliberate.inputs.polls import RoomBallots
from deliberate.policy import Can, require
from deliberate.storage.people import list_names
from deliberate.storage.polls import list_options
from deliberate.web.database import reader, writing
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other


@blueprint.get("/polls/<int:poll_id>/room-ballots")
def show_room_ballots(poll_id: int) -> ResponseReturnValue:
    """What was entered, without figures, and the form for more; `batch` names one to correct."""
    asked = request.args.get("batch", 0, type=int)
    batches = list_batches(reader(), get_poll(reader(), poll_id).id)
    found = [each.current for each in batches if each.current.batch == asked]
    form = blank(batch="0", version="0")
    if found:
        before = found[0]
        form = blank(
            batch=str(before.batch),
            version=str(before.version),
            group=before.group.value if before.group else "",
            source=before.source,
            witness=before.witness,
        )
    return _show(poll_id, form)


@blueprint.post("/polls/<int:poll_id>/room-ballots")
def enter(poll_id: int) -> ResponseReturnValue:
    """Keep what was counted, or a correction of it."""
    form: Form[Any] = read_form(RoomBallots, request.form)
    subject = run_poll_for(reader(), get_poll(reader(), poll_id))
    require(current_actor(), Can.ENTER_ROOM_BALLOTS, subject)
    if form.data is None:
        return _show(poll_id, form, 422)
    try:
        with writing() as tx:
            enter_room_ballots(tx, current_actor(), poll_id, form.data)
    except Invalid as error:
        return _show(poll_id, form.reject(error), 422)
    flash(_("It is entered. Everybody sees it after closing, beside the ballots cast here."), "ok")
    return see_other(f"/polls/{poll_id}/room-ballots")


def _show(poll_id: int, form: Form[Any], status: int = 200) -> Response:
    require(current_actor(), Can.RUN_POLL)
    poll = get_poll(reader(), poll_id)
    batches = list_batches(reader(), poll_id)
    return respond(
        "facilitate/room_ballots.html",
        None,
        status,
        poll=poll,
        subject=run_poll_for(reader(), poll),
        page=get_page(reader(), poll.deliberation_id),
        options=list_options(reader(), poll_id),
        groups=[(group.value, _(group.value)) for group in groups_of(poll.frozen)],
        batches=batches,
        names=_names(batches),
        form=form,
    )


def _names(batches: Sequence[Batch]) -> dict[int, str]:
    """Who entered what, by their ids."""
    people = [entry.entered_by for batch in batches for entry in (*batch.earlier, batch.current)]
    return list_names(reader(), people) if people else {}
