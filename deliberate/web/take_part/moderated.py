"""What moderators did with one's own texts, one's appeal, and what became of one's reports."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from deliberate.actions.appeals import appeal_hiding
from deliberate.domain.errors import NotFound
from deliberate.domain.moderation import ItemKind
from deliberate.inputs.moderation import NewAppeal
from deliberate.storage.moderation_log import list_own_flags, list_own_items
from deliberate.storage.moderation_queue import Case, find_cases
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.flags import COMMENT, PROPOSAL

SHOWN = 50


@blueprint.get("/account/moderation")
def list_own() -> ResponseReturnValue:
    """One's texts that moderators dealt with, and one's reports with their answers."""
    person_id = current_actor().id
    if person_id is None:
        return see_other("/sign-in?next=/account/moderation")
    return respond(
        "take_part/moderated.html",
        items=list_own_items(reader(), person_id, SHOWN),
        flags=list_own_flags(reader(), person_id, SHOWN),
    )


@blueprint.get("/comments/<int:item_id>/moderation", defaults=COMMENT)
@blueprint.get("/proposals/<int:item_id>/moderation", defaults=PROPOSAL)
def show_own(kind: ItemKind, item_id: int) -> ResponseReturnValue:
    """One's own text with what was done to it, and the form to appeal."""
    return _show(_get_own(kind, item_id), blank())


@blueprint.post("/comments/<int:item_id>/appeal", defaults=COMMENT)
@blueprint.post("/proposals/<int:item_id>/appeal", defaults=PROPOSAL)
def appeal(kind: ItemKind, item_id: int) -> ResponseReturnValue:
    """Appeal against the hiding of what one wrote."""
    form = read_form(NewAppeal, request.form)
    if form.data is None:
        return _show(_get_own(kind, item_id), form, 422)
    with writing() as tx:
        appeal_hiding(tx, current_actor(), kind, item_id, form.data)
    flash(_("Your appeal is with another moderator now."), "ok")
    return see_other(f"/{kind.plural}/{item_id}/moderation")


def _get_own(kind: ItemKind, item_id: int) -> Case:
    """One's own text; nobody else learns of what a moderator said to its author."""
    person_id = current_actor().id
    case = find_cases(reader(), [(kind, item_id)], person_id or 0).get((kind, item_id))
    if case is None or case.line.author_id != person_id:
        raise NotFound(_("You have written no such text."))
    return case


def _show(case: Case, form: Form[Any], status: int = 200) -> Response:
    return respond(
        "take_part/moderated_text.html",
        status=status,
        case=case,
        text=Markup(case.line.body_html),  # noqa: S704 - cleaned when it was written.
        form=form,
    )
