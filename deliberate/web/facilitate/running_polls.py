"""Running a poll: extending it, reminding people, and declaring it invalid."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from deliberate.actions.deliberations import get_page
from deliberate.actions.extensions import extend_poll
from deliberate.actions.invalidations import (
    RunPoll,
    confirm_invalidation,
    drop_invalidation,
    propose_invalidation,
    run_poll_for,
)
from deliberate.actions.polls import get_poll
from deliberate.actions.reminders import next_reminder, remind_voters
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.timetable import PollDates, why_not_extended
from deliberate.inputs.polls import PollExtension
from deliberate.inputs.process import PublicReason
from deliberate.policy import Can, require
from deliberate.storage.ballots import count_turnout
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.invalidations import Invalidation, find_invalidation
from deliberate.storage.people import list_names
from deliberate.storage.polls import Poll
from deliberate.storage.reschedulings import was_extended
from deliberate.web.database import reader, writing
from deliberate.web.facilitate.blueprint import blueprint
from deliberate.web.forms import Form, blank, read_form
from deliberate.web.login import current_actor
from deliberate.web.render import respond, see_other

ENTERED = "%Y-%m-%dT%H:%M"
USUAL_EXTENSION = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Running:
    """A poll for those who run it. `hindrance` says why it cannot be extended, if so."""

    poll: Poll
    page: DeliberationPage
    subject: RunPoll
    voted: int
    eligible: int
    hindrance: str
    reminder_due: datetime | None
    invalidation: Invalidation | None
    names: dict[int, str]

    @property
    def address(self) -> str:
        """The poll's page."""
        return f"/polls/{self.poll.id}"

    @property
    def can_remind(self) -> bool:
        """Whether the last reminder is long enough ago."""
        return self.reminder_due is None or self.reminder_due <= now(reader())


@blueprint.get("/polls/<int:poll_id>/running")
def show_running(poll_id: int) -> ResponseReturnValue:
    """Where the poll stands, and what can be done about it."""
    return _show(poll_id)


@blueprint.post("/polls/<int:poll_id>/extension")
def extend(poll_id: int) -> ResponseReturnValue:
    """Let the poll close later, with a public reason."""
    form = read_form(PollExtension, request.form)
    require(current_actor(), Can.EXTEND_POLL, run_poll_for(reader(), get_poll(reader(), poll_id)))
    if form.data is None:
        return _show(poll_id, "extension", form, 422)
    try:
        with writing() as tx:
            extend_poll(tx, current_actor(), poll_id, form.data)
    except Invalid as error:
        return _show(poll_id, "extension", form.reject(error), 422)
    except Conflict as error:
        shown = get_poll(reader(), poll_id).closes_at.isoformat()
        words = " ".join(_(part) for part in (error.title, error.advice) if part)
        again: Form[Any] = Form({**form.posted, "shown": shown}, {"closes_at": words})
        return _show(poll_id, "extension", again, 409)
    flash(_("The poll is extended. Everybody who took part is told."), "ok")
    return see_other(f"/polls/{poll_id}")


@blueprint.post("/polls/<int:poll_id>/reminder")
def remind(poll_id: int) -> ResponseReturnValue:
    """Remind everybody on the list who has no ballot."""
    return _act(poll_id, remind_voters, _("Everybody on the list without a ballot is reminded."))


@blueprint.post("/polls/<int:poll_id>/invalidation")
def propose(poll_id: int) -> ResponseReturnValue:
    """Propose to declare the poll invalid, with a public reason."""
    form = read_form(PublicReason, request.form)
    subject = run_poll_for(reader(), get_poll(reader(), poll_id))
    require(current_actor(), Can.PROPOSE_INVALIDATION, subject)
    if form.data is None:
        return _show(poll_id, "invalidation", form, 422)
    with writing() as tx:
        propose_invalidation(tx, current_actor(), poll_id, form.data)
    flash(_("Somebody else has to confirm it now. Until then nothing changes."), "ok")
    return see_other(f"/polls/{poll_id}/running#invalidation")


@blueprint.post("/polls/<int:poll_id>/invalidation/confirmation")
def confirm(poll_id: int) -> ResponseReturnValue:
    """Declare the poll invalid, as the second person."""
    return _act(poll_id, confirm_invalidation, _("The poll is declared invalid."))


@blueprint.post("/polls/<int:poll_id>/invalidation/withdrawal")
def drop(poll_id: int) -> ResponseReturnValue:
    """Drop the proposal to declare the poll invalid."""
    return _act(poll_id, drop_invalidation, _("The proposal is dropped. The poll goes on."))


def _act(poll_id: int, act: Callable[..., object], done: str) -> ResponseReturnValue:
    with writing() as tx:
        act(tx, current_actor(), poll_id)
    flash(done, "ok")
    return see_other(f"/polls/{poll_id}/running")


def _show(
    poll_id: int, act: str = "", form: Form[Any] | None = None, status: int = 200
) -> Response:
    """The page; `form` is what was posted to `act`."""
    running = _load(poll_id)
    closes_at = min(running.poll.closes_at + USUAL_EXTENSION, running.page.closes_at)
    extension = blank(
        closes_at=closes_at.strftime(ENTERED), shown=running.poll.closes_at.isoformat()
    )
    return respond(
        "facilitate/running_poll.html",
        None,
        status,
        act=act,
        running=running,
        page=running.page,
        extension=form if form and act == "extension" else extension,
        invalidation=form if form and act == "invalidation" else blank(),
        form=form or blank(),
    )


def _load(poll_id: int) -> Running:
    require(current_actor(), Can.RUN_POLL)
    poll = get_poll(reader(), poll_id)
    page = get_page(reader(), poll.deliberation_id)
    found = find_invalidation(reader(), poll_id)
    people = [found.proposed_by, found.confirmed_by or 0] if found else []
    return Running(
        poll=poll,
        page=page,
        subject=run_poll_for(reader(), poll),
        voted=sum(count_turnout(reader(), poll_id).values()),
        eligible=sum(poll.frozen["registered_at_opening"].values()),
        hindrance=_hindrance(poll, page),
        reminder_due=next_reminder(reader(), poll),
        invalidation=found,
        names=list_names(reader(), people) if people else {},
    )


def _hindrance(poll: Poll, page: DeliberationPage) -> str:
    """Why the poll cannot be extended by the least there is."""
    dates = PollDates(
        poll.closes_at,
        is_running=poll.opens_at <= now(reader()),
        was_extended=was_extended(reader(), poll.id),
    )
    least = poll.closes_at + timedelta(minutes=1)
    return why_not_extended(least, now(reader()), dates, page.closes_at)
