"""The facilitator's bench: comments to be put into arguments, or set aside with a reason."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from pydantic import BaseModel
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from deliberate.actions.arguments import (
    Collected,
    begin_argument,
    cite_comments,
    waive_comments,
    withdraw_waiver,
)
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.synthesis import Sorted
from deliberate.domain.threads import CommentKind
from deliberate.inputs.synthesis import CommentsForArgument, CommentsToWaive, NewArgument
from deliberate.inputs.texts import LARGEST_ID
from deliberate.policy import Can, require
from deliberate.web.database import writing
from deliberate.web.facilitate.argument_pages import Filter, get_bench
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other

M = TypeVar("M", bound=BaseModel)
W = TypeVar("W", Sorted, StakeholderGroup, CommentKind)


@blueprint.get("/deliberations/<int:deliberation_id>/synthesis")
def show_bench(deliberation_id: int) -> ResponseReturnValue:
    """Comments that are not sorted yet, or those that are, with what can be done to them."""
    return _show(deliberation_id, blank())


@blueprint.post("/deliberations/<int:deliberation_id>/synthesis")
def sort_comments(deliberation_id: int) -> ResponseReturnValue:
    """Put the ticked comments into an argument, begin one with them, or set them aside."""
    act = request.form.get("act")
    if act == "begin":
        return _sort(deliberation_id, NewArgument, _begin)
    if act == "waive":
        return _sort(deliberation_id, CommentsToWaive, _waive)
    return _sort(deliberation_id, CommentsForArgument, _cite)


@blueprint.post("/waivers/<int:waiver_id>/withdrawal")
def unwaive(waiver_id: int) -> ResponseReturnValue:
    """Put a comment that was set aside back on the bench."""
    with writing() as tx:
        deliberation_id = withdraw_waiver(tx, current_actor(), waiver_id)
    flash(_("The comment is to be sorted again."), "ok")
    return see_other(f"/deliberations/{deliberation_id}/arguments/waived")


def only(model: type[BaseModel]) -> MultiDict[str, str]:
    """The posted fields that a model has; the other buttons' fields stand in the same form."""
    fields = model.model_fields
    return MultiDict((name, value) for name, value in request.form.items(True) if name in fields)


def everything_posted(form: Form[Any]) -> Form[Any]:
    """A form with errors, with what was typed for the other buttons too."""
    rest = {name: value for name, value in request.form.items() if name != "csrf_token"}
    return Form({**rest, **form.posted}, form.errors)


def say_collected(text: str, collected: Collected) -> None:
    """Tell what was added, and that some of it stands in another argument too."""
    flash(
        ngettext(
            "%(num)d comment added to “%(text)s”",
            "%(num)d comments added to “%(text)s”",
            collected.added,
            text=text,
        ),
        "ok",
    )
    if collected.elsewhere:
        flash(
            ngettext(
                "%(num)d of them stands in another argument too.",
                "%(num)d of them stand in another argument too.",
                collected.elsewhere,
            ),
            "info",
        )


def _sort(
    deliberation_id: int, model: type[M], act: Callable[[Session, int, M], None]
) -> ResponseReturnValue:
    form = read_form(model, only(model))
    if form.data is None:
        return _show(deliberation_id, everything_posted(form), 422)
    with writing() as tx:
        act(tx, deliberation_id, form.data)
    query = request.query_string.decode()
    return see_other(f"/deliberations/{deliberation_id}/synthesis?{query}#bench")


def _cite(tx: Session, _deliberation_id: int, data: CommentsForArgument) -> None:
    argument, collected = cite_comments(tx, current_actor(), data.argument_id, data.comment_ids)
    say_collected(argument.text, collected)


def _begin(tx: Session, deliberation_id: int, data: NewArgument) -> None:
    argument, collected = begin_argument(tx, current_actor(), deliberation_id, data)
    say_collected(argument.text, collected)


def _waive(tx: Session, deliberation_id: int, data: CommentsToWaive) -> None:
    number = waive_comments(tx, current_actor(), deliberation_id, data.comment_ids, data.reason)
    flash(ngettext("%(num)d comment set aside.", "%(num)d comments set aside.", number), "ok")
    if number < len(data.comment_ids):
        flash(_("What was sorted in the meantime stays as it is."), "info")


def _show(deliberation_id: int, form: Form[Any], status: int = 200) -> Response:
    bench = get_bench(deliberation_id, _asked_filter())
    require(current_actor(), Can.SYNTHESISE, bench.synthesis.page)
    return respond(
        "facilitate/synthesis.html",
        status=status,
        bench=bench,
        form=form,
        ticked={str(each) for each in form.posted.get("comment_ids", ())},
        here=_address(bench.filter),
        further=_address(bench.filter, bench.next_after),
        groups=StakeholderGroup.registrable(),
        kinds=CommentKind,
    )


def _address(wanted: Filter, after: int | None = None) -> str:
    """The query of an address that asks for these comments, from here or from further on."""
    asked = {
        "state": wanted.state.value,
        "group": wanted.group.value if wanted.group else "",
        "kind": wanted.kind.value if wanted.kind else "",
        "after": after or wanted.after or "",
    }
    return urlencode({name: value for name, value in asked.items() if value})


def _asked_filter() -> Filter:
    after = request.args.get("after", 0, type=int)
    return Filter(
        state=_word(Sorted, "state") or Sorted.NOT_YET,
        group=_word(StakeholderGroup, "group"),
        kind=_word(CommentKind, "kind"),
        after=after if 0 < after <= LARGEST_ID else 0,
    )


def _word(words: type[W], name: str) -> W | None:
    """The member that the address names; anything else asks for nothing."""
    asked = request.args.get(name)
    return next((each for each in words if each.value == asked), None)
