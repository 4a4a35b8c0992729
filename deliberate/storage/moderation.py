"""Reports of participants, what moderators did, and appeals against it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.moderation import Act, FlagState, ItemKind, Rule
from deliberate.domain.people import Role
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment
from deliberate.storage.polls import PollOption
from deliberate.storage.proposals import Proposal, ProposalVersion
from deliberate.storage.types import Word

Moderated = Comment | Proposal
ONE_ITEM = "(comment_id IS NULL) <> (proposal_id IS NULL)"


class Flag(Base):
    """One person's report of a comment or proposal; reporting it again changes the report.

    `note` is for moderators, `words` are a moderator's answer. `asked_at` says when the author
    was last asked to change the text because of it.
    """

    __tablename__ = "flags"
    __table_args__ = (
        sa.CheckConstraint(ONE_ITEM, name="one_item"),
        sa.UniqueConstraint("person_id", "comment_id"),
        sa.UniqueConstraint("person_id", "proposal_id"),
        sa.Index("ix_flags_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    rule: Mapped[Rule] = mapped_column(Word(Rule))
    note: Mapped[str]
    flagged_at: Mapped[datetime]
    state: Mapped[FlagState] = mapped_column(Word(FlagState))
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(default="")


class ModerationAct(Base):
    """One act of a moderator, in the role they acted in.

    It is about a comment, a proposal or, when it is about neither, the whole discussion. `words`
    are for the author alone, but those about a whole discussion are a public reason.
    """

    __tablename__ = "moderation_acts"

    id: Mapped[int] = mapped_column(primary_key=True)
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"), index=True)
    comment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposals.id"), index=True)
    act: Mapped[Act] = mapped_column(Word(Act))
    rule: Mapped[Rule | None] = mapped_column(Word(Rule))
    words: Mapped[str]
    moderator_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(Word(Role))
    happened_at: Mapped[datetime]


class Appeal(Base):
    """An author's one appeal against one hiding. Another moderator's answer is final."""

    __tablename__ = "appeals"

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(sa.ForeignKey("moderation_acts.id"), unique=True)
    text: Mapped[str]
    appealed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None] = mapped_column(index=True)
    granted: Mapped[bool | None]
    words: Mapped[str] = mapped_column(default="")


def own(table: Any, kind: ItemKind) -> sa.ColumnElement[int]:
    """The column of a table that names what it is about."""
    column: sa.ColumnElement[int] = (
        table.comment_id if kind is ItemKind.COMMENT else table.proposal_id
    )
    return column


def find_home(session: Session, kind: ItemKind, item_id: int) -> int | None:
    """The deliberation that a comment or proposal stands in."""
    table: Any = Comment if kind is ItemKind.COMMENT else Proposal
    return session.scalar(sa.select(table.deliberation_id).where(table.id == item_id))


def find_item(session: Session, kind: ItemKind, item_id: int) -> Moderated | None:
    """The comment or proposal as the database has it now."""
    table: Any = Comment if kind is ItemKind.COMMENT else Proposal
    item: Moderated | None = session.get(table, item_id, populate_existing=True)
    return item


def find_flag(session: Session, kind: ItemKind, item_id: int, person_id: int | None) -> Flag | None:
    """What this person reported of an item, if anything, withdrawn or not."""
    return session.scalar(
        sa.select(Flag).where(own(Flag, kind) == item_id, Flag.person_id == person_id)
    )


def list_flags(tx: Session, kind: ItemKind, item_id: int) -> Sequence[Flag]:
    """The reports of an item that were not withdrawn, the oldest first."""
    query = sa.select(Flag).where(own(Flag, kind) == item_id, Flag.state != FlagState.WITHDRAWN)
    return tx.scalars(query.order_by(Flag.flagged_at, Flag.id)).all()


def list_acts(
    session: Session, kind: ItemKind, item_ids: Collection[int]
) -> Sequence[sa.Row[ModerationAct, Appeal | None]]:
    """Every act on these items with the appeal against it, the newest first."""
    query = (
        sa.select(ModerationAct, Appeal)
        .outerjoin(Appeal, Appeal.act_id == ModerationAct.id)
        .where(own(ModerationAct, kind).in_(item_ids))
        .order_by(ModerationAct.id.desc())
    )
    rows: Any = session.execute(query).all()
    return list(rows)


def stands_on_ballot(session: Session, proposal_id: int) -> bool:
    """Whether people vote, or voted, on the proposal."""
    query = (
        sa.select(PollOption.id)
        .join(ProposalVersion, ProposalVersion.id == PollOption.version_id)
        .where(ProposalVersion.proposal_id == proposal_id)
    )
    return session.scalar(query.limit(1)) is not None


def in_force(acts: Iterable[tuple[ModerationAct, Appeal | None]]) -> ModerationAct | None:
    """Of an item's acts, the newest first, the hiding that holds; None when it is shown."""
    for act, _appeal in acts:
        if act.act in (Act.UNHIDE, Act.GRANT):
            return None
        if act.act is Act.HIDE:
            return act
    return None
