"""Reactions: what readers say to a comment without writing one, counted by group."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.threads import Reaction, support_rank
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment
from deliberate.storage.types import Word


class CommentReaction(Base):
    """One person's reaction to one comment; the group is theirs as of the time of reacting."""

    __tablename__ = "comment_reactions"
    __table_args__ = (sa.UniqueConstraint("comment_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    reaction: Mapped[Reaction] = mapped_column(Word(Reaction))
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))
    reacted_at: Mapped[datetime]


def find_reaction(session: Session, comment_id: int, person_id: int) -> CommentReaction | None:
    """What this person said to this comment."""
    query = sa.select(CommentReaction).where(
        CommentReaction.comment_id == comment_id, CommentReaction.person_id == person_id
    )
    return session.scalar(query)


def recount(tx: Session, comment: Comment) -> None:
    """Count the reactions to a comment anew, in the transaction that changed one of them."""
    counts: Counter[tuple[Reaction, StakeholderGroup]] = Counter()
    query = (
        sa.select(CommentReaction.reaction, CommentReaction.group, sa.func.count())
        .where(CommentReaction.comment_id == comment.id)
        .group_by(CommentReaction.reaction, CommentReaction.group)
    )
    for reaction, group, count in tx.execute(query):
        counts[reaction, group] = count
    comment.reactions, comment.support = count_reactions(counts)


def count_reactions(
    counts: Mapping[tuple[Reaction, StakeholderGroup], int],
) -> tuple[list[list[Any]], int]:
    """What a comment keeps of the reactions to it: their numbers in order, and its support."""
    order = list(Reaction)
    numbers: list[list[Any]] = [
        [reaction.value, group.value, count]
        for (reaction, group), count in sorted(
            counts.items(), key=lambda item: (order.index(item[0][0]), item[0][1].value)
        )
    ]
    agreeing = {group: n for (kind, group), n in counts.items() if kind is Reaction.AGREE}
    return numbers, support_rank(agreeing)
