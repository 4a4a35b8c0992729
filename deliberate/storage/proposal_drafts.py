"""Proposals, and new versions of proposals, that their author has not published.

Nobody but the author reads them: every query here asks for one person's drafts, and no other
module reads this table. A published or discarded draft is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.threads import Capacity
from deliberate.storage.base import Base
from deliberate.storage.contributions import NEWEST, OwnProposal
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.proposals import Proposal, ProposalVersion
from deliberate.storage.types import Word


class ProposalDraft(Base):
    """A text in progress; of a new version when `proposal_id` is set.

    `base_number` is the version it was begun on, `version` counts how often it was saved, and
    `submission_key` becomes that of what is published, so that publishing twice has one effect.
    """

    __tablename__ = "proposal_drafts"
    __table_args__ = (sa.UniqueConstraint("author_id", "submission_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposals.id"))
    base_number: Mapped[int | None]
    point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("output_points.id"))
    capacity: Mapped[Capacity] = mapped_column(
        Word(Capacity), default=Capacity.PERSONAL, server_default=Capacity.PERSONAL.value
    )
    title: Mapped[str]
    body: Mapped[str]
    rationale: Mapped[str]
    note: Mapped[str]
    submission_key: Mapped[str]
    version: Mapped[int]
    saved_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A draft in a list of its author's; `heading` is the beginning of what was typed."""

    id: int
    heading: str
    proposal_id: int | None
    deliberation_id: int
    deliberation_title: str
    saved_at: datetime


_OWN = (
    ProposalDraft.id,
    ProposalDraft.title,
    sa.func.substr(ProposalDraft.body, 1, 140),
    sa.func.substr(ProposalDraft.rationale, 1, 140),
    sa.func.substr(ProposalDraft.note, 1, 140),
    ProposalDraft.proposal_id,
    ProposalDraft.deliberation_id,
    Deliberation.title,
    ProposalDraft.saved_at,
)
_NEWEST_FIRST = (ProposalDraft.saved_at.desc(), ProposalDraft.id.desc())


def list_own_drafts(session: Session, person_id: int, deliberation_id: int) -> Sequence[OwnDraft]:
    """A person's drafts in one deliberation, the one saved last first."""
    query = (
        sa.select(*_OWN)
        .join(Deliberation, Deliberation.id == ProposalDraft.deliberation_id)
        .where(
            ProposalDraft.author_id == person_id,
            ProposalDraft.deliberation_id == deliberation_id,
        )
        .order_by(*_NEWEST_FIRST)
    )
    return [_own(*row) for row in session.execute(query)]


def find_revision_and_drafts(
    session: Session, deliberation_id: int, person_id: int
) -> tuple[int | None, list[OwnDraft]]:
    """The revision of a deliberation, None without one, and a person's drafts in it.

    In one query, since the page of a discussion asks for the revision anyhow.
    """
    own = sa.and_(
        ProposalDraft.deliberation_id == Deliberation.id, ProposalDraft.author_id == person_id
    )
    query = (
        sa.select(Deliberation.revision, *_OWN)
        .outerjoin(ProposalDraft, own)
        .where(Deliberation.id == deliberation_id)
        .order_by(*_NEWEST_FIRST)
    )
    rows = session.execute(query).all()
    drafts = [_own(*row) for _revision, *row in rows if row[0] is not None]
    return (rows[0][0] if rows else None), drafts


def list_own_texts(
    session: Session, person_id: int
) -> tuple[Sequence[OwnDraft], Sequence[OwnProposal]]:
    """A person's drafts, and the newest of their proposals, for their own page, in one query."""
    drafts = (
        sa.select(sa.true().label("is_draft"), *_OWN, sa.false().label("is_withdrawn"))
        .join(Deliberation, Deliberation.id == ProposalDraft.deliberation_id)
        .where(ProposalDraft.author_id == person_id)
    )
    rows = session.execute(drafts.union_all(_own_proposals(person_id))).all()
    found = sorted(rows, key=lambda row: (row.saved_at, row.id), reverse=True)
    return (
        [_own(*row[1:-1]) for row in found if row.is_draft],
        [
            OwnProposal(row.id, row.title, row.saved_at, bool(row.is_withdrawn))
            for row in found
            if not row.is_draft
        ],
    )


def _own_proposals(person_id: int) -> sa.Select[Any]:
    """A person's newest proposals, in the columns of their drafts."""
    newest = (
        sa.select(sa.func.max(ProposalVersion.number))
        .where(ProposalVersion.proposal_id == Proposal.id)
        .correlate(Proposal)
        .scalar_subquery()
    )
    nothing = sa.literal("")
    made = (
        sa.select(
            sa.false().label("is_draft"),
            Proposal.id,
            ProposalVersion.title,
            *(nothing.label(name) for name in ("body", "rationale", "note")),
            Proposal.id.label("proposal_id"),
            Proposal.deliberation_id,
            nothing.label("deliberation_title"),
            Proposal.proposed_at.label("saved_at"),
            Proposal.withdrawn_at.is_not(None).label("is_withdrawn"),
        )
        .join(ProposalVersion, ProposalVersion.proposal_id == Proposal.id)
        .where(Proposal.author_id == person_id, ProposalVersion.number == newest)
        .order_by(Proposal.id.desc())
        .limit(NEWEST)
        .subquery()
    )
    return sa.select(made)


def _own(id_: int, title: str, body: str, why: str, note: str, *rest: Any) -> OwnDraft:
    heading = next((text for text in (title, body, why, note) if text), "…")
    return OwnDraft(id_, heading, *rest)


def count_own_drafts(session: Session, person_id: int) -> int:
    """How many drafts a person has."""
    query = sa.select(sa.func.count(ProposalDraft.id)).where(ProposalDraft.author_id == person_id)
    return session.scalar(query) or 0


def find_own_draft(session: Session, draft_id: int, person_id: int | None) -> ProposalDraft | None:
    """The draft, if it is this person's."""
    query = sa.select(ProposalDraft).where(
        ProposalDraft.id == draft_id, ProposalDraft.author_id == person_id
    )
    return session.scalar(query)


def lock_own_draft(tx: Session, draft_id: int, person_id: int | None) -> ProposalDraft | None:
    """The draft, if it is this person's, held until the transaction ends."""
    query = (
        sa.select(ProposalDraft)
        .where(ProposalDraft.id == draft_id, ProposalDraft.author_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return tx.scalar(query)


def find_draft_by_submission(
    session: Session, person_id: int, submission_key: str
) -> ProposalDraft | None:
    """The draft that was saved from this rendering of the form."""
    query = sa.select(ProposalDraft).where(
        ProposalDraft.author_id == person_id, ProposalDraft.submission_key == submission_key
    )
    return session.scalar(query)
