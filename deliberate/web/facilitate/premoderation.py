"""Switching the pre-moderation of one discussion on and off."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.deliberations import get_page
from deliberate.actions.matters import matter_of
from deliberate.actions.premoderation import set_premoderation
from deliberate.inputs.moderation import Premoderation
from deliberate.policy import Can, require
from deliberate.web.database import reader, writing
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other


@blueprint.get("/deliberations/<int:deliberation_id>/premoderation")
def show_premoderation(deliberation_id: int) -> ResponseReturnValue:
    """Whether comments wait for a moderator, and the form to change that."""
    return _show(deliberation_id, blank())


@blueprint.post("/deliberations/<int:deliberation_id>/premoderation")
def premoderate(deliberation_id: int) -> ResponseReturnValue:
    """Switch it on or off, for a public reason."""
    form = read_form(Premoderation, request.form)
    if form.data is None:
        return _show(deliberation_id, form, 422)
    with writing() as tx:
        set_premoderation(tx, current_actor(), deliberation_id, form.data)
    flash(
        _("Comments are read by a moderator here before they appear.")
        if form.data.on
        else _("New comments appear at once. What waits stays in the queue."),
        "ok",
    )
    return see_other(f"/deliberations/{deliberation_id}")


def _show(deliberation_id: int, form: Form[Any], status: int = 200) -> Response:
    require(current_actor(), Can.PREMODERATE)
    page = get_page(reader(), deliberation_id)
    require(current_actor(), Can.PREMODERATE, matter_of(reader(), page.session.id))
    return respond("facilitate/premoderation.html", None, status, page=page, form=form)
