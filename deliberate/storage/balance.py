"""Who takes part in a discussion by group and region, and the invitations that were sent.

Only numbers leave this module, and pages show them through `deliberate.domain.balance` alone.
"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.balance import Cell, Place
from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.storage.ballots import Participation
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import OutputPoint
from deliberate.storage.people import Person
from deliberate.storage.polls import Poll
from deliberate.storage.proposals import Proposal, ProposalRating, ProposalVersion
from deliberate.storage.responses import Response
from deliberate.storage.types import Word


class InvitationSent(Base):
    """Somebody invited people of one group and region to a discussion.

    `taking_part_then` is how many of them took part when it was noted; it is never shown as it
    is. `invited` says how many were asked, as far as that is known.
    """

    __tablename__ = "invitations_sent"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))
    region: Mapped[RegionalGroup] = mapped_column("regional_group", Word(RegionalGroup))
    channel: Mapped[str]
    invited: Mapped[int]
    sent_on: Mapped[date]
    note: Mapped[str]
    taking_part_then: Mapped[int]
    submission_key: Mapped[str] = mapped_column(unique=True)
    noted_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    noted_at: Mapped[datetime]


def count_cells(session: Session, deliberation: Deliberation) -> dict[Place, Cell]:
    """Registered people and those who take part, by group and region; one query.

    Taking part is writing, proposing, responding, rating or voting. Suspended people count for
    nothing.
    """
    taking_part = _people_in(deliberation).subquery()
    rows = session.execute(
        sa.select(
            Person.stakeholder_group,
            Person.regional_group,
            sa.func.count(),
            sa.func.count(taking_part.c.person_id),
        )
        .outerjoin(taking_part, taking_part.c.person_id == Person.id)
        .where(Person.suspended_at.is_(None))
        .group_by(Person.stakeholder_group, Person.regional_group)
    )
    return {(group, region): Cell(known, active) for group, region, known, active in rows}


def list_invitations(
    session: Session, deliberation_id: int
) -> Sequence[sa.Row[InvitationSent, str]]:
    """Invitations to a discussion with who noted them, the newest first."""
    query = (
        sa.select(InvitationSent, Person.name)
        .join(Person, Person.id == InvitationSent.noted_by)
        .where(InvitationSent.deliberation_id == deliberation_id)
        .order_by(InvitationSent.sent_on.desc(), InvitationSent.id.desc())
    )
    return session.execute(query).all()


def _people_in(deliberation: Deliberation) -> sa.CompoundSelect[int]:
    """Everybody who left a trace in the discussion, each once."""
    here = deliberation.id
    return sa.union(
        sa.select(Comment.author_id.label("person_id")).where(Comment.deliberation_id == here),
        sa.select(Proposal.author_id).where(Proposal.deliberation_id == here),
        sa.select(ProposalRating.person_id)
        .join(ProposalVersion, ProposalVersion.id == ProposalRating.version_id)
        .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
        .where(Proposal.deliberation_id == here),
        sa.select(Response.person_id)
        .join(OutputPoint, OutputPoint.id == Response.point_id)
        .where(
            OutputPoint.output_id == deliberation.output_id,
            OutputPoint.round == deliberation.round,
        ),
        sa.select(Participation.person_id)
        .join(Poll, Poll.id == Participation.poll_id)
        .where(Poll.deliberation_id == here),
    )
