"""Answers that a browser may keep: whole pages for visitors from memory, tags for everybody."""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, request, session
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf

from deliberate.storage.database import now
from deliberate.web.database import reader
from deliberate.web.login import current_actor
from deliberate.web.render import VARY, wants_part
from deliberate.web.take_part.kept import memory
from deliberate.web.take_part.pages import get_revision, get_shared
from deliberate.web.take_part.stretches import Stretch

FLASHES = "_flashes"


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page as sent to every visitor: compressed once, with its entity tag."""

    body: bytes
    tag: str


def has_messages() -> bool:
    """Whether something said once, after a form was sent, waits to be shown."""
    return FLASHES in session


def is_plain_visit() -> bool:
    """Whether everybody who asks in this way gets the same bytes."""
    return current_actor().is_anonymous and not has_messages() and not wants_part()


def send_kept(deliberation_id: int, stretch: Stretch, draw: Callable[[], Response]) -> Response:
    """The page for visitors, drawn once for each revision, stretch and language."""
    revision, language = get_revision(deliberation_id), str(get_locale())
    key, moment = (deliberation_id, revision, stretch, language), now(reader())
    packed: PackedPage | None = memory().pages.get(key, moment)
    if packed is None:
        html = draw().get_data()
        packed = PackedPage(gzip.compress(html, 6, mtime=0), _digest(html))
        memory().pages.put(key, packed, get_shared(deliberation_id).until)
    response = Response(mimetype="text/html")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(packed.body)
        response.content_encoding = "gzip"
    else:
        response.set_data(gzip.decompress(packed.body))
    response.vary.update((*VARY, "Accept-Encoding"))
    return _tag(response, packed.tag)


def tag_personal(response: Response, submission_keys: list[str]) -> Response:
    """Tag one reader's page by what it says.

    The tokens of its forms differ every time and are left out; the browser's own secret behind
    them is put in, because a page kept from an earlier sign-in has forms that have expired.
    """
    html = response.get_data(as_text=True)
    for token in (generate_csrf(), *submission_keys):
        html = html.replace(token, "")
    return _tag(response, _digest(f"{session.get('csrf_token')}{html}".encode()))


def _tag(response: Response, tag: str) -> Response:
    """Add the weak entity tag and answer 304 when the browser has this page (RFC 9110, 13.1.2)."""
    response.set_etag(tag, weak=True)
    response.make_conditional(request)
    return response


def _digest(html: bytes) -> str:
    return hashlib.sha256(html).hexdigest()[:32]
