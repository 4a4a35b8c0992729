"""The developer's outbox: what would be sent, where no mail server is set and nobody relies on it.

In production, and where mail is really sent, there are no such pages.
"""

from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from deliberate.jobs.letters import compose
from deliberate.mailing.messages import build_message
from deliberate.mailing.office import Office
from deliberate.storage.outbox import Mail, find_mail, list_mails
from deliberate.storage.people import list_names
from deliberate.web.database import reader
from deliberate.web.headers import POLICY
from deliberate.web.paging import asked_before
from deliberate.web.render import VARY, respond

blueprint = Blueprint("outbox", __name__)


@dataclass(frozen=True, slots=True)
class MailPage:
    """One mail as it would be sent; `headers` and `text` are missing when it would be dropped."""

    mail: Mail
    subject: str
    headers: list[tuple[str, str]]
    text: str
    html: str


@blueprint.before_request
def only_for_developers() -> None:
    """Answer that there is no such page unless nobody's mail could be read here."""
    if not current_app.config["OUTBOX_SHOWN"]:
        abort(404)


@blueprint.get("/outbox")
def outbox() -> ResponseReturnValue:
    """Every mail, newest first."""
    mails, older = list_mails(reader(), asked_before())
    names = list_names(reader(), [mail.person_id for mail in mails])
    return respond("outbox/outbox.html", mails=mails, names=names, older=older)


@blueprint.get("/outbox/<int:mail_id>")
def show_mail(mail_id: int) -> ResponseReturnValue:
    """One mail: its headers and its text."""
    return respond("outbox/mail.html", page=_page(mail_id))


@blueprint.get("/outbox/<int:mail_id>/html")
def show_html(mail_id: int) -> ResponseReturnValue:
    """The HTML of a mail alone, shut off from this site by the policy's sandbox."""
    page = _page(mail_id)
    if not page.html:
        abort(404)
    response = Response(page.html)
    response.vary.update(VARY)
    response.headers["Content-Security-Policy"] = f"{POLICY}; sandbox"
    return response


def _page(mail_id: int) -> MailPage:
    mail = find_mail(reader(), mail_id)
    if mail is None:
        abort(404)
    office = _office()
    composed = compose(reader(), office, mail)
    if composed is None:
        return MailPage(mail, mail.kind, [], "", "")
    envelope, letter = composed
    headers = [
        (name, str(value)) for name, value in build_message(office, envelope, letter).items()
    ]
    return MailPage(mail, letter.subject, headers, letter.text, letter.html)


def _office() -> Office:
    """The configured office; links lead to where this page was asked for unless one is set."""
    office: Office = current_app.config["OFFICE"]
    return office if office.site else replace(office, site=request.host_url.rstrip("/"))
