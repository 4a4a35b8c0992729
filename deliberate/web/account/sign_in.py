"""Signing in and out."""

from urllib.parse import quote

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.passwords import password_matches
from deliberate.actions.people import end_sign_in, start_sign_in
from deliberate.actions.second_steps import start_half_sign_in
from deliberate.actions.tokens import hash_token
from deliberate.domain.errors import Invalid
from deliberate.inputs.people import Credentials
from deliberate.storage.people import find_person_by_email
from deliberate.web.account.blueprint import blueprint
from deliberate.web.account.return_path import return_path
from deliberate.web.database import writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor, forget, remember, remember_half
from deliberate.web.render import respond, see_other
from deliberate.web.throttle import limit


@blueprint.get("/sign-in")
def sign_in_form() -> ResponseReturnValue:
    """The form; who is signed in already goes on."""
    if current_actor().is_authenticated:
        return see_other(return_path(request.args.get("next")))
    return _show(blank())


@blueprint.post("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Begin a sign-in, and answer an unknown address exactly as a wrong password."""
    form = read_form(Credentials, request.form)
    if form.data is None:
        return _show(form, status=422)
    person_id = _recognise(form.data)
    if person_id is None:
        wrong = Invalid(
            _("The e-mail address and the password do not fit together. Check both."),
        )
        return _show(form.reject(wrong), status=422)
    if begin_half_sign_in(person_id):
        return see_other(form_address("/sign-in/second-step"))
    return welcome_back(person_id)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the sign-in on the server, so that a copied cookie opens nothing any more."""
    actor, token = current_actor(), forget()
    if token is not None:
        with writing() as tx:
            end_sign_in(tx, actor, token)
    flash(_("You are signed out."), "ok")
    return see_other("/")


def begin_sign_in(person_id: int) -> None:
    """Sign a person in with a new token; a sign-in that this browser still had is ended."""
    actor, earlier = current_actor(), forget()
    with writing() as tx:
        if earlier is not None:
            end_sign_in(tx, actor, earlier)
        token = start_sign_in(tx, person_id)
    remember(token)


def begin_half_sign_in(person_id: int) -> bool:
    """Whether a second step is still to come; what waits for it opens nothing by itself."""
    with writing() as tx:
        token = start_half_sign_in(tx, person_id)
    if token is None:
        return False
    actor, earlier = current_actor(), forget()
    if earlier is not None:
        with writing() as tx:
            end_sign_in(tx, actor, earlier)
    remember_half(token)
    return True


def welcome_back(person_id: int) -> ResponseReturnValue:
    """Sign a person in and lead them to the page they came from."""
    begin_sign_in(person_id)
    flash(_("You are signed in."), "ok")
    return see_other(return_path(request.args.get("next")))


def form_address(path: str) -> str:
    """The address a form is sent to, with the page to return to when there is one."""
    back = return_path(request.args.get("next"))
    return path if back == "/" else f"{path}?next={quote(back, safe='/')}"


def _recognise(credentials: Credentials) -> int | None:
    """Whose address and password these are; none when they do not fit.

    Every attempt is counted, those for unknown addresses too. The password is checked outside
    the transaction because that takes long on purpose.
    """
    with writing() as tx:
        limit(tx, "sign-in", burst=50, minutes=15, of=f"address:{request.remote_addr}")
        account = hash_token(credentials.email.strip().lower())
        limit(tx, "sign-in", burst=10, minutes=15, of=f"account:{account}")
        person = find_person_by_email(tx, credentials.email)
    is_known = person is not None and person.suspended_at is None
    matches = password_matches(person.password_hash if person else None, credentials.password)
    return person.id if person is not None and is_known and matches else None


def _show(form: Form[Credentials], status: int = 200) -> ResponseReturnValue:
    return respond(
        "account/sign_in.html",
        status=status,
        form=form,
        action=form_address("/sign-in"),
        register=form_address("/register"),
    )
