"""The log of what facilitators did to threads, and the rewriting of a whole branch at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from deliberate.domain.gardening import Aspect, GardenAct
from deliberate.domain.threads import DEEPEST, comment_path, path_depth
from deliberate.storage.arguments import Answer, Citation, Waiver
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment, CommentLine, is_shown, list_by_ids
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.people import Person
from deliberate.storage.types import Word

_END = "a"
"""Behind a path, this sorts after every path below it: letters come after digits."""


class ThreadAct(Base):
    """One act on a comment, with all that is needed to undo it.

    It stood in `deliberation_id` under `from_parent_id` and was about what `anchoring` says; the
    act left it in `home_id` under `to_parent_id`. `answer_id` is the comment that settled it,
    set by the act or taken away by it.
    """

    __tablename__ = "thread_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[GardenAct] = mapped_column(Word(GardenAct))
    aspect: Mapped[Aspect] = mapped_column(Word(Aspect))
    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id"), index=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    home_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    from_parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    to_parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    anchoring: Mapped[dict[str, Any]]
    answer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    reason: Mapped[str]
    acted_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    acted_at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    undone_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act as the public log shows it; `is_last` says that nothing was done to it since."""

    id: int
    act: GardenAct
    comment_id: int
    deliberation_id: int
    home_id: int
    from_parent_id: int | None
    to_parent_id: int | None
    answer_id: int | None
    reason: str
    author_name: str
    acted_by: str
    acted_at: datetime
    undone_by: str | None
    undone_at: datetime | None
    is_last: bool


@dataclass(frozen=True, slots=True)
class Stub:
    """What is left where a comment stood that is in another discussion now."""

    comment_id: int
    parent_id: int | None
    home_id: int
    title: str


def is_in_branch(comment: Comment) -> sa.ColumnElement[bool]:
    """Whether the comment of a query is this one or stands under it."""
    return sa.and_(
        Comment.deliberation_id == comment.deliberation_id,
        Comment.path >= comment.path,
        Comment.path < comment.path + _END,
    )


def move_branch(
    tx: Session, comment: Comment, home_id: int, parent: Comment | None, about: Mapping[str, Any]
) -> None:
    """Put a comment with everything under it in another place; `about` names its new anchor."""
    before = len(comment.path)
    path = comment_path(parent.path if parent else None, comment.id)
    deeper = path_depth(path) - comment.depth
    branch = is_in_branch(comment)
    comment.parent_id = parent.id if parent else None
    tx.flush()
    tx.execute(
        sa.update(Comment)
        .where(branch)
        .values(
            deliberation_id=home_id,
            path=sa.literal(path).concat(sa.func.substr(Comment.path, before + 1)),
            depth=Comment.depth + deeper,
            **about,
        )
        .execution_options(synchronize_session=False)
    )
    for each in tx:
        if isinstance(each, Comment):
            tx.refresh(each)


def fits_under(tx: Session, comment: Comment, parent: Comment) -> bool:
    """Whether a branch put under another comment stands no deeper than threads grow."""
    deeper = path_depth(comment_path(parent.path, comment.id)) - comment.depth
    query = sa.select(sa.func.max(Comment.depth)).where(is_in_branch(comment))
    return deeper <= 0 or (tx.scalar(query) or 0) + deeper <= DEEPEST


def is_sorted(tx: Session, comment: Comment) -> bool:
    """Whether the arguments of its discussion cite, answer or set aside anything of a branch."""
    branch = sa.select(Comment.id).where(is_in_branch(comment)).scalar_subquery()
    columns = (
        Citation.comment_id, Waiver.comment_id, Answer.comment_id, Answer.asking_comment_id
    )  # fmt: skip
    return any(tx.scalar(sa.select(sa.exists().where(each.in_(branch)))) for each in columns)


def is_locked(session: Session, path: str) -> bool:
    """Whether the comment with this path, or one that it stands under, takes no more replies."""
    steps = [int(step) for step in path.split("/")]
    query = sa.exists().where(Comment.id.in_(steps), Comment.locked_at.is_not(None))
    return bool(session.scalar(sa.select(query)))


def find_act(session: Session, act_id: int) -> ThreadAct | None:
    """The act with this id."""
    return session.get(ThreadAct, act_id)


def find_last(session: Session, comment_id: int, aspect: Aspect) -> ThreadAct | None:
    """The last act on an aspect of a comment that was not undone."""
    query = sa.select(ThreadAct).where(
        ThreadAct.comment_id == comment_id,
        ThreadAct.aspect == aspect,
        ThreadAct.undone_at.is_(None),
    )
    return session.scalar(query.order_by(ThreadAct.id.desc()).limit(1))


def list_acts(
    session: Session, deliberation_id: int, limit: int, offset: int = 0
) -> Sequence[ActLine]:
    """The acts that touched a discussion, the latest first."""
    query = _lines().where(_touches(deliberation_id))
    rows = session.execute(query.order_by(ThreadAct.id.desc()).limit(limit).offset(offset))
    return [ActLine(*row) for row in rows]


def list_acts_on(session: Session, comment_id: int) -> Sequence[ActLine]:
    """The acts on one comment, the latest first."""
    query = _lines().where(ThreadAct.comment_id == comment_id).order_by(ThreadAct.id.desc())
    return [ActLine(*row) for row in session.execute(query)]


def count_tended(deliberation_id: Any) -> sa.ScalarSelect[int]:
    """How many comments were tended in a discussion by acts that were not undone."""
    return (
        sa.select(sa.func.count(ThreadAct.comment_id.distinct()))
        .where(_touches(deliberation_id), ThreadAct.undone_at.is_(None))
        .scalar_subquery()
    )


def list_stubs(session: Session, deliberation_id: int) -> Sequence[Stub]:
    """What stands where comments of this discussion were that are in another one now."""
    query = (
        sa.select(
            ThreadAct.comment_id, ThreadAct.from_parent_id, Deliberation.id, Deliberation.title
        )
        .join(Comment, Comment.id == ThreadAct.comment_id)
        .join(Deliberation, Deliberation.id == Comment.deliberation_id)
        .where(
            ThreadAct.deliberation_id == deliberation_id,
            ThreadAct.act == GardenAct.MOVE,
            ThreadAct.undone_at.is_(None),
            Comment.deliberation_id != deliberation_id,
            Comment.held_at.is_(None),
        )
        .order_by(ThreadAct.comment_id, ThreadAct.id)
    )
    return list({row[0]: Stub(*row) for row in session.execute(query)}.values())


def _touches(deliberation_id: Any) -> sa.ColumnElement[bool]:
    return sa.or_(
        ThreadAct.deliberation_id == deliberation_id, ThreadAct.home_id == deliberation_id
    )


def _lines() -> Any:
    author, actor, undoer = aliased(Person), aliased(Person), aliased(Person)
    later = aliased(ThreadAct)
    followed = sa.exists().where(
        later.comment_id == ThreadAct.comment_id,
        later.aspect == ThreadAct.aspect,
        later.id > ThreadAct.id,
        later.undone_at.is_(None),
    )
    lines: Any = (
        sa.select(
            ThreadAct.id,
            ThreadAct.act,
            ThreadAct.comment_id,
            ThreadAct.deliberation_id,
            ThreadAct.home_id,
            ThreadAct.from_parent_id,
            ThreadAct.to_parent_id,
            ThreadAct.answer_id,
            ThreadAct.reason,
            author.name,
            actor.name,
            ThreadAct.acted_at,
            undoer.name,
            ThreadAct.undone_at,
            sa.and_(ThreadAct.undone_at.is_(None), ~followed),
        )
        .join(Comment, Comment.id == ThreadAct.comment_id)
        .join(author, author.id == Comment.author_id)
        .join(actor, actor.id == ThreadAct.acted_by)
        .outerjoin(undoer, undoer.id == ThreadAct.undone_by)
    )
    return lines


def count_under(session: Session, comment: CommentLine) -> int:
    """How many comments stand under one, which go wherever it goes."""
    query = sa.select(sa.func.count(Comment.id)).where(
        Comment.deliberation_id == comment.deliberation_id,
        Comment.path > comment.path,
        Comment.path < comment.path + _END,
    )
    return session.scalar(query) or 0


def list_targets(
    session: Session, comment: CommentLine, words: str, limit: int
) -> Sequence[CommentLine]:
    """Shown comments that another one could go under, the latest first.

    Without words these are the beginnings of threads; with words, whatever holds them.
    """
    conditions = [
        Comment.deliberation_id == comment.deliberation_id,
        is_shown(),
        sa.not_(sa.and_(Comment.path >= comment.path, Comment.path < comment.path + _END)),
        Comment.body.icontains(words, autoescape=True) if words else Comment.depth == 0,
    ]
    if comment.parent_id is not None:
        conditions.append(Comment.id != comment.parent_id)
    query = sa.select(Comment.id).where(*conditions).order_by(Comment.id.desc()).limit(limit)
    return list_by_ids(session, session.scalars(query).all())[::-1]


def list_homes(
    session: Session, deliberation_id: int, words: str, limit: int
) -> Sequence[tuple[int, str]]:
    """Other open discussions that a thread could go to: id and title, the last opened first."""
    query = sa.select(Deliberation.id, Deliberation.title).where(
        Deliberation.id != deliberation_id,
        Deliberation.opens_at <= now(session),
        Deliberation.closes_at > now(session),
    )
    if words:
        query = query.where(Deliberation.title.icontains(words, autoescape=True))
    rows = session.execute(query.order_by(Deliberation.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in rows]
