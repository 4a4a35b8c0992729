"""Forum sessions: the list, one session, and the page it was imported from."""

from collections.abc import Sequence
from itertools import groupby

from flask import Response, request
from flask.typing import ResponseReturnValue

from deliberate.actions.forum import get_session
from deliberate.storage.session_pages import SessionLine, list_session_lines
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.explore.session_pages import session_view, source_lines
from deliberate.web.forms import Form
from deliberate.web.paging import asked_page
from deliberate.web.render import respond

SESSIONS_A_PAGE = 40


@blueprint.get("/sessions")
def sessions() -> ResponseReturnValue:
    """All imported sessions by year; `q` looks in title, reference, type and theme."""
    text = request.args.get("q", "").strip()[:120]
    number = asked_page()
    found = [line for line in list_session_lines(reader()) if _matches(line, text)]
    start = (number - 1) * SESSIONS_A_PAGE
    shown = found[start : start + SESSIONS_A_PAGE]
    return respond(
        "explore/sessions.html",
        years=_by_year(shown),
        total=len(found),
        form=Form({"q": text}),
        q=text,
        page=number,
        has_more=len(found) > start + SESSIONS_A_PAGE,
    )


@blueprint.get("/sessions/<slug>")
def session(slug: str) -> ResponseReturnValue:
    """One session: its questions, its outputs and what became of them."""
    return respond("explore/session.html", view=session_view(reader(), slug))


@blueprint.get("/sessions/<slug>/source")
def source(slug: str) -> ResponseReturnValue:
    """The imported page with numbered lines, to which every reference leads."""
    found = get_session(reader(), slug)
    lines = enumerate(source_lines(found), start=1)
    return respond("explore/source.html", forum_session=found, lines=lines)


@blueprint.get("/sessions/<slug>/source.txt")
def source_text(slug: str) -> ResponseReturnValue:
    """The imported page exactly as it came, to keep; never shown as a web page."""
    found = get_session(reader(), slug)
    response = Response(found.source_text, content_type="text/plain; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}.txt")
    return response


def _matches(line: SessionLine, text: str) -> bool:
    words = f"{line.title} {line.reference or ''} {line.type} {line.theme or ''} {line.year or ''}"
    return all(word in words.casefold() for word in text.casefold().split())


def _by_year(lines: Sequence[SessionLine]) -> list[tuple[int | None, list[SessionLine]]]:
    return [(year, list(some)) for year, some in groupby(lines, key=lambda line: line.year)]
