"""Co-sponsors of proposals: who was invited, and who stands behind which version."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.handles import to_handle
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.sponsors import InvitationState
from deliberate.domain.threads import Capacity
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment
from deliberate.storage.people import Person
from deliberate.storage.proposals import Proposal, ProposalVersion
from deliberate.storage.types import Word


class SponsorInvitation(Base):
    """That an author asked a person to co-sponsor a proposal, and what came of it."""

    __tablename__ = "sponsor_invitations"
    __table_args__ = (sa.UniqueConstraint("proposal_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    state: Mapped[InvitationState] = mapped_column(Word(InvitationState))
    invited_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class CoSponsorship(Base):
    """That a person stands behind one version of a proposal, for whom, and until when."""

    __tablename__ = "co_sponsorships"
    __table_args__ = (sa.UniqueConstraint("version_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal_versions.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))
    organisation: Mapped[str | None]
    capacity: Mapped[Capacity] = mapped_column(Word(Capacity))
    given_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


def find_sponsor_invitation(
    session: Session, proposal_id: int, person_id: int | None
) -> SponsorInvitation | None:
    """Whether and how a person was invited to co-sponsor a proposal."""
    query = sa.select(SponsorInvitation).where(
        SponsorInvitation.proposal_id == proposal_id, SponsorInvitation.person_id == person_id
    )
    return session.scalar(query)


def find_sponsorship(session: Session, version_id: int, person_id: int) -> CoSponsorship | None:
    """That a person stands, or stood, behind a version."""
    query = sa.select(CoSponsorship).where(
        CoSponsorship.version_id == version_id, CoSponsorship.person_id == person_id
    )
    return session.scalar(query)


def count_invited(session: Session, proposal_id: int) -> int:
    """How many people were ever invited to co-sponsor a proposal."""
    query = sa.select(sa.func.count(SponsorInvitation.id))
    return session.scalar(query.where(SponsorInvitation.proposal_id == proposal_id)) or 0


def list_sponsor_ids(session: Session, version_id: int) -> frozenset[int]:
    """Those who stand behind a version."""
    query = sa.select(CoSponsorship.person_id).where(
        CoSponsorship.version_id == version_id, CoSponsorship.left_at.is_(None)
    )
    return frozenset(session.scalars(query))


def list_own_sponsorships(
    session: Session, proposal_id: int, person_id: int
) -> Sequence[CoSponsorship]:
    """The versions of a proposal that a person stands behind."""
    query = (
        sa.select(CoSponsorship)
        .join(ProposalVersion, ProposalVersion.id == CoSponsorship.version_id)
        .where(
            ProposalVersion.proposal_id == proposal_id,
            CoSponsorship.person_id == person_id,
            CoSponsorship.left_at.is_(None),
        )
    )
    return session.scalars(query).all()


def list_named(session: Session, handle: str, deliberation_id: int) -> Sequence[int]:
    """The people that a handle may mean, of those who wrote something that everybody can read.

    Who has written nothing yet cannot be found, for nobody but the secretariat may learn who has
    an account. When several share the handle, those who wrote in this discussion are meant.
    """
    wrote = sa.union_all(
        *(sa.select(table.author_id, table.deliberation_id) for table in (Comment, Proposal))
    ).subquery()
    here = sa.func.max(sa.case((wrote.c.deliberation_id == deliberation_id, 1), else_=0))
    query = (
        sa.select(Person.id, Person.name, here)
        .join(wrote, wrote.c.author_id == Person.id)
        .where(Person.suspended_at.is_(None))
        .group_by(Person.id, Person.name)
        .order_by(Person.id)
    )
    found = [
        (id_, is_here) for id_, name, is_here in session.execute(query) if to_handle(name) == handle
    ]
    near = [id_ for id_, is_here in found if is_here]
    return near or [id_ for id_, _is_here in found]


def deliberations_sponsored(person_id: int) -> sa.Select[int]:
    """The deliberations in which a person co-sponsors proposals, or was asked to."""
    return (
        sa.select(Proposal.deliberation_id)
        .join(SponsorInvitation, SponsorInvitation.proposal_id == Proposal.id)
        .where(SponsorInvitation.person_id == person_id)
    )
