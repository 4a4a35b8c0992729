"""Changing one's password, and choosing a new one after forgetting it."""

from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.new_passwords import (
    change_password,
    note_forgotten_password,
    open_new_password,
    replace_forgotten_password,
)
from deliberate.actions.passwords import hash_password, password_matches
from deliberate.actions.tokens import hash_token
from deliberate.domain.errors import NotFound
from deliberate.inputs.people import ForgottenPassword, NewPassword, PasswordChange, is_guessable
from deliberate.policy import Can, require
from deliberate.storage.people import Person, find_person
from deliberate.web.account.blueprint import blueprint
from deliberate.web.account.confirmations import mail_works
from deliberate.web.account.second_sign_in import limit_codes
from deliberate.web.database import reader, writing
from deliberate.web.forms import MESSAGES, Form, blank, read_form
from deliberate.web.login import current_actor, forget, sign_in_token
from deliberate.web.render import respond, see_other
from deliberate.web.throttle import limit

ADDRESS = "/account/password"


@blueprint.get("/forgotten-password")
def forgotten_password_form() -> ResponseReturnValue:
    """Ask for the address, or say whom to ask where no mail is sent."""
    return _show_forgotten(blank())


@blueprint.post("/forgotten-password")
def forgotten_password() -> ResponseReturnValue:
    """Answer every address alike; the mail goes out later, if to anybody."""
    form = read_form(ForgottenPassword, request.form)
    if form.data is None or not mail_works():
        return _show_forgotten(form, status=422)
    with writing() as tx:
        limit(tx, "new-password", burst=20, minutes=15, of=f"address:{request.remote_addr}")
        account = hash_token(form.data.email)
        limit(tx, "new-password", burst=3, minutes=60, of=f"account:{account}")
        note_forgotten_password(tx, form.data.email)
    flash(
        _("If this address has an account, a mail with a link is on its way. Look into your mail."),
        "ok",
    )
    return see_other("/sign-in")


@blueprint.get("/new-password/<token>")
def new_password_form(token: str) -> ResponseReturnValue:
    """The form behind the link of a mail; opening it does not use the link up."""
    return _show_new(open_new_password(reader(), token), token, blank())


@blueprint.post("/new-password/<token>")
def new_password(token: str) -> ResponseReturnValue:
    """Set the password and end every sign-in; signing in anew takes the second step too."""
    person = open_new_password(reader(), token)
    form = _not_guessable(read_form(NewPassword, request.form), person)
    if form.data is None:
        return _show_new(person, token, form, 422)
    password_hash = hash_password(form.data.password)
    with writing() as tx:
        replace_forgotten_password(tx, token, password_hash)
    forget()
    flash(_("Your password is changed and you are signed out everywhere. Sign in with it."), "ok")
    return see_other("/sign-in")


@blueprint.get(ADDRESS)
def password_form() -> ResponseReturnValue:
    """The form to change one's password."""
    if not current_actor().is_authenticated:
        return see_other(f"/sign-in?next={ADDRESS}")
    return respond("account/password.html", form=blank())


@blueprint.post(ADDRESS)
def store_password() -> ResponseReturnValue:
    """Change it after the old one was given; sign-ins elsewhere end."""
    require(current_actor(), Can.KEEP_ACCOUNT)
    person = _own_person()
    form = _not_guessable(read_form(PasswordChange, request.form), person)
    if form.data is not None:
        form = _with_old_password(form, person)
    if form.data is None:
        return respond("account/password.html", status=422, form=form)
    password_hash = hash_password(form.data.password)
    with writing() as tx:
        change_password(tx, current_actor(), password_hash, sign_in_token())
    flash(_("Your password is changed. Sign-ins on other devices have ended."), "ok")
    return see_other("/account")


def _own_person() -> Person:
    person = find_person(reader(), current_actor().id or 0)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def _with_old_password(form: Form[PasswordChange], person: Person) -> Form[PasswordChange]:
    """The form if the old password is right; every try is counted as one of a code."""
    with writing() as tx:
        limit_codes(tx, person.id)
    old = form.data.old_password if form.data else ""
    if password_matches(person.password_hash, old):
        return form
    return Form(form.posted, {**form.errors, "old_password": _("This is not your password.")})


def _not_guessable(form: Form[Any], person: Person) -> Form[Any]:
    """The form unless its new password can be guessed by who knows the person."""
    if form.data is None or not is_guessable(form.data.password, person.email, person.name):
        return form
    return Form(form.posted, {**form.errors, "password": MESSAGES["password_guessable"]})


def _show_forgotten(form: Form[ForgottenPassword], status: int = 200) -> ResponseReturnValue:
    return respond(
        "account/forgotten_password.html", status=status, form=form, mail_works=mail_works()
    )


def _show_new(
    person: Person, token: str, form: Form[NewPassword], status: int = 200
) -> ResponseReturnValue:
    address = f"/new-password/{token}"
    return respond(
        "account/new_password.html", status=status, person=person, address=address, form=form
    )
