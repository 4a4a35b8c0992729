"""The front page and the list of all deliberations."""

from flask import request
from flask.typing import ResponseReturnValue

from deliberate.domain.phases import Phase
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.explore.pages import deliberations_page, front_page
from deliberate.web.paging import asked_page
from deliberate.web.render import respond


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
    """All deliberations, or those of one phase; what is no phase shows all."""
    asked = request.args.get("phase", "")
    phase = Phase(asked) if asked in set(Phase) else None
    return respond(
        "explore/deliberations.html", listed=deliberations_page(reader(), phase, asked_page())
    )
