"""Extending a poll: once, with a public reason, at least a day before it closes."""

from sqlalchemy.orm import Session

from deliberate.actions.deliberations import get_page
from deliberate.actions.invalidations import lock_with_page, run_poll_for
from deliberate.actions.notices import make_reminder
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.notices import EventKind
from deliberate.domain.people import Actor
from deliberate.domain.timetable import PollDates, why_not_extended
from deliberate.inputs.polls import PollExtension
from deliberate.policy import Can, require
from deliberate.storage import audit, jobs, notices
from deliberate.storage.database import now
from deliberate.storage.deliberations import touch
from deliberate.storage.reschedulings import Rescheduling, was_extended


def extend_poll(tx: Session, actor: Actor, poll_id: int, form: PollExtension) -> Rescheduling:
    """Let a poll close later, within its discussion.

    What was frozen keeps its fingerprint; the extension stands beside it. Raises `Conflict` when
    the date moved since the form was shown, `Invalid` at the field for what the rules forbid.
    """
    poll = lock_with_page(tx, poll_id)
    page = get_page(tx, poll.deliberation_id)
    require(actor, Can.EXTEND_POLL, run_poll_for(tx, poll))
    if form.shown != poll.closes_at:
        raise Conflict(
            "Somebody else moved this date in the meantime.",
            f"It closes on {poll.closes_at:%d %B %Y at %H:%M} UTC now.",
        )
    dates = PollDates(poll.closes_at, was_extended=was_extended(tx, poll_id))
    hindrance = why_not_extended(form.closes_at, now(tx), dates, page.closes_at)
    if hindrance:
        raise Invalid("The poll cannot be extended like this.", fields={"closes_at": hindrance})
    extension = Rescheduling(
        deliberation_id=page.id,
        closes_before=page.closes_at,
        closes_after=page.closes_at,
        poll_id=poll.id,
        poll_closes_before=poll.closes_at,
        poll_closes_after=form.closes_at,
        reason=form.reason,
        rescheduled_by=actor.id,
        rescheduled_at=now(tx),
    )
    tx.add(extension)
    tx.flush()
    before, poll.closes_at = poll.closes_at, form.closes_at
    # The appointment for the old date finds the poll open and does nothing.
    jobs.enqueue(tx, "count_poll", run_at=form.closes_at, poll_id=poll.id)
    make_reminder(tx, poll, before)
    touch(tx, page.id)
    audit.record(
        tx, actor, "extended", "poll", poll_id,
        before=before.isoformat(), after=form.closes_at.isoformat(), reason=form.reason,
    )  # fmt: skip
    notices.record(
        tx, actor, EventKind.DATES_MOVED, page.id, poll_id=poll.id, rescheduling_id=extension.id
    )
    return extension
