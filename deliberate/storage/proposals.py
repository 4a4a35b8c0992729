"""Proposals, their versions, and the ratings given to a version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.moderation import Rule
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.positions import Rating
from deliberate.domain.threads import Capacity
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment, is_shown
from deliberate.storage.forum import OutputPoint
from deliberate.storage.people import Person
from deliberate.storage.types import Word


class Proposal(Base):
    """An answer that a participant puts forward; its text lives in versions.

    `point_id` is the point of an output that it answers; None when it answers the whole.
    `recasting_id` is what it was made by of other proposals, and `replaced_at` when others were
    made of it.
    """

    __tablename__ = "proposals"
    __table_args__ = (sa.UniqueConstraint("author_id", "submission_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))
    organisation: Mapped[str | None]
    capacity: Mapped[Capacity] = mapped_column(
        Word(Capacity), default=Capacity.PERSONAL, server_default=Capacity.PERSONAL.value
    )
    point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("output_points.id"))
    submission_key: Mapped[str]
    proposed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    recasting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("recastings.id"), index=True)
    replaced_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_for: Mapped[Rule | None] = mapped_column(Word(Rule))


class ProposalVersion(Base):
    """One wording of a proposal; the highest number is the current one.

    `note` says what changed since the version before. The first version came with its
    proposal's submission key and has none of its own.
    """

    __tablename__ = "proposal_versions"
    __table_args__ = (
        sa.UniqueConstraint("proposal_id", "number"),
        sa.UniqueConstraint("proposal_id", "submission_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"))
    number: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    body_html: Mapped[str]
    rationale: Mapped[str] = mapped_column(default="", server_default=sa.text("''"))
    rationale_html: Mapped[str] = mapped_column(default="", server_default=sa.text("''"))
    note: Mapped[str] = mapped_column(default="", server_default=sa.text("''"))
    submission_key: Mapped[str | None]
    written_at: Mapped[datetime]


class ProposalRating(Base):
    """How strongly one person agrees with one version of a proposal."""

    __tablename__ = "proposal_ratings"
    __table_args__ = (sa.UniqueConstraint("version_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal_versions.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))
    rating: Mapped[Rating] = mapped_column(Word(Rating))
    rated_at: Mapped[datetime]


class ProposalMention(Base):
    """That a comment names a proposal by its number."""

    __tablename__ = "proposal_mentions"

    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        sa.ForeignKey("proposals.id"), primary_key=True, index=True
    )


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal with its current wording and author, as lists and pages show it.

    `mention_count`, of comments that name it, is known where one proposal is asked for.
    `point_number` and `point_text` are those of the point it answers, None for the whole. The
    texts of one that a moderator hid are empty.
    """

    id: int
    deliberation_id: int
    version_id: int
    version_number: int
    title: str
    body: str
    body_html: str
    rationale: str
    rationale_html: str
    written_at: datetime
    author_id: int
    author_name: str
    group: StakeholderGroup
    organisation: str | None
    capacity: Capacity
    proposed_at: datetime
    withdrawn_at: datetime | None
    hidden_at: datetime | None
    hidden_for: Rule | None
    replaced_at: datetime | None
    point_id: int | None
    point_number: int | None
    point_text: str | None
    mention_count: int = 0

    @property
    def is_withdrawn(self) -> bool:
        """Whether its author withdrew it."""
        return self.withdrawn_at is not None

    @property
    def is_hidden(self) -> bool:
        """Whether a moderator hid it."""
        return self.hidden_at is not None

    @property
    def is_replaced(self) -> bool:
        """Whether other proposals were made of it."""
        return self.replaced_at is not None

    @property
    def is_public(self) -> bool:
        """Whether its text and its ratings are for everybody: neither withdrawn nor hidden."""
        return not self.is_withdrawn and not self.is_hidden

    @property
    def stands(self) -> bool:
        """Whether it can be rated, reworded and put on a ballot."""
        return self.is_public and not self.is_replaced


_TEXTS = (
    ProposalVersion.title,
    ProposalVersion.body,
    ProposalVersion.body_html,
    ProposalVersion.rationale,
    ProposalVersion.rationale_html,
)


def _lines() -> Any:
    newest = (
        sa.select(sa.func.max(ProposalVersion.number))
        .where(ProposalVersion.proposal_id == Proposal.id)
        .correlate(Proposal)
        .scalar_subquery()
    )
    return (
        sa.select(
            Proposal.id,
            Proposal.deliberation_id,
            ProposalVersion.id,
            ProposalVersion.number,
            *(sa.case((Proposal.hidden_at.is_(None), text), else_="") for text in _TEXTS),
            ProposalVersion.written_at,
            Proposal.author_id,
            Person.name,
            Proposal.group,
            Proposal.organisation,
            Proposal.capacity,
            Proposal.proposed_at,
            Proposal.withdrawn_at,
            Proposal.hidden_at,
            Proposal.hidden_for,
            Proposal.replaced_at,
            Proposal.point_id,
            OutputPoint.position,
            OutputPoint.text,
        )
        .join(ProposalVersion, ProposalVersion.proposal_id == Proposal.id)
        .join(Person, Person.id == Proposal.author_id)
        .outerjoin(OutputPoint, OutputPoint.id == Proposal.point_id)
        .where(ProposalVersion.number == newest)
    )


def is_public() -> sa.ColumnElement[bool]:
    """Whether the proposal of a query is neither withdrawn nor hidden."""
    return sa.and_(Proposal.withdrawn_at.is_(None), Proposal.hidden_at.is_(None))


def stands() -> sa.ColumnElement[bool]:
    """Whether the proposal of a query is public and nothing else was made of it."""
    return sa.and_(is_public(), Proposal.replaced_at.is_(None))


def find_proposal(session: Session, proposal_id: int) -> ProposalLine | None:
    """The proposal with its current wording."""
    mentions = (
        sa.select(sa.func.count(ProposalMention.comment_id))
        .join(Comment, Comment.id == ProposalMention.comment_id)
        .where(ProposalMention.proposal_id == Proposal.id, is_shown())
        .correlate(Proposal)
        .scalar_subquery()
    )
    query = _lines().add_columns(mentions).where(Proposal.id == proposal_id)
    row = session.execute(query).one_or_none()
    return None if row is None else ProposalLine(*row)


def list_proposals(session: Session, deliberation_id: int) -> Sequence[ProposalLine]:
    """The proposals of a deliberation in the order they were made, those that stand first."""
    query = (
        _lines()
        .where(Proposal.deliberation_id == deliberation_id)
        .order_by(~stands(), Proposal.proposed_at, Proposal.id)
    )
    return [ProposalLine(*row) for row in session.execute(query)]


def find_by_submission(
    session: Session, author_id: int | None, submission_key: str
) -> Proposal | None:
    """The proposal that this rendering of the form already led to."""
    query = sa.select(Proposal).where(
        Proposal.author_id == author_id, Proposal.submission_key == submission_key
    )
    return session.scalar(query)


def lock_proposal(tx: Session, proposal_id: int) -> Proposal | None:
    """The proposal, held until the transaction ends."""
    query = sa.select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    return tx.scalar(query.execution_options(populate_existing=True))


def find_version_id(session: Session, proposal_id: int) -> int:
    """The current version of a proposal that there is."""
    query = sa.select(ProposalVersion.id).where(ProposalVersion.proposal_id == proposal_id)
    return session.scalars(query.order_by(ProposalVersion.number.desc()).limit(1)).one()


def find_deliberation_id(session: Session, proposal_id: int) -> int | None:
    """The deliberation that a proposal stands in, which never changes."""
    query = sa.select(Proposal.deliberation_id).where(Proposal.id == proposal_id)
    return session.scalar(query)


def find_rating(session: Session, version_id: int, person_id: int) -> ProposalRating | None:
    """What this person last said of this version."""
    query = sa.select(ProposalRating).where(
        ProposalRating.version_id == version_id, ProposalRating.person_id == person_id
    )
    return session.scalar(query)
