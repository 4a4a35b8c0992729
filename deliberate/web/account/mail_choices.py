"""What comes by mail, how often, and what one follows."""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import available_timezones

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from deliberate.actions.follows import choose_mail
from deliberate.domain.mail import Rhythm
from deliberate.domain.people import StakeholderGroup
from deliberate.inputs.people import MailChoices
from deliberate.policy import Can, require
from deliberate.storage.follows import FollowLine, list_follows
from deliberate.storage.mailboxes import Mailbox, get_mailbox
from deliberate.web.account.blueprint import blueprint
from deliberate.web.account.following import follow_address, subject_address
from deliberate.web.database import reader, writing
from deliberate.web.forms import MESSAGES, Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other
from deliberate.web.ui import LANGUAGES

ADDRESS = "/account/mail"
RHYTHMS = [
    (Rhythm.INSTANT, _l("At once"), _l("One mail for each answer and each news.")),
    (Rhythm.DAILY, _l("Every day"), _l("One mail at 08:00, when there is news.")),
    (Rhythm.WEEKLY, _l("Every week"), _l("One mail on Mondays at 08:00, when there is news.")),
    (Rhythm.NONE, _l("Never"), _l("News wait in your inbox here.")),
]


@dataclass(frozen=True, slots=True)
class FollowRow:
    """Something followed, with the pages to read it and to change it."""

    line: FollowLine
    address: str
    change: str


@blueprint.get(ADDRESS)
def mail_choices() -> ResponseReturnValue:
    """The form as it stands, and everything that one follows."""
    person_id = current_actor().id
    if person_id is None:
        return see_other(f"/sign-in?next={ADDRESS}")
    return _show(_form(get_mailbox(reader(), person_id)))


@blueprint.post(ADDRESS)
def store_mail_choices() -> ResponseReturnValue:
    """Store what was chosen; it holds from now on."""
    require(current_actor(), Can.KEEP_ACCOUNT)
    form = read_form(MailChoices, request.form)
    if form.data is not None and form.data.language not in LANGUAGES:
        form = Form(form.posted, {"language": MESSAGES["enum"]})
    if form.data is None:
        return _show(form, 422)
    with writing() as tx:
        choose_mail(tx, current_actor(), form.data)
    flash(_("Your choice is stored."), "ok")
    return see_other(ADDRESS)


def _form(mailbox: Mailbox) -> Form[MailChoices]:
    return blank(
        rhythm=mailbox.rhythm.value,
        official="yes" if mailbox.official else "",
        follows_own="yes" if mailbox.follows_own else "",
        language=mailbox.language,
        time_zone=mailbox.time_zone or "",
    )


def _show(form: Form[MailChoices], status: int = 200) -> ResponseReturnValue:
    lines = list_follows(reader(), current_actor().id or 0)
    rows = [
        FollowRow(line, subject_address(line.subject), follow_address(line.subject))
        for line in lines
    ]
    return respond(
        "account/mail.html",
        status=status,
        form=form,
        rows=rows,
        rhythms=RHYTHMS,
        zones=_zones(),
        groups=StakeholderGroup.registrable(),
    )


@lru_cache
def _zones() -> list[tuple[str, str]]:
    """The zones that are named after a place, in the order of their names."""
    return [
        (name, name.replace("_", " ")) for name in sorted(available_timezones()) if _has_place(name)
    ]


def _has_place(name: str) -> bool:
    areas = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    return name.split("/", maxsplit=1)[0] in areas and "/" in name
