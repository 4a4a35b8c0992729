"""Taking back an act of curation, publicly and as if it had not been done."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from deliberate.actions.matters import matter_of
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.forum import CurationKind, QuestionState
from deliberate.domain.people import Actor
from deliberate.domain.undoing import REVERSIBLE, Act, Subject, undoable
from deliberate.policy import Can, require
from deliberate.storage.curation import CurationDecision, log_decision
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import (
    Output,
    OutputPoint,
    PolicyQuestion,
    list_lineage,
    lock_output,
    lock_questions,
)


def undo_decision(tx: Session, actor: Actor, decision_id: int, reason: str) -> CurationDecision:
    """Take an act of curation back while nothing was built on it; gives the entry that says so.

    Texts, states, lineage and points are afterwards what they were before the act. What the act
    had made stays in the database with its lineage, marked as taken back. Raises `Conflict`
    when the act was undone already, when something was built on it, or when it is not of a
    kind that can be undone.
    """
    require(actor, Can.CURATE)
    decision, session_id = find_decision(tx, decision_id)
    require(actor, Can.CURATE, matter_of(tx, session_id))
    questions = lock_questions(tx, _touched(decision))
    if decision.output_id is not None:
        lock_output(tx, decision.output_id)
    _refuse_unless_undoable(tx, decision, session_id)
    _restore(tx, decision, questions)
    undo = log_decision(
        tx,
        actor,
        CurationKind.UNDO,
        reason,
        session_id=session_id,
        question_id=decision.question_id,
        output_id=decision.output_id,
        before=decision.after,
        after=decision.before,
        undoes_id=decision.id,
    )
    try:
        tx.flush()
    except IntegrityError as error:
        raise Conflict(*ALREADY_UNDONE) from error
    return undo


ALREADY_UNDONE = ("This was taken back already.", "Everything is as it was before.")


def find_decision(session: Session, decision_id: int) -> tuple[CurationDecision, int]:
    """The act of curation and the id of the forum session it was done in, or `NotFound`."""
    decision = session.get(CurationDecision, decision_id)
    if decision is None or decision.session_id is None:
        raise NotFound("There is no such act of curation.")
    return decision, decision.session_id


def list_undoable(
    session: Session, session_id: int, built_on: Collection[Subject] | None = None
) -> Mapping[int, CurationDecision]:
    """The acts in one forum session that can be taken back, by their ids, oldest first.

    `built_on` are the questions and outputs that were opened or that others came of; they are
    looked up unless the caller knows them.
    """
    undo = aliased(CurationDecision)
    rows = session.execute(
        sa.select(CurationDecision, undo.id)
        .outerjoin(undo, undo.undoes_id == CurationDecision.id)
        .where(CurationDecision.session_id == session_id)
        .order_by(CurationDecision.id)
    ).all()
    acts = [_act(decision, is_undone=undone_by is not None) for decision, undone_by in rows]
    if built_on is None:
        built_on = _built_on(session, {one for act in acts for one in act.outcome})
    possible = undoable(acts, built_on)
    return {decision.id: decision for decision, _undo in rows if decision.id in possible}


def subject_of(decision: CurationDecision) -> Subject:
    """What an act was done to; of a merger, the question it made."""
    if decision.output_id is not None:
        return "output", decision.output_id
    return "question", decision.question_id or 0


def _act(decision: CurationDecision, *, is_undone: bool) -> Act:
    return Act(decision.id, decision.kind, _outcome(decision), is_undone)


def _outcome(decision: CurationDecision) -> frozenset[Subject]:
    """What came of an act; nothing for one that did not note what taking it back needs."""
    made = (decision.restores or {}).get("made")
    if decision.kind in REVERSIBLE and decision.restores is None:
        return frozenset()
    if decision.output_id is not None:
        return frozenset({("output", decision.output_id)})
    ids = made if made else [decision.question_id]
    return frozenset(("question", one) for one in ids if one is not None)


def _touched(decision: CurationDecision) -> set[int]:
    """The questions that taking it back changes or looks at."""
    found = (decision.restores or {}).get("states", {})
    return {*_ids(_outcome(decision), "question"), *map(int, found)}


def _refuse_unless_undoable(tx: Session, decision: CurationDecision, session_id: int) -> None:
    if decision.id in list_undoable(tx, session_id):
        return
    undone = sa.select(CurationDecision.id).where(CurationDecision.undoes_id == decision.id)
    if tx.scalar(undone) is not None:
        raise Conflict(*ALREADY_UNDONE)
    outcome = _outcome(decision)
    if decision.kind not in REVERSIBLE or not outcome:
        raise Conflict("An act of this kind cannot be taken back.")
    if _opened(tx, outcome):
        raise Conflict("This is already open.", "What was opened is not changed any more.")
    raise Conflict(
        "Something was done with this since.", "Take back the later acts first, the newest before."
    )


def _built_on(session: Session, subjects: Collection[Subject]) -> set[Subject]:
    """Those that were opened, and the questions that others came of."""
    ids = _ids(subjects, "question")
    parents = {link.parent_id for link in list_lineage(session, ids)} if ids else set()
    return _opened(session, subjects) | {("question", one) for one in ids if one in parents}


def _opened(session: Session, subjects: Collection[Subject]) -> set[Subject]:
    questions, outputs = _ids(subjects, "question"), _ids(subjects, "output")
    rows = session.execute(
        sa.select(Deliberation.question_id, Deliberation.output_id).where(
            sa.or_(Deliberation.question_id.in_(questions), Deliberation.output_id.in_(outputs))
        )
    ).all()
    opened = {("question", question_id) for question_id, _output_id in rows}
    opened |= {("output", output_id) for _question_id, output_id in rows}
    return {subject for subject in subjects if subject in opened}


def _ids(subjects: Collection[Subject], kind: str) -> list[int]:
    return [number for each, number in subjects if each == kind]


def _restore(
    tx: Session, decision: CurationDecision, questions: Mapping[int, PolicyQuestion]
) -> None:
    """Put back what the act found and take away what it made."""
    noted: Mapping[str, Any] = decision.restores or {}
    for question_id, state in noted.get("states", {}).items():
        questions[int(question_id)].state = QuestionState(state)
    if decision.kind is CurationKind.REWORD and decision.question_id is not None:
        questions[decision.question_id].text = decision.before[0]
    if decision.output_id is None:
        for question_id in noted.get("made", ()):
            questions[question_id].state = QuestionState.REPLACED
            questions[question_id].taken_back_at = now(tx)
    elif decision.kind is CurationKind.ADD:
        tx.get_one(Output, decision.output_id).taken_back_at = now(tx)
    else:
        _swap_points(tx, noted["replaced"], noted["made"])


def _swap_points(tx: Session, replaced: Sequence[int], made: Sequence[int]) -> None:
    """People respond to the earlier points again."""
    points = tx.scalars(sa.select(OutputPoint).where(OutputPoint.id.in_([*replaced, *made])))
    for point in points:
        point.replaced_at = None if point.id in replaced else now(tx)
