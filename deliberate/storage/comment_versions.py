"""Earlier wordings of comments: what stood there before each edit."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.threads import CommentKind
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment
from deliberate.storage.database import now
from deliberate.storage.types import Word


class CommentVersion(Base):
    """A wording that an edit replaced; the current one stands in the comment itself."""

    __tablename__ = "comment_versions"
    __table_args__ = (sa.UniqueConstraint("comment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id"))
    number: Mapped[int]
    kind: Mapped[CommentKind] = mapped_column(Word(CommentKind))
    body: Mapped[str]
    written_at: Mapped[datetime]
    replaced_at: Mapped[datetime]


def keep_wording(tx: Session, comment: Comment) -> None:
    """Keep the wording that is about to be replaced."""
    tx.add(
        CommentVersion(
            comment_id=comment.id,
            number=comment.version,
            kind=comment.kind,
            body=comment.body,
            written_at=comment.edited_at or comment.written_at,
            replaced_at=now(tx),
        )
    )


def list_versions(session: Session, comment_id: int) -> Sequence[CommentVersion]:
    """The earlier wordings of a comment, the newest first."""
    query = sa.select(CommentVersion).where(CommentVersion.comment_id == comment_id)
    return session.scalars(query.order_by(CommentVersion.number.desc())).all()
