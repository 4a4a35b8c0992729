"""Inviting co-sponsors, standing behind a version, confirming the next one, and leaving."""

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.sponsors import (
    decline_sponsorship,
    invite_sponsor,
    require_invited,
    sponsor_proposal,
    withdraw_invitation,
)
from deliberate.domain.errors import Invalid
from deliberate.inputs.contributions import NewSponsorship, SponsorInviting
from deliberate.policy import Can, require
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import see_other
from deliberate.web.take_part.blueprint import blueprint
from deliberate.web.take_part.proposal_writing import get_place
from deliberate.web.take_part.proposals import show
from deliberate.web.throttle import limit


@blueprint.post("/proposals/<int(max=2147483647):proposal_id>/sponsors")
def invite(proposal_id: int) -> ResponseReturnValue:
    """Ask somebody to co-sponsor one's own proposal."""
    form = read_form(SponsorInviting, request.form)
    if form.data is None:
        require(current_actor(), Can.INVITE_SPONSOR, get_place(proposal_id).authored)
        return _show_again(proposal_id, form)
    try:
        with writing() as tx:
            limit(tx, "invitation", burst=20, minutes=60)
            invite_sponsor(tx, current_actor(), proposal_id, form.data)
    except Invalid as error:
        return _show_again(proposal_id, form.reject(error))
    flash(_("The invitation is in their inbox."), "ok")
    return see_other(f"/proposals/{proposal_id}#sponsors")


@blueprint.post(
    "/proposals/<int(max=2147483647):proposal_id>/sponsors/<int(max=2147483647):person_id>/removal"
)
def take_back_invitation(proposal_id: int, person_id: int) -> ResponseReturnValue:
    """Withdraw an invitation that nobody answered yet."""
    with writing() as tx:
        withdraw_invitation(tx, current_actor(), proposal_id, person_id)
    flash(_("The invitation is withdrawn."), "ok")
    return see_other(f"/proposals/{proposal_id}#sponsors")


@blueprint.post("/proposals/<int(max=2147483647):proposal_id>/sponsorship")
def stand_behind(proposal_id: int) -> ResponseReturnValue:
    """Stand behind the version that was shown, as invited, or after it changed."""
    form = read_form(NewSponsorship, request.form)
    if form.data is None:
        require_invited(reader(), current_actor(), proposal_id)
        return _show_again(proposal_id, form)
    with writing() as tx:
        sponsor_proposal(tx, current_actor(), proposal_id, form.data)
    flash(_("You co-sponsor this version."), "ok")
    return see_other(f"/proposals/{proposal_id}#sponsors")


@blueprint.post("/proposals/<int(max=2147483647):proposal_id>/sponsorship/end")
def step_back(proposal_id: int) -> ResponseReturnValue:
    """Decline an invitation, or leave the co-sponsors."""
    with writing() as tx:
        decline_sponsorship(tx, current_actor(), proposal_id)
    flash(_("You do not co-sponsor this proposal."), "ok")
    return see_other(f"/proposals/{proposal_id}#sponsors")


def _show_again(proposal_id: int, form: Form[Any]) -> Response:
    place = get_place(proposal_id)
    assert place.proposal is not None, "the place of a proposal has one"  # noqa: S101
    return show(place.page, place.proposal, sponsoring=form, status=422)
