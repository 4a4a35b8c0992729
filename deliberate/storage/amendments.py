"""Amendments suggested to proposals, each against one version of the text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from deliberate.domain.amendments import AmendmentState
from deliberate.domain.people import StakeholderGroup
from deliberate.storage.base import Base
from deliberate.storage.people import Person
from deliberate.storage.proposals import Proposal, ProposalVersion
from deliberate.storage.types import Word

AMENDMENTS_A_PAGE = 20


class Amendment(Base):
    """The whole text as somebody would have it; `note` says why.

    `version_id` is the version it was written from. `answer` are the words of whoever answered;
    `made_version_id` or `made_proposal_id` is what came of it.
    """

    __tablename__ = "amendments"
    __table_args__ = (sa.UniqueConstraint("author_id", "submission_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal_versions.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))
    organisation: Mapped[str | None]
    title: Mapped[str]
    body: Mapped[str]
    rationale: Mapped[str]
    note: Mapped[str]
    submission_key: Mapped[str]
    suggested_at: Mapped[datetime]
    state: Mapped[AmendmentState] = mapped_column(Word(AmendmentState))
    answer: Mapped[str]
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    made_version_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("proposal_versions.id"), index=True
    )
    made_proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposals.id"), index=True)


@dataclass(frozen=True, slots=True)
class AmendmentLine:
    """An amendment without its text, as lists show it; `made_number` is that of the version.

    `is_made_hidden` says that a moderator hid the proposal that was made of it.
    """

    id: int
    author_id: int
    author_name: str
    group: StakeholderGroup
    organisation: str | None
    note: str
    suggested_at: datetime
    state: AmendmentState
    answer: str
    answered_by: str | None
    answered_at: datetime | None
    base_number: int
    made_number: int | None
    made_proposal_id: int | None
    is_made_hidden: bool


def find_amendment(session: Session, amendment_id: int) -> Amendment | None:
    """The amendment with this id."""
    return session.get(Amendment, amendment_id)


def lock_amendment(tx: Session, amendment_id: int) -> Amendment:
    """The amendment, held until the transaction ends."""
    return tx.get_one(Amendment, amendment_id, with_for_update=True, populate_existing=True)


def find_amendment_by_submission(
    session: Session, author_id: int | None, submission_key: str
) -> Amendment | None:
    """The amendment that this rendering of the form already led to."""
    query = sa.select(Amendment).where(
        Amendment.author_id == author_id, Amendment.submission_key == submission_key
    )
    return session.scalar(query)


def find_amendment_line(session: Session, amendment_id: int) -> AmendmentLine | None:
    """An amendment with the people and the numbers on its page."""
    row = session.execute(_lines().where(Amendment.id == amendment_id)).one_or_none()
    return None if row is None else AmendmentLine(*row)


def list_amendments(
    session: Session, proposal_id: int, *, offset: int = 0, limit: int = AMENDMENTS_A_PAGE
) -> Sequence[AmendmentLine]:
    """The amendments to a proposal: those that wait for an answer first, then the newest."""
    query = (
        _lines()
        .where(Amendment.proposal_id == proposal_id)
        .order_by(Amendment.state != AmendmentState.OPEN, Amendment.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [AmendmentLine(*row) for row in session.execute(query)]


def find_credit(session: Session, version_id: int) -> tuple[int, str] | None:
    """The amendment that a version came of, and the name of who suggested it."""
    query = (
        sa.select(Amendment.id, Person.name)
        .join(Person, Person.id == Amendment.author_id)
        .where(Amendment.made_version_id == version_id)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def _lines() -> Any:
    answerer, base, made = aliased(Person), aliased(ProposalVersion), aliased(ProposalVersion)
    return (
        sa.select(
            Amendment.id,
            Amendment.author_id,
            Person.name,
            Amendment.group,
            Amendment.organisation,
            Amendment.note,
            Amendment.suggested_at,
            Amendment.state,
            Amendment.answer,
            answerer.name,
            Amendment.answered_at,
            base.number,
            made.number,
            Amendment.made_proposal_id,
            sa.and_(Proposal.id.is_not(None), Proposal.hidden_at.is_not(None)),
        )
        .join(Person, Person.id == Amendment.author_id)
        .join(base, base.id == Amendment.version_id)
        .outerjoin(answerer, answerer.id == Amendment.answered_by)
        .outerjoin(made, made.id == Amendment.made_version_id)
        .outerjoin(Proposal, Proposal.id == Amendment.made_proposal_id)
    )


def deliberations_amended(person_id: int) -> sa.Select[int]:
    """The deliberations in which a person suggested or answered amendments."""
    return (
        sa.select(Proposal.deliberation_id)
        .join(Amendment, Amendment.proposal_id == Proposal.id)
        .where(sa.or_(Amendment.author_id == person_id, Amendment.answered_by == person_id))
    )
