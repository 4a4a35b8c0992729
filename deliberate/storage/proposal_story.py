"""What was said about a proposal, and where it went: the parts of its page's story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.threads import CommentKind
from deliberate.storage.comments import Comment, is_shown
from deliberate.storage.people import Person
from deliberate.storage.summaries import Edition, Summary

STANCES = (
    CommentKind.SUPPORT,
    CommentKind.OPPOSE,
    CommentKind.CONDITIONAL,
    CommentKind.QUESTION,
)
EXCERPT = 180


@dataclass(frozen=True, slots=True)
class Stance:
    """The first comment of one kind by one group, and how many there are of both."""

    comment_id: int
    kind: CommentKind
    group: StakeholderGroup
    author_name: str
    excerpt: str
    count: int


@dataclass(frozen=True, slots=True)
class Citation:
    """An edition of the summary in which a figure of the proposal stands."""

    summary_id: int
    number: int
    published_at: datetime


def list_stances(session: Session, proposal_id: int) -> Sequence[Stance]:
    """For each kind that takes a side or asks, the first comment of each group."""
    same = (Comment.kind, Comment.group)
    ranked = (
        sa.select(
            Comment.id,
            Comment.kind,
            Comment.group.label("side"),
            Person.name,
            sa.func.substr(Comment.body, 1, EXCERPT).label("excerpt"),
            sa.func.count().over(partition_by=same).label("count"),
            sa.func.row_number().over(partition_by=same, order_by=Comment.id).label("place"),
        )
        .join(Person, Person.id == Comment.author_id)
        .where(Comment.proposal_id == proposal_id, Comment.kind.in_(STANCES), is_shown())
        .subquery()
    )
    columns = [column for column in ranked.c if column.name != "place"]
    rows = session.execute(
        sa.select(*columns).where(ranked.c.place == 1).order_by(ranked.c.kind, ranked.c.side)
    )
    return [Stance(*row) for row in rows]


def list_citations(session: Session, deliberation_id: int, proposal_id: int) -> Sequence[Citation]:
    """The editions of a deliberation's summary that cite a figure of this proposal."""
    rows = session.execute(
        sa.select(Summary.id, Edition.number, Edition.published_at, Edition.document["figures"])
        .join(Summary, Summary.id == Edition.summary_id)
        .where(Summary.deliberation_id == deliberation_id)
        .order_by(Edition.number)
    )
    start = f"proposal-{proposal_id}."
    return [
        Citation(summary_id, number, published_at)
        for summary_id, number, published_at, figures in rows
        if any(key.startswith(start) for key in figures)
    ]
