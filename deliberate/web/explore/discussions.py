"""The front page and the list of all deliberations."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.domain.phases import Phase
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.explore.pages import DeliberationsPage, deliberations_page, front_page
from deliberate.web.paging import asked_page
from deliberate.web.render import respond

ARCHIVE = "archived"
ARCHIVE_ADDRESS = "/deliberations?phase=archived"


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """What is open, what is being ranked, what was summarised."""
    page = front_page(reader())
    return respond(
        "explore/home.html",
        voting_now=page.voting_now,
        open_now=page.open_now,
        closed_recently=page.closed_recently,
        summarised=page.summarised,
        totals=page.totals,
    )


@blueprint.get("/deliberations")
def deliberations() -> ResponseReturnValue:
    """All deliberations, those of one phase, or the archive; what is none of these shows all."""
    asked = request.args.get("phase", "")
    phase = Phase(asked) if asked in set(Phase) else None
    listed = deliberations_page(reader(), phase, asked_page(), archive=asked == ARCHIVE)
    return respond("explore/deliberations.html", listed=listed, tabs=_tabs(listed))


def _tabs(listed: DeliberationsPage) -> list[tuple[str, str, str]]:
    """A tab for every phase that something is in, and for the one that is shown."""
    tabs = [("", _("All (%(number)d)", number=listed.total), "/deliberations")]
    words = {
        Phase.VOTING: _("Poll open (%(number)d)", number=listed.counts[Phase.VOTING]),
        Phase.OPEN: _("Discussion open (%(number)d)", number=listed.counts[Phase.OPEN]),
        Phase.DRAFT: _("Opens soon (%(number)d)", number=listed.counts[Phase.DRAFT]),
        Phase.CLOSED: _("Closed (%(number)d)", number=listed.counts[Phase.CLOSED]),
        Phase.SUMMARISED: _(
            "Summary published (%(number)d)", number=listed.counts[Phase.SUMMARISED]
        ),
    }
    archive = (ARCHIVE, _("Archived (%(number)d)", number=listed.archived), ARCHIVE_ADDRESS)
    return (
        tabs
        + [
            (phase.value, text, f"/deliberations?phase={phase}")
            for phase, text in words.items()
            if listed.counts[phase] or phase is listed.phase
        ]
        + ([archive] if listed.archived or listed.shows_archive else [])
    )
