"""Opening an invitation link, and accepting with a new account or with one's own."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from deliberate.actions.invitations import (
    OpenInvitation,
    accept_with_new_account,
    accept_with_own_account,
    open_invitation,
)
from deliberate.actions.passwords import hash_password
from deliberate.domain.errors import Invalid
from deliberate.inputs.people import Registration
from deliberate.policy import Can, require
from deliberate.storage.people import find_actor
from deliberate.web.account.blueprint import blueprint
from deliberate.web.account.register import GROUPS, REGIONS, limit_registrations
from deliberate.web.account.second_step import start_page
from deliberate.web.account.sign_in import begin_sign_in
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.ui import language


@blueprint.get("/invitations/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """Who may accept how; a link that does not work says why and whom to ask."""
    return _show(open_invitation(reader(), token), token, blank())


@blueprint.post("/invitations/<token>")
def accept(token: str) -> ResponseReturnValue:
    """Take the role, making the account first for somebody who has none."""
    found = open_invitation(reader(), token)
    require(current_actor(), Can.ACCEPT_INVITATION, found)
    if current_actor().is_authenticated:
        with writing() as tx:
            accept_with_own_account(tx, current_actor(), token)
        return _begin(current_actor().id or 0)
    return _register(found, token)


def _register(found: OpenInvitation, token: str) -> ResponseReturnValue:
    # The address is the invitation's, whatever a form says.
    posted = MultiDict(request.form)
    posted.setlist("email", [found.email])
    form = read_form(Registration, posted)
    if form.data is None:
        return _show(found, token, form, 422)
    limit_registrations()
    password_hash = hash_password(form.data.password)
    try:
        with writing() as tx:
            person_id = accept_with_new_account(
                tx, current_actor(), token, form.data, password_hash, language()
            )
    except Invalid as error:
        return _show(found, token, form.reject(error), 422)
    return _begin(person_id)


def _begin(person_id: int) -> ResponseReturnValue:
    """Sign in anew, for roles change how long a sign-in lasts, and lead to the second step."""
    begin_sign_in(person_id)
    actor = find_actor(reader(), person_id)
    flash(_("Thank you. You hold the role now."), "ok")
    if actor is None or not actor.second_step:
        return see_other("/account/second-step")
    return see_other(start_page(actor))


def _show(
    found: OpenInvitation, token: str, form: Form[Registration], status: int = 200
) -> ResponseReturnValue:
    actor = current_actor()
    signs_in = not actor.is_authenticated and found.addressee_id is not None
    if not signs_in:
        require(actor, Can.ACCEPT_INVITATION, found)
    return respond(
        "account/invitation.html",
        status=status,
        found=found,
        signs_in=signs_in,
        address=f"/invitations/{token}",
        form=form,
        groups=GROUPS,
        regions=REGIONS,
    )
