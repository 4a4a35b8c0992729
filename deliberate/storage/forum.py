"""Forum sessions as imported, their questions and outputs, and what curators decided."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.classification import Priority
from deliberate.domain.forum import LineageKind, OutputKind, QuestionState
from deliberate.storage.base import Base
from deliberate.storage.types import Word


class ForumSession(Base):
    """One session of the forum. `record` is what was read, in the shape of a page's JSON.

    `original` is the page as it was sent, byte for byte, and `source_text` its text.
    `corrections` is what a curator changed of what was read, by the key of each value;
    `page_digest` and `page_identity` are those of the page as read, before any correction.
    `revision` counts the imports that changed something.
    """

    __tablename__ = "forum_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    identity: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    reference: Mapped[str | None]
    year: Mapped[int | None]
    type: Mapped[str]
    theme: Mapped[str | None]
    record: Mapped[dict[str, Any]]
    digest: Mapped[str]
    source_name: Mapped[str]
    source_text: Mapped[str]
    original: Mapped[bytes] = mapped_column(deferred=True, deferred_raiseload=True)
    corrections: Mapped[dict[str, Any]]
    page_digest: Mapped[str] = mapped_column(index=True)
    page_identity: Mapped[str] = mapped_column(index=True)
    revision: Mapped[int]
    is_demo: Mapped[bool]
    imported_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    imported_at: Mapped[datetime]


class PolicyQuestion(Base):
    """A question a session set itself. `original` is verbatim; `text` is what curation made.

    One that `is_added` was put there by a curator. `taken_back_at` is when the act that made it
    was undone: it stays for those who look it up, in no list and in the state of replaced ones.
    `withdrawn_at` is when an import found it no longer on the page, `withdrawn_in` that import's
    revision; both are empty for what is on the page, and for what never came from it.
    """

    __tablename__ = "policy_questions"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("forum_sessions.id"), index=True)
    position: Mapped[int]
    heading: Mapped[str | None]
    original: Mapped[str]
    text: Mapped[str]
    source_line: Mapped[int | None]
    state: Mapped[QuestionState] = mapped_column(Word(QuestionState))
    is_added: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    taken_back_at: Mapped[datetime | None]
    priority: Mapped[Priority | None] = mapped_column(Word(Priority))
    facilitator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_in: Mapped[int | None]
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class QuestionLineage(Base):
    """Which question came from which, and how."""

    __tablename__ = "question_lineage"
    __table_args__ = (sa.UniqueConstraint("parent_id", "child_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_questions.id"), index=True)
    child_id: Mapped[int] = mapped_column(sa.ForeignKey("policy_questions.id"), index=True)
    kind: Mapped[LineageKind] = mapped_column(Word(LineageKind))


class Output(Base):
    """A key takeaway or call to action, verbatim as the session reported it.

    `is_added` and `taken_back_at` mean what they mean for a question.
    `withdrawn_at` and `withdrawn_in` mean what they mean for a question.
    """

    __tablename__ = "outputs"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("forum_sessions.id"), index=True)
    kind: Mapped[OutputKind] = mapped_column(Word(OutputKind))
    position: Mapped[int]
    text: Mapped[str]
    source_line: Mapped[int | None]
    is_added: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    taken_back_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_in: Mapped[int | None]


class OutputPoint(Base):
    """What people respond to: the whole output, or one point of it after a split.

    Each round of an output has points of its own, so that responses of an earlier one stay.
    """

    __tablename__ = "output_points"

    id: Mapped[int] = mapped_column(primary_key=True)
    output_id: Mapped[int] = mapped_column(sa.ForeignKey("outputs.id"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    replaced_at: Mapped[datetime | None]


def find_session(session: Session, slug: str) -> ForumSession | None:
    """The forum session at this address."""
    return session.scalar(sa.select(ForumSession).where(ForumSession.slug == slug))


def find_described_session(
    session: Session, identity: str, page_identity: str, page_digest: str
) -> ForumSession | None:
    """The stored session that a page describes.

    `identity` is the page's after corrections; `page_identity` and `page_digest` are those of
    the page as read. A page whose identity was corrected is only taken for the session of an
    equal page or of the new identity.
    """
    as_read = [ForumSession.page_identity == page_identity] if identity == page_identity else []
    same = [
        ForumSession.identity == identity,
        ForumSession.page_digest == page_digest,
        *as_read,
    ]
    closest = sa.case(*((condition, place) for place, condition in enumerate(same)))
    query = sa.select(ForumSession).where(sa.or_(*same)).order_by(closest, ForumSession.id)
    return session.scalar(query.limit(1))


def get_original(session: Session, session_id: int) -> bytes:
    """The session's page as it was sent, byte for byte."""
    query = sa.select(ForumSession.original).where(ForumSession.id == session_id)
    original: bytes = session.scalars(query).one()
    return original


def get_source(session: Session, session_id: int) -> tuple[str, str]:
    """The text of the session's page, and the name of the file it came from."""
    query = sa.select(ForumSession.source_text, ForumSession.source_name)
    text, name = session.execute(query.where(ForumSession.id == session_id)).one()
    return text, name


def list_sessions(session: Session) -> Sequence[ForumSession]:
    """All forum sessions, the newest year first."""
    order = (sa.func.coalesce(ForumSession.year, 0).desc(), ForumSession.title, ForumSession.id)
    return session.scalars(sa.select(ForumSession).order_by(*order)).all()


def find_question(session: Session, question_id: int) -> PolicyQuestion | None:
    """The policy question with this id."""
    return session.get(PolicyQuestion, question_id)


def list_questions(session: Session, session_id: int) -> Sequence[PolicyQuestion]:
    """The questions of one forum session in page order, replaced ones included."""
    return session.scalars(
        sa.select(PolicyQuestion)
        .where(PolicyQuestion.session_id == session_id, PolicyQuestion.taken_back_at.is_(None))
        .order_by(PolicyQuestion.position, PolicyQuestion.id)
    ).all()


def lock_questions(tx: Session, question_ids: Iterable[int]) -> dict[int, PolicyQuestion]:
    """These questions by id, held until the transaction ends; those that exist.

    They are locked in the order of ids, so that two transactions cannot wait for each other. The
    lock leaves the key alone: a log that only names a question need not wait for it, which could
    be a deadlock with whoever holds its design or its discussion.
    """
    query = sa.select(PolicyQuestion).where(PolicyQuestion.id.in_(question_ids))
    query = query.order_by(PolicyQuestion.id).with_for_update(key_share=True)
    found = tx.scalars(query.execution_options(populate_existing=True))
    return {question.id: question for question in found}


def list_lineage(session: Session, question_ids: Sequence[int]) -> Sequence[QuestionLineage]:
    """Every link that has one of these questions at either end, undone splits and mergers out."""
    return session.scalars(
        sa.select(QuestionLineage)
        .join(PolicyQuestion, PolicyQuestion.id == QuestionLineage.child_id)
        .where(
            PolicyQuestion.taken_back_at.is_(None),
            sa.or_(
                QuestionLineage.parent_id.in_(question_ids),
                QuestionLineage.child_id.in_(question_ids),
            ),
        )
        .order_by(QuestionLineage.id)
    ).all()


def find_output(session: Session, output_id: int) -> Output | None:
    """The output with this id."""
    return session.get(Output, output_id)


def lock_output(tx: Session, output_id: int) -> Output | None:
    """The output, held until the transaction ends as `lock_questions` holds questions."""
    query = sa.select(Output).where(Output.id == output_id).with_for_update(key_share=True)
    return tx.scalar(query.execution_options(populate_existing=True))


def list_outputs(session: Session, session_id: int) -> Sequence[Output]:
    """The outputs of one forum session: takeaways, then calls, in page order."""
    return session.scalars(
        sa.select(Output)
        .where(Output.session_id == session_id, Output.taken_back_at.is_(None))
        .order_by(Output.kind.desc(), Output.position, Output.id)
    ).all()


def list_points(
    session: Session, output_ids: Sequence[int], of_round: int | None = None
) -> Sequence[OutputPoint]:
    """The points people respond to in a round, the newest unless one is named.

    Points that a split replaced are left out.
    """
    wanted = newest_round() if of_round is None else sa.literal(of_round)
    return session.scalars(
        sa.select(OutputPoint)
        .where(
            OutputPoint.output_id.in_(output_ids),
            OutputPoint.replaced_at.is_(None),
            OutputPoint.round == wanted,
        )
        .order_by(OutputPoint.output_id, OutputPoint.position)
    ).all()


def newest_round() -> sa.ScalarSelect[int]:
    """The newest round of the output that a point of the enclosing query belongs to."""
    other = sa.orm.aliased(OutputPoint)
    return (
        sa.select(sa.func.max(other.round))
        .where(other.output_id == OutputPoint.output_id)
        .correlate(OutputPoint)
        .scalar_subquery()
    )
