"""Recastings of proposals: what becomes of which originals, and whose consent there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.recasting import RecastingState
from deliberate.storage.base import Base
from deliberate.storage.people import Person
from deliberate.storage.proposals import Proposal, ProposalVersion
from deliberate.storage.types import Word


class Recasting(Base):
    """That somebody suggests to make these texts of those originals; `reason` says why.

    Each of `texts` has the keys title, body and rationale. `answer` are the words of an author
    who did not consent.
    """

    __tablename__ = "recastings"
    __table_args__ = (sa.UniqueConstraint("proposed_by", "submission_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    proposed_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[str]
    texts: Mapped[list[Any]]
    submission_key: Mapped[str]
    proposed_at: Mapped[datetime]
    state: Mapped[RecastingState] = mapped_column(Word(RecastingState))
    answer: Mapped[str]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]


class RecastOriginal(Base):
    """One proposal of a recasting, at the version that it was read in."""

    __tablename__ = "recast_originals"

    recasting_id: Mapped[int] = mapped_column(sa.ForeignKey("recastings.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        sa.ForeignKey("proposals.id"), primary_key=True, index=True
    )
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal_versions.id"))
    consented_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class OriginalLine:
    """An original as it was read, with its author and whether they consent.

    Of what a moderator hid there is no title.
    """

    proposal_id: int
    version_id: int
    number: int
    title: str
    author_id: int
    author_name: str
    group: StakeholderGroup
    consented_at: datetime | None


def find_recasting(session: Session, recasting_id: int) -> Recasting | None:
    """The recasting with this id."""
    return session.get(Recasting, recasting_id)


def lock_recasting(tx: Session, recasting_id: int) -> Recasting:
    """The recasting, held until the transaction ends."""
    return tx.get_one(Recasting, recasting_id, with_for_update=True, populate_existing=True)


def find_recasting_by_submission(
    session: Session, person_id: int | None, submission_key: str
) -> Recasting | None:
    """The recasting that this rendering of the form already led to."""
    query = sa.select(Recasting).where(
        Recasting.proposed_by == person_id, Recasting.submission_key == submission_key
    )
    return session.scalar(query)


def find_open_recasting(session: Session, proposal_id: int) -> int | None:
    """The recasting of a proposal that waits for consent."""
    query = (
        sa.select(Recasting.id)
        .join(RecastOriginal, RecastOriginal.recasting_id == Recasting.id)
        .where(RecastOriginal.proposal_id == proposal_id, Recasting.state == RecastingState.OPEN)
    )
    return session.scalar(query)


def list_originals(session: Session, recasting_id: int) -> Sequence[OriginalLine]:
    """The originals of a recasting, the first proposal first."""
    query = (
        sa.select(
            Proposal.id,
            ProposalVersion.id,
            ProposalVersion.number,
            sa.case((Proposal.hidden_at.is_(None), ProposalVersion.title), else_=""),
            Proposal.author_id,
            Person.name,
            Proposal.group,
            RecastOriginal.consented_at,
        )
        .join(RecastOriginal, RecastOriginal.proposal_id == Proposal.id)
        .join(ProposalVersion, ProposalVersion.id == RecastOriginal.version_id)
        .join(Person, Person.id == Proposal.author_id)
        .where(RecastOriginal.recasting_id == recasting_id)
        .order_by(Proposal.id)
    )
    return [OriginalLine(*row) for row in session.execute(query)]


def give_consent(tx: Session, recasting_id: int, proposal_ids: Sequence[int], at: datetime) -> None:
    """Note that the author of these originals consents."""
    tx.execute(
        sa.update(RecastOriginal)
        .where(
            RecastOriginal.recasting_id == recasting_id,
            RecastOriginal.proposal_id.in_(proposal_ids),
        )
        .values(consented_at=at)
    )


def list_made(session: Session, recasting_id: int) -> Sequence[int]:
    """The proposals that a recasting made."""
    query = sa.select(Proposal.id).where(Proposal.recasting_id == recasting_id)
    return session.scalars(query.order_by(Proposal.id)).all()


def is_any_hidden(session: Session, recasting_id: int) -> bool:
    """Whether a moderator hid an original or a proposal that was made of it."""
    originals = sa.select(RecastOriginal.proposal_id).where(
        RecastOriginal.recasting_id == recasting_id
    )
    kin = sa.or_(Proposal.id.in_(originals), Proposal.recasting_id == recasting_id)
    return bool(session.scalar(sa.select(sa.exists().where(kin, Proposal.hidden_at.is_not(None)))))


def deliberations_recast(person_id: int) -> sa.Select[int]:
    """The deliberations in which a person suggested to recast proposals."""
    return sa.select(Recasting.deliberation_id).where(
        sa.or_(Recasting.proposed_by == person_id, Recasting.answered_by == person_id)
    )
