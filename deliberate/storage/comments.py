"""Comments: a threaded discussion kept in the order of its materialised paths."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.threads import Anchor, Capacity, CommentKind, CommentState
from deliberate.storage.base import Base
from deliberate.storage.people import Person
from deliberate.storage.types import Word

ROOTS_A_PAGE = 30


class Comment(Base):
    """One comment. Group, organisation and capacity are the author's as of the time of writing.

    `source_line` counts the lines of the session's text from 1; `quote` is what that line said,
    for the page may be imported again. `edited_late` says that it was
    edited after somebody had replied or reacted. Moderators hold and hide; facilitators pin a
    thread, settle it (its question is answered) and lock it (it takes no more replies).
    `support` is, for a root comment, the smallest number of agreeing people in any group.
    """

    __tablename__ = "comments"
    __table_args__ = (
        sa.UniqueConstraint("author_id", "submission_key"),
        sa.Index("ix_comments_deliberation_id_path", "deliberation_id", "path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    anchor: Mapped[Anchor] = mapped_column(
        Word(Anchor), default=Anchor.SUBJECT, server_default=Anchor.SUBJECT
    )
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("output_points.id"), index=True)
    source_line: Mapped[int | None]
    quote: Mapped[str | None]
    path: Mapped[str]
    depth: Mapped[int]
    kind: Mapped[CommentKind] = mapped_column(Word(CommentKind))
    body: Mapped[str]
    body_html: Mapped[str]
    language: Mapped[str | None]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    capacity: Mapped[Capacity] = mapped_column(
        Word(Capacity), default=Capacity.PERSONAL, server_default=Capacity.PERSONAL
    )
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))
    organisation: Mapped[str | None]
    submission_key: Mapped[str]
    written_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    edited_at: Mapped[datetime | None]
    edited_late: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    retracted_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    pinned_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    support: Mapped[int] = mapped_column(default=0, server_default="0")


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A stretch of a discussion: whole root threads, and where the next stretch begins."""

    comments: Sequence["CommentLine"]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment as a page shows it; only one that is shown has a text."""

    id: int
    deliberation_id: int
    parent_id: int | None
    anchor: Anchor
    proposal_id: int | None
    point_id: int | None
    source_line: int | None
    quote: str | None
    path: str
    depth: int
    kind: CommentKind
    body_html: str
    language: str | None
    author_id: int
    author_name: str
    capacity: Capacity
    group: StakeholderGroup
    organisation: str | None
    written_at: datetime
    version: int
    edited_at: datetime | None
    edited_late: bool
    state: CommentState
    is_pinned: bool
    is_settled: bool
    is_locked: bool

    @property
    def is_shown(self) -> bool:
        """Whether it has a text to show."""
        return self.state is CommentState.SHOWN

    @property
    def is_retracted(self) -> bool:
        """Whether its author took it back."""
        return self.state is CommentState.RETRACTED


def is_shown() -> sa.ColumnElement[bool]:
    """Whether everybody may read the text of the comment of a query."""
    return sa.and_(
        Comment.retracted_at.is_(None), Comment.hidden_at.is_(None), Comment.held_at.is_(None)
    )


_STATE = sa.type_coerce(
    sa.case(
        (Comment.retracted_at.is_not(None), CommentState.RETRACTED.value),
        (Comment.hidden_at.is_not(None), CommentState.HIDDEN.value),
        (Comment.held_at.is_not(None), CommentState.HELD.value),
        else_=CommentState.SHOWN.value,
    ),
    Word(CommentState),
)

_LINE = (
    Comment.id,
    Comment.deliberation_id,
    Comment.parent_id,
    Comment.anchor,
    Comment.proposal_id,
    Comment.point_id,
    Comment.source_line,
    Comment.quote,
    Comment.path,
    Comment.depth,
    Comment.kind,
    sa.case((is_shown(), Comment.body_html), else_=""),
    Comment.language,
    Comment.author_id,
    Person.name,
    Comment.capacity,
    Comment.group,
    Comment.organisation,
    Comment.written_at,
    Comment.version,
    Comment.edited_at,
    Comment.edited_late,
    _STATE,
    Comment.pinned_at.is_not(None),
    Comment.settled_at.is_not(None),
    Comment.locked_at.is_not(None),
)
_ROOTS = (
    sa.select(Comment.path)
    .where(
        Comment.deliberation_id == sa.bindparam("deliberation_id"),
        Comment.depth == 0,
        Comment.held_at.is_(None),
        Comment.path > sa.bindparam("after"),
    )
    .order_by(Comment.path)
    .limit(ROOTS_A_PAGE + 1)
)
_THREAD = (
    sa.select(*_LINE)
    .join(Person, Person.id == Comment.author_id)
    .where(Comment.deliberation_id == sa.bindparam("deliberation_id"), Comment.held_at.is_(None))
    .order_by(Comment.path)
)


def find_comment(session: Session, comment_id: int) -> Comment | None:
    """The comment with this id."""
    return session.get(Comment, comment_id)


def find_by_submission(session: Session, author_id: int, submission_key: str) -> Comment | None:
    """The comment that this rendering of the form already led to."""
    query = sa.select(Comment).where(
        Comment.author_id == author_id, Comment.submission_key == submission_key
    )
    return session.scalar(query)


def has_answers(session: Session, comment_id: int) -> bool:
    """Whether somebody else has replied to a comment."""
    reply = sa.orm.aliased(Comment)
    query = sa.select(reply.id).join(Comment, Comment.id == reply.parent_id)
    others = reply.author_id != Comment.author_id
    return session.scalar(query.where(Comment.id == comment_id, others).limit(1)) is not None


def count_by_point(session: Session, point_ids: Sequence[int]) -> dict[int, int]:
    """How many comments, replies included, are about each of these points."""
    query = sa.select(Comment.point_id, sa.func.count()).group_by(Comment.point_id)
    rows = session.execute(query.where(Comment.point_id.in_(point_ids), is_shown()))
    return {point_id: count for point_id, count in rows if point_id is not None}


def count_by_line(session: Session, deliberation_id: int) -> dict[int, int]:
    """How many comments of a discussion are about each line of the session's page."""
    query = sa.select(Comment.source_line, sa.func.count()).group_by(Comment.source_line)
    own = (Comment.deliberation_id == deliberation_id, Comment.source_line.is_not(None))
    rows = session.execute(query.where(*own, is_shown()))
    return {line: count for line, count in rows if line is not None}


def list_thread(session: Session, deliberation_id: int, after: str = "") -> ThreadPage:
    """The next root comments behind the cursor `after`, each with all its replies."""
    parameters = {"deliberation_id": deliberation_id, "after": after}
    roots = session.scalars(_ROOTS, parameters).all()
    if not roots:
        return ThreadPage([], None)
    thread = _THREAD.where(Comment.path >= roots[0])
    more = len(roots) > ROOTS_A_PAGE
    if more:
        thread = thread.where(Comment.path < roots[ROOTS_A_PAGE])
    rows = session.execute(thread, parameters)
    # The last path of this page sorts behind its own root and before the next one's.
    cursor = f"{roots[ROOTS_A_PAGE - 1]}~" if more else None
    return ThreadPage([CommentLine(*row) for row in rows], cursor)


def cursor_before(session: Session, comment: Comment) -> str:
    """The cursor whose page holds this comment, so that a permalink finds it."""
    root = comment.path.split("/", 1)[0]
    earlier = session.scalars(
        sa.select(Comment.path)
        .where(
            Comment.deliberation_id == comment.deliberation_id,
            Comment.depth == 0,
            Comment.held_at.is_(None),
            Comment.path < root,
        )
        .order_by(Comment.path)
    ).all()
    first = len(earlier) - len(earlier) % ROOTS_A_PAGE
    return f"{earlier[first - 1]}~" if first else ""


def list_proposal_comments(session: Session, proposal_id: int) -> Sequence[CommentLine]:
    """The comments on one proposal, in thread order."""
    query = (
        sa.select(*_LINE)
        .join(Person, Person.id == Comment.author_id)
        .where(Comment.proposal_id == proposal_id, Comment.held_at.is_(None))
        .order_by(Comment.path)
    )
    return [CommentLine(*row) for row in session.execute(query)]


def list_by_ids(session: Session, comment_ids: Sequence[int]) -> Sequence[CommentLine]:
    """The named comments, by id, for instance those that a summary cites."""
    query = (
        sa.select(*_LINE)
        .join(Person, Person.id == Comment.author_id)
        .where(Comment.id.in_(comment_ids))
        .order_by(Comment.id)
    )
    return [CommentLine(*row) for row in session.execute(query)]
