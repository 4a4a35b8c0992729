"""What the curators of the races do, each in a process of its own."""

from deliberate.actions.curation import merge_questions
from deliberate.actions.deliberations import open_question
from deliberate.actions.undoing import undo_decision
from deliberate.domain.errors import Conflict
from deliberate.domain.people import Actor
from deliberate.inputs.curation import Opening, QuestionMerger
from deliberate.storage.database import Clock, Database

REASON = "That was not what the meeting had agreed."


def undo(url: str, clock: Clock, actor: Actor, decision_id: int) -> bool:
    """Take an act back; False when it was too late."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            undo_decision(tx, actor, decision_id, REASON)
        return True
    except Conflict:
        return False
    finally:
        db.dispose()


def open_or_undo(
    url: str, clock: Clock, actor: Actor, decision_id: int, question_id: int, form: Opening | None
) -> bool:
    """Open a question, or take back that it was accepted; False when it was too late."""
    if form is None:
        return undo(url, clock, actor, decision_id)
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            open_question(tx, actor, question_id, form)
        return True
    except Conflict:
        return False
    finally:
        db.dispose()


def merge(url: str, clock: Clock, actor: Actor, question_ids: list[int], begun_from: int) -> bool:
    """Merge questions of several sessions; False when somebody else was there before."""
    form = QuestionMerger(question_ids=question_ids, text="Who pays for the light?", reason=REASON)
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            merge_questions(tx, actor, form, begun_from)
        return True
    except Conflict:
        return False
    finally:
        db.dispose()
