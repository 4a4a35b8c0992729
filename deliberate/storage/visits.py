"""Visits: how far each person has read each discussion, so that the next visit shows what is new.

Comments are told apart by their ids, which grow with time: several can be written within the
second that the clock counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from deliberate.domain.threads import Reaction
from deliberate.storage.base import Base
from deliberate.storage.comment_drafts import CommentDraft
from deliberate.storage.comments import Comment, is_shown
from deliberate.storage.database import now
from deliberate.storage.people import Person
from deliberate.storage.reactions import CommentReaction

LASTS = timedelta(minutes=30)
"""After such a pause, the next visit begins."""
COUNTED = 99


class Visit(Base):
    """One person's reading of one discussion.

    `seen_id` is the newest comment that there was when they were last here, at `last_seen_at`;
    `read_id` the newest of the visit before. What came after that one is new, for as long as the
    visit lasts.
    """

    __tablename__ = "visits"
    __table_args__ = (sa.UniqueConstraint("person_id", "deliberation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"))
    read_id: Mapped[int]
    seen_id: Mapped[int]
    last_seen_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Traces:
    """What one person left in a discussion, and what is new to them in it.

    `read_id` is None before the first visit. `new_count` counts others' comments after it, to
    `COUNTED` and one more; `first_new` is the first of them. `newest` is the newest comment that
    anybody can read, 0 without one; `is_noted` says that the visit is stored up to that one.
    """

    reactions: dict[int, Reaction] = field(default_factory=dict)
    read_id: int | None = None
    new_count: int = 0
    first_new: int | None = None
    newest: int = 0
    is_noted: bool = True
    draft: CommentDraft | None = None


def find_traces(
    session: Session,
    person_id: int,
    deliberation_id: int,
    comment_ids: Sequence[int],
    place: str = "",
) -> Traces:
    """What a person left in a discussion, in one query.

    Beside the visit these are their reactions to the comments that are given, and the draft of a
    comment for the place.
    """
    values = {
        "person_id": person_id,
        "deliberation_id": deliberation_id,
        "comment_ids": comment_ids,
        "place": place,
        "pause": now(session) - LASTS,
    }
    rows = session.execute(_TRACES, values).all()
    if not rows:
        return Traces()
    *_own, draft, read_id, seen_id, count, first, newest = rows[0]
    return Traces(
        reactions={row[0]: row[1] for row in rows if row[0] is not None},
        read_id=read_id,
        new_count=count,
        first_new=first,
        newest=newest or 0,
        draft=draft,
        is_noted=seen_id is not None and seen_id >= (newest or 0),
    )


def find_visit(session: Session, person_id: int, deliberation_id: int) -> Visit | None:
    """How far this person has read this discussion."""
    return session.scalar(
        sa.select(Visit).where(
            Visit.person_id == person_id, Visit.deliberation_id == deliberation_id
        )
    )


def find_newest(session: Session, deliberation_id: int) -> int:
    """The id of the newest comment that anybody can read; 0 without one."""
    return session.scalar(_newest(), {"deliberation_id": deliberation_id}) or 0


def _newest() -> sa.Select[Any]:
    own = aliased(Comment)
    return (
        sa.select(own.id)
        .where(own.deliberation_id == sa.bindparam("deliberation_id"), is_shown(own))
        .order_by(own.id.desc())
        .limit(1)
    )


def _traces() -> sa.Select[Any]:
    read_id = sa.case(
        (Visit.last_seen_at < sa.bindparam("pause", type_=Visit.last_seen_at.type), Visit.seen_id),
        else_=Visit.read_id,
    )
    new = (
        sa.select(Comment.id)
        .where(
            Comment.deliberation_id == sa.bindparam("deliberation_id"),
            Comment.id > read_id,
            Comment.author_id != sa.bindparam("person_id"),
            is_shown(),
        )
        .correlate(Visit)
        .order_by(Comment.id)
    )
    counted = new.limit(COUNTED + 1).subquery()
    return (
        sa.select(
            CommentReaction.comment_id,
            CommentReaction.reaction,
            CommentDraft,
            read_id,
            Visit.seen_id,
            sa.select(sa.func.count()).select_from(counted).scalar_subquery(),
            new.limit(1).scalar_subquery(),
            _newest().scalar_subquery(),
        )
        .select_from(Person)
        .outerjoin(
            CommentDraft,
            sa.and_(
                CommentDraft.person_id == Person.id,
                CommentDraft.deliberation_id == sa.bindparam("deliberation_id"),
                CommentDraft.place == sa.bindparam("place"),
            ),
        )
        .outerjoin(
            Visit,
            sa.and_(
                Visit.person_id == Person.id,
                Visit.deliberation_id == sa.bindparam("deliberation_id"),
            ),
        )
        .outerjoin(
            CommentReaction,
            sa.and_(
                CommentReaction.person_id == Person.id,
                CommentReaction.comment_id.in_(sa.bindparam("comment_ids", expanding=True)),
            ),
        )
        .where(Person.id == sa.bindparam("person_id"))
    )


_TRACES = _traces()
