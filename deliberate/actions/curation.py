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
    OutputPoint,
    PolicyQuestion,
    QuestionLineage,
    list_points,
    lock_output,
    lock_questions,
)
from deliberate.storage.labels import inherit_labels

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
    _refuse_if_changed(question, form.version)
    before, question.text = question.text, form.text
    _log_question(
        tx, actor, question, CurationKind.REWORD, form.reason, [before], [form.text], restores={}
    )
    return question


def split_question(
    tx: Session, actor: Actor, question_id: int, form: QuestionSplit
) -> list[PolicyQuestion]:
    """Replace one question by several, which keep the link to it.

    Raises `Conflict` when somebody else reworded it since the form was shown.
    """
    parent = _get_curable(tx, actor, question_id)
    _refuse_if_changed(parent, form.version)
    children = [_derive(tx, [parent], text) for text in form.parts]
    restores = _replace(tx, [parent], children, LineageKind.SPLIT)
    before, after = [parent.text], list(form.parts)
    kind = CurationKind.SPLIT
    _log_question(tx, actor, parent, kind, form.reason, before, after, restores=restores)
    return children


def merge_questions(
    tx: Session, actor: Actor, form: QuestionMerger, begun_from: int | None = None
) -> PolicyQuestion:
    """Replace several questions by one, which keeps the links to them.

    It belongs to the session of `begun_from`, one of those chosen; the others may be of any
    session. Without it, all must be of one. Raises `Conflict` when one of them reads differently
    from what the form showed.
    """
    chosen = sorted(set(form.question_ids))
    if len(chosen) < 2:
        raise _too_few()
    lock_questions(tx, chosen)
    parents = [_get_curable(tx, actor, question_id) for question_id in chosen]
    for parent in parents:
        _refuse_if_changed(parent, form.versions.get(parent.id))
    if begun_from is None and len({parent.session_id for parent in parents}) > 1:
        raise Invalid("Only questions of one session can be merged here.")
    if begun_from is not None and begun_from not in chosen:
        raise Invalid("The question this began from is not among those chosen.")
    parents.sort(key=lambda each: (each.id != begun_from, each.position, each.id))
    child = _derive(tx, parents, form.text)
    restores = _replace(tx, parents, [child], LineageKind.MERGE)
    before, after = [parent.text for parent in parents], [form.text]
    kind = CurationKind.MERGE
    _log_question(tx, actor, child, kind, form.reason, before, after, restores=restores)
    return child


def split_output(tx: Session, actor: Actor, output_id: int, form: OutputSplit) -> None:
    """Split a takeaway or call into points that people respond to one by one.

    The output itself stays verbatim. Raises `Conflict` once it was opened for responses, and
    when somebody else split it since the form was shown.
    """
    require(actor, Can.CURATE)
    output = lock_output(tx, output_id)
    if output is None:
        raise NotFound("There is no such output.")
    require(actor, Can.CURATE, matter_of(tx, output.session_id))
    if output.taken_back_at is not None:
        raise Conflict("This output was taken back by a curator.")
    if _is_opened(tx, Deliberation.output_id == output_id):
        raise Conflict(
            "This output is already open for responses.", "What was opened is not changed any more."
        )
    before = list_points(tx, [output_id])
    if form.version is not None and form.version != version_of(before):
        raise Conflict(
            "Somebody else split this in the meantime.",
            "Compare both, then send your points again.",
        )
    for point in before:
        point.replaced_at = now(tx)
    made = [
        OutputPoint(output_id=output_id, position=position, text=text)
        for position, text in enumerate(form.parts, start=1)
    ]
    tx.add_all(made)
    tx.flush()
    log_decision(
        tx,
        actor,
        CurationKind.SPLIT_OUTPUT,
        form.reason,
        session_id=output.session_id,
        output_id=output_id,
        before=[point.text for point in before],
        after=form.parts,
        restores={
            "replaced": [point.id for point in before],
            "made": [point.id for point in made],
        },
    )


def version_of(points: Sequence[OutputPoint]) -> int:
    """A number that says which points an output has: no two sets of points share it."""
    return max((point.id for point in points), default=0)


def _too_few() -> Invalid:
    message = "Choose at least two questions."
    return Invalid(message, fields={"question_ids": message})


def _refuse_if_changed(question: PolicyQuestion, version: int | None) -> None:
    """Raise `Conflict` unless this is the version that was shown; None was shown nowhere."""
    if version is not None and question.version != version:
        raise Conflict(
            "Somebody else changed this question in the meantime.",
            f"It now reads: “{question.text}” Compare, then send yours again.",
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
        restores = {"states": {str(question.id): question.state.value}}
        question.state = state
        texts = [question.text]
        _log_question(
            tx, actor, question, kind, reason, texts, texts, restores=restores, review=record
        )
    return question


def _get_curable(tx: Session, actor: Actor, question_id: int) -> PolicyQuestion:
    """The question, locked, unless the actor may not curate or it is past curating."""
    require(actor, Can.CURATE)
    question = lock_questions(tx, [question_id]).get(question_id)
    if question is None:
        raise NotFound("There is no such question.")
    require(actor, Can.CURATE, matter_of(tx, question.session_id))
    if question.taken_back_at is not None:
        raise Conflict("What made this question was taken back by a curator.")
    if question.state is QuestionState.REPLACED:
        raise Conflict(
            "This question was replaced by others.", "Work on the questions that came from it."
        )
    if _is_opened(tx, Deliberation.question_id == question_id):
        raise Conflict("This question is already open.", "What was opened is not changed any more.")
    return question


def _is_opened(tx: Session, subject: sa.ColumnElement[bool]) -> bool:
    return tx.scalar(sa.select(Deliberation.id).where(subject)) is not None


def _derive(tx: Session, parents: Sequence[PolicyQuestion], text: str) -> PolicyQuestion:
    """A new question in the place of the first of these."""
    first = parents[0]
    child = PolicyQuestion(
        session_id=first.session_id,
        position=first.position,
        heading=first.heading,
        original=text,
        text=text,
        source_line=first.source_line,
        state=QuestionState.IMPORTED,
        is_added=all(parent.is_added for parent in parents),
    )
    tx.add(child)
    return child


def _replace(
    tx: Session,
    parents: Sequence[PolicyQuestion],
    children: Sequence[PolicyQuestion],
    kind: LineageKind,
) -> dict[str, Any]:
    """Put children in the place of parents; gives what undoing that needs."""
    tx.flush()
    restores = {
        "states": {str(parent.id): parent.state.value for parent in parents},
        "made": [child.id for child in children],
    }
    for parent in parents:
        parent.state = QuestionState.REPLACED
        for child in children:
            tx.add(QuestionLineage(parent_id=parent.id, child_id=child.id, kind=kind))
    inherit_labels(tx, parents, children)
    return restores


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
