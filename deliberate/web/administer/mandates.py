"""Confirming who speaks for an organisation."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.mandates import confirm_mandate, withdraw_mandate
from deliberate.domain.errors import Invalid
from deliberate.inputs.people import OrganisationChange
from deliberate.policy import Can, require
from deliberate.web.administer.blueprint import blueprint
from deliberate.web.administer.people import back_to
from deliberate.web.database import writing
from deliberate.web.forms import read_form
from deliberate.web.login import current_actor


@blueprint.post("/people/<int(max=2147483647):person_id>/mandate")
def confirm(person_id: int) -> ResponseReturnValue:
    """Confirm that somebody speaks for the organisation that was shown."""
    require(current_actor(), Can.CONFIRM_MANDATE)
    form = read_form(OrganisationChange, request.form)
    if form.data is None or form.data.organisation is None:
        raise Invalid(_("No organisation was named."), _("Reload the list of people."))
    with writing() as tx:
        confirm_mandate(tx, current_actor(), person_id, form.data.organisation)
    flash(_("Confirmed: this person speaks for the organisation."), "ok")
    return back_to(person_id)


@blueprint.post("/people/<int(max=2147483647):person_id>/mandate/withdrawal")
def end(person_id: int) -> ResponseReturnValue:
    """End it; what was written stays as it was."""
    with writing() as tx:
        withdraw_mandate(tx, current_actor(), person_id)
    flash(_("This person no longer speaks for the organisation."), "ok")
    return back_to(person_id)
