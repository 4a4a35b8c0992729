"""Drafts of comments: one for each person and place, seen by that person alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.threads import Capacity, CommentKind
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment
from deliberate.storage.contributions import NEWEST, OwnComment
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.types import Word


class CommentDraft(Base):
    """A comment that is not published yet.

    `place` is where it would stand: "" for a thread of its own, else the name and the number of
    the form's field, such as "parent_id=12".
    """

    __tablename__ = "comment_drafts"
    __table_args__ = (sa.UniqueConstraint("person_id", "deliberation_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"))
    place: Mapped[str]
    body: Mapped[str]
    kind: Mapped[CommentKind] = mapped_column(Word(CommentKind))
    language: Mapped[str | None]
    capacity: Mapped[Capacity] = mapped_column(Word(Capacity))
    saved_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class OwnCommentDraft:
    """A draft as its author's page lists it."""

    id: int
    deliberation_id: int
    deliberation_title: str
    place: str
    body: str
    saved_at: datetime


def find_draft(
    session: Session, person_id: int, deliberation_id: int, place: str
) -> CommentDraft | None:
    """The draft of a person for a place."""
    query = sa.select(CommentDraft).where(
        CommentDraft.person_id == person_id,
        CommentDraft.deliberation_id == deliberation_id,
        CommentDraft.place == place,
    )
    return session.scalar(query)


def discard_draft(tx: Session, person_id: int, deliberation_id: int, place: str) -> None:
    """Delete the draft of a person for a place, if there is one."""
    tx.execute(
        sa.delete(CommentDraft).where(
            CommentDraft.person_id == person_id,
            CommentDraft.deliberation_id == deliberation_id,
            CommentDraft.place == place,
        )
    )


def find_own_draft(session: Session, draft_id: int, person_id: int | None) -> CommentDraft | None:
    """The draft with this id, if it is this person's."""
    draft = session.get(CommentDraft, draft_id)
    return draft if draft is not None and draft.person_id == person_id else None


def list_own_writing(
    session: Session, person_id: int
) -> tuple[Sequence[OwnCommentDraft], Sequence[OwnComment]]:
    """A person's newest drafts of comments and newest comments, in one query."""
    query = _own_drafts(person_id).union_all(_own_comments(person_id))
    found = sorted(session.execute(query), key=lambda row: (row.at, row.id), reverse=True)
    drafts = [
        OwnCommentDraft(row.id, row.deliberation_id, row.title, row.place, row.body, row.at)
        for row in found
        if row.is_draft
    ]
    comments = [
        OwnComment(row.id, row.title, row.body, row.at, bool(row.is_retracted))
        for row in found
        if not row.is_draft
    ]
    return drafts, comments


def _own_drafts(person_id: int) -> sa.Select[Any]:
    query = (
        sa.select(
            sa.true().label("is_draft"),
            CommentDraft.id,
            CommentDraft.deliberation_id,
            Deliberation.title,
            CommentDraft.place,
            CommentDraft.body,
            CommentDraft.saved_at.label("at"),
            sa.false().label("is_retracted"),
        )
        .join(Deliberation, Deliberation.id == CommentDraft.deliberation_id)
        .where(CommentDraft.person_id == person_id)
        .order_by(CommentDraft.saved_at.desc(), CommentDraft.id.desc())
        .limit(NEWEST)
    )
    return sa.select(query.subquery())


def _own_comments(person_id: int) -> sa.Select[Any]:
    query = (
        sa.select(
            sa.false().label("is_draft"),
            Comment.id,
            Comment.deliberation_id,
            Deliberation.title,
            sa.literal("").label("place"),
            Comment.body,
            Comment.written_at.label("at"),
            Comment.retracted_at.is_not(None).label("is_retracted"),
        )
        .join(Deliberation, Deliberation.id == Comment.deliberation_id)
        .where(Comment.author_id == person_id)
        .order_by(Comment.id.desc())
        .limit(NEWEST)
    )
    return sa.select(query.subquery())
