"""The dates of a discussion as a calendar file (RFC 5545), for the calendars people keep."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from icalendar import Calendar, Event

from deliberate.actions.deliberations import get_page
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.polls import Poll, list_polls
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.render import VARY


@blueprint.get("/deliberations/<int(max=2147483647):deliberation_id>/dates.ics")
def deliberation_dates(deliberation_id: int) -> ResponseReturnValue:
    """When the discussion and its polls open and close, each as a moment in UTC."""
    page = get_page(reader(), deliberation_id)
    calendar = Calendar()
    calendar.add("prodid", "-//deliberate//dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", page.title)
    for event in _events(page, list_polls(reader(), deliberation_id)):
        calendar.add_component(event)
    return _send(calendar)


def _events(page: DeliberationPage, polls: Sequence[Poll]) -> Iterator[Event]:
    home, title = f"/deliberations/{page.id}", page.title
    yield _event(home, "opens", _("Discussion opens: %(title)s", title=title), page.opens_at)
    yield _event(home, "closes", _("Discussion closes: %(title)s", title=title), page.closes_at)
    for poll in polls:
        path = f"/polls/{poll.id}"
        yield _event(path, "opens", _("Poll opens: %(title)s", title=poll.title), poll.opens_at)
        yield _event(path, "closes", _("Poll closes: %(title)s", title=poll.title), poll.closes_at)


def _event(path: str, what: str, summary: str, moment: datetime) -> Event:
    """One date. Its UID stays when the date moves, so that a calendar moves it too."""
    site = current_app.config["OFFICE"].site or request.host_url.rstrip("/")
    event = Event()
    event.add("uid", f"{site}{path}#{what}")
    event.add("dtstamp", now(reader()))
    event.add("dtstart", moment)
    event.add("summary", summary)
    event.add("url", f"{site}{path}")
    return event


def _send(calendar: Calendar) -> Response:
    response = make_response(calendar.to_ical())
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = "attachment; filename=dates.ics"
    response.vary.update(VARY)
    return response
