"""Adding questions and outputs by hand, publicly and with a reason."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.forum import get_session
from deliberate.actions.matters import matter_of
from deliberate.domain.errors import Conflict
from deliberate.domain.forum import CurationKind, OutputKind, QuestionState
from deliberate.domain.people import Actor
from deliberate.inputs.additions import NewOutput, NewQuestion
from deliberate.policy import Can, require
from deliberate.storage.curation import log_decision
from deliberate.storage.forum import (
    ForumSession,
    Output,
    OutputPoint,
    PolicyQuestion,
    list_outputs,
    list_questions,
)
from deliberate.storage.labels import take_over_labels


def add_question(tx: Session, actor: Actor, slug: str, form: NewQuestion) -> PolicyQuestion:
    """Add a question to a forum session, behind those it has.

    Raises `Conflict` when the session has a question of these words already, so that sending
    the form twice adds one.
    """
    session = _hold(tx, actor, slug)
    questions = list_questions(tx, session.id)
    if form.text in {question.text for question in questions}:
        raise Conflict("This session has this question already.", "Work on the one there is.")
    question = PolicyQuestion(
        session_id=session.id,
        position=max((each.position for each in questions), default=0) + 1,
        heading=None,
        original=form.text,
        text=form.text,
        source_line=form.line,
        state=QuestionState.IMPORTED,
        is_added=True,
    )
    tx.add(question)
    tx.flush()
    take_over_labels(tx, session, [question])
    log_decision(
        tx, actor, CurationKind.ADD, form.reason, session_id=session.id, question_id=question.id,
        after=[form.text], restores={"made": [question.id]},
    )  # fmt: skip
    return question


def add_output(tx: Session, actor: Actor, slug: str, form: NewOutput) -> Output:
    """Add a takeaway or a call to a forum session, behind those it has of that kind.

    Raises `Conflict` when the session has one of these words already.
    """
    session = _hold(tx, actor, slug)
    outputs = list_outputs(tx, session.id)
    if form.text in {output.text for output in outputs}:
        raise Conflict("This session has these words already.", "Work on what there is.")
    output = Output(
        session_id=session.id,
        kind=form.kind,
        position=_next_position(outputs, form.kind),
        text=form.text,
        source_line=form.line,
        is_added=True,
    )
    tx.add(output)
    tx.flush()
    take_over_labels(tx, session, [output])
    tx.add(OutputPoint(output_id=output.id, position=1, text=form.text))
    log_decision(
        tx, actor, CurationKind.ADD, form.reason, session_id=session.id, output_id=output.id,
        after=[form.text], restores={"made": []},
    )  # fmt: skip
    return output


def _hold(tx: Session, actor: Actor, slug: str) -> ForumSession:
    """The forum session, held so that two additions take turns, if the actor curates it."""
    require(actor, Can.CURATE)
    session = get_session(tx, slug)
    require(actor, Can.CURATE, matter_of(tx, session.id))
    tx.execute(sa.select(ForumSession.id).where(ForumSession.id == session.id).with_for_update())
    return session


def _next_position(outputs: Sequence[Output], kind: OutputKind) -> int:
    return max((output.position for output in outputs if output.kind is kind), default=0) + 1
