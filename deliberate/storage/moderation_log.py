"""The public log of moderation, and what one person reported or had moderated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.moderation import PUBLIC_WORDS, Act, ItemKind, Rule
from deliberate.domain.people import Role
from deliberate.storage.comments import Comment, waits
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.moderation import Appeal, Flag, ModerationAct
from deliberate.storage.proposals import Proposal, ProposalVersion


@dataclass(frozen=True, slots=True)
class LogLine:
    """An act as everybody may read of it: no text, and nobody's name.

    `kind` is none for an act on a whole discussion; only such an act has a public `reason`.
    """

    id: int
    happened_at: datetime
    deliberation_id: int
    deliberation_title: str
    kind: ItemKind | None
    act: Act
    rule: Rule | None
    role: Role
    reason: str


@dataclass(frozen=True, slots=True)
class FlagStatus:
    """A report as the person who made it sees it, with how the reported text begins."""

    flag: Flag
    kind: ItemKind
    item_id: int
    text: str


@dataclass(frozen=True, slots=True)
class OwnItem:
    """Something of one's own that moderators dealt with or that waits for them."""

    kind: ItemKind
    id: int
    text: str
    is_hidden: bool
    is_held: bool
    act: ModerationAct | None
    appeal: Appeal | None


def list_log(
    session: Session,
    *,
    before: int | None = None,
    deliberation_id: int | None = None,
    limit: int | None = None,
) -> Sequence[LogLine]:
    """Acts of moderators, the newest first, from before an id on."""
    query = (
        sa.select(ModerationAct, Deliberation.title)
        .join(Deliberation, Deliberation.id == ModerationAct.deliberation_id)
        .order_by(ModerationAct.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(ModerationAct.id < before)
    if deliberation_id is not None:
        query = query.where(ModerationAct.deliberation_id == deliberation_id)
    return [_line(act, title) for act, title in session.execute(query)]


def list_own_flags(session: Session, person_id: int, limit: int) -> Sequence[FlagStatus]:
    """What this person reported, the newest first."""
    gone = sa.or_(
        *(Comment.hidden_at.is_not(None), Comment.retracted_at.is_not(None)),
        Proposal.hidden_at.is_not(None),
    )
    text = sa.func.coalesce(Comment.body, _newest_title(), "")
    query = (
        sa.select(Flag, sa.case((gone, ""), else_=text))
        .outerjoin(Comment, Comment.id == Flag.comment_id)
        .outerjoin(Proposal, Proposal.id == Flag.proposal_id)
        .where(Flag.person_id == person_id)
        .order_by(Flag.flagged_at.desc(), Flag.id.desc())
        .limit(limit)
    )
    return [
        FlagStatus(
            flag,
            ItemKind.COMMENT if flag.comment_id else ItemKind.PROPOSAL,
            flag.comment_id or flag.proposal_id or 0,
            text,
        )
        for flag, text in session.execute(query)
    ]


def list_own_items(session: Session, person_id: int, limit: int) -> Sequence[OwnItem]:
    """This person's texts that are held or that moderators dealt with, the newest first."""
    comments = _own_items(
        person_id,
        ItemKind.COMMENT,
        Comment,
        [Comment.body, Comment.hidden_for.is_not(None), waits()],
        sa.or_(ModerationAct.id.is_not(None), waits()),
    )
    proposals = _own_items(
        person_id,
        ItemKind.PROPOSAL,
        Proposal,
        [_newest_title(), Proposal.hidden_at.is_not(None), sa.false()],
        ModerationAct.id.is_not(None),
    )
    found = [
        OwnItem(kind, *row)
        for kind, query in ((ItemKind.COMMENT, comments), (ItemKind.PROPOSAL, proposals))
        for row in session.execute(query.limit(limit))
    ]
    return sorted(found, key=lambda item: item.act.id if item.act else 2**31, reverse=True)


def _own_items(
    person_id: int, kind: ItemKind, table: Any, columns: list[Any], chosen: Any
) -> sa.Select[Any]:
    """Items with the newest act on each, but for acts that kept what others reported."""
    about = ModerationAct.comment_id if kind is ItemKind.COMMENT else ModerationAct.proposal_id
    newest = (
        sa.select(sa.func.max(ModerationAct.id))
        .where(about == table.id, ModerationAct.act != Act.KEEP)
        .correlate(table)
        .scalar_subquery()
    )
    return (
        sa.select(table.id, *columns, ModerationAct, Appeal)
        .outerjoin(ModerationAct, ModerationAct.id == newest)
        .outerjoin(Appeal, Appeal.act_id == ModerationAct.id)
        .where(table.author_id == person_id, chosen)
        .order_by(table.id.desc())
    )


def _newest_title() -> sa.ScalarSelect[str]:
    """The title of the proposal of a query."""
    return (
        sa.select(ProposalVersion.title)
        .where(ProposalVersion.proposal_id == Proposal.id)
        .order_by(ProposalVersion.number.desc())
        .limit(1)
        .correlate(Proposal)
        .scalar_subquery()
    )


def _line(act: ModerationAct, title: str) -> LogLine:
    kind = ItemKind.COMMENT if act.comment_id else ItemKind.PROPOSAL if act.proposal_id else None
    return LogLine(
        id=act.id,
        happened_at=act.happened_at,
        deliberation_id=act.deliberation_id,
        deliberation_title=title,
        kind=kind,
        act=act.act,
        rule=act.rule,
        role=act.role,
        reason=act.words if act.act in PUBLIC_WORDS else "",
    )
