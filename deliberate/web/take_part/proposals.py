"""Proposals: reading one with its story, rating it, and withdrawing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from deliberate.actions.deliberations import get_page
from deliberate.actions.proposals import authored, rate_proposal, withdraw_proposal
from deliberate.actions.recastings import recast
from deliberate.actions.results import ProposalResult
from deliberate.domain.errors import NotFound
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.positions import Rating
from deliberate.inputs.contributions import NewRating
from deliberate.policy import Can, may, require
from deliberate.storage import proposals
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.mentions import list_comments_naming
from deliberate.storage.proposal_story import Kin, SuggestedAmendment, read_surroundings
from deliberate.storage.proposal_versions import VersionLine, list_versions
from deliberate.storage.proposals import ProposalLine
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
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
from deliberate.web.take_part.pages import Rows, get_proposal_result, rating_rows
from deliberate.web.take_part.proposal_story import Story, tell
from deliberate.web.take_part.sponsors import Sponsors, see_sponsors
from deliberate.web.take_part.stretches import Stretch, asked_stretch, load_stretch
from deliberate.web.throttle import limit


@dataclass(frozen=True, slots=True)
class ProposalVisit:
    """Everything on the page of a proposal for one reader.

    `turnout` is who rated the current version until closing, `result` and `rows` are known
    after it. `earlier` are the versions before that have ratings; `unconfirmed` is the newest
    of them that this reader rated, while the current one waits for their rating.
    """

    page: DeliberationPage
    proposal: ProposalLine
    body: Markup
    rationale: Markup
    story: Story
    amendments: Sequence[SuggestedAmendment]
    began_as: tuple[int, int] | None
    sponsors: Sponsors
    kin: Kin
    may_recast: bool
    form: Form[Any] | None
    own: Rating | None
    unconfirmed: VersionLine | None
    earlier: Sequence[VersionLine]
    turnout: Mapping[StakeholderGroup, int]
    result: ProposalResult | None
    rows: Rows
    discussion: Discussion
    may_revise: bool
    may_amend: bool
    may_withdraw: bool
    is_fixed_for_author: bool


@blueprint.get("/proposals/<int(max=2147483647):proposal_id>")
def show_proposal(proposal_id: int) -> ResponseReturnValue:
    """A proposal with its text, ratings and comments, or for htmx a form to reply."""
    proposal = _get_proposal(proposal_id)
    page = get_page(reader(), proposal.deliberation_id)
    stretch = asked_stretch()
    if wants_part() and (stretch.after or stretch.branch):
        part = _discussion(page, proposal, stretch, Entry(), is_part=True)
        return respond("take_part/_stretch.html", discussion=part)
    answered = asked_reply(page.id)
    if answered is not None and wants_part():
        form = draw_reply(page, answered, None, proposal_id)
        return respond("take_part/_reply_part.html", reply=form)
    if answered is not None:
        return show(page, proposal, entry=Entry(reply_to=answered.id))
    return show(page, proposal, stretch=stretch)


@blueprint.get("/proposals/<int(max=2147483647):proposal_id>/mentions")
def show_mentions(proposal_id: int) -> ResponseReturnValue:
    """The newest comments of the discussion that name a proposal."""
    proposal = _get_proposal(proposal_id)
    naming = list_comments_naming(reader(), proposal_id)
    return respond("take_part/mentions.html", proposal=proposal, naming=naming)


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
    sponsoring: Form[Any] | None = None,
    stretch: Stretch | None = None,
    block: str | None = None,
    status: int = 200,
) -> Response:
    """The page for the current reader, or one of its blocks when htmx asks."""
    own = entry or Entry()
    place = stretch or Stretch(around=own.fresh or own.reply_to)
    visit = _visit(page, proposal, own, form, sponsoring, place)
    return respond("take_part/proposal.html", block, status, visit=visit)


def _get_proposal(proposal_id: int) -> ProposalLine:
    proposal = proposals.find_proposal(reader(), proposal_id)
    if proposal is None:
        raise NotFound(_("There is no such proposal."))
    return proposal


def _visit(
    page: DeliberationPage,
    proposal: ProposalLine,
    entry: Entry,
    typed: Form[Any] | None,
    sponsoring: Form[Any] | None,
    stretch: Stretch,
) -> ProposalVisit:
    actor = current_actor()
    versions = list_versions(reader(), proposal.id, actor.id)
    current, own = versions[-1], versions[-1].own
    result = get_proposal_result(page, proposal.id)
    may_rate = may(actor, Can.RATE, page) and proposal.stands
    around = read_surroundings(reader(), proposal.id)
    story = tell(page, proposal, versions, around.stances)
    changeable = not story.polls and proposal.stands
    subject = authored(page, proposal.author_id)
    may_revise = may(actor, Can.REVISE_PROPOSAL, subject)
    rated = [line for line in versions if line.own and line is not current]
    return ProposalVisit(
        page=page,
        proposal=proposal,
        body=Markup(proposal.body_html),  # noqa: S704 - cleaned when it was written.
        rationale=Markup(proposal.rationale_html),  # noqa: S704 - cleaned when it was written.
        story=story,
        amendments=around.amendments,
        began_as=around.began_as,
        kin=around.kin,
        may_recast=changeable and may(actor, Can.RECAST, recast(page, [proposal.author_id])),
        sponsors=see_sponsors(
            page, proposal, around, sponsoring, may_invite=may(actor, Can.INVITE_SPONSOR, subject)
        ),
        form=(typed or Form({"rating": own.value if own else ""})) if may_rate else None,
        own=own,
        unconfirmed=rated[-1] if rated and own is None and may_rate else None,
        earlier=[line for line in versions[:-1] if line.rating_count],
        turnout={} if may(actor, Can.SEE_RESULTS, page) else current.raters,
        result=result,
        rows=rating_rows(result, page.deliberation.minimum) if result else [],
        discussion=_discussion(page, proposal, stretch, entry),
        may_revise=changeable and may_revise,
        may_amend=changeable and may(actor, Can.AMEND, subject),
        may_withdraw=changeable and may(actor, Can.WITHDRAW_PROPOSAL, subject),
        is_fixed_for_author=may_revise and bool(story.polls) and proposal.stands,
    )


def _discussion(
    page: DeliberationPage,
    proposal: ProposalLine,
    stretch: Stretch,
    entry: Entry,
    *,
    is_part: bool = False,
) -> Discussion:
    """A stretch of what was said about the proposal."""
    thread = load_stretch(page.id, stretch, proposal.id)
    return make_discussion(
        page, thread, entry, stretch=stretch, proposal_id=proposal.id, is_part=is_part
    )
