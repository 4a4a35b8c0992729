"""What the world has of processes: one that is being designed, and a date that moved."""

from datetime import timedelta

from deliberate.actions.deliberations import get_page
from deliberate.actions.designs import find_subject, save_design
from deliberate.actions.timetable import reschedule
from deliberate.domain.people import Actor
from deliberate.inputs.process import NewClosing
from deliberate.storage.database import Database, now
from tests.support.designing import as_form, ranked


def add_process(db: Database, curator: Actor, question_id: int, deliberation_id: int) -> None:
    """A design for a question that is not open yet, and two more days for a discussion."""
    with db.writing() as tx:
        subject = find_subject(tx, question_id=question_id)
        save_design(tx, curator, subject, as_form(ranked(now(tx))))
        shown = get_page(tx, deliberation_id).closes_at
        form = NewClosing(
            closes_at=shown + timedelta(days=2),
            shown=shown,
            reason="Two groups asked for more time.",
        )
        reschedule(tx, curator, deliberation_id, form)
