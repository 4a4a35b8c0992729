"""Confirming that an e-mail address is one's own, and asking for another link."""

from flask import current_app, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.mailboxes import (
    ask_confirmation_again,
    confirm_address,
    open_confirmation,
    resume_mail,
)
from deliberate.policy import Can, require
from deliberate.web.account.blueprint import blueprint
from deliberate.web.database import reader, writing
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.throttle import limit

LINKS_AN_HOUR = 3


@blueprint.get("/confirmations/<token>")
def confirmation(token: str) -> ResponseReturnValue:
    """The button to press: programs that look at every link in a mail press none."""
    person = open_confirmation(reader(), token)
    return respond("account/confirmation.html", email=person.email, address=_address(token))


@blueprint.post("/confirmations/<token>")
def confirm_own_address(token: str) -> ResponseReturnValue:
    """Confirm the address; whoever holds the link reads its mail, signed in or not."""
    with writing() as tx:
        confirm_address(tx, token)
    flash(_("Thank you. Your e-mail address is confirmed."), "ok")
    return see_other("/account#mail" if current_actor().is_authenticated else "/sign-in")


@blueprint.post("/account/mail/confirmation")
def send_again() -> ResponseReturnValue:
    """Send another link to the address of the account."""
    require(current_actor(), Can.KEEP_ACCOUNT)
    with writing() as tx:
        limit(tx, "confirmation", burst=LINKS_AN_HOUR, minutes=60)
        ask_confirmation_again(tx, current_actor())
    flash(_("A new link is on its way. Look into your mail; the earlier link works no more."), "ok")
    return see_other("/account#mail")


@blueprint.post("/account/mail/resumption")
def resume() -> ResponseReturnValue:
    """Send mail again to an address that had refused it."""
    with writing() as tx:
        resume_mail(tx, current_actor())
    flash(_("Mail to you begins again."), "ok")
    return see_other("/account#mail")


def mail_works() -> bool:
    """Whether mail is sent from here, or can be read in the outbox of a developer."""
    works: bool = current_app.config["MAIL_WORKS"]
    return works


def _address(token: str) -> str:
    return f"/confirmations/{token}"
