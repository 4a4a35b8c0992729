"""Doubts about a page that waits: found fine as they are, or looked at again."""

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.imports import get_draft, reopen_doubts, settle_doubts
from deliberate.domain.errors import Conflict, NotFound
from deliberate.importing import Doubt, DoubtKind
from deliberate.inputs.imports import DoubtAct
from deliberate.policy import Can, require
from deliberate.web.curate.blueprint import blueprint
from deliberate.web.curate.preview import Sent, choices, id_of, preview_of
from deliberate.web.curate.uploads import in_words
from deliberate.web.database import reader, writing
from deliberate.web.forms import read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other, wants_part

ACTS = {"settle": settle_doubts, "reopen": reopen_doubts}


@blueprint.post("/imports/<int:draft_id>/doubts")
def judge_doubt(draft_id: int) -> ResponseReturnValue:
    """Settle doubts of one kind, or take that back; then the next one is at hand."""
    actor = current_actor()
    require(actor, Can.IMPORT_SESSION)
    form = read_form(DoubtAct, request.form)
    if form.data is None:
        return _show(draft_id, _("Choose one of the doubts below."), 422)
    found = _doubts(form.data)
    try:
        with writing() as tx:
            ACTS[form.data.act](tx, actor, draft_id, found, form.data.version)
    except Conflict as error:
        return _show(draft_id, in_words(error), 409)
    preview = preview_of(get_draft(reader(), actor, draft_id))
    here = preview.next_open(found[-1]) if form.data.act == "settle" else id_of(found[0])
    if wants_part():
        return respond("curate/_doubts.html", preview=replace(preview, focus=here), oob=False)
    return see_other(f"/imports/{draft_id}#{here}")


def _doubts(data: DoubtAct) -> list[Doubt]:
    """The doubts that a form names. Raises `NotFound` for a kind that there is not."""
    if data.kind not in DoubtKind.__members__:
        raise NotFound("There is no such doubt about this page.")
    return [Doubt(DoubtKind[data.kind], line) for line in sorted(data.lines)]


def _show(draft_id: int, warning: str, status: int) -> ResponseReturnValue:
    """The whole page again, with what is wrong."""
    draft = get_draft(reader(), current_actor(), draft_id)
    preview = preview_of(draft, Sent(warning=warning))
    return respond("curate/preview.html", None, status, preview=preview, choices=choices())
