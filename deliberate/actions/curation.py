"""What curators do to questions and outputs; each act is public and carries its reason."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.matters import matter_of
from deliberate.actions.reviews import record_of, reviewed
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.forum import CurationKind, LineageKind, QuestionState
from deliberate.domain.people import Actor
from deliberate.domain.review import ReviewRules
from deliberate.inputs.curation import OutputSplit, QuestionMerger, QuestionSplit, Rewording
from deliberate.policy import Can, require
from deliberate.storage.curation import log_decision
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import (
    Output,
    OutputPoint,
    PolicyQuestion,
    QuestionLineage,
    list_points,
)

JUDGED = {
    CurationKind.ACCEPT: QuestionState.ACCEPTED,
    CurationKind.DECLINE: QuestionState.DECLINED,
}
"""The state in which each judgement leaves a question."""


def accept_question(
    tx: Session, actor: Actor, question_id: int, reason: str, rules: ReviewRules | None = None
) -> PolicyQuestion:
    """Take a question into deliberation; it opens later, with dates.

    Raises `ReviewsMissingError` while it is in review without enough scores.
    """
    return _judge(tx, actor, question_id, reason, CurationKind.ACCEPT, rules or ReviewRules())


def decline_question(
    tx: Session, actor: Actor, question_id: int, reason: str, rules: ReviewRules | None = None
) -> PolicyQuestion:
    """Leave a question out; it stays visible with the reason and can still be accepted.

    Raises `ReviewsMissingError` while it is in review without enough scores.
    """
    return _judge(tx, actor, question_id, reason, CurationKind.DECLINE, rules or ReviewRules())


def reword_question(tx: Session, actor: Actor, question_id: int, form: Rewording) -> PolicyQuestion:
    """Give a question a clearer wording; the original stays beside it.

    Raises `Conflict` when somebody else reworded it since the form was shown.
    """
    question = _get_curable(tx, actor, question_id)
    if question.version != form.version:
        raise Conflict(
            "Somebody else changed this question in the meantime.",
            f"It now reads: “{question.text}” Compare, then send your wording again.",
        )
    before, question.text = question.text, form.text
    _log_question(tx, actor, question, CurationKind.REWORD, form.reason, [before], [form.text])
    return question


def split_question(
    tx: Session, actor: Actor, question_id: int, form: QuestionSplit
) -> list[PolicyQuestion]:
    """Replace one question by several, which keep the link to it."""
    parent = _get_curable(tx, actor, question_id)
    children = [_derive(tx, parent, text) for text in form.parts]
    _replace(tx, [parent], children, LineageKind.SPLIT)
    _log_question(
        tx, actor, parent, CurationKind.SPLIT, form.reason, [parent.text], list(form.parts)
    )
    return children


def merge_questions(tx: Session, actor: Actor, form: QuestionMerger) -> PolicyQuestion:
    """Replace several questions of one session by one, which keeps the links to them."""
    chosen = sorted(set(form.question_ids))
    if len(chosen) < 2:
        raise Invalid(
            "Choose at least two questions.",
            fields={"question_ids": "Choose at least two questions."},
        )
    parents = [_get_curable(tx, actor, question_id) for question_id in chosen]
    parents.sort(key=lambda question: (question.position, question.id))
    if len({parent.session_id for parent in parents}) > 1:
        raise Invalid("Only questions of one session can be merged here.")
    child = _derive(tx, parents[0], form.text)
    _replace(tx, parents, [child], LineageKind.MERGE)
    before = [parent.text for parent in parents]
    _log_question(tx, actor, child, CurationKind.MERGE, form.reason, before, [form.text])
    return child


def split_output(tx: Session, actor: Actor, output_id: int, form: OutputSplit) -> None:
    """Split a takeaway or call into points that people respond to one by one.

    The output itself stays verbatim. Raises `Conflict` once it was opened for responses.
    """
    require(actor, Can.CURATE)
    output = tx.scalar(sa.select(Output).where(Output.id == output_id).with_for_update())
    if output is None:
        raise NotFound("There is no such output.")
    require(actor, Can.CURATE, matter_of(tx, output.session_id))
    if _is_opened(tx, Deliberation.output_id == output_id):
        raise Conflict(
            "This output is already open for responses.", "What was opened is not changed any more."
        )
    before = list_points(tx, [output_id])
    for point in before:
        point.replaced_at = now(tx)
    for position, text in enumerate(form.parts, start=1):
        tx.add(OutputPoint(output_id=output_id, position=position, text=text))
    log_decision(
        tx,
        actor,
        CurationKind.SPLIT_OUTPUT,
        form.reason,
        session_id=output.session_id,
        output_id=output_id,
        before=[point.text for point in before],
        after=form.parts,
    )


def _judge(
    tx: Session,
    actor: Actor,
    question_id: int,
    reason: str,
    kind: CurationKind,
    rules: ReviewRules,
) -> PolicyQuestion:
    question = _get_curable(tx, actor, question_id)
    state = JUDGED[kind]
    if question.state is not state:
        record = record_of(reviewed(tx, question, state, rules))
        question.state = state
        _log_question(
            tx, actor, question, kind, reason, [question.text], [question.text], review=record
        )
    return question


def _get_curable(tx: Session, actor: Actor, question_id: int) -> PolicyQuestion:
    """The question, locked, unless the actor may not curate or it is past curating."""
    require(actor, Can.CURATE)
    query = sa.select(PolicyQuestion).where(PolicyQuestion.id == question_id).with_for_update()
    question = tx.scalar(query)
    if question is None:
        raise NotFound("There is no such question.")
    require(actor, Can.CURATE, matter_of(tx, question.session_id))
    if question.state is QuestionState.REPLACED:
        raise Conflict(
            "This question was replaced by others.", "Work on the questions that came from it."
        )
    if _is_opened(tx, Deliberation.question_id == question_id):
        raise Conflict("This question is already open.", "What was opened is not changed any more.")
    return question


def _is_opened(tx: Session, subject: sa.ColumnElement[bool]) -> bool:
    return tx.scalar(sa.select(Deliberation.id).where(subject)) is not None


def _derive(tx: Session, parent: PolicyQuestion, text: str) -> PolicyQuestion:
    child = PolicyQuestion(
        session_id=parent.session_id,
        position=parent.position,
        heading=parent.heading,
        original=text,
        text=text,
        source_line=parent.source_line,
        state=QuestionState.IMPORTED,
    )
    tx.add(child)
    return child


def _replace(
    tx: Session,
    parents: Sequence[PolicyQuestion],
    children: Sequence[PolicyQuestion],
    kind: LineageKind,
) -> None:
    tx.flush()
    for parent in parents:
        parent.state = QuestionState.REPLACED
        for child in children:
            tx.add(QuestionLineage(parent_id=parent.id, child_id=child.id, kind=kind))


def _log_question(
    tx: Session,
    actor: Actor,
    question: PolicyQuestion,
    kind: CurationKind,
    reason: str,
    before: list[str],
    after: list[str],
    **about: Any,
) -> None:
    tx.flush()
    log_decision(
        tx,
        actor,
        kind,
        reason,
        session_id=question.session_id,
        question_id=question.id,
        before=before,
        after=after,
        **about,
    )
