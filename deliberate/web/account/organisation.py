"""Changing the organisation one speaks for."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.people import change_organisation
from deliberate.inputs.people import OrganisationChange
from deliberate.policy import Can, require
from deliberate.web.account.blueprint import blueprint
from deliberate.web.account.return_path import return_path
from deliberate.web.account.sign_in import form_address
from deliberate.web.database import writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other

ADDRESS = "/account/organisation"


@blueprint.get(ADDRESS)
def organisation_form() -> ResponseReturnValue:
    """The form with the organisation as it is."""
    affiliation = current_actor().affiliation
    if affiliation is None:
        return see_other(f"/sign-in?next={ADDRESS}")
    return _show(blank(organisation=affiliation.organisation or ""))


@blueprint.post(ADDRESS)
def change() -> ResponseReturnValue:
    """Store it for everything that follows."""
    require(current_actor(), Can.KEEP_ACCOUNT)
    form = read_form(OrganisationChange, request.form)
    if form.data is None:
        return _show(form, status=422)
    with writing() as tx:
        change_organisation(tx, current_actor(), form.data.organisation)
    flash(_("Your organisation is stored."), "ok")
    back = return_path(request.args.get("next"))
    return see_other("/account#data" if back == "/" else back)


def _show(form: Form[OrganisationChange], status: int = 200) -> ResponseReturnValue:
    return respond(
        "account/organisation.html", status=status, form=form, action=form_address(ADDRESS)
    )
