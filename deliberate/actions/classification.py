"""Classifying questions and outputs: what they are about, whom they address, who takes care."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.forum import get_session
from deliberate.actions.matters import matter_of
from deliberate.domain.classification import Classification, LabelKind, changed_lines
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.forum import CurationKind, QuestionState
from deliberate.domain.people import Actor
from deliberate.inputs.classification import Classifying, SessionLabelling
from deliberate.policy import Can, require
from deliberate.storage import labels
from deliberate.storage.curation import log_decision
from deliberate.storage.deliberations import Deliberation, touch
from deliberate.storage.forum import Output, PolicyQuestion, list_outputs, list_questions


def classify_question(tx: Session, actor: Actor, question_id: int, form: Classifying) -> bool:
    """Label a question, whatever its state; says whether anything changed.

    Raises `Conflict` when somebody else classified it since the form was shown, and `Invalid`
    for a facilitator who is none.
    """
    require(actor, Can.CURATE)
    query = sa.select(PolicyQuestion).where(PolicyQuestion.id == question_id).with_for_update()
    question = tx.scalar(query.execution_options(populate_existing=True))
    if question is None:
        raise NotFound("There is no such question.")
    require(actor, Can.CURATE, matter_of(tx, question.session_id))
    return _classify(tx, actor, question, form)


def classify_output(tx: Session, actor: Actor, output_id: int, form: Classifying) -> bool:
    """Label a takeaway or call; says whether anything changed. Raises `Conflict` as above."""
    require(actor, Can.CURATE)
    query = sa.select(Output).where(Output.id == output_id).with_for_update()
    output = tx.scalar(query)
    if output is None:
        raise NotFound("There is no such output.")
    require(actor, Can.CURATE, matter_of(tx, output.session_id))
    return _classify(tx, actor, output, form)


def classify_session(tx: Session, actor: Actor, slug: str, form: SessionLabelling) -> int:
    """Add labels to all questions of a session that were not replaced; how many changed.

    Nothing is taken away. Language, priority and facilitator are set where the form names one.
    """
    require(actor, Can.CURATE)
    session = get_session(tx, slug)
    require(actor, Can.CURATE, matter_of(tx, session.id))
    asked = form.classification()
    _check_facilitator(tx, asked)
    subjects: list[PolicyQuestion | Output] = [
        question
        for question in list_questions(tx, session.id)
        if question.state is not QuestionState.REPLACED
    ]
    if form.with_outputs:
        subjects += list_outputs(tx, session.id)
    return sum(_add(tx, actor, subject, asked, form.reason) for subject in subjects)


def _classify(
    tx: Session, actor: Actor, subject: PolicyQuestion | Output, form: Classifying
) -> bool:
    if subject.taken_back_at is not None:
        raise Conflict("This was taken back by a curator.", "It stands in no list any more.")
    before, after = labels.find_classification(tx, subject), form.classification()
    if isinstance(subject, Output):
        after = Classification(after.labels)
    if before.version == after.version:
        return False
    if before.version != form.version:
        raise Conflict(
            "Somebody else classified this in the meantime.", "Compare, then send yours again."
        )
    if after.facilitator_id != before.facilitator_id:
        _check_facilitator(tx, after)
    _store(tx, actor, subject, before, after, form.reason)
    return True


def _add(
    tx: Session,
    actor: Actor,
    subject: PolicyQuestion | Output,
    asked: Classification,
    reason: str,
) -> bool:
    before = labels.find_classification(tx, subject)
    kept = before.labels
    if asked.values(LabelKind.LANGUAGE):
        kept = frozenset(each for each in kept if each[0] is not LabelKind.LANGUAGE)
    if isinstance(subject, Output):
        after = Classification(kept | asked.labels)
    else:
        after = Classification(
            kept | asked.labels,
            asked.priority or before.priority,
            asked.facilitator_id or before.facilitator_id,
        )
    if before == after:
        return False
    _store(tx, actor, subject, before, after, reason)
    return True


def _store(
    tx: Session,
    actor: Actor,
    subject: PolicyQuestion | Output,
    before: Classification,
    after: Classification,
    reason: str,
) -> None:
    labels.replace_labels(tx, subject, after.labels)
    is_output = isinstance(subject, Output)
    if not is_output:
        # Past the version counter: a classification does not make a rewording obsolete.
        tx.execute(
            sa.update(PolicyQuestion)
            .where(PolicyQuestion.id == subject.id)
            .values(priority=after.priority, facilitator_id=after.facilitator_id)
        )
    names = labels.find_names(tx, (before.facilitator_id, after.facilitator_id))
    went, came = changed_lines(before.in_words(names), after.in_words(names))
    log_decision(
        tx,
        actor,
        CurationKind.CLASSIFY,
        reason,
        session_id=subject.session_id,
        question_id=None if is_output else subject.id,
        output_id=subject.id if is_output else None,
        before=went,
        after=came,
    )
    _refresh_page(tx, subject)


def _refresh_page(tx: Session, subject: PolicyQuestion | Output) -> None:
    """Let kept copies of the discussion's page fall: it shows the labels."""
    column = Deliberation.output_id if isinstance(subject, Output) else Deliberation.question_id
    for deliberation_id in tx.scalars(sa.select(Deliberation.id).where(column == subject.id)).all():
        touch(tx, deliberation_id)


def _check_facilitator(tx: Session, asked: Classification) -> None:
    chosen = asked.facilitator_id
    if chosen is not None and chosen not in dict(labels.list_facilitators(tx)):
        raise Invalid(
            "This person is no facilitator.",
            fields={"facilitator_id": "Choose somebody from the list."},
        )
