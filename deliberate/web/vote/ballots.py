"""Filling in a ballot, casting it, the receipt, and withdrawing it."""

from collections.abc import Mapping
from dataclasses import replace

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.ballots import cast_ballot, find_own_ballot, withdraw_ballot
from deliberate.actions.voters import OpenPoll, poll_for
from deliberate.domain.ballots import Kind
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.phases import PollPhase
from deliberate.policy import Can, require
from deliberate.storage.ballots import list_receipts
from deliberate.web.database import reader, writing
from deliberate.web.forms import new_key
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.throttle import limit
from deliberate.web.vote.answers import tell_answer
from deliberate.web.vote.ballot_form import (
    Entered,
    Moved,
    as_form,
    as_input,
    in_order,
    move,
    name_problem,
    read_ballot,
    rows,
)
from deliberate.web.vote.blueprint import blueprint
from deliberate.web.vote.polls import PollView, view_poll

RECEIPTS_PER_PAGE = 1000


@blueprint.get("/polls/<int:poll_id>/ballot")
def find_ballot_form(poll_id: int) -> ResponseReturnValue:
    """The ballot is on the poll's page; this address is posted to."""
    query = f"?lang={request.args['lang']}" if "lang" in request.args else ""
    return redirect(f"/polls/{poll_id}{query}#ballot")


@blueprint.post("/polls/<int:poll_id>/ballot")
def fill_in_ballot(poll_id: int) -> ResponseReturnValue:
    """Move, put in order, review or cast, as the pressed button says; without one, review.

    Only casting stores anything. When the poll has closed meanwhile, the ballot is shown back.
    """
    view = view_poll(poll_id)
    entered = read_ballot(request.form, view.own_order(current_actor()), view.rules)
    if view.is_over:
        return _too_late(view, entered)
    require(current_actor(), Can.CAST_BALLOT, poll_for(reader(), current_actor(), view.poll))
    if "move" in request.form and view.rules.kind is Kind.RANKED:
        return _move(view, entered)
    step = request.form.get("step", "review")
    if step == "cast":
        return _cast(view, entered)
    if step == "order" and view.rules.kind is Kind.RANKED:
        return _edit(view, in_order(entered))
    if step == "edit":
        return _edit(view, Moved(entered, ""))
    return _review(view, entered)


def _move(view: PollView, entered: Entered) -> ResponseReturnValue:
    """A ranking with doubles or gaps is explained first: moving would renumber it silently."""
    ranking = replace(entered, is_blank=False)
    problems = ranking.problems() if entered.ranked else {}
    if problems:
        return _explain(view, entered, problems)
    return _edit(view, move(entered, request.form["move"], view.titles))


def _edit(view: PollView, moved: Moved) -> ResponseReturnValue:
    """The ballot to be filled in further."""
    return respond(
        "vote/ballot.html",
        "ballot",
        view=view,
        form=as_form(moved.entered),
        entered=moved.entered,
        rows=rows(moved.entered, view.by_id, {}),
        said=moved.said,
        focus=moved.focus,
    )


def _explain(view: PollView, entered: Entered, errors: Mapping[str, str]) -> ResponseReturnValue:
    """The ballot as it was entered, with what is wrong at each option and, named, above them."""
    named = {
        name: name_problem(view.titles[int(name.removeprefix("mark_"))], text) if name else text
        for name, text in errors.items()
    }
    return respond(
        "vote/ballot.html",
        "ballot",
        422,
        view=view,
        form=as_form(entered, named),
        entered=entered,
        rows=rows(entered, view.by_id, errors),
        said="",
        focus="",
    )


def _review(view: PollView, entered: Entered) -> ResponseReturnValue:
    """The ballot in words, a ranking in rank order, to be cast or changed.

    Each review has a key of its own: going back and changing answers is a new ballot, sending
    the same review twice is not.
    """
    errors = entered.problems()
    if errors:
        return _explain(view, entered, errors)
    fresh = replace(entered, submission_key=new_key())
    return respond("vote/review.html", "ballot", view=view, form=as_form(fresh), entered=fresh)


def _cast(view: PollView, entered: Entered) -> ResponseReturnValue:
    try:
        with writing() as tx:
            limit(tx, "vote", burst=30, minutes=1)
            if entered.stray:
                raise Invalid("This form has no such field.")
            cast_ballot(tx, current_actor(), view.poll.id, as_input(entered))
    except Invalid as error:
        return _explain(view, entered, entered.problems() or entered.explain(error))
    except Conflict:
        return _too_late(view, entered)
    return see_other(f"{view.address}/receipt")


def _too_late(view: PollView, entered: Entered) -> ResponseReturnValue:
    """The poll has closed: nothing was recorded, and what was entered is shown."""
    return respond(
        "vote/too_late.html", "ballot", 409, view=view, form=as_form(entered), entered=entered
    )


@blueprint.get("/polls/<int:poll_id>/receipt")
def show_receipt(poll_id: int) -> ResponseReturnValue:
    """One's own receipt; when the poll is counted, nobody can tell any more whose is which."""
    view = view_poll(poll_id)
    if view.phase is PollPhase.CLOSED:
        return see_other(f"{view.address}/receipts")
    receipt = find_own_ballot(reader(), current_actor(), view.poll)
    if receipt is None:
        return see_other(view.address)
    told = tell_answer(view.rules, view.registered, receipt.answer)
    return respond("vote/receipt.html", view=view, receipt=receipt, told=told)


@blueprint.get("/polls/<int:poll_id>/withdrawal")
def ask_withdrawal(poll_id: int) -> ResponseReturnValue:
    """What withdrawing a ballot means, before it is done."""
    view = view_poll(poll_id)
    if view.is_over or find_own_ballot(reader(), current_actor(), view.poll) is None:
        return see_other(view.address)
    return respond("vote/withdrawal.html", view=view)


@blueprint.post("/polls/<int:poll_id>/withdrawal")
def withdraw(poll_id: int) -> ResponseReturnValue:
    """Take one's ballot back; sending it twice does no more."""
    with writing() as tx:
        limit(tx, "vote", burst=30, minutes=1)
        withdraw_ballot(tx, current_actor(), poll_id)
    flash(_("Your ballot is withdrawn. You can cast another one until the poll closes."), "ok")
    return see_other(f"/polls/{poll_id}")


@blueprint.get("/polls/<int:poll_id>/receipts")
def show_receipts(poll_id: int) -> ResponseReturnValue:
    """The codes of all counted ballots, so that each voter can find theirs."""
    view = view_poll(poll_id)
    require(current_actor(), Can.SEE_TALLY, OpenPoll(view.phase))
    codes = list_receipts(reader(), poll_id)
    page = max(request.args.get("page", 1, type=int), 1)
    start = (page - 1) * RECEIPTS_PER_PAGE
    asked = "".join(request.args.get("code", "").lower().split())[:64]
    return respond(
        "vote/receipts.html",
        view=view,
        codes=codes[start : start + RECEIPTS_PER_PAGE],
        total=len(codes),
        asked=asked,
        is_found=asked in set(codes),
        earlier=f"{view.address}/receipts?page={page - 1}" if page > 1 else None,
        later=(
            f"{view.address}/receipts?page={page + 1}"
            if start + RECEIPTS_PER_PAGE < len(codes)
            else None
        ),
    )
