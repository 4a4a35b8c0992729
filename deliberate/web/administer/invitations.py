"""Inviting people to hold a role, and the list of invitations that are still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from deliberate.actions.invitations import invite, withdraw_invitation
from deliberate.domain.errors import Invalid
from deliberate.domain.people import Role
from deliberate.inputs.people import NewInvitation
from deliberate.policy import Can, require
from deliberate.storage.database import now
from deliberate.storage.invitations import Invitation, list_open_invitations
from deliberate.web.administer.blueprint import blueprint
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_before
from deliberate.web.render import respond, see_other

ADDRESS = "/people/invitations"
_ROLES = [
    (Role.MAG_MEMBER, _l("MAG member (curates)")),
    (Role.FACILITATOR, _l("Facilitator (opens polls, writes summaries)")),
    (Role.SECRETARIAT, _l("Secretariat (grants roles)")),
]


@dataclass(frozen=True, slots=True)
class InvitationsPage:
    """A stretch of the open invitations, each with the name of who invited."""

    listed: Sequence[tuple[Invitation, str | None]]
    before: int | None
    next_before: int | None


@blueprint.get(ADDRESS)
def invitations() -> ResponseReturnValue:
    """The form to invite, and what is open."""
    return _show(blank())


@blueprint.post(ADDRESS)
def send_invitation() -> ResponseReturnValue:
    """Make an invitation and show its link, this once."""
    require(current_actor(), Can.GRANT_ROLE)
    form = read_form(NewInvitation, request.form)
    if form.data is None:
        return _show(form, 422)
    try:
        with writing() as tx:
            invitation, token = invite(tx, current_actor(), form.data)
    except Invalid as error:
        return _show(form.reject(error), 422)
    link = urljoin(request.url_root, f"/invitations/{token}")
    return _unstored(respond("administer/invited.html", invitation=invitation, link=link))


@blueprint.post(f"{ADDRESS}/<int:invitation_id>/withdrawal")
def withdraw_open_invitation(invitation_id: int) -> ResponseReturnValue:
    """Make an invitation's link useless."""
    with writing() as tx:
        withdraw_invitation(tx, current_actor(), invitation_id)
    flash(_("The invitation is withdrawn. Its link opens nothing any more."), "ok")
    return see_other(f"{ADDRESS}#open")


def _show(form: Form[Any], status: int = 200) -> Response:
    require(current_actor(), Can.GRANT_ROLE)
    before = asked_before()
    listed, next_before = list_open_invitations(reader(), now(reader()), before)
    page = InvitationsPage(listed, before, next_before)
    return respond("administer/invitations.html", status=status, form=form, page=page, roles=_ROLES)


def _unstored(response: Response) -> Response:
    """An answer that no cache keeps: it shows a link that opens an account."""
    response.headers["Cache-Control"] = "no-store"
    return response
