"""Forum sessions: the list, one session, and the page it was imported from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.forum import get_session
from deliberate.domain.errors import NotFound
from deliberate.policy import TAKING_PART
from deliberate.storage.comments import count_by_line
from deliberate.storage.deliberation_pages import list_pages
from deliberate.storage.forum import get_original
from deliberate.storage.imports import SessionRevision, find_revision_file, list_revisions
from deliberate.storage.session_pages import SessionLine, list_session_lines
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.explore.session_pages import session_view
from deliberate.web.forms import Form
from deliberate.web.paging import asked_before, asked_page
from deliberate.web.render import respond
from deliberate.web.session_values import Difference, differences
from deliberate.web.sources import read_source

SESSIONS_A_PAGE = 40
REVISIONS_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class RevisionEntry:
    """One import of a session's page: who, and what it changed."""

    revision: SessionRevision
    person: str
    differences: Sequence[Difference]


@blueprint.get("/sessions")
def sessions() -> ResponseReturnValue:
    """All imported sessions by year; `q` looks in title, reference, type and theme.

    `year` and `type` narrow the list; values that no session has find nothing.
    """
    asked = {name: request.args.get(name, "").strip()[:120] for name in ("q", "year", "type")}
    number = asked_page()
    lines = list_session_lines(reader())
    found = [line for line in lines if _matches(line, asked)]
    start = (number - 1) * SESSIONS_A_PAGE
    shown = found[start : start + SESSIONS_A_PAGE]
    return respond(
        "explore/sessions.html",
        years=_by_year(shown),
        total=len(found),
        form=Form(asked),
        asked={name: value for name, value in asked.items() if value},
        choices=_choices(lines, asked),
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
    text = read_source(found)
    lines = enumerate(text.lines, start=1)
    pages = list_pages(reader(), found.id)
    asked = request.args.get("discussion", 0, type=int)
    discussion = next((page for page in pages if page.id == asked), None)
    return respond(
        "explore/source.html",
        forum_session=found,
        lines=lines,
        left_out=text.left_out,
        discussion=discussion,
        discussions=[page for page in pages if page.phase in TAKING_PART],
        counts=count_by_line(reader(), discussion.id) if discussion else {},
    )


@blueprint.get("/sessions/<slug>/source.txt")
def source_text(slug: str) -> ResponseReturnValue:
    """The imported page exactly as it came, to keep; never shown as a web page."""
    found = get_session(reader(), slug)
    response = Response(found.source_text, content_type="text/plain; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.slug}.txt")
    return response


@blueprint.get("/sessions/<slug>/original")
def original(slug: str) -> ResponseReturnValue:
    """The imported file, byte for byte as it was sent."""
    found = get_session(reader(), slug)
    return _as_file(get_original(reader(), found.id), found.slug, found.source_name)


@blueprint.get("/sessions/<slug>/revisions")
def revisions(slug: str) -> ResponseReturnValue:
    """What the session's page said at each import, and what changed."""
    found = get_session(reader(), slug)
    # One more than is shown: the oldest one shown is compared with it.
    rows = list_revisions(reader(), found.id, asked_before(), REVISIONS_A_PAGE + 1)
    shown = rows[:REVISIONS_A_PAGE]
    earlier = [revision for revision, _person in rows[1:]]
    entries = [
        RevisionEntry(revision, person.name, _changes(revision, one))
        for (revision, person), one in zip_longest(shown, earlier[: len(shown)])
    ]
    older = entries[-1].revision.number if len(rows) > REVISIONS_A_PAGE else None
    return respond("explore/revisions.html", forum_session=found, entries=entries, older=older)


@blueprint.get("/sessions/<slug>/revisions/<int:number>/original")
def revision_original(slug: str, number: int) -> ResponseReturnValue:
    """The file of one import, byte for byte as it was sent."""
    found = get_session(reader(), slug)
    file = find_revision_file(reader(), found.id, number)
    if file is None:
        raise NotFound("There is no such revision.")
    name, data = file
    return _as_file(data, f"{found.slug}-{number}", name)


def _changes(revision: SessionRevision, earlier: SessionRevision | None) -> list[Difference]:
    return differences(earlier.record, revision.record) if earlier else []


def _as_file(data: bytes, name: str, source_name: str) -> Response:
    """A file to keep; its encoding is its own, and no browser shows it as a page of this site."""
    is_markup = source_name.lower().endswith((".html", ".htm"))
    response = Response(data, content_type="application/octet-stream")
    file = f"{name}.html" if is_markup else f"{name}.txt"
    response.headers.set("Content-Disposition", "attachment", filename=file)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _matches(line: SessionLine, asked: Mapping[str, str]) -> bool:
    if asked["year"] and asked["year"] != str(line.year):
        return False
    if asked["type"] and asked["type"] != line.type:
        return False
    words = f"{line.title} {line.reference or ''} {line.type} {line.theme or ''} {line.year or ''}"
    return all(word in words.casefold() for word in asked["q"].casefold().split())


def _by_year(lines: Sequence[SessionLine]) -> list[tuple[int | None, list[SessionLine]]]:
    return [(year, list(some)) for year, some in groupby(lines, key=lambda line: line.year)]


def _choices(
    lines: Sequence[SessionLine], asked: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """Years and types to choose from; a value in use that no session has is offered as well."""
    years = sorted({str(line.year) for line in lines if line.year}, reverse=True)
    types = sorted({line.type for line in lines})
    found = {
        "year": [(year, year) for year in years],
        "type": [(kind, str(_(kind))) for kind in types],
    }
    for name, offered in found.items():
        if asked[name] and asked[name] not in dict(offered):
            offered.append((asked[name], asked[name]))
    return found
