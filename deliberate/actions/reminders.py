"""Reminding those on the list of voters who have no ballot, without anybody learning who."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from deliberate.actions.invalidations import lock_with_page, run_poll_for
from deliberate.domain.errors import Conflict
from deliberate.domain.notices import EventKind
from deliberate.domain.people import Actor
from deliberate.policy import Can, require
from deliberate.storage import audit, notices
from deliberate.storage.database import now
from deliberate.storage.polls import Poll

INTERVAL = timedelta(hours=72)
"""Between two reminders of one poll, those that come by themselves included."""


def remind_voters(tx: Session, actor: Actor, poll_id: int) -> None:
    """Tell everybody on the list who has no ballot that they can still vote.

    Who that is, a job finds out when it writes to them; no page and no log says it. Raises
    `Conflict` when the last reminder is too recent.
    """
    poll = lock_with_page(tx, poll_id)
    require(actor, Can.REMIND_VOTERS, run_poll_for(tx, poll))
    due = next_reminder(tx, poll)
    if due is not None and now(tx) < due:
        raise Conflict(
            "People were reminded of this poll already.",
            f"The next reminder is possible on {due:%d %B %Y at %H:%M} UTC.",
        )
    audit.record(tx, actor, "reminded", "poll", poll_id)
    notices.record(
        tx,
        actor,
        EventKind.POLL_REMINDER,
        poll.deliberation_id,
        poll_id=poll.id,
        closes_at=poll.closes_at.isoformat(),
    )


def next_reminder(session: Session, poll: Poll) -> datetime | None:
    """When people may be reminded again; None when they never were."""
    kinds = (EventKind.POLL_CLOSING, EventKind.POLL_REMINDER)
    last = notices.last_of_poll(session, poll.id, kinds)
    return None if last is None else last + INTERVAL
