"""The moderators' queue: what waits for them, the oldest first, and all they need to see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from deliberate.domain.moderation import FlagState, Item, ItemKind, Rule, Waits
from deliberate.domain.people import Role, StakeholderGroup
from deliberate.storage.comments import Comment, waits
from deliberate.storage.conflicts import stands_aside
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession
from deliberate.storage.moderation import (
    Appeal,
    Flag,
    ModerationAct,
    in_force,
    own,
)
from deliberate.storage.people import Person, RoleGrant
from deliberate.storage.proposals import Proposal, ProposalVersion

ITEMS_A_PAGE = 25
Key = tuple[ItemKind, int]


@dataclass(frozen=True, slots=True)
class FlagLine:
    """A report as moderators see it, with the name and group of who made it."""

    flag: Flag
    person_name: str
    group: StakeholderGroup


@dataclass(frozen=True, slots=True)
class ActLine:
    """What a moderator did, with the appeal against it."""

    act: ModerationAct
    moderator: str
    appeal: Appeal | None


@dataclass(frozen=True, slots=True)
class ModeratedLine:
    """A comment or proposal as moderators see it, whether it is shown to others or not.

    `answers` is the text it replies to. `reader_stands_aside` and `reader_takes_part` are about
    the moderator who looks: a declared conflict of interest, and texts of their own there.
    """

    kind: ItemKind
    id: int
    deliberation_id: int
    deliberation_title: str
    title: str
    body_html: str
    author_id: int
    author_name: str
    group: StakeholderGroup
    organisation: str | None
    written_at: datetime
    version: int
    edited_at: datetime | None
    is_gone: bool
    held_at: datetime | None
    hidden_at: datetime | None
    hidden_for: Rule | None
    path: str
    answers_html: str | None
    answers_name: str | None
    author_is_facilitator: bool
    reader_stands_aside: bool
    reader_takes_part: bool

    @property
    def is_hidden(self) -> bool:
        """Whether a moderator hid it by a rule."""
        return self.hidden_for is not None

    @property
    def waits(self) -> bool:
        """Whether it appears only when a moderator has read it, or has read its change."""
        return not self.is_hidden and (self.held_at or self.hidden_at) is not None


@dataclass(frozen=True, slots=True)
class Case:
    """Something to be looked at, with the reports and acts so far; the newest act comes first."""

    line: ModeratedLine
    flags: Sequence[FlagLine]
    acts: Sequence[ActLine]
    reader_id: int

    @property
    def item(self) -> Item:
        """The item as policy asks about it for this reader."""
        return Item(
            author_id=self.line.author_id,
            recused=(self.reader_id,) if self.line.reader_stands_aside else (),
            flagged_by=[each.flag.person_id for each in self.flags],
            hidden_by=self.hiding.act.moderator_id if self.hiding else None,
        )

    @property
    def hiding(self) -> ActLine | None:
        """The hiding that holds."""
        hiding = in_force((each.act, each.appeal) for each in self.acts)
        return next((each for each in self.acts if each.act is hiding), None)

    @property
    def appeal(self) -> Appeal | None:
        """The appeal against the hiding that holds."""
        return self.hiding.appeal if self.hiding else None

    @property
    def open_flags(self) -> list[FlagLine]:
        """The reports that wait for an answer."""
        return [each for each in self.flags if each.flag.state is FlagState.OPEN]

    @property
    def newest(self) -> int:
        """The id of the newest act; 0 before the first one."""
        return self.acts[0].act.id if self.acts else 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the queue: since when it waits, and why."""

    key: Key
    since: datetime
    why: frozenset[Waits]


def count_waiting(session: Session) -> dict[Waits, int]:
    """How many things wait for each reason; one can wait for several."""
    queue = _queue().subquery()
    columns = [sa.func.coalesce(sa.func.sum(queue.c[why.value]), 0) for why in Waits]
    return dict(zip(Waits, session.execute(sa.select(*columns)).one(), strict=True))


def list_waiting(session: Session, why: Waits | None, page: int) -> Sequence[Waiting]:
    """A page of the queue, the oldest first, and one more row if there is another page.

    Without a reason everything but what waits for its author.
    """
    queue = _queue().subquery()
    chosen = [queue.c[each.value] for each in Waits if each is not Waits.ASKED]
    wanted = queue.c[why.value] > 0 if why else sa.or_(*(column > 0 for column in chosen))
    query = (
        sa.select(queue)
        .where(wanted)
        .order_by(queue.c.since, queue.c.kind, queue.c.id)
        .limit(ITEMS_A_PAGE + 1)
        .offset((page - 1) * ITEMS_A_PAGE)
    )
    return [
        Waiting(
            key=(ItemKind(row.kind), row.id),
            since=row.since,
            why=frozenset(each for each in Waits if getattr(row, each.value)),
        )
        for row in session.execute(query)
    ]


def find_cases(session: Session, keys: Sequence[Key], reader_id: int) -> Mapping[Key, Case]:
    """What a moderator needs to see of these items."""
    flags, acts = _flags(session, keys), _acts(session, keys)
    cases: dict[Key, Case] = {}
    for kind in ItemKind:
        ids = [number for each, number in keys if each is kind]
        if not ids:
            continue
        for row in session.execute(_lines(kind, reader_id).where(_table(kind).id.in_(ids))):
            key = (kind, row[0])
            line = ModeratedLine(kind, *row)
            cases[key] = Case(line, flags.get(key, []), acts.get(key, []), reader_id)
    return cases


def _table(kind: ItemKind) -> Any:
    return Comment if kind is ItemKind.COMMENT else Proposal


def _about(table: Any, keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    """Whether a report or an act is about one of these items."""
    return sa.or_(
        *(own(table, kind).in_([id_ for each, id_ in keys if each is kind]) for kind in ItemKind)
    )


def _key(row: Flag | ModerationAct) -> Key:
    if row.comment_id is not None:
        return ItemKind.COMMENT, row.comment_id
    return ItemKind.PROPOSAL, row.proposal_id or 0


def _flags(session: Session, keys: Sequence[Key]) -> dict[Key, list[FlagLine]]:
    query = (
        sa.select(Flag, Person.name, Person.stakeholder_group)
        .join(Person, Person.id == Flag.person_id)
        .where(_about(Flag, keys), Flag.state != FlagState.WITHDRAWN)
        .order_by(Flag.flagged_at, Flag.id)
    )
    found: dict[Key, list[FlagLine]] = {}
    for flag, name, group in session.execute(query):
        found.setdefault(_key(flag), []).append(FlagLine(flag, name, group))
    return found


def _acts(session: Session, keys: Sequence[Key]) -> dict[Key, list[ActLine]]:
    query = (
        sa.select(ModerationAct, Person.name, Appeal)
        .join(Person, Person.id == ModerationAct.moderator_id)
        .outerjoin(Appeal, Appeal.act_id == ModerationAct.id)
        .where(_about(ModerationAct, keys))
        .order_by(ModerationAct.id.desc())
    )
    found: dict[Key, list[ActLine]] = {}
    for act, name, appeal in session.execute(query):
        found.setdefault(_key(act), []).append(ActLine(act, name, appeal))
    return found


def _lines(kind: ItemKind, reader_id: int) -> sa.Select[Any]:
    table = _table(kind)
    mine = sa.exists().where(
        _own_text.deliberation_id == Deliberation.id, _own_text.author_id == reader_id
    )
    facilitates = sa.exists().where(
        RoleGrant.person_id == table.author_id, RoleGrant.role == Role.FACILITATOR
    )
    before, after = _comment_columns() if kind is ItemKind.COMMENT else _proposal_columns()
    query = (
        sa.select(
            table.id,
            Deliberation.id,
            Deliberation.title,
            *before,
            table.author_id,
            Person.name,
            table.group,
            table.organisation,
            *after,
            facilitates,
            stands_aside(reader_id),
            mine,
        )
        .join(Person, Person.id == table.author_id)
        .join(Deliberation, Deliberation.id == table.deliberation_id)
        .join(ForumSession, ForumSession.id == Deliberation.session_id)
    )
    if kind is ItemKind.COMMENT:
        query = query.outerjoin(_parent, _parent.id == Comment.parent_id)
        return query.outerjoin(_answered, _answered.id == _parent.author_id)
    newest = sa.select(sa.func.max(_version.number)).where(_version.proposal_id == Proposal.id)
    return query.join(
        ProposalVersion,
        sa.and_(
            ProposalVersion.proposal_id == Proposal.id,
            ProposalVersion.number == newest.correlate(Proposal).scalar_subquery(),
        ),
    )


_own_text = aliased(Comment)
_parent = aliased(Comment)
_answered = aliased(Person)
_version = aliased(ProposalVersion)


def _comment_columns() -> tuple[list[Any], list[Any]]:
    title = sa.literal("")
    shown = sa.and_(_parent.retracted_at.is_(None), _parent.hidden_at.is_(None))
    return [title, Comment.body_html], [
        Comment.written_at,
        Comment.version,
        Comment.edited_at,
        Comment.retracted_at.is_not(None),
        Comment.held_at,
        Comment.hidden_at,
        Comment.hidden_for,
        Comment.path,
        sa.case((shown, _parent.body_html)),
        _answered.name,
    ]


def _proposal_columns() -> tuple[list[Any], list[Any]]:
    edited_at = sa.case((ProposalVersion.number > 1, ProposalVersion.written_at))
    return [ProposalVersion.title, ProposalVersion.body_html], [
        Proposal.proposed_at,
        ProposalVersion.number,
        edited_at,
        Proposal.withdrawn_at.is_not(None),
        sa.null(),
        Proposal.hidden_at,
        Proposal.hidden_for,
        sa.literal(""),
        sa.null(),
        sa.null(),
    ]


def _queue() -> sa.Select[Any]:
    """Kind, id and the moment since when, with 1 for each reason that something waits for."""
    rows = sa.union_all(
        _flagged(ItemKind.COMMENT),
        _flagged(ItemKind.PROPOSAL),
        _held(),
        _appealed(ItemKind.COMMENT),
        _appealed(ItemKind.PROPOSAL),
    ).subquery()
    return sa.select(
        rows.c.kind,
        rows.c.id,
        sa.func.min(rows.c.since).label("since"),
        *(sa.func.max(rows.c[why.value]).label(why.value) for why in Waits),
    ).group_by(rows.c.kind, rows.c.id)


def _why(*, flagged: Any = 0, held: int = 0, appealed: int = 0, asked: Any = 0) -> list[Any]:
    given = {"flagged": flagged, "held": held, "appealed": appealed, "asked": asked}
    return [
        (sa.literal_column(str(value)) if isinstance(value, int) else value).label(name)
        for name, value in given.items()
    ]


def _flagged(kind: ItemKind) -> sa.Select[Any]:
    """What is reported; while the author was asked to change it, it waits for them instead."""
    if kind is ItemKind.COMMENT:
        table: Any = Comment
        gone: Any = Comment.retracted_at
        edited: Any = sa.func.coalesce(Comment.edited_at > Flag.asked_at, sa.false())
    else:
        table, gone = Proposal, Proposal.withdrawn_at
        edited = sa.exists().where(
            _version.proposal_id == Proposal.id, _version.written_at > Flag.asked_at
        )
    asked = sa.case((sa.and_(Flag.asked_at.is_not(None), sa.not_(edited)), 1), else_=0)
    return (
        sa.select(
            sa.literal_column(f"'{kind.value}'").label("kind"),
            table.id.label("id"),
            sa.func.min(Flag.flagged_at).label("since"),
            *_why(flagged=sa.func.max(1 - asked), asked=sa.func.max(asked)),
        )
        .join(table, table.id == own(Flag, kind))
        .where(Flag.state == FlagState.OPEN, gone.is_(None), table.hidden_at.is_(None))
        .group_by(table.id)
    )


def _held() -> sa.Select[Any]:
    return sa.select(
        sa.literal_column(f"'{ItemKind.COMMENT.value}'").label("kind"),
        Comment.id,
        sa.func.coalesce(Comment.held_at, Comment.hidden_at).label("since"),
        *_why(held=1),
    ).where(waits())


def _appealed(kind: ItemKind) -> sa.Select[Any]:
    column = own(ModerationAct, kind)
    return (
        sa.select(
            sa.literal_column(f"'{kind.value}'").label("kind"),
            column.label("id"),
            Appeal.appealed_at.label("since"),
            *_why(appealed=1),
        )
        .join(ModerationAct, ModerationAct.id == Appeal.act_id)
        .where(Appeal.answered_at.is_(None), column.is_not(None))
    )
