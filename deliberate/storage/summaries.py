"""Consensus summaries: one draft for a deliberation, and editions that never change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.levels import ConsensusLevel
from deliberate.storage.base import Base
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession
from deliberate.storage.types import Word


class Summary(Base):
    """The facilitator's text in progress; `version` guards against lost edits."""

    __tablename__ = "summaries"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), unique=True)
    body: Mapped[str]
    minority_views: Mapped[str]
    level: Mapped[ConsensusLevel | None] = mapped_column(Word(ConsensusLevel))
    level_reason: Mapped[str]
    version: Mapped[int] = mapped_column()
    edited_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    edited_at: Mapped[datetime]
    __mapper_args__ = {"version_id_col": version}


class Edition(Base):
    """One published edition: a document with its figures, and the digest of both."""

    __tablename__ = "editions"
    __table_args__ = (sa.UniqueConstraint("summary_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(sa.ForeignKey("summaries.id"))
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    digest: Mapped[str]
    published_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    published_at: Mapped[datetime]


def find_summary(session: Session, summary_id: int) -> Summary | None:
    """The summary with this id."""
    return session.get(Summary, summary_id)


def find_summary_of(session: Session, deliberation_id: int) -> Summary | None:
    """The summary of a deliberation, once somebody began one."""
    return session.scalar(sa.select(Summary).where(Summary.deliberation_id == deliberation_id))


def lock_summary(tx: Session, summary_id: int) -> Summary | None:
    """The summary, held until the transaction ends."""
    query = sa.select(Summary).where(Summary.id == summary_id).with_for_update()
    return tx.scalar(query.execution_options(populate_existing=True))


def find_edition(session: Session, summary_id: int, number: int) -> Edition | None:
    """One edition by its number."""
    query = sa.select(Edition).where(Edition.summary_id == summary_id, Edition.number == number)
    return session.scalar(query)


def list_editions(session: Session, summary_id: int) -> Sequence[Edition]:
    """The editions of a summary, oldest first."""
    query = sa.select(Edition).where(Edition.summary_id == summary_id)
    return session.scalars(query.order_by(Edition.number)).all()


def list_published(
    session: Session,
) -> Sequence[sa.Row[Edition, Summary, Deliberation, ForumSession]]:
    """The newest edition of every published summary, newest first."""
    newest = sa.select(sa.func.max(Edition.id)).group_by(Edition.summary_id)
    query = (
        sa.select(Edition, Summary, Deliberation, ForumSession)
        .join(Summary, Summary.id == Edition.summary_id)
        .join(Deliberation, Deliberation.id == Summary.deliberation_id)
        .join(ForumSession, ForumSession.id == Deliberation.session_id)
        .where(Edition.id.in_(newest))
        .order_by(Edition.published_at.desc(), Edition.id.desc())
    )
    return session.execute(query).all()
