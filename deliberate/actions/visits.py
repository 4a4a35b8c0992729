"""Noting how far somebody has read a discussion."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.comments import identity
from deliberate.actions.deliberations import get_page
from deliberate.domain.people import Actor
from deliberate.policy import Can, require
from deliberate.storage import visits
from deliberate.storage.database import now
from deliberate.storage.people import Person
from deliberate.storage.visits import Visit


def note_visit(
    tx: Session, actor: Actor, deliberation_id: int, newest: int | None, *, read: bool
) -> None:
    """Store that somebody was shown a discussion up to its comment `newest`, None for the last.

    What was new stays new for the rest of the visit, unless they say that they have `read` it.
    """
    page = get_page(tx, deliberation_id)
    require(actor, Can.NOTE_VISIT, page)
    person_id, _affiliation = identity(actor)
    # One person's tabs take turns; others are not held up.
    tx.execute(sa.select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    last = visits.find_newest(tx, deliberation_id)
    shown = last if newest is None else min(newest, last)
    visit = visits.find_visit(tx, person_id, deliberation_id)
    if visit is None:
        visit = Visit(
            person_id=person_id,
            deliberation_id=deliberation_id,
            read_id=shown,
            seen_id=shown,
        )
        tx.add(visit)
    elif visit.last_seen_at < now(tx) - visits.LASTS:
        visit.read_id = visit.seen_id
    visit.seen_id = max(visit.seen_id, shown)
    if read:
        visit.read_id = max(visit.read_id, shown)
    visit.last_seen_at = now(tx)
