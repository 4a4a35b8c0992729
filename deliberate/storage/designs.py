"""Drafts of processes: one for each question or output, kept even while they contradict themselves.

What was frozen from a draft at opening stands in the deliberation, not here.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.storage.base import Base


class ProcessDraft(Base):
    """The process of the next round of a question or an output, as it is planned so far.

    `version` grows with every saving, so that two people notice each other.
    """

    __tablename__ = "process_designs"
    __table_args__ = (
        sa.CheckConstraint("(question_id IS NULL) <> (output_id IS NULL)", name="one_subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("policy_questions.id"), unique=True
    )
    output_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outputs.id"), unique=True)
    document: Mapped[dict[str, Any]]
    version: Mapped[int]
    designed_by: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    designed_at: Mapped[datetime]


def find_draft(
    session: Session, *, question_id: int | None = None, output_id: int | None = None
) -> ProcessDraft | None:
    """The draft for this question or this output."""
    return session.scalar(_query(question_id, output_id))


def lock_draft(
    tx: Session, *, question_id: int | None = None, output_id: int | None = None
) -> ProcessDraft | None:
    """The draft, held until the transaction ends."""
    query = _query(question_id, output_id).with_for_update()
    return tx.scalar(query.execution_options(populate_existing=True))


def _query(question_id: int | None, output_id: int | None) -> sa.Select[ProcessDraft]:
    if question_id is not None:
        return sa.select(ProcessDraft).where(ProcessDraft.question_id == question_id)
    return sa.select(ProcessDraft).where(ProcessDraft.output_id == output_id)
