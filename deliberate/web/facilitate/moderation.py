"""The moderators' queue, one thing in it with its history, and what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from pydantic import BaseModel
from sqlalchemy.orm import Session

from deliberate.actions.appeals import answer_appeal
from deliberate.actions.moderation import (
    ask_for_edit,
    hide_item,
    keep_item,
    moderate_many,
    release_item,
    unhide_item,
)
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.moderation import Act, ItemKind, Rule, Waits
from deliberate.domain.people import Actor
from deliberate.inputs.moderation import (
    BULK,
    AppealAnswer,
    Asking,
    BulkAct,
    Hiding,
    Keeping,
    Releasing,
    Unhiding,
)
from deliberate.policy import Can, require
from deliberate.storage.comments import CommentLine, list_by_ids
from deliberate.storage.moderation_queue import (
    ITEMS_A_PAGE,
    Case,
    Waiting,
    count_waiting,
    find_cases,
    list_waiting,
)
from deliberate.web.database import reader, writing
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_page
from deliberate.web.render import respond, see_other

ACTS: dict[str, tuple[type[BaseModel], Callable[[Session, Actor, ItemKind, int, Any], object]]] = {
    "keep": (Keeping, keep_item),
    "hide": (Hiding, hide_item),
    "ask": (Asking, ask_for_edit),
    "release": (Releasing, release_item),
    "unhide": (Unhiding, unhide_item),
    "answer": (AppealAnswer, answer_appeal),
}
COMMENT, PROPOSAL = {"kind": ItemKind.COMMENT}, {"kind": ItemKind.PROPOSAL}


@dataclass(frozen=True, slots=True)
class Row:
    """Something in the queue: since when, why, and what it is."""

    waiting: Waiting
    case: Case


@blueprint.get("/moderation")
def show_queue() -> ResponseReturnValue:
    """What waits for moderators, the oldest first."""
    return _show_queue(blank())


@blueprint.post("/moderation")
def moderate_ticked() -> ResponseReturnValue:
    """One act on everything that is ticked."""
    require(current_actor(), Can.MODERATE)
    posted = request.form.copy()
    act = _bulk_act(posted.pop("act", ""))
    form = read_form(BulkAct, posted)
    if form.data is None or act is None:
        return _show_queue(form, 422)
    with writing() as tx:
        done, left = moderate_many(tx, current_actor(), act, form.data)
    flash(ngettext("%(num)d done.", "%(num)d done.", done), "ok")
    if left:
        flash(
            ngettext(
                "%(num)d was left: somebody dealt with it meanwhile, or another has to.",
                "%(num)d were left: somebody dealt with them meanwhile, or another has to.",
                left,
            ),
            "warn",
        )
    return see_other("/moderation")


@blueprint.get("/moderation/comments/<int:item_id>", defaults=COMMENT)
@blueprint.get("/moderation/proposals/<int:item_id>", defaults=PROPOSAL)
def show_case(kind: ItemKind, item_id: int) -> ResponseReturnValue:
    """One comment or proposal in its context, with reports, history and what can be done."""
    return _show_case(kind, item_id, "", blank())


@blueprint.post("/moderation/comments/<int:item_id>", defaults=COMMENT)
@blueprint.post("/moderation/proposals/<int:item_id>", defaults=PROPOSAL)
def moderate(kind: ItemKind, item_id: int) -> ResponseReturnValue:
    """Keep, hide, ask for an edit, release, unhide, or answer the appeal."""
    require(current_actor(), Can.MODERATE)
    posted = request.form.copy()
    name = posted.pop("act", "")
    if name not in ACTS:
        return _show_case(kind, item_id, "", Form({}, {"": _("Choose what to do.")}), 422)
    model, act = ACTS[name]
    form: Form[Any] = read_form(model, posted)
    if form.data is None:
        return _show_case(kind, item_id, name, form, 422)
    try:
        with writing() as tx:
            act(tx, current_actor(), kind, item_id, form.data)
    except Conflict as error:
        told = " ".join(_(part) for part in (error.title, error.advice) if part)
        return _show_case(kind, item_id, name, Form(form.posted, {"": told}), 409)
    flash(_("Done. The public log says so, without the text."), "ok")
    return see_other("/moderation")


def _show_queue(form: Form[Any], status: int = 200) -> Response:
    actor = current_actor()
    require(actor, Can.MODERATE)
    asked = next((why for why in Waits if why.value == request.args.get("why")), None)
    number = asked_page()
    found = list_waiting(reader(), asked, number)
    shown = found[:ITEMS_A_PAGE]
    cases = find_cases(reader(), [each.key for each in shown], actor.id or 0)
    return respond(
        "facilitate/moderation.html",
        status=status,
        rows=[Row(each, cases[each.key]) for each in shown if each.key in cases],
        counts=count_waiting(reader()),
        asked=asked,
        page=number,
        has_more=len(found) > ITEMS_A_PAGE,
        form=form,
        ticked=set(form.posted.get("entries", ())),
        rules=_rules(),
    )


def _show_case(
    kind: ItemKind, item_id: int, name: str, form: Form[Any], status: int = 200
) -> Response:
    actor = current_actor()
    require(actor, Can.MODERATE)
    case = find_cases(reader(), [(kind, item_id)], actor.id or 0).get((kind, item_id))
    if case is None:
        raise NotFound(_("There is no such text."))
    return respond(
        "facilitate/moderation_case.html",
        status=status,
        case=case,
        text=Markup(case.line.body_html),  # noqa: S704 - cleaned when it was written.
        parents=_parents(case),
        forms={each: form if each == name else blank() for each in ACTS},
        form=form,
        ids={field: f"{name}-{field}" for field in ("words", "rule", "granted")},
        rules=_rules(),
    )


def _parents(case: Case) -> list[tuple[CommentLine, Markup]]:
    """What a comment replies to, with the text, from the beginning of its thread on."""
    ids = [int(step) for step in case.line.path.split("/")[:-1]] if case.line.path else []
    found = {line.id: line for line in list_by_ids(reader(), ids)} if ids else {}
    lines = [found[each] for each in ids if each in found]
    return [(line, Markup(line.body_html)) for line in lines]  # noqa: S704 - cleaned before.


def _bulk_act(asked: str) -> Act | None:
    return next((each for each in BULK if each.value == asked), None)


def _rules() -> list[tuple[str, str]]:
    return [(rule.value, _(rule.label)) for rule in Rule]
