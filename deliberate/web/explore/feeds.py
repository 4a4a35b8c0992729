"""What is new in a discussion or a session, as Atom (RFC 4287) for feed readers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.deliberations import get_page
from deliberate.actions.forum import get_session
from deliberate.domain.notices import Reason, sentence
from deliberate.storage.notices import EventLine, list_events
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.render import VARY

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as an entry. `id` never changes, whatever becomes of the words."""

    id: str
    title: str
    address: str
    author: str
    summary: str
    updated: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    """What the template is filled with; addresses are whole, as the format asks."""

    title: str
    page: str
    own: str
    updated: datetime
    entries: Sequence[Entry]


@blueprint.get("/deliberations/<int(max=2147483647):deliberation_id>/feed.atom")
def deliberation_feed(deliberation_id: int) -> ResponseReturnValue:
    """What is new in one discussion."""
    page = get_page(reader(), deliberation_id)
    events = list_events(reader(), deliberation_id=deliberation_id)
    path = f"/deliberations/{deliberation_id}"
    return _send(page.title, path, page.deliberation.opened_at, events)


@blueprint.get("/sessions/<slug>/feed.atom")
def session_feed(slug: str) -> ResponseReturnValue:
    """What is new in all discussions of one session."""
    session = get_session(reader(), slug)
    events = list_events(reader(), session_id=session.id)
    return _send(session.title, f"/sessions/{slug}", session.imported_at, events)


def _send(title: str, path: str, begun: datetime, events: Sequence[EventLine]) -> Response:
    site = current_app.config["OFFICE"].site or request.host_url.rstrip("/")
    feed = Feed(
        title=_legal(title),
        page=f"{site}{path}",
        own=f"{site}{path}/feed.atom",
        updated=events[0].happened_at if events else begun,
        entries=[_entry(site, event) for event in events],
    )
    response = make_response(render_template("explore/feed.xml", feed=feed))
    response.mimetype = "application/atom+xml"
    response.vary.update(VARY)
    response.set_etag(sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)
    return response


def _entry(site: str, event: EventLine) -> Entry:
    author = event.actor_name or ""
    return Entry(
        id=f"{site}/events/{event.id}",
        title=_legal(str(_(sentence(event.kind, Reason.FOLLOWED), name=author))),
        address=f"{site}{event.address}",
        author=_legal(author),
        summary=_legal(event.excerpt or event.title),
        updated=event.happened_at,
    )


def _legal(text: str) -> str:
    """The text without what no XML document may contain (XML 1.0, section 2.2)."""
    return _ILLEGAL.sub("", text)
