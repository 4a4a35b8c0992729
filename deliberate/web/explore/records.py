"""Public records: what curators did, and the summaries that were published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.forum import get_session
from deliberate.domain.errors import NotFound
from deliberate.domain.forum import CurationKind
from deliberate.domain.levels import ConsensusLevel
from deliberate.inputs.texts import LARGEST_ID
from deliberate.storage.curation import LogFilter, list_decisions, list_undoings
from deliberate.storage.forum import ForumSession
from deliberate.storage.people import Person, find_person
from deliberate.storage.summaries import list_published
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.forms import Form
from deliberate.web.paging import asked_before, asked_page
from deliberate.web.render import respond

ENTRIES_A_PAGE = 30
SUMMARIES_A_PAGE = 40


@dataclass(frozen=True, slots=True)
class LogPage:
    """A stretch of the curation log; `older` and `newest` are addresses that keep the filters.

    `undoings` are the entries that took acts back, by the act.
    """

    entries: Sequence[Any]
    undoings: Mapping[int, int]
    session: ForumSession | None
    kind: CurationKind | None
    person: Person | None
    before: int | None
    older: str | None
    newest: str

    @property
    def is_filtered(self) -> bool:
        """Whether something is left out."""
        return any((self.session, self.kind, self.person))


@blueprint.get("/curation-log")
def curation_log() -> ResponseReturnValue:
    """Every act of every curator, newest first, or those of a session, a kind or a person.

    `before` is the id to go on from. A session or a person that does not exist is not found; a
    kind that does not exist is passed over.
    """
    page = _log_page(asked_before())
    kinds = sorted(((kind.value, _(kind.label)) for kind in CurationKind), key=lambda kind: kind[1])
    form: Form[Any] = Form({"kind": page.kind.value if page.kind else ""})
    return respond("explore/curation_log.html", log=page, kinds=kinds, form=form)


def _log_page(before: int | None) -> LogPage:
    slug, person_id = request.args.get("session", ""), request.args.get("person", type=int)
    session = get_session(reader(), slug) if slug else None
    person = _person(person_id) if person_id is not None else None
    kind = next((kind for kind in CurationKind if kind == request.args.get("kind")), None)
    wanted = LogFilter(session.id if session else None, kind, person.id if person else None)
    limit = ENTRIES_A_PAGE + 1
    found = list_decisions(reader(), before_id=before, limit=limit, wanted=wanted)
    shown = found[:ENTRIES_A_PAGE]
    kept = {"session": slug, "kind": kind.value if kind else "", "person": person_id or ""}
    older = shown[-1][0].id if len(found) > ENTRIES_A_PAGE else None
    return LogPage(
        entries=shown,
        undoings=list_undoings(reader(), [entry.id for entry, *_rest in shown]),
        session=session,
        kind=kind,
        person=person,
        before=before,
        older=_address(kept | {"before": older}) if older else None,
        newest=_address(kept),
    )


def _person(person_id: int) -> Person:
    found = find_person(reader(), person_id) if 0 < person_id <= LARGEST_ID else None
    if found is None:
        raise NotFound("There is no such person.")
    return found


def _address(kept: Mapping[str, Any]) -> str:
    """The log with these filters; those that are empty are left out."""
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"/curation-log?{query}" if query else "/curation-log"


@blueprint.get("/summaries")
def summaries() -> ResponseReturnValue:
    """The newest edition of every published summary, the latest first."""
    number = asked_page()
    found = list_published(reader())
    start = (number - 1) * SUMMARIES_A_PAGE
    return respond(
        "explore/summaries.html",
        published=found[start : start + SUMMARIES_A_PAGE],
        levels={level.value: level.label for level in ConsensusLevel},
        page=number,
        has_more=len(found) > start + SUMMARIES_A_PAGE,
    )
