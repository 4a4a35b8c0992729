"""What the curators of the races do, each in a process of its own."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from deliberate.actions.curation import merge_questions
from deliberate.actions.deliberations import get_page, open_question
from deliberate.actions.designs import find_subject, save_design
from deliberate.actions.timetable import reschedule
from deliberate.actions.undoing import undo_decision
from deliberate.domain.errors import Conflict, Invalid
from deliberate.domain.people import Actor
from deliberate.domain.timetable import TOO_LATE
from deliberate.inputs.curation import Opening, QuestionMerger
from deliberate.inputs.process import Freezing, NewClosing, ProcessForm
from deliberate.storage.database import Clock, Database
from tests.races.voters import shortly_before

REASON = "That was not what the meeting had agreed."
A_LITTLE = timedelta(microseconds=1)
"""So much more time that a date which moves all the while hardly moves."""


def attempt(url: str, clock: Clock, act: Callable[[Session], object]) -> bool:
    """Do something in a transaction of its own; False when somebody else was there before."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            act(tx)
        return True
    except Conflict:
        return False
    finally:
        db.dispose()


def undo(url: str, clock: Clock, actor: Actor, decision_id: int) -> bool:
    """Take an act back; False when it was too late."""
    return attempt(url, clock, lambda tx: undo_decision(tx, actor, decision_id, REASON))


def open_or_undo(
    url: str, clock: Clock, actor: Actor, decision_id: int, question_id: int, form: Opening | None
) -> bool:
    """Open a question, or take back that it was accepted; False when it was too late."""
    if form is None:
        return undo(url, clock, actor, decision_id)
    return attempt(url, clock, lambda tx: open_question(tx, actor, question_id, form))


def fix_or_save(
    url: str, clock: Clock, actor: Actor, question_id: int, form: Freezing | ProcessForm
) -> bool:
    """Open a question as designed, or save another design; False when it was too late."""

    def act(tx: Session) -> None:
        if isinstance(form, Freezing):
            open_question(tx, actor, question_id, form)
        else:
            save_design(tx, actor, find_subject(tx, question_id=question_id), form)

    return attempt(url, clock, act)


def merge(url: str, clock: Clock, actor: Actor, question_ids: list[int], begun_from: int) -> bool:
    """Merge questions of several sessions; False when somebody else was there before."""
    form = QuestionMerger(question_ids=question_ids, text="Who pays for the light?", reason=REASON)
    return attempt(url, clock, lambda tx: merge_questions(tx, actor, form, begun_from))


def extend_until_last_call(
    url: str, begins_before: datetime, deliberation_id: int, actor: Actor
) -> list[datetime]:
    """Move a closing again and again until its date stands; every date that was acknowledged."""
    db = shortly_before(begins_before, url)
    moved: list[datetime] = []
    try:
        while True:
            with db.reading() as reader:
                shown = get_page(reader, deliberation_id).closes_at
            form = NewClosing(closes_at=shown + A_LITTLE, shown=shown, reason=REASON)
            try:
                with db.writing() as tx:
                    reschedule(tx, actor, deliberation_id, form)
            except Conflict:
                continue
            moved.append(form.closes_at)
    except Invalid as error:
        if error.fields != {"closes_at": TOO_LATE}:
            raise
        return moved
    finally:
        db.dispose()
