"""Bringing stored questions and outputs in line with what the session's page says now.

They are matched by their words, whatever the case, spacing and punctuation. Those that are no
longer on the page are marked, never deleted; the mark goes when they come back.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.differences import match_key
from deliberate.domain.forum import OutputKind, QuestionState
from deliberate.importing import SessionPage
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation, touch
from deliberate.storage.forum import (
    ForumSession,
    Output,
    OutputPoint,
    PolicyQuestion,
    QuestionLineage,
    list_lineage,
    list_outputs,
    list_points,
    list_questions,
)

T = TypeVar("T", PolicyQuestion, Output)
FIELDS = {
    OutputKind.KEY_TAKEAWAY: "key_takeaways",
    OutputKind.CALL_TO_ACTION: "calls_to_action",
}


def match_questions(
    tx: Session, session: ForumSession, page: SessionPage, asked: Collection[str]
) -> tuple[list[str], list[str]]:
    """Store what the page asks now. Gives the texts that went and those that came.

    `asked` is what the page asked before: a question that never stood on it, because a curator
    added or derived it, is not missed there.
    """
    stored = list_questions(tx, session.id)
    derived = {link.child_id for link in list_lineage(tx, [each.id for each in stored])}
    roots = [each for each in stored if each.id not in derived]
    was_asked = {match_key(text) for text in asked}
    free = list(roots)
    gone, come = [], []
    for position, one in enumerate(page.policy_questions):
        question = _take(free, one.text)
        line = line_of(page, f"policy_questions/{position}")
        if question is None:
            come.append(one.text)
            tx.add(_question(session, position, one.heading, one.text, line))
            continue
        if question.withdrawn_at is not None:
            come.append(one.text)
        _refresh(tx, question, one.text)
        question.position, question.source_line = position + 1, line
        question.heading = one.heading
        _bring_back(tx, question)
    for question in free:
        is_missed = match_key(question.original) in was_asked and not question.is_added
        if is_missed and question.withdrawn_at is None:
            gone.append(question.original)
            _withdraw(tx, question, session)
    tx.flush()
    _mark_derived(tx, session, stored)
    return gone, come


def match_outputs(
    tx: Session, session: ForumSession, page: SessionPage
) -> tuple[list[str], list[str]]:
    """Store the takeaways and calls of the page. Gives the texts that went and those that came."""
    stored = list_outputs(tx, session.id)
    gone, come = [], []
    for kind, field in FIELDS.items():
        free = [each for each in stored if each.kind is kind]
        for position, text in enumerate(getattr(page, field)):
            output = _take(free, text)
            line = line_of(page, f"{field}/{position}")
            if output is None or output.withdrawn_at is not None:
                come.append(text)
            if output is None:
                _add_output(tx, session, kind, position, text, line)
                continue
            _reword_output(tx, output, text)
            output.position, output.source_line = position + 1, line
            _bring_back(tx, output)
        for output in free:
            if output.withdrawn_at is None and not output.is_added:
                gone.append(output.text)
                _withdraw(tx, output, session)
    tx.flush()
    return gone, come


def line_of(page: SessionPage, key: str) -> int | None:
    """The line of the original where a value begins, counted from 1, if it stands there."""
    source = page.sources.get(key)
    return (source.line or None) if source else None


def _take(free: list[T], text: str) -> T | None:
    """The stored thing that says this, out of those not taken yet; exact words go first."""
    key = match_key(text)
    same = [each for each in free if match_key(_words(each)) == key]
    same.sort(key=lambda each: (_words(each) != text, each.withdrawn_at is not None))
    if not same:
        return None
    free.remove(same[0])
    return same[0]


def _words(thing: PolicyQuestion | Output) -> str:
    """What the page said, whatever curation made of it."""
    return thing.original if isinstance(thing, PolicyQuestion) else thing.text


def _withdraw(tx: Session, thing: PolicyQuestion | Output, session: ForumSession) -> None:
    thing.withdrawn_at, thing.withdrawn_in = now(tx), session.revision
    _touch_page(tx, thing)


def _bring_back(tx: Session, thing: PolicyQuestion | Output) -> None:
    if thing.withdrawn_at is not None:
        thing.withdrawn_at = thing.withdrawn_in = None
        _touch_page(tx, thing)


def _touch_page(tx: Session, thing: PolicyQuestion | Output) -> None:
    """Let the page of its discussion, if there is one, say so at once."""
    is_question = isinstance(thing, PolicyQuestion)
    subject = Deliberation.question_id if is_question else Deliberation.output_id
    deliberation_id = tx.scalar(sa.select(Deliberation.id).where(subject == thing.id))
    if deliberation_id is not None:
        touch(tx, deliberation_id)


def _question(
    session: ForumSession, position: int, heading: str | None, text: str, line: int | None
) -> PolicyQuestion:
    return PolicyQuestion(
        session_id=session.id,
        position=position + 1,
        heading=heading,
        original=text,
        text=text,
        source_line=line,
        state=QuestionState.IMPORTED,
    )


def _refresh(tx: Session, question: PolicyQuestion, text: str) -> None:
    """Take over another spelling of the same words, unless people already answer the old one."""
    if question.original == text or _is_opened(tx, Deliberation.question_id == question.id):
        return
    if question.text == question.original:
        question.text = text
    question.original = text


def _reword_output(tx: Session, output: Output, text: str) -> None:
    """Take over another spelling, unless people already answer the old one or its points."""
    if output.text == text or _is_opened(tx, Deliberation.output_id == output.id):
        return
    points = list_points(tx, [output.id])
    if [point.text for point in points] == [output.text]:
        points[0].text = text
    output.text = text


def _add_output(
    tx: Session, session: ForumSession, kind: OutputKind, position: int, text: str, line: int | None
) -> None:
    """Store an output verbatim with one point: the whole of it."""
    output = Output(
        session_id=session.id, kind=kind, position=position + 1, text=text, source_line=line
    )
    tx.add(output)
    tx.flush()
    tx.add(OutputPoint(output_id=output.id, position=1, text=text))


def _mark_derived(tx: Session, session: ForumSession, stored: Sequence[PolicyQuestion]) -> None:
    """A question made of others is missing from the page when all that it was made of are."""
    links = list_lineage(tx, [each.id for each in stored])
    known = {each.id: each for each in (*stored, *_elsewhere(tx, links, stored))}
    own = {each.id for each in stored}
    for child_id in sorted({link.child_id for link in links} & own):
        # Children are made after their parents, so in the order of ids each comes in time.
        parents = [known[link.parent_id] for link in links if link.child_id == child_id]
        child = known[child_id]
        if not all(parent.withdrawn_at for parent in parents):
            _bring_back(tx, child)
        elif child.withdrawn_at is None:
            _withdraw(tx, child, session)
    tx.flush()


def _elsewhere(
    tx: Session, links: Sequence[QuestionLineage], stored: Sequence[PolicyQuestion]
) -> Iterator[PolicyQuestion]:
    """The questions of other sessions that a merger brought together with those of this one."""
    own = {each.id for each in stored}
    missing = {link.parent_id for link in links} | {link.child_id for link in links}
    query = sa.select(PolicyQuestion).where(PolicyQuestion.id.in_(missing - own))
    return iter(tx.scalars(query))


def _is_opened(tx: Session, subject: sa.ColumnElement[bool]) -> bool:
    return tx.scalar(sa.select(Deliberation.id).where(subject)) is not None
