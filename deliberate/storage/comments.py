"""Comments: a threaded discussion kept in the order of its materialised paths."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from deliberate.domain.moderation import Rule
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.threads import Anchor, Capacity, CommentKind, CommentState
from deliberate.storage.base import Base
from deliberate.storage.people import Person
from deliberate.storage.types import Word

ReactionCount = tuple[str, str, int]
"""What people said (a value of `Reaction`), their stakeholder group, and how many they are."""
IS_SHOWN = "retracted_at IS NULL AND hidden_at IS NULL AND held_at IS NULL"


def partial_index(name: str, *columns: str, where: str) -> sa.Index:
    """An index of those rows alone for which a condition holds, on both databases."""
    condition = sa.text(where)
    return sa.Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


class Comment(Base):
    """One comment. Group, organisation and capacity are the author's as of the time of writing.

    `source_line` counts the lines of the session's text from 1; `quote` is what that line said,
    for the page may be imported again. `edited_late` says that it was
    edited after somebody had replied or reacted. Moderators hold and hide; facilitators pin a
    thread, settle it (its question is answered) and lock it (it takes no more replies).
    `reactions` counts those of others by kind and group, and `support` is what follows from them
    (`domain.threads.support_rank`); both are recounted with every reaction.

    The indexes serve what every page of a discussion asks for: the roots in two orders, the
    branch under a comment, the pinned ones, and all that is shown. Roots and what is shown are
    also counted there without reading the comments themselves.
    """

    __tablename__ = "comments"
    __table_args__ = (
        sa.UniqueConstraint("author_id", "submission_key"),
        sa.Index("ix_comments_deliberation_id_path", "deliberation_id", "path"),
        partial_index(
            "ix_comments_roots", "deliberation_id", "id", where="depth = 0 AND held_at IS NULL"
        ),
        partial_index("ix_comments_support", "deliberation_id", "support", "id", where="depth = 0"),
        partial_index("ix_comments_branches", "deliberation_id", "path", where="held_at IS NULL"),
        partial_index("ix_comments_pinned", "deliberation_id", where="pinned_at IS NOT NULL"),
        partial_index("ix_comments_held", "held_at", where="held_at IS NOT NULL"),
        partial_index("ix_comments_shown", "deliberation_id", "id", where=IS_SHOWN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"), index=True)
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
    hidden_for: Mapped[Rule | None] = mapped_column(Word(Rule))
    pinned_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    answer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    by_facilitator: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    support: Mapped[int] = mapped_column(default=0, server_default="0")
    reactions: Mapped[list[Any] | None]

    @property
    def waits(self) -> bool:
        """Whether a moderator has to read it, or its change, before it appears; see `waits`."""
        return self.hidden_for is None and (self.held_at or self.hidden_at) is not None


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment as a page shows it; only one that is shown has a text.

    `answered` is the name of whom it replies to, `answer_id` the comment that settled it.
    `by_facilitator` says that its author facilitated when writing it.
    """

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
    hidden_for: Rule | None
    support: int
    answer_id: int | None
    by_facilitator: bool
    answered: str | None = None
    reactions: tuple[ReactionCount, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether it has a text to show."""
        return self.state is CommentState.SHOWN

    @property
    def is_retracted(self) -> bool:
        """Whether its author took it back."""
        return self.state is CommentState.RETRACTED


def waits() -> sa.ColumnElement[bool]:
    """Whether a moderator has to read the comment of a query, or its change, before it appears."""
    new = sa.and_(Comment.held_at.is_not(None), Comment.hidden_at.is_(None))
    changed = sa.and_(Comment.hidden_at.is_not(None), Comment.hidden_for.is_(None))
    return sa.and_(sa.or_(new, changed), Comment.retracted_at.is_(None))


def is_shown(table: Any = Comment) -> sa.ColumnElement[bool]:
    """Whether everybody may read the text of the comment of a query."""
    return sa.and_(table.retracted_at.is_(None), table.hidden_at.is_(None), table.held_at.is_(None))


_parent = aliased(Comment)
_answered = aliased(Person)
_STATE = sa.type_coerce(
    sa.case(
        (Comment.retracted_at.is_not(None), CommentState.RETRACTED.value),
        (Comment.hidden_at.is_not(None), CommentState.HIDDEN.value),
        (Comment.held_at.is_not(None), CommentState.HELD.value),
        else_=CommentState.SHOWN.value,
    ),
    Word(CommentState),
)

_LINES: Any = (
    sa.select(
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
        Comment.hidden_for,
        Comment.support,
        Comment.answer_id,
        Comment.by_facilitator,
        _answered.name,
        Comment.reactions,
    )
    .join(Person, Person.id == Comment.author_id)
    .outerjoin(_parent, _parent.id == Comment.parent_id)
    .outerjoin(_answered, _answered.id == _parent.author_id)
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
    reply = aliased(Comment)
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


def select_lines() -> sa.Select[Any]:
    """The query for comments as pages show them, to be narrowed down and read by `read_lines`."""
    lines: sa.Select[Any] = _LINES
    return lines


def read_lines(
    session: Session, query: sa.Select[Any], parameters: dict[str, Any] | None = None
) -> list[CommentLine]:
    """The comments of a query that began with `select_lines`."""
    return make_lines(session.execute(query, parameters or {}))


def make_lines(rows: Iterable[Any]) -> list[CommentLine]:
    """Rows with the columns of `select_lines`, as comments."""
    lines = []
    for row in rows:
        values: Any = (*row[:-1], tuple(tuple(count) for count in row[-1] or ()))
        lines.append(CommentLine(*values))
    return lines


def list_by_ids(session: Session, comment_ids: Sequence[int]) -> Sequence[CommentLine]:
    """The named comments, by id, for instance those that a summary cites."""
    return read_lines(session, _LINES.where(Comment.id.in_(comment_ids)).order_by(Comment.id))
