"""Making an account."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from deliberate.actions.passwords import hash_password
from deliberate.actions.people import register_person
from deliberate.domain.errors import Invalid
from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.inputs.people import Registration
from deliberate.web.account.blueprint import blueprint
from deliberate.web.account.return_path import return_path
from deliberate.web.account.sign_in import begin_sign_in, form_address
from deliberate.web.database import writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.throttle import limit
from deliberate.web.ui import language

GROUPS = [
    (StakeholderGroup.CIVIL_SOCIETY, _l("Civil Society")),
    (StakeholderGroup.GOVERNMENT, _l("Government")),
    (StakeholderGroup.INTERGOVERNMENTAL, _l("Intergovernmental Organization")),
    (StakeholderGroup.PRIVATE_SECTOR, _l("Private Sector")),
    (StakeholderGroup.TECHNICAL, _l("Technical Community")),
]
REGIONS = [
    (RegionalGroup.AFRICA, _l("African Group")),
    (RegionalGroup.ASIA_PACIFIC, _l("Asia-Pacific Group")),
    (RegionalGroup.EASTERN_EUROPE, _l("Eastern European Group")),
    (RegionalGroup.INTERGOVERNMENTAL, _l("Intergovernmental Organization")),
    (RegionalGroup.LATIN_AMERICA, _l("Latin American and Caribbean Group (GRULAC)")),
    (RegionalGroup.WESTERN_EUROPE, _l("Western European and Others Group (WEOG)")),
]
# Generous, because at a meeting a whole room registers behind one network address.
ACCOUNTS_AN_HOUR = 40


@blueprint.get("/register")
def registration_form() -> ResponseReturnValue:
    """The form; who is signed in already goes on."""
    if current_actor().is_authenticated:
        return see_other(return_path(request.args.get("next")))
    return _show(blank())


@blueprint.post("/register")
def register() -> ResponseReturnValue:
    """Make the account and sign in at once."""
    form = read_form(Registration, request.form)
    if form.data is None:
        return _show(form, status=422)
    limit_registrations()
    password_hash = hash_password(form.data.password)
    try:
        with writing() as tx:
            person = register_person(tx, form.data, password_hash, language())
    except Invalid as error:
        return _show(form.reject(error), status=422)
    begin_sign_in(person.id)
    flash(
        _("Welcome, %(name)s. Your account is ready and you are signed in.", name=person.name), "ok"
    )
    return see_other(return_path(request.args.get("next")))


def limit_registrations() -> None:
    """Count one account made from this network address."""
    address = f"address:{request.remote_addr}"
    with writing() as tx:
        limit(tx, "register", burst=ACCOUNTS_AN_HOUR, minutes=60, of=address)


def _show(form: Form[Registration], status: int = 200) -> ResponseReturnValue:
    return respond(
        "account/register.html",
        status=status,
        form=form,
        groups=GROUPS,
        regions=REGIONS,
        action=form_address("/register"),
        sign_in=form_address("/sign-in"),
    )
