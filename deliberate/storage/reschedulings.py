"""Closing dates that moved after opening: dated amendments beside what was frozen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.storage.ballots import Participation
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import OutputPoint
from deliberate.storage.polls import Poll
from deliberate.storage.proposals import Proposal, ProposalRating, ProposalVersion
from deliberate.storage.responses import Response

NEWEST = 20


class Rescheduling(Base):
    """One move of a closing date, and of the poll inside when `poll_id` is set."""

    __tablename__ = "reschedulings"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    closes_before: Mapped[datetime]
    closes_after: Mapped[datetime]
    poll_id: Mapped[int | None] = mapped_column(sa.ForeignKey("polls.id"))
    poll_closes_before: Mapped[datetime | None]
    poll_closes_after: Mapped[datetime | None]
    reason: Mapped[str]
    rescheduled_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    rescheduled_at: Mapped[datetime]

    @property
    def moves_discussion(self) -> bool:
        """Whether the discussion's own closing moved."""
        return self.closes_before != self.closes_after


@dataclass(frozen=True, slots=True)
class OwnNotice:
    """A move of dates in a deliberation that somebody took part in."""

    rescheduling: Rescheduling
    title: str


def list_reschedulings(session: Session, deliberation_id: int) -> Sequence[Rescheduling]:
    """The amendments of a deliberation, the first one first."""
    return session.scalars(
        sa.select(Rescheduling)
        .where(Rescheduling.deliberation_id == deliberation_id)
        .order_by(Rescheduling.id)
    ).all()


def find_extension(session: Session, poll_id: int) -> Rescheduling | None:
    """The one extension of a poll."""
    return session.scalar(sa.select(Rescheduling).where(Rescheduling.poll_id == poll_id).limit(1))


def was_extended(session: Session, poll_id: int) -> bool:
    """Whether the one extension of a poll is used up."""
    return find_extension(session, poll_id) is not None


def list_notices(session: Session, person_id: int) -> Sequence[OwnNotice]:
    """The newest moves of dates in what this person wrote, rated, responded or voted in.

    A move that was made before the person came is told as well: the date they may remember from
    elsewhere is not the one that holds.
    """
    rows = session.execute(
        sa.select(Rescheduling, Deliberation.title)
        .join(Deliberation, Deliberation.id == Rescheduling.deliberation_id)
        .where(Deliberation.id.in_(taken_part(person_id)))
        .order_by(Rescheduling.id.desc())
        .limit(NEWEST)
    )
    return [OwnNotice(rescheduling, title) for rescheduling, title in rows]


def taken_part(person_id: int) -> sa.CompoundSelect[int]:
    """The deliberations in which this person did anything."""
    same_round = sa.and_(
        Deliberation.output_id == OutputPoint.output_id, Deliberation.round == OutputPoint.round
    )
    return sa.union(
        sa.select(Comment.deliberation_id).where(Comment.author_id == person_id),
        sa.select(Proposal.deliberation_id).where(Proposal.author_id == person_id),
        sa.select(Proposal.deliberation_id)
        .join(ProposalVersion, ProposalVersion.proposal_id == Proposal.id)
        .join(ProposalRating, ProposalRating.version_id == ProposalVersion.id)
        .where(ProposalRating.person_id == person_id),
        sa.select(Deliberation.id)
        .join(OutputPoint, same_round)
        .join(Response, Response.point_id == OutputPoint.id)
        .where(Response.person_id == person_id),
        sa.select(Poll.deliberation_id)
        .join(Participation, Participation.poll_id == Poll.id)
        .where(Participation.person_id == person_id),
    )
