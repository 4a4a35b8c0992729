"""Comments: a threaded discussion kept in the order of its materialised paths."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.threads import CommentKind
from deliberate.storage.base import Base
from deliberate.storage.people import Person
from deliberate.storage.types import Word

ROOTS_A_PAGE = 30


class Comment(Base):
    """One comment. Group and organisation are the author's as of the time of writing."""

    __tablename__ = "comments"
    __table_args__ = (
        sa.UniqueConstraint("author_id", "submission_key"),
        sa.Index("ix_comments_deliberation_id_path", "deliberation_id", "path"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    path: Mapped[str]
    depth: Mapped[int]
    kind: Mapped[CommentKind] = mapped_column(Word(CommentKind))
    body: Mapped[str]
    body_html: Mapped[str]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))
    organisation: Mapped[str | None]
    submission_key: Mapped[str]
    written_at: Mapped[datetime]
    retracted_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A stretch of a discussion: whole root threads, and where the next stretch begins."""

    comments: Sequence["CommentLine"]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class CommentLine:
    """A comment as a page shows it; a retracted one has no text left to show."""

    id: int
    deliberation_id: int
    parent_id: int | None
    proposal_id: int | None
    depth: int
    kind: CommentKind
    body_html: str
    author_id: int
    author_name: str
    group: StakeholderGroup
    organisation: str | None
    written_at: datetime
    is_retracted: bool


_LINE = (
    Comment.id,
    Comment.deliberation_id,
    Comment.parent_id,
    Comment.proposal_id,
    Comment.depth,
    Comment.kind,
    sa.case((Comment.retracted_at.is_(None), Comment.body_html), else_="").label("body_html"),
    Comment.author_id,
    Person.name,
    Comment.group,
    Comment.organisation,
    Comment.written_at,
    Comment.retracted_at.is_not(None).label("is_retracted"),
)
_ROOTS = (
    sa.select(Comment.path)
    .where(
        Comment.deliberation_id == sa.bindparam("deliberation_id"),
        Comment.depth == 0,
        Comment.path > sa.bindparam("after"),
    )
    .order_by(Comment.path)
    .limit(ROOTS_A_PAGE + 1)
)
_THREAD = (
    sa.select(*_LINE)
    .join(Person, Person.id == Comment.author_id)
    .where(Comment.deliberation_id == sa.bindparam("deliberation_id"))
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
        .where(Comment.proposal_id == proposal_id)
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
