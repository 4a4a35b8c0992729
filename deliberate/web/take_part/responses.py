"""Taking positions on the points of an output, and who took which."""

from itertools import groupby

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.responses import get_point_page, respond_to_point
from deliberate.domain.errors import NotFound
from deliberate.inputs.contributions import NewResponse
from deliberate.policy import Can, require
from deliberate.storage.responses import list_named
from deliberate.web.database import reader, writing
from deliberate.web.forms import read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other, wants_part
from deliberate.web.take_part import deliberations
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.deliberations import Responding
from deliberate.web.take_part.pages import points_of
from deliberate.web.throttle import limit


@blueprint.post("/points/<int(max=2147483647):point_id>/response")
def store_response(point_id: int) -> ResponseReturnValue:
    """Store a position; until closing the last one counts."""
    form = read_form(NewResponse, request.form)
    actor = current_actor()
    page = get_point_page(reader(), point_id)
    if form.data is None:
        require(actor, Can.RESPOND, page)
        again = Responding({point_id: form})
        return deliberations.show(page.id, responding=again, block="points", status=422)
    with writing() as tx:
        limit(tx, "response", burst=60, minutes=10)
        respond_to_point(tx, actor, point_id, form.data)
    if wants_part():
        done = Responding({}, stored=point_id)
        return deliberations.show(page.id, responding=done, block="points")
    flash(_("Your response is stored. You can change it until closing."), "ok")
    return see_other(f"/deliberations/{page.id}#point-{point_id}")


@blueprint.get("/points/<int(max=2147483647):point_id>/responses")
def list_responses(point_id: int) -> ResponseReturnValue:
    """Who said what and why, group by group, once the deliberation has closed."""
    page = get_point_page(reader(), point_id)
    require(current_actor(), Can.SEE_NAMES, page)
    points = points_of(page)
    point = next((point for point in points if point.id == point_id), None)
    if point is None:
        raise NotFound(_("There is no such point."))
    rows = groupby(list_named(reader(), point_id), key=lambda row: row[0].group)
    groups = [(group, list(members)) for group, members in rows]
    return respond("take_part/responses.html", "named", page=page, point=point, groups=groups)
