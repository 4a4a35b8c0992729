"""Deleting one's account."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.forgetting import forget_oneself
from deliberate.actions.passwords import password_matches
from deliberate.domain.errors import NotFound
from deliberate.inputs.people import PasswordAgain
from deliberate.policy import Can, require
from deliberate.storage.people import find_person
from deliberate.web.account.blueprint import blueprint
from deliberate.web.account.second_sign_in import limit_codes
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor, forget
from deliberate.web.render import respond, see_other

ADDRESS = "/account/removal"


@blueprint.get(ADDRESS)
def removal_form() -> ResponseReturnValue:
    """What happens when the account is deleted, and the form that does it."""
    if not current_actor().is_authenticated:
        return see_other(f"/sign-in?next={ADDRESS}")
    return _show(blank())


@blueprint.post(ADDRESS)
def remove() -> ResponseReturnValue:
    """Delete the account once the password is right; every try is counted."""
    actor = current_actor()
    require(actor, Can.KEEP_ACCOUNT)
    form = read_form(PasswordAgain, request.form)
    if form.data is None:
        return _show(form, 422)
    with writing() as tx:
        limit_codes(tx, actor.id or 0)
    person = find_person(reader(), actor.id or 0)
    if person is None:
        raise NotFound("There is no such person.")
    if not password_matches(person.password_hash, form.data.password):
        return _show(Form({}, {"password": _("This is not your password.")}), 422)
    with writing() as tx:
        forget_oneself(tx, actor)
    forget()
    flash(_("Your account is deleted."), "ok")
    return see_other("/")


def _show(form: Form[PasswordAgain], status: int = 200) -> ResponseReturnValue:
    return respond("account/removal.html", status=status, form=form)
