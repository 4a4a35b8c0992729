"""Moving the closing of a running deliberation: seldom, early, with a public reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import lock_page
from deliberate.actions.matters import matter_of
from deliberate.domain.contradictions import by_field
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.forum import CurationKind
from deliberate.domain.notices import EventKind
from deliberate.domain.people import Actor
from deliberate.domain.timetable import NewDates, PollDates, why_not_moved
from deliberate.inputs.process import NewClosing
from deliberate.policy import Can, require
from deliberate.storage import audit, jobs, notices, polls
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.deliberation_pages import DeliberationPage
from deliberate.storage.deliberations import touch
from deliberate.storage.polls import Poll
from deliberate.storage.reschedulings import Rescheduling, was_extended


def reschedule(tx: Session, actor: Actor, deliberation_id: int, form: NewClosing) -> Rescheduling:
    """Move the closing date, and that of the open poll when the form names one.

    What was frozen keeps its fingerprint; the move stands beside it. The deliberation is locked
    first, then the poll, so that two moves, or a move and the count, take turns. Raises `Conflict`
    when the date moved since the form was shown, `Invalid` when the rules do not allow the move.
    """
    page = lock_page(tx, deliberation_id)
    require(actor, Can.RESCHEDULE, page)
    require(actor, Can.DESIGN_PROCESS, matter_of(tx, page.deliberation.session_id))
    if form.shown != page.closes_at:
        raise Conflict(
            "Somebody else moved this date in the meantime.",
            f"It closes on {page.closes_at:%d %B %Y at %H:%M} UTC now.",
        )
    poll = _lock_running_poll(tx, deliberation_id)
    asked = NewDates(form.closes_at, form.poll_closes_at)
    inside = poll_dates(tx, page, poll)
    found = why_not_moved(page.opens_at, page.closes_at, asked, now(tx), inside)
    if found:
        raise Invalid("The dates cannot be moved like this.", fields=by_field(found))
    moved = _move(tx, actor, page, poll if form.poll_closes_at else None, form)
    touch(tx, deliberation_id)
    _log(tx, actor, page, moved)
    notices.record(tx, actor, EventKind.DATES_MOVED, page.id, rescheduling_id=moved.id)
    return moved


def poll_dates(session: Session, page: DeliberationPage, poll: Poll | None) -> PollDates | None:
    """When the poll inside closes: the one that is there, else the one that is planned."""
    if poll is not None:
        return PollDates(
            poll.closes_at,
            is_running=poll.opens_at <= now(session),
            was_extended=was_extended(session, poll.id),
        )
    design = page.design
    if design is None or design.poll_closes_at is None or design.poll_closes_at < now(session):
        return None
    return PollDates(design.poll_closes_at, is_running=False)


def find_running_poll(session: Session, deliberation_id: int) -> Poll | None:
    """The poll of a deliberation that is not counted yet; there is one at most."""
    waiting = [poll for poll in polls.list_polls(session, deliberation_id) if poll.awaits_count]
    return waiting[0] if waiting else None


def _lock_running_poll(tx: Session, deliberation_id: int) -> Poll | None:
    poll = find_running_poll(tx, deliberation_id)
    locked = polls.lock_poll(tx, poll.id) if poll is not None else None
    return locked if locked is not None and locked.awaits_count else None


def _move(
    tx: Session, actor: Actor, page: DeliberationPage, poll: Poll | None, form: NewClosing
) -> Rescheduling:
    moved = Rescheduling(
        deliberation_id=page.id,
        closes_before=page.closes_at,
        closes_after=form.closes_at,
        poll_id=poll.id if poll else None,
        poll_closes_before=poll.closes_at if poll else None,
        poll_closes_after=form.poll_closes_at,
        reason=form.reason,
        rescheduled_by=actor.id,
        rescheduled_at=now(tx),
    )
    tx.add(moved)
    page.deliberation.closes_at = form.closes_at
    if poll is not None and form.poll_closes_at is not None:
        poll.closes_at = form.poll_closes_at
        # The appointment for the old date finds the poll open and does nothing.
        jobs.enqueue(tx, "count_poll", run_at=form.poll_closes_at, poll_id=poll.id)
    tx.flush()
    return moved


def _log(tx: Session, actor: Actor, page: DeliberationPage, moved: Rescheduling) -> None:
    before, after = [_said(moved.closes_before)], [_said(moved.closes_after)]
    if moved.poll_closes_before is not None and moved.poll_closes_after is not None:
        before.append(f"Poll: {_said(moved.poll_closes_before)}")
        after.append(f"Poll: {_said(moved.poll_closes_after)}")
    log_decision(
        tx,
        actor,
        CurationKind.RESCHEDULE,
        moved.reason,
        session_id=page.deliberation.session_id,
        question_id=page.deliberation.question_id,
        output_id=page.deliberation.output_id,
        before=before,
        after=after,
    )
    audit.record(
        tx, actor, "rescheduled", "deliberation", page.id, before=before[0], after=after[0]
    )


def _said(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
