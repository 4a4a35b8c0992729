"""Public records: what curators did, and the summaries that were published."""

from flask.typing import ResponseReturnValue

from deliberate.domain.levels import ConsensusLevel
from deliberate.storage.curation import list_decisions
from deliberate.storage.summaries import list_published
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.paging import asked_before, asked_page
from deliberate.web.render import respond

ENTRIES_A_PAGE = 30
SUMMARIES_A_PAGE = 40


@blueprint.get("/curation-log")
def curation_log() -> ResponseReturnValue:
    """Every act of every curator, newest first; `before` is the id to go on from."""
    before = asked_before()
    found = list_decisions(reader(), before_id=before, limit=ENTRIES_A_PAGE + 1)
    shown = found[:ENTRIES_A_PAGE]
    older = shown[-1][0].id if len(found) > ENTRIES_A_PAGE else None
    return respond("explore/curation_log.html", entries=shown, before=before, older=older)


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
