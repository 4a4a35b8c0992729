"""Opening a poll."""

from collections.abc import Sequence
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.deliberations import get_page
from deliberate.actions.poll_rules import Rules, planned_poll
from deliberate.actions.polls import open_poll, prepare_planned_poll
from deliberate.domain.ballots import Kind, read_rules
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.weighting import Scheme
from deliberate.inputs.polls import NewPoll
from deliberate.inputs.process import PlannedPoll
from deliberate.policy import Can, require
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.proposals import ProposalLine, list_proposals
from deliberate.web.database import reader, writing
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other


@blueprint.get("/deliberations/<int:deliberation_id>/polls/new")
def new_poll(deliberation_id: int) -> ResponseReturnValue:
    """Everything that is fixed when a poll opens, to be filled in; the kind of ballot first."""
    lines = _ballot_lines(deliberation_id)
    chosen = [str(line.id) for line in lines]
    if _plans_poll(deliberation_id):
        return _show(deliberation_id, blank(proposal_ids=chosen), lines)
    kind = request.args.get("kind")
    if kind not in list(Kind):
        return respond(
            "facilitate/poll_kinds.html", page=get_page(reader(), deliberation_id), kinds=list(Kind)
        )
    return _show(deliberation_id, _suggest(Kind(kind), chosen), lines)


def _suggest(kind: Kind, proposal_ids: list[str]) -> Form[Any]:
    """The form of a kind with the usual settings."""
    return blank(
        kind=kind.value,
        title=_("Which proposal should come first?") if kind is Kind.RANKED else "",
        proposal_ids=proposal_ids,
        least="1",
        steps="\n".join(_(step) for step in read_rules(Kind.SCORE, {}).labels.values()),
        budget="10",
        primary_scheme=Scheme.PARTICIPANT.value,
        minimum="5",
    )


@blueprint.post("/deliberations/<int:deliberation_id>/polls")
def create_poll(deliberation_id: int) -> ResponseReturnValue:
    """Open the poll as filled in; where the process plans one, only its ballot is asked for."""
    planned = _plans_poll(deliberation_id)
    form: Form[Any] = read_form(PlannedPoll if planned else NewPoll, request.form)
    if form.data is not None:
        try:
            with writing() as tx:
                act = prepare_planned_poll if planned else open_poll
                poll_id = act(tx, current_actor(), deliberation_id, form.data).id
        except Invalid as error:
            form = form.reject(error)
        else:
            if planned:
                flash(_("The ballot is ready. Nothing of the poll changes any more."), "ok")
            else:
                flash(_("The poll is open. Nothing of it changes any more."), "ok")
            return see_other(f"/polls/{poll_id}")
    return _show(deliberation_id, form, _ballot_lines(deliberation_id), 422)


def _plans_poll(deliberation_id: int) -> bool:
    """Whether everything but the ballot was fixed when the discussion opened."""
    design = get_page(reader(), deliberation_id).design
    return design is not None and design.has_poll


def _ballot_lines(deliberation_id: int) -> Sequence[ProposalLine]:
    """The proposals that can be put on a ballot; refused to those who may not open polls."""
    require(current_actor(), Can.OPEN_POLL, get_page(reader(), deliberation_id))
    lines = list_proposals(reader(), deliberation_id)
    return [line for line in lines if line.stands]


def _show(
    deliberation_id: int, form: Form[Any], lines: Sequence[ProposalLine], status: int = 200
) -> Response:
    page = get_page(reader(), deliberation_id)
    plan, hindrance = _plan(page)
    return respond(
        "facilitate/poll_form.html",
        "poll",
        status,
        page=page,
        plan=plan,
        hindrance=hindrance,
        form=form,
        kind=_kind_of(form),
        proposals=lines,
        ballot_options=[(str(line.id), line.title) for line in lines],
    )


def _plan(page: DeliberationPage) -> tuple[Rules | None, Conflict | None]:
    """What the process fixed for the poll, and why its ballot cannot be put together now."""
    try:
        return planned_poll(reader(), page), None
    except Conflict as error:
        return None, error


def _kind_of(form: Form[Any]) -> Kind:
    """The kind of ballot that a form is about; what is no kind is said at its field."""
    kind = form.value("kind")
    return Kind(kind) if kind in list(Kind) else Kind.RANKED
