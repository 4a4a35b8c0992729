"""Reporting a comment or proposal to the moderators, on a page of its own."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from deliberate.actions.flags import flag_item, item_of, withdraw_flag
from deliberate.domain.errors import NotFound
from deliberate.domain.moderation import FlagState, Item, ItemKind, Rule
from deliberate.inputs.moderation import NewFlag
from deliberate.policy import Can, require
from deliberate.storage.moderation import find_flag
from deliberate.storage.moderation_queue import Case, find_cases
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.throttle import limit_writing

COMMENT, PROPOSAL = {"kind": ItemKind.COMMENT}, {"kind": ItemKind.PROPOSAL}


@blueprint.get("/comments/<int:item_id>/flag", defaults=COMMENT)
@blueprint.get("/proposals/<int:item_id>/flag", defaults=PROPOSAL)
def show_flag(kind: ItemKind, item_id: int) -> ResponseReturnValue:
    """The form to report something, filled in with one's report if there is one.

    Visitors are led to sign in, authors to what moderators did with their text.
    """
    actor, address = current_actor(), f"/{kind.plural}/{item_id}"
    if not actor.is_authenticated:
        return see_other(f"/sign-in?next={address}/flag")
    case = _get_case(kind, item_id)
    if case.line.author_id == actor.id:
        return see_other(f"{address}/moderation")
    _require_shown(case)
    flag = find_flag(reader(), kind, item_id, actor.id)
    filled = blank(rule=flag.rule.value, note=flag.note) if flag else blank()
    return _show(case, filled)


@blueprint.post("/comments/<int:item_id>/flag", defaults=COMMENT)
@blueprint.post("/proposals/<int:item_id>/flag", defaults=PROPOSAL)
def flag(kind: ItemKind, item_id: int) -> ResponseReturnValue:
    """Store or change one's report."""
    form = read_form(NewFlag, request.form)
    if form.data is None:
        require(current_actor(), Can.FLAG, Item(author_id=0))
        case = _get_case(kind, item_id)
        require(current_actor(), Can.FLAG, case.item)
        _require_shown(case)
        return _show(case, form, 422)
    with writing() as tx:
        limit_writing(tx, "flag", burst=20, minutes=60)
        flag_item(tx, current_actor(), kind, item_id, form.data)
    flash(_("Thank you. A moderator looks at it; you find the answer here."), "ok")
    return see_other("/account/moderation")


@blueprint.post("/flags/<int:flag_id>/withdrawal")
def withdraw_own(flag_id: int) -> ResponseReturnValue:
    """Take one's report back."""
    with writing() as tx:
        item_of(withdraw_flag(tx, current_actor(), flag_id))
    flash(_("Your report is withdrawn."), "ok")
    return see_other("/account/moderation")


def _get_case(kind: ItemKind, item_id: int) -> Case:
    case = find_cases(reader(), [(kind, item_id)], current_actor().id or 0).get((kind, item_id))
    if case is None:
        raise NotFound(_("This is no longer shown."))
    return case


def _require_shown(case: Case) -> None:
    """Raise `NotFound` for what others do not see, which nobody can report."""
    if case.line.is_gone or case.line.held_at or case.line.hidden_at:
        raise NotFound(_("This is no longer shown."))


def _show(case: Case, form: Form[Any], status: int = 200) -> Response:
    own = find_flag(reader(), case.line.kind, case.line.id, current_actor().id)
    standing = own if own and own.state is not FlagState.WITHDRAWN else None
    return respond(
        "take_part/flag.html",
        status=status,
        case=case,
        text=Markup(case.line.body_html),  # noqa: S704 - cleaned when it was written.
        form=form,
        flag=standing,
        rules=list(Rule),
    )
