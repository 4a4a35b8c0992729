"""Endorsing and contesting the points of an output."""

from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.actions.deliberations import get_page, lock_page
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.people import Actor
from deliberate.inputs.contributions import NewResponse
from deliberate.policy import Can, require
from deliberate.storage import audit, responses
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import find_by_point_round, touch
from deliberate.storage.forum import OutputPoint
from deliberate.storage.responses import Response


def respond_to_point(tx: Session, actor: Actor, point_id: int, form: NewResponse) -> Response:
    """Take a position on a point, or change it; until closing the last one counts."""
    page = lock_page(tx, get_point_page(tx, point_id).id)
    require(actor, Can.RESPOND, page)
    person_id, affiliation = identity(actor)
    response = responses.find_response(tx, point_id, person_id)
    if response is None:
        response = Response(point_id=point_id, person_id=person_id)
        tx.add(response)
    response.group = affiliation.group
    response.region = affiliation.region
    response.organisation = affiliation.organisation
    response.position, response.reason = form.position, form.reason
    response.responded_at = now(tx)
    tx.flush()
    touch(tx, page.id)
    audit.record(tx, actor, "responded", "output_point", point_id)
    return response


def get_point_page(session: Session, point_id: int) -> DeliberationPage:
    """The deliberation a point is responded to in. Raises `NotFound` or `Conflict`."""
    point = session.get(OutputPoint, point_id)
    if point is None:
        raise NotFound("There is no such point.")
    deliberation_id = find_by_point_round(session, point.output_id, point.round)
    if deliberation_id is None or point.replaced_at is not None:
        raise Conflict("This point is not open for responses.")
    return get_page(session, deliberation_id)
