"""The second step of signing in: a code, after the password was right."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.actions.second_steps import finish_half_sign_in
from deliberate.actions.tokens import hash_token
from deliberate.domain.errors import Conflict, Invalid
from deliberate.inputs.people import SecondStepCode
from deliberate.storage.database import now
from deliberate.storage.second_steps import find_half_sign_in
from deliberate.web.account.blueprint import blueprint
from deliberate.web.account.return_path import return_path
from deliberate.web.account.sign_in import form_address, welcome_back
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor, half_token
from deliberate.web.render import respond, see_other
from deliberate.web.throttle import limit


@blueprint.get("/sign-in/second-step")
def second_sign_in_form() -> ResponseReturnValue:
    """Ask for the code; without a password that was right before, ask for that."""
    if current_actor().is_authenticated:
        return see_other(return_path(request.args.get("next")))
    if _waiting(reader()) is None:
        return see_other(form_address("/sign-in"))
    return _show(blank())


@blueprint.post("/sign-in/second-step")
def second_sign_in() -> ResponseReturnValue:
    """Finish the sign-in with a code from the app or a recovery code."""
    token = half_token()
    with writing() as tx:
        person_id = _waiting(tx)
        if person_id is not None:
            limit_codes(tx, person_id)
    if token is None or person_id is None:
        return _begin_again()
    form = read_form(SecondStepCode, request.form)
    if form.data is None:
        return _show(form, status=422)
    try:
        with writing() as tx:
            person_id = finish_half_sign_in(tx, token, form.data.code)
    except Invalid as error:
        return _show(form.reject(error), status=422)
    except Conflict:
        return _begin_again()
    return welcome_back(person_id)


def limit_codes(tx: Session, person_id: int) -> None:
    """Count one code tried for an account, right or wrong: guessing has to stay hopeless.

    A guess is right three times in a million, so five in fifteen minutes are right once in two
    years of trying, with the password known.
    """
    limit(tx, "second-step", burst=5, minutes=15, of=f"account:{person_id}")


def _waiting(session: Session) -> int | None:
    """Whose sign-in waits for a code in this browser."""
    token = half_token()
    found = find_half_sign_in(session, hash_token(token), now(session)) if token else None
    return found.person_id if found else None


def _begin_again() -> ResponseReturnValue:
    flash(_("This took longer than five minutes. Sign in again."), "warn")
    return see_other(form_address("/sign-in"))


def _show(form: Form[SecondStepCode], status: int = 200) -> ResponseReturnValue:
    return respond(
        "account/second_sign_in.html",
        status=status,
        form=form,
        action=form_address("/sign-in/second-step"),
        again=form_address("/sign-in"),
    )
