"""Proposals: making one, reading and rating it, and withdrawing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from deliberate.actions.comments import Written
from deliberate.actions.deliberations import get_page
from deliberate.actions.proposals import make_proposal, rate_proposal, withdraw_proposal
from deliberate.actions.results import ProposalResult
from deliberate.domain.errors import NotFound
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.positions import Rating
from deliberate.inputs.contributions import NewProposal, NewRating
from deliberate.policy import Can, may, require
from deliberate.storage import proposals
from deliberate.storage.comments import list_proposal_comments
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.proposals import ProposalLine
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other, wants_part
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.discussions import (
    Discussion,
    Entry,
    asked_reply,
    draw_reply,
    make_discussion,
)
from deliberate.web.take_part.pages import (
    PollLine,
    Rows,
    get_proposal_result,
    list_poll_lines,
    rating_rows,
)
from deliberate.web.throttle import limit


@dataclass(frozen=True, slots=True)
class ProposalVisit:
    """Everything on the page of a proposal for one reader.

    `turnout` is known until closing, `result` and `rows` after it.
    """

    page: DeliberationPage
    proposal: ProposalLine
    body: Markup
    form: Form[Any] | None
    own: Rating | None
    turnout: Mapping[StakeholderGroup, int]
    result: ProposalResult | None
    rows: Rows
    polls: list[PollLine]
    discussion: Discussion
    may_withdraw: bool


@blueprint.get("/deliberations/<int(max=2147483647):deliberation_id>/proposals/new")
def new_proposal(deliberation_id: int) -> ResponseReturnValue:
    """The form for a proposal."""
    page = get_page(reader(), deliberation_id)
    require(current_actor(), Can.PROPOSE, page)
    return respond("take_part/proposal_form.html", page=page, form=blank())


@blueprint.post("/deliberations/<int(max=2147483647):deliberation_id>/proposals")
def create_proposal(deliberation_id: int) -> ResponseReturnValue:
    """Put a proposal forward."""
    form = read_form(NewProposal, request.form)
    actor = current_actor()
    if form.data is None:
        page = get_page(reader(), deliberation_id)
        require(actor, Can.PROPOSE, page)
        return respond("take_part/proposal_form.html", "proposal", 422, page=page, form=form)
    with writing() as tx:
        limit(tx, "proposal", burst=5, minutes=60)
        proposal_id = make_proposal(tx, actor, deliberation_id, form.data).id
    flash(_("Your proposal is published."), "ok")
    return see_other(f"/proposals/{proposal_id}")


@blueprint.get("/proposals/<int(max=2147483647):proposal_id>")
def show_proposal(proposal_id: int) -> ResponseReturnValue:
    """A proposal with its text, ratings and comments, or for htmx a form to reply."""
    proposal = _get_proposal(proposal_id)
    page = get_page(reader(), proposal.deliberation_id)
    answered = asked_reply(page.id)
    if answered is not None and wants_part():
        form = draw_reply(page, answered, None, proposal_id)
        return respond("take_part/_reply_part.html", reply=form)
    return show(page, proposal, entry=Entry(reply_to=answered.id if answered else None))


@blueprint.post("/proposals/<int(max=2147483647):proposal_id>/rating")
def store_rating(proposal_id: int) -> ResponseReturnValue:
    """Store how strongly one agrees; until closing the last rating counts."""
    form = read_form(NewRating, request.form)
    actor = current_actor()
    if form.data is None:
        proposal = _get_proposal(proposal_id)
        page = get_page(reader(), proposal.deliberation_id)
        require(actor, Can.RATE, page)
        return show(page, proposal, form=form, block="rating", status=422)
    with writing() as tx:
        limit(tx, "rating", burst=60, minutes=10)
        rate_proposal(tx, actor, proposal_id, form.data)
    if wants_part():
        proposal = _get_proposal(proposal_id)
        page = get_page(reader(), proposal.deliberation_id)
        return show(page, proposal, block="rating")
    flash(_("Your rating is stored. You can change it until closing."), "ok")
    return see_other(f"/proposals/{proposal_id}#rating")


@blueprint.post("/proposals/<int(max=2147483647):proposal_id>/withdrawal")
def withdraw(proposal_id: int) -> ResponseReturnValue:
    """Withdraw one's own proposal; its text and comments stay readable."""
    with writing() as tx:
        withdraw_proposal(tx, current_actor(), proposal_id)
    flash(_("Your proposal is withdrawn. Its text stays readable."), "ok")
    return see_other(f"/proposals/{proposal_id}")


def show(
    page: DeliberationPage,
    proposal: ProposalLine,
    *,
    entry: Entry | None = None,
    form: Form[Any] | None = None,
    block: str | None = None,
    status: int = 200,
) -> Response:
    """The page for the current reader, or one of its blocks when htmx asks."""
    visit = _visit(page, proposal, entry or Entry(), form)
    return respond("take_part/proposal.html", block, status, visit=visit)


def _get_proposal(proposal_id: int) -> ProposalLine:
    proposal = proposals.find_proposal(reader(), proposal_id)
    if proposal is None:
        raise NotFound(_("There is no such proposal."))
    return proposal


def _visit(
    page: DeliberationPage, proposal: ProposalLine, entry: Entry, typed: Form[Any] | None
) -> ProposalVisit:
    actor = current_actor()
    own = _own_rating(proposal)
    result = get_proposal_result(page, proposal.id)
    may_rate = may(actor, Can.RATE, page) and not proposal.is_withdrawn
    polls = [line for line in list_poll_lines(page.id) if proposal.id in line.proposal_ids]
    written = Written(page.phase, page.opens_at, proposal.author_id)
    comments = list_proposal_comments(reader(), proposal.id)
    return ProposalVisit(
        page=page,
        proposal=proposal,
        body=Markup(proposal.body_html),  # noqa: S704 - cleaned when it was written.
        form=(typed or Form({"rating": own.value if own else ""})) if may_rate else None,
        own=own,
        turnout=_turnout(page, proposal),
        result=result,
        rows=rating_rows(result, page.deliberation.minimum) if result else [],
        polls=polls,
        discussion=make_discussion(page, comments, entry, proposal_id=proposal.id),
        may_withdraw=_may_withdraw(written, proposal, polls),
    )


def _own_rating(proposal: ProposalLine) -> Rating | None:
    person_id = current_actor().id
    if person_id is None:
        return None
    rating = proposals.find_rating(reader(), proposal.version_id, person_id)
    return rating.rating if rating else None


def _turnout(page: DeliberationPage, proposal: ProposalLine) -> Mapping[StakeholderGroup, int]:
    """How many of each group have rated, until closing."""
    if may(current_actor(), Can.SEE_RESULTS, page):
        return {}
    return proposals.count_raters(reader(), [proposal.version_id])


def _may_withdraw(written: Written, proposal: ProposalLine, polls: list[PollLine]) -> bool:
    """Whether the button is offered; the action itself decides."""
    on_ballot = bool(polls)
    permitted = may(current_actor(), Can.WITHDRAW_PROPOSAL, written)
    return permitted and not on_ballot and not proposal.is_withdrawn
