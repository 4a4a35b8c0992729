"""How moderation works, in public: the rules, and the log without texts and names."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from deliberate.domain.moderation import Rule
from deliberate.exporting.tables import Table, csv_bytes
from deliberate.inputs.texts import LARGEST_ID
from deliberate.storage.deliberations import find_deliberation
from deliberate.storage.moderation_log import list_log
from deliberate.web.database import reader
from deliberate.web.explore.blueprint import blueprint
from deliberate.web.paging import asked_before
from deliberate.web.render import respond

ENTRIES_A_PAGE = 50
COLUMNS = ("at", "deliberation", "title", "kind", "act", "rule", "role", "public_reason")


@blueprint.get("/moderation/rules")
def moderation_rules() -> ResponseReturnValue:
    """The rules, how moderators work, and what authors can do."""
    return respond("explore/moderation_rules.html", rules=list(Rule))


@blueprint.get("/moderation/log")
def moderation_log() -> ResponseReturnValue:
    """What moderators did, the newest first, everywhere or in one discussion."""
    before, asked = asked_before(), _asked_deliberation()
    found = list_log(
        reader(), before=before, deliberation_id=asked, limit=ENTRIES_A_PAGE + 1
    )  # fmt: skip
    deliberation = find_deliberation(reader(), asked) if asked else None
    return respond(
        "explore/moderation_log.html",
        entries=found[:ENTRIES_A_PAGE],
        has_more=len(found) > ENTRIES_A_PAGE,
        before=before,
        deliberation=deliberation,
    )


@blueprint.get("/moderation/log.csv")
def moderation_log_table() -> ResponseReturnValue:
    """The whole log as a table."""
    rows = tuple(
        (
            line.happened_at.isoformat(),
            line.deliberation_id,
            line.deliberation_title,
            line.kind.value if line.kind else "discussion",
            line.act.value,
            line.rule.value if line.rule else None,
            line.role.value,
            line.reason or None,
        )
        for line in list_log(reader(), deliberation_id=_asked_deliberation())
    )
    response = Response(csv_bytes(Table(COLUMNS, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="moderation-log.csv"'
    return response


def _asked_deliberation() -> int | None:
    asked = request.args.get("deliberation", type=int)
    return asked if asked is not None and 0 < asked <= LARGEST_ID else None
