"""Which comments mention which people and name which proposals of their discussion."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import StakeholderGroup
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment, is_shown
from deliberate.storage.people import Person
from deliberate.storage.proposals import Proposal, ProposalMention

NEWEST = 20


class Mention(Base):
    """That a comment mentions a person."""

    __tablename__ = "mentions"

    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, index=True)


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who wrote in a discussion, and where."""

    person_id: int
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class MentioningComment:
    """A comment that names a proposal."""

    id: int
    body: str
    author_name: str
    group: StakeholderGroup
    written_at: datetime


def list_participants(session: Session, deliberation_id: int) -> Sequence[Participant]:
    """Who commented or proposed in a discussion, each with the newest place; not who left."""
    found: dict[int, Participant] = {}
    for table, folder in ((Proposal, "proposals"), (Comment, "comments")):
        query = (
            sa.select(Person.id, Person.name, sa.func.max(table.id))
            .join(table, table.author_id == Person.id)
            .where(table.deliberation_id == deliberation_id, Person.forgotten_at.is_(None))
            .group_by(Person.id, Person.name)
        )
        for person_id, name, newest in session.execute(query):
            found[person_id] = Participant(person_id, name, f"/{folder}/{newest}")
    return list(found.values())


def find_proposals(session: Session, deliberation_id: int, numbers: Iterable[int]) -> set[int]:
    """Those of these numbers that are proposals of a discussion."""
    query = sa.select(Proposal.id).where(Proposal.deliberation_id == deliberation_id)
    return set(session.scalars(query.where(Proposal.id.in_(set(numbers)))))


def replace_mentions(
    tx: Session, comment_id: int, person_ids: Iterable[int], proposal_ids: Iterable[int]
) -> set[int]:
    """Store what a comment mentions now; the people it did not mention before."""
    earlier = set(tx.scalars(sa.select(Mention.person_id).where(Mention.comment_id == comment_id)))
    wanted = set(person_ids)
    for table in (Mention, ProposalMention):
        tx.execute(sa.delete(table).where(table.comment_id == comment_id))
    tx.add_all(Mention(comment_id=comment_id, person_id=each) for each in sorted(wanted))
    named = sorted(set(proposal_ids))
    tx.add_all(ProposalMention(comment_id=comment_id, proposal_id=each) for each in named)
    tx.flush()
    return wanted - earlier


def list_comments_naming(session: Session, proposal_id: int) -> Sequence[MentioningComment]:
    """The newest comments that name a proposal and are shown."""
    query = (
        sa.select(Comment.id, Comment.body, Person.name, Comment.group, Comment.written_at)
        .join(ProposalMention, ProposalMention.comment_id == Comment.id)
        .join(Person, Person.id == Comment.author_id)
        .where(ProposalMention.proposal_id == proposal_id, is_shown())
        .order_by(Comment.id.desc())
        .limit(NEWEST)
    )
    return [MentioningComment(*row) for row in session.execute(query)]


def list_mentioned(session: Session, comment_id: int) -> Sequence[int]:
    """The ids of the people whom a comment mentions."""
    query = sa.select(Mention.person_id).where(Mention.comment_id == comment_id)
    return session.scalars(query.order_by(Mention.person_id)).all()


def list_mentioning(session: Session, person_id: int) -> Sequence[Comment]:
    """The comments that mention a person, whatever became of them."""
    query = sa.select(Comment).join(Mention, Mention.comment_id == Comment.id)
    return session.scalars(query.where(Mention.person_id == person_id)).all()
