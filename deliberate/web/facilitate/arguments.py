"""The public map of arguments, each argument's own page, and what facilitators do there."""

from typing import Any

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from deliberate.actions.arguments import choose_excerpt, edit_argument, withdraw_argument
from deliberate.actions.deliberations import get_page
from deliberate.actions.regrouping import (
    mark_answered,
    merge_arguments,
    move_citations,
    remove_citations,
    split_argument,
    unmark_answered,
)
from deliberate.domain.errors import Conflict, Gone, Invalid, NotFound
from deliberate.domain.synthesis import ArgumentKind, Sorted, visible_text
from deliberate.inputs.synthesis import (
    ArgumentEdit,
    CitationsToMove,
    CitationsToRemove,
    CitationsToSplit,
    Merger,
    NewAnswer,
    NewExcerpt,
)
from deliberate.inputs.texts import LARGEST_ID
from deliberate.policy import Can, require
from deliberate.storage.arguments import find_citation
from deliberate.storage.comments import list_by_ids
from deliberate.web.database import reader, writing
from deliberate.web.facilitate.argument_pages import (
    ARGUMENTS_A_PAGE,
    FIRST_ARGUMENTS,
    Filter,
    Shown,
    get_argument,
    get_argument_page,
    get_bench,
    get_synthesis,
    with_citations,
)
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.facilitate.synthesis import everything_posted, only
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_page
from deliberate.web.render import respond, see_other


@blueprint.get("/deliberations/<int:deliberation_id>/arguments")
def show_map(deliberation_id: int) -> ResponseReturnValue:
    """For, against and questions with equal standing; or all arguments of one kind, paged."""
    synthesis = get_synthesis(deliberation_id)
    asked = next((kind for kind in ArgumentKind if kind == request.args.get("kind")), None)
    number, size = (asked_page(), ARGUMENTS_A_PAGE) if asked else (1, FIRST_ARGUMENTS)
    first = (number - 1) * size
    kinds = [asked] if asked else list(ArgumentKind)
    chosen = {kind: synthesis.of(kind) for kind in kinds}
    lines = [line for kind in kinds for line in chosen[kind][first : first + size]]
    shown = with_citations(synthesis, lines)
    columns: list[tuple[ArgumentKind, int, list[Shown]]] = [
        (kind, len(chosen[kind]), [each for each in shown if each.line.kind is kind])
        for kind in kinds
    ]
    return respond(
        "facilitate/arguments.html",
        synthesis=synthesis,
        columns=columns,
        asked=asked,
        number=number,
        has_more=bool(asked) and len(chosen[kinds[0]]) > first + size,
    )


@blueprint.get("/deliberations/<int:deliberation_id>/arguments/waived")
def show_waived(deliberation_id: int) -> ResponseReturnValue:
    """The comments that belong to no argument, each with the reason."""
    after = request.args.get("after", 0, type=int)
    bench = get_bench(deliberation_id, Filter(Sorted.WAIVED, after=max(0, min(after, LARGEST_ID))))
    return respond("facilitate/waived.html", bench=bench)


@blueprint.get("/arguments/<int:argument_id>")
def show_argument(argument_id: int) -> ResponseReturnValue:
    """An argument with the comments it was collected from; a merged one leads to the other."""
    line = get_argument(argument_id)
    if line.merged_into_id is not None:
        return redirect(f"/arguments/{line.merged_into_id}")
    return _show(argument_id, blank())


@blueprint.post("/arguments/<int:argument_id>")
def edit(argument_id: int) -> ResponseReturnValue:
    """Reword an argument."""
    form = read_form(ArgumentEdit, request.form)
    if form.data is None:
        return _show(argument_id, form, 422)
    try:
        with writing() as tx:
            edit_argument(tx, current_actor(), argument_id, form.data)
    except Conflict as error:
        theirs = get_argument(argument_id)
        if theirs.merged_into_id is not None or theirs.withdrawn_at is not None:
            raise
        mine: Form[Any] = Form(
            {**form.posted, "version": str(theirs.version)},
            {"text": f"{_(error.title)} {_(error.advice)}"},
        )
        return _show(argument_id, mine, 409, theirs=theirs.text)
    flash(_("The argument is saved."), "ok")
    return see_other(f"/arguments/{argument_id}")


@blueprint.post("/arguments/<int:argument_id>/citations")
def regroup(argument_id: int) -> ResponseReturnValue:
    """Remove the ticked comments, move them to another argument, or begin one with them."""
    act = request.form.get("act")
    if act == "move":
        return _move(argument_id)
    if act == "split":
        return _split(argument_id)
    form = read_form(CitationsToRemove, only(CitationsToRemove))
    if form.data is None:
        return _show(argument_id, everything_posted(form), 422)
    with writing() as tx:
        number = remove_citations(tx, current_actor(), argument_id, form.data.citation_ids)
    flash(ngettext("%(num)d comment removed.", "%(num)d comments removed.", number), "ok")
    return see_other(f"/arguments/{argument_id}#citations")


@blueprint.post("/arguments/<int:argument_id>/merger")
def merge(argument_id: int) -> ResponseReturnValue:
    """Let an argument become part of another."""
    form = read_form(Merger, request.form)
    if form.data is None:
        return _show(argument_id, form, 422)
    try:
        with writing() as tx:
            into = merge_arguments(tx, current_actor(), argument_id, form.data.argument_id)
    except Invalid as error:
        return _show(argument_id, form.reject(error), 422)
    flash(_("The arguments are one. Splitting takes it back."), "ok")
    return see_other(f"/arguments/{into.id}")


@blueprint.post("/arguments/<int:argument_id>/withdrawal")
def withdraw(argument_id: int) -> ResponseReturnValue:
    """Take out an argument that cites nothing."""
    with writing() as tx:
        argument = withdraw_argument(tx, current_actor(), argument_id)
    flash(_("The argument is withdrawn."), "ok")
    return see_other(f"/deliberations/{argument.deliberation_id}/arguments")


@blueprint.post("/arguments/<int:argument_id>/answers")
def mark_answer(argument_id: int) -> ResponseReturnValue:
    """Mark the argument, or a comment in it that asks, as answered."""
    form = read_form(NewAnswer, request.form)
    if form.data is None:
        return _show(argument_id, form, 422)
    try:
        with writing() as tx:
            mark_answered(tx, current_actor(), argument_id, form.data)
    except Invalid as error:
        return _show(argument_id, form.reject(error), 422)
    flash(_("The answer is marked."), "ok")
    return see_other(f"/arguments/{argument_id}#answers")


@blueprint.post("/answers/<int:answer_id>/withdrawal")
def unanswer(answer_id: int) -> ResponseReturnValue:
    """Take back that something answers something."""
    with writing() as tx:
        deliberation_id = unmark_answered(tx, current_actor(), answer_id)
    flash(_("The answer is no longer marked."), "ok")
    return see_other(f"/deliberations/{deliberation_id}/arguments")


@blueprint.get("/citations/<int:citation_id>/excerpt")
def choose(citation_id: int) -> ResponseReturnValue:
    """The whole comment, and which of its words the argument shows."""
    citation = find_citation(reader(), citation_id)
    return _show_excerpt(citation_id, Form({"excerpt": citation.excerpt if citation else ""}))


@blueprint.post("/citations/<int:citation_id>/excerpt")
def store_excerpt(citation_id: int) -> ResponseReturnValue:
    """Keep the chosen words."""
    form = read_form(NewExcerpt, request.form)
    if form.data is None:
        return _show_excerpt(citation_id, form, 422)
    try:
        with writing() as tx:
            chosen = choose_excerpt(tx, current_actor(), citation_id, form.data.excerpt)
    except Invalid as error:
        return _show_excerpt(citation_id, form.reject(error), 422)
    flash(_("The excerpt is saved."), "ok")
    return see_other(f"/arguments/{chosen.argument_id}#citations")


def _move(argument_id: int) -> ResponseReturnValue:
    form = read_form(CitationsToMove, only(CitationsToMove))
    if form.data is None:
        return _show(argument_id, everything_posted(form), 422)
    chosen, into_id = form.data.citation_ids, form.data.argument_id
    try:
        with writing() as tx:
            into = move_citations(tx, current_actor(), argument_id, chosen, into_id)
    except Invalid as error:
        return _show(argument_id, everything_posted(form.reject(error)), 422)
    flash(_("Moved to “%(text)s”", text=into.text), "ok")
    return see_other(f"/arguments/{argument_id}#citations")


def _split(argument_id: int) -> ResponseReturnValue:
    form = read_form(CitationsToSplit, only(CitationsToSplit))
    if form.data is None:
        return _show(argument_id, everything_posted(form), 422)
    with writing() as tx:
        part = split_argument(tx, current_actor(), argument_id, form.data)
    flash(_("The comments make an argument of their own."), "ok")
    return see_other(f"/arguments/{part.id}")


def _show(
    argument_id: int, form: Form[Any], status: int = 200, theirs: str | None = None
) -> Response:
    line = get_argument(argument_id)
    if line.withdrawn_at is not None:
        raise Gone(_("This argument was withdrawn."), _("It cited no comment any more."))
    own = get_argument_page(line, asked_page())
    if status != 200:
        require(current_actor(), Can.SYNTHESISE, own.synthesis.page)
    return respond(
        "facilitate/argument.html",
        status=status,
        own=own,
        form=form,
        theirs=theirs,
        ticked={str(each) for each in form.posted.get("citation_ids", ())},
    )


def _show_excerpt(citation_id: int, form: Form[Any], status: int = 200) -> Response:
    citation = find_citation(reader(), citation_id)
    if citation is None:
        raise NotFound(_("There is no such citation."))
    line = get_argument(citation.argument_id)
    page = get_page(reader(), line.deliberation_id)
    require(current_actor(), Can.SYNTHESISE, page)
    (comment,) = list_by_ids(reader(), [citation.comment_id])
    return respond(
        "facilitate/excerpt.html",
        status=status,
        page=page,
        line=line,
        comment=comment,
        text=visible_text(comment.body_html),
        citation_id=citation_id,
        form=form,
    )
