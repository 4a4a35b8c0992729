"""Setting up the second step of signing in, its recovery codes, and switching it off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import segno
from flask import current_app, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from deliberate.actions.one_time_codes import app_address
from deliberate.actions.passwords import password_matches
from deliberate.actions.second_steps import (
    begin_second_step,
    confirm_second_step,
    renew_recovery_codes,
    switch_off_second_step,
)
from deliberate.domain.errors import Invalid, NotFound
from deliberate.domain.people import Actor, Role
from deliberate.inputs.people import PasswordAgain, SecondStepCode, SecondStepRemoval
from deliberate.policy import Can, require
from deliberate.storage.people import Person, find_person
from deliberate.storage.second_steps import count_unused_codes, find_second_step
from deliberate.web.account.blueprint import blueprint
from deliberate.web.account.second_sign_in import limit_codes
from deliberate.web.database import reader, writing
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor, forget, sign_in_token
from deliberate.web.render import respond, see_other

ADDRESS = "/account/second-step"


@dataclass(frozen=True, slots=True)
class SecondStepPage:
    """How the second step stands: not begun, begun with a secret to confirm, or set up."""

    is_set_up: bool
    secret: str | None
    picture: str | None
    codes_left: int
    go_on: str

    @property
    def secret_in_groups(self) -> str:
        """The secret as it is easiest to type."""
        secret = self.secret or ""
        return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


@blueprint.get(ADDRESS)
def second_step() -> ResponseReturnValue:
    """How it stands, with what can be done next."""
    if not current_actor().is_authenticated:
        return see_other(f"/sign-in?next={ADDRESS}")
    return _show()


@blueprint.post(ADDRESS)
def begin() -> ResponseReturnValue:
    """Draw a secret for the app, after the password."""
    require(current_actor(), Can.KEEP_ACCOUNT)
    form = _with_password(read_form(PasswordAgain, request.form))
    if form.data is None:
        return _show({"begin": form}, status=422)
    with writing() as tx:
        begin_second_step(tx, current_actor())
    return see_other(ADDRESS)


@blueprint.post(f"{ADDRESS}/confirmation")
def confirm() -> ResponseReturnValue:
    """Set it up with a first code, and show the recovery codes this once."""

    def draw(tx: Session, code: str) -> list[str]:
        return confirm_second_step(tx, current_actor(), code, sign_in_token())

    return _draw_codes("confirm", draw, is_new=True)


@blueprint.post(f"{ADDRESS}/recovery-codes")
def renew() -> ResponseReturnValue:
    """Draw new recovery codes, and show them this once."""

    def draw(tx: Session, code: str) -> list[str]:
        return renew_recovery_codes(tx, current_actor(), code)

    return _draw_codes("renew", draw, is_new=False)


@blueprint.post(f"{ADDRESS}/removal")
def switch_off() -> ResponseReturnValue:
    """Switch it off, which signs the person out everywhere."""
    require(current_actor(), Can.KEEP_ACCOUNT)
    form = _with_password(read_form(SecondStepRemoval, request.form))
    if form.data is None:
        return _show({"remove": form}, status=422)
    try:
        with writing() as tx:
            switch_off_second_step(tx, current_actor(), form.data.code)
    except Invalid as error:
        return _show({"remove": form.reject(error)}, status=422)
    forget()
    flash(_("Your second step is off, and you are signed out everywhere. Sign in again."), "ok")
    return see_other("/sign-in")


def start_page(actor: Actor) -> str:
    """Where somebody with these roles begins."""
    if actor.has(Role.MAG_MEMBER):
        return "/curate"
    return "/people" if actor.has(Role.SECRETARIAT) else "/deliberations"


def _draw_codes(
    name: str, draw: Callable[[Session, str], list[str]], *, is_new: bool
) -> ResponseReturnValue:
    """Recovery codes for a code of the app; a wrong one is shown at the form of this name."""
    require(current_actor(), Can.KEEP_ACCOUNT)
    form = read_form(SecondStepCode, request.form)
    if form.data is None:
        return _show({name: form}, status=422)
    _count_code()
    try:
        with writing() as tx:
            codes = draw(tx, form.data.code)
    except Invalid as error:
        return _show({name: form.reject(error)}, status=422)
    return _show_codes(codes, is_new=is_new)


def _count_code() -> None:
    """Count one code tried, in a transaction of its own: a refusal must not undo the count."""
    with writing() as tx:
        limit_codes(tx, current_actor().id or 0)


def _with_password(form: Form[Any]) -> Form[Any]:
    """The form if its password is the person's, else one that says so; every try is counted."""
    if form.data is None:
        return form
    _count_code()
    if password_matches(_person().password_hash, form.data.password):
        return form
    wrong = {"password": _("This is not your password.")}
    return Form(form.posted, {**form.errors, **wrong})


def _person() -> Person:
    person = find_person(reader(), current_actor().id or 0)
    if person is None:
        raise NotFound("There is no such person.")
    return person


def _show(sent: dict[str, Form[Any]] | None = None, status: int = 200) -> ResponseReturnValue:
    forms = {name: blank() for name in ("begin", "confirm", "renew", "remove")} | (sent or {})
    return respond("account/second_step.html", status=status, page=_page(), forms=forms)


def _page() -> SecondStepPage:
    person = _person()
    found = find_second_step(reader(), person.id)
    is_set_up = found is not None and found.set_up_at is not None
    secret = found.secret if found is not None and not is_set_up else None
    return SecondStepPage(
        is_set_up=is_set_up,
        secret=secret,
        picture=_picture(secret, person.email) if secret else None,
        codes_left=count_unused_codes(reader(), person.id) if is_set_up else 0,
        go_on=start_page(current_actor()),
    )


def _picture(secret: str, email: str) -> str:
    """The QR code that apps read, as an image inside the page: nobody else is asked to draw it."""
    address = app_address(secret, email, current_app.config["FORUM_NAME"])
    code = segno.make(address, micro=False)
    picture: str = code.svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return picture


def _show_codes(codes: list[str], *, is_new: bool) -> ResponseReturnValue:
    text = "\n".join([_("Recovery codes. Each works once."), "", *codes, ""])
    return respond(
        "account/recovery_codes.html",
        codes=codes,
        download=f"data:text/plain;charset=utf-8,{quote(text)}",
        is_new=is_new,
        go_on=start_page(current_actor()),
    )
