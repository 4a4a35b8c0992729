"""Arguments in facilitators' words, the comments they cite, and comments that were set aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from deliberate.domain.synthesis import ArgumentKind
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment
from deliberate.storage.people import Person
from deliberate.storage.types import Word


class Argument(Base):
    """One argument. `version` counts changes of its text and guards against lost edits.

    One that was merged leads to the other; an empty one can be withdrawn. Neither is deleted, so
    that addresses in published summaries keep leading somewhere.
    """

    __tablename__ = "arguments"
    __table_args__ = (sa.UniqueConstraint("written_by", "submission_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    kind: Mapped[ArgumentKind] = mapped_column(Word(ArgumentKind))
    text: Mapped[str]
    submission_key: Mapped[str]
    written_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    written_at: Mapped[datetime]
    edited_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    edited_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("arguments.id"))
    withdrawn_at: Mapped[datetime | None]

    @property
    def is_live(self) -> bool:
        """Whether it was neither merged nor withdrawn."""
        return self.merged_into_id is None and self.withdrawn_at is None


class Citation(Base):
    """An argument cites a comment, with an `excerpt` of it or none ("").

    `comment_version` is the version of the comment that the excerpt was taken from.
    """

    __tablename__ = "citations"
    __table_args__ = (sa.UniqueConstraint("argument_id", "comment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    argument_id: Mapped[int] = mapped_column(sa.ForeignKey("arguments.id"))
    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id"), index=True)
    excerpt: Mapped[str] = mapped_column(default="")
    comment_version: Mapped[int]
    cited_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    cited_at: Mapped[datetime]


class Waiver(Base):
    """A comment was set aside: it belongs to no argument, for a public reason."""

    __tablename__ = "waivers"

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id"), unique=True)
    reason: Mapped[str]
    waived_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    waived_at: Mapped[datetime]


class Answer(Base):
    """A facilitator marked an argument, or a comment that asks, as answered.

    What asks and what answers is each either an argument or a comment.
    """

    __tablename__ = "answers"
    __table_args__ = (
        sa.CheckConstraint(
            "(asking_argument_id IS NULL) <> (asking_comment_id IS NULL)", name="one_asks"
        ),
        sa.CheckConstraint("(argument_id IS NULL) <> (comment_id IS NULL)", name="one_answers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    asking_argument_id: Mapped[int | None] = mapped_column(sa.ForeignKey("arguments.id"))
    asking_comment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    argument_id: Mapped[int | None] = mapped_column(sa.ForeignKey("arguments.id"))
    comment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    marked_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    marked_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class ArgumentLine:
    """An argument as pages show it, with the names of the facilitators who wrote and edited it."""

    id: int
    deliberation_id: int
    kind: ArgumentKind
    text: str
    version: int
    written_by: str
    written_at: datetime
    edited_by: str | None
    edited_at: datetime | None
    merged_into_id: int | None
    withdrawn_at: datetime | None


_EDITOR = aliased(Person)


def find_argument(session: Session, argument_id: int) -> ArgumentLine | None:
    """The argument with this id, whether it stands or not."""
    row = session.execute(_lines().where(Argument.id == argument_id)).one_or_none()
    return None if row is None else ArgumentLine(*row)


def list_arguments(session: Session, deliberation_id: int) -> Sequence[ArgumentLine]:
    """The arguments of a deliberation that stand, the oldest first."""
    query = _lines().where(Argument.deliberation_id == deliberation_id, is_live())
    return [ArgumentLine(*row) for row in session.execute(query.order_by(Argument.id))]


def find_by_submission(tx: Session, person_id: int, submission_key: str) -> Argument | None:
    """The argument that this rendering of the form already led to."""
    query = sa.select(Argument).where(
        Argument.written_by == person_id, Argument.submission_key == submission_key
    )
    return tx.scalar(query)


def find_home(session: Session, argument_id: int) -> int | None:
    """The deliberation that an argument belongs to."""
    query = sa.select(Argument.deliberation_id).where(Argument.id == argument_id)
    return session.scalar(query)


def find_home_of_citation(session: Session, citation_id: int) -> int | None:
    """The deliberation that a citation belongs to."""
    query = sa.select(Argument.deliberation_id).join(Citation, Citation.argument_id == Argument.id)
    return session.scalar(query.where(Citation.id == citation_id))


def find_home_of_waiver(session: Session, waiver_id: int) -> int | None:
    """The deliberation of a comment that was set aside."""
    query = sa.select(Comment.deliberation_id).join(Waiver, Waiver.comment_id == Comment.id)
    return session.scalar(query.where(Waiver.id == waiver_id))


def find_home_of_answer(session: Session, answer_id: int) -> int | None:
    """The deliberation in which an answer was marked."""
    return session.scalar(sa.select(Answer.deliberation_id).where(Answer.id == answer_id))


def find_citation(session: Session, citation_id: int) -> Citation | None:
    """The citation with this id."""
    return session.get(Citation, citation_id)


def list_own_citations(tx: Session, argument_id: int) -> Sequence[Citation]:
    """The citations of an argument, the oldest first."""
    query = sa.select(Citation).where(Citation.argument_id == argument_id)
    return tx.scalars(query.order_by(Citation.id)).all()


def count_cited_elsewhere(tx: Session, argument_id: int, comment_ids: Sequence[int]) -> int:
    """How many of these comments stand in other arguments too."""
    query = sa.select(sa.func.count(Citation.comment_id.distinct())).where(
        Citation.comment_id.in_(comment_ids), Citation.argument_id != argument_id
    )
    return tx.scalar(query) or 0


def list_waivers(tx: Session, comment_ids: Sequence[int]) -> Sequence[Waiver]:
    """The waivers of these comments."""
    return tx.scalars(sa.select(Waiver).where(Waiver.comment_id.in_(comment_ids))).all()


def list_cited(tx: Session, comment_ids: Sequence[int]) -> set[int]:
    """Those of these comments that some argument cites."""
    query = sa.select(Citation.comment_id).where(Citation.comment_id.in_(comment_ids))
    return set(tx.scalars(query))


def list_answers_around(tx: Session, argument_id: int) -> Sequence[Answer]:
    """The answers to an argument and those it gives."""
    either = sa.or_(Answer.asking_argument_id == argument_id, Answer.argument_id == argument_id)
    return tx.scalars(sa.select(Answer).where(either).order_by(Answer.id)).all()


def find_same_answer(tx: Session, answer: Answer) -> Answer | None:
    """The stored answer that says the same, if it was marked before."""
    columns = ("asking_argument_id", "asking_comment_id", "argument_id", "comment_id")
    same = [getattr(Answer, name).is_not_distinct_from(getattr(answer, name)) for name in columns]
    return tx.scalar(sa.select(Answer).where(*same).limit(1))


def is_live() -> sa.ColumnElement[bool]:
    """Whether the argument of a query was neither merged nor withdrawn."""
    return sa.and_(Argument.merged_into_id.is_(None), Argument.withdrawn_at.is_(None))


def _lines() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Argument.id,
            Argument.deliberation_id,
            Argument.kind,
            Argument.text,
            Argument.version,
            Person.name,
            Argument.written_at,
            _EDITOR.name,
            Argument.edited_at,
            Argument.merged_into_id,
            Argument.withdrawn_at,
        )
        .join(Person, Person.id == Argument.written_by)
        .outerjoin(_EDITOR, _EDITOR.id == Argument.edited_by)
    )
