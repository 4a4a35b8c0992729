"""The inbox: what awaits the reader, and what happened in what they follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.follows import mark_read
from deliberate.domain.notices import sentence
from deliberate.inputs.following import Reading
from deliberate.policy import STAFF, Can, require
from deliberate.storage.database import now
from deliberate.storage.inbox import list_polls_to_answer
from deliberate.storage.notices import NoticeLine, list_notices
from deliberate.storage.polls import Poll
from deliberate.web.account.blueprint import blueprint
from deliberate.web.database import reader, writing
from deliberate.web.forms import read_form
from deliberate.web.login import current_actor
from deliberate.web.paging import asked_before
from deliberate.web.render import respond, see_other

VIEWS = ("all", "direct")


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page of notices, polls to answer above the first, and where older ones begin."""

    view: str
    polls: Sequence[tuple[Poll, str]]
    notices: Sequence[NoticeLine]
    is_first: bool
    older: int | None

    @property
    def newest(self) -> int:
        """The newest notice on the page; 0 on an empty one."""
        return self.notices[0].id if self.notices else 0


@blueprint.get("/inbox")
def inbox() -> ResponseReturnValue:
    """What awaits me, newest first; visitors are asked to sign in."""
    person_id = current_actor().id
    if person_id is None:
        return see_other("/sign-in?next=/inbox")
    view = request.args.get("view", "all")
    view = view if view in VIEWS else "all"
    before = asked_before()
    direct = True if view == "direct" else None
    notices, older = list_notices(reader(), person_id, before_id=before, direct=direct)
    polls = _polls(person_id) if before is None else []
    page = InboxPage(view, polls, notices, before is None, older)
    return respond("account/inbox.html", page=page, words=notice_words)


@blueprint.post("/inbox/reading")
def mark_as_read() -> ResponseReturnValue:
    """Mark one notice, or all that were shown, as read."""
    require(current_actor(), Can.FOLLOW)
    form = read_form(Reading, request.form)
    if form.data is None:
        flash(_("This form is damaged. Reload the page and try again."), "bad")
        return see_other("/inbox")
    with writing() as tx:
        mark_read(tx, current_actor(), form.data.notice_id, form.data.until_id)
    flash(_("Marked as read."), "ok")
    return see_other("/inbox#notices")


def notice_words(notice: NoticeLine) -> str:
    """What happened, in the page's language."""
    name = notice.event.actor_name or ""
    return str(_(sentence(notice.event.kind, notice.reason), name=name))


def _polls(person_id: int) -> Sequence[tuple[Poll, str]]:
    """The polls this person may vote in and has not."""
    actor = current_actor()
    if actor.roles & STAFF:
        return []
    return list_polls_to_answer(reader(), person_id, now(reader()))
