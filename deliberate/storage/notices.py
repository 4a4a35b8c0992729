"""Events in discussions, and who is told of them.

An act writes one event and one job in its own transaction, whoever follows; the job then writes
a notice for each person. So a discussion with thousands of followers makes nobody wait.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.moderation import Rule
from deliberate.domain.notices import EventKind, Reason
from deliberate.domain.people import Actor, StakeholderGroup
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment, is_shown
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.jobs import enqueue
from deliberate.storage.people import Person
from deliberate.storage.polls import Poll
from deliberate.storage.proposals import Proposal, ProposalVersion, is_public
from deliberate.storage.types import Word

NOTICES_A_PAGE = 30
EXCERPT = 280
"""Letters of a comment that an inbox, a mail or a feed shows."""


class Event(Base):
    """Something that happened in a deliberation. `actor_id` is empty for what happens by itself.

    `thread_id` is the first comment of the thread. `group` is the actor's as of then. `directed`
    maps the ids of people who are told in any case to the reason. `details` holds the rest of an
    address, such as the number of an edition.
    """

    __tablename__ = "events"
    __table_args__ = (sa.Index("ix_events_deliberation_id_id", "deliberation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(Word(EventKind))
    deliberation_id: Mapped[int] = mapped_column(sa.ForeignKey("deliberations.id"))
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposals.id"))
    comment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    thread_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id"))
    poll_id: Mapped[int | None] = mapped_column(sa.ForeignKey("polls.id"))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    group: Mapped[StakeholderGroup | None] = mapped_column(
        "stakeholder_group", Word(StakeholderGroup)
    )
    directed: Mapped[dict[str, Any]]
    details: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]


class Notice(Base):
    """One event as told to one person."""

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "person_id"),
        sa.Index("ix_notices_person_id_id", "person_id", "id"),
        sa.Index("ix_notices_person_id_read_at", "person_id", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("events.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    reason: Mapped[Reason] = mapped_column(Word(Reason))
    read_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event as it is shown: `title` is the deliberation's, `excerpt` the beginning of a text."""

    id: int
    kind: EventKind
    deliberation_id: int
    proposal_id: int | None
    comment_id: int | None
    poll_id: int | None
    details: dict[str, Any]
    happened_at: datetime
    actor_name: str | None
    group: StakeholderGroup | None
    title: str
    excerpt: str

    @property
    def address(self) -> str:
        """The path of the page on which it is found; of a hidden text, the author's own page."""
        if self.kind.is_moderation:
            plural = "comments" if self.comment_id is not None else "proposals"
            return f"/{plural}/{self.comment_id or self.proposal_id}/moderation"
        if self.comment_id is not None:
            return f"/comments/{self.comment_id}"
        if self.kind is EventKind.SUMMARY:
            return f"/summaries/{self.details['summary_id']}/editions/{self.details['edition']}"
        if self.kind in (EventKind.POLL_COUNTED, EventKind.POLL_INVALIDATED):
            return f"/polls/{self.poll_id}/results"
        if self.kind.is_official and self.poll_id is not None:
            return f"/polls/{self.poll_id}"
        if "recasting_id" in self.details:
            return f"/recastings/{self.details['recasting_id']}"
        if "amendment_id" in self.details:
            return f"/amendments/{self.details['amendment_id']}"
        if self.proposal_id is not None:
            return f"/proposals/{self.proposal_id}"
        return f"/deliberations/{self.deliberation_id}"

    @property
    def rule(self) -> Rule | None:
        """The rule by which a moderator hid a text."""
        named = self.details.get("rule")
        return Rule(named) if named else None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice with its event."""

    id: int
    reason: Reason
    read_at: datetime | None
    event: EventLine


def record(
    tx: Session,
    actor: Actor,
    kind: EventKind,
    deliberation_id: int,
    *,
    proposal_id: int | None = None,
    comment_id: int | None = None,
    thread_id: int | None = None,
    poll_id: int | None = None,
    to: Mapping[int, Reason] | None = None,
    **details: Any,
) -> Event:
    """Note that something happened, in the transaction of the act; who is told follows in a job.

    Told are those who follow the deliberation, the proposal, the thread or the actor's group
    (unless the kind is personal), and in any case the people in `to`, each for their reason; never
    the actor. What is hidden, held
    or taken back by the time of reading is left out everywhere, so there is nothing to undo. To
    add a kind, give it a sentence in `domain.notices.KIND_LABELS`.
    """
    event = Event(
        kind=kind,
        deliberation_id=deliberation_id,
        proposal_id=proposal_id,
        comment_id=comment_id,
        thread_id=thread_id,
        poll_id=poll_id,
        actor_id=actor.id,
        group=actor.affiliation.group if actor.affiliation else None,
        directed={str(person_id): reason.value for person_id, reason in (to or {}).items()},
        details=details,
        happened_at=now(tx),
    )
    tx.add(event)
    tx.flush()
    enqueue(tx, "tell_followers", event_id=event.id)
    return event


def last_of_poll(session: Session, poll_id: int, kinds: Iterable[EventKind]) -> datetime | None:
    """When something of these kinds last happened in a poll."""
    query = sa.select(sa.func.max(Event.happened_at)).where(
        Event.poll_id == poll_id, Event.kind.in_(list(kinds))
    )
    return session.scalar(query)


def list_notices(
    session: Session,
    person_id: int,
    *,
    before_id: int | None = None,
    after_id: int = 0,
    direct: bool | None = None,
    only_unread: bool = False,
    limit: int = NOTICES_A_PAGE,
) -> tuple[Sequence[NoticeLine], int | None]:
    """A person's notices, newest first, and the id the next page begins before."""
    query = (
        _joined(sa.select(Notice.id, Notice.reason, Notice.read_at, *_EVENT))
        .join(Notice, Notice.event_id == Event.id)
        .where(Notice.person_id == person_id, Notice.id > after_id, *_SHOWN)
        .order_by(Notice.id.desc())
        .limit(limit + 1)
    )
    if before_id is not None:
        query = query.where(Notice.id < before_id)
    if direct is not None:
        reasons = [reason for reason in Reason if reason.is_direct is direct]
        query = query.where(Notice.reason.in_(reasons))
    if only_unread:
        query = query.where(Notice.read_at.is_(None))
    rows = [_notice_line(row) for row in session.execute(query)]
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def find_notice(session: Session, person_id: int, event_id: int) -> NoticeLine | None:
    """How a person was told of an event, unless it is not shown any more."""
    query = (
        _joined(sa.select(Notice.id, Notice.reason, Notice.read_at, *_EVENT))
        .join(Notice, Notice.event_id == Event.id)
        .where(Notice.person_id == person_id, Event.id == event_id, *_SHOWN)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else _notice_line(row)


def list_events(
    session: Session,
    *,
    deliberation_id: int | None = None,
    session_id: int | None = None,
    limit: int = NOTICES_A_PAGE,
) -> Sequence[EventLine]:
    """The newest public events of a deliberation or of all those of a session."""
    kinds = [kind for kind in EventKind if kind.is_public]
    query = _joined(sa.select(*_EVENT)).where(Event.kind.in_(kinds), *_SHOWN)
    if deliberation_id is not None:
        query = query.where(Event.deliberation_id == deliberation_id)
    if session_id is not None:
        query = query.where(Deliberation.session_id == session_id)
    rows = session.execute(query.order_by(Event.id.desc()).limit(limit))
    return [_event_line(tuple(row)) for row in rows]


def mark_read(tx: Session, person_id: int, *, notice_id: int | None, until_id: int) -> None:
    """Mark one notice as read, or without one all up to `until_id`."""
    which = Notice.id == notice_id if notice_id is not None else Notice.id <= until_id
    unread = (Notice.person_id == person_id, Notice.read_at.is_(None), which)
    tx.execute(sa.update(Notice).where(*unread).values(read_at=now(tx)))


def newest_notice_id(session: Session, person_id: int) -> int:
    """The newest notice of a person; 0 when there is none."""
    newest = sa.select(sa.func.max(Notice.id)).where(Notice.person_id == person_id)
    return session.scalar(newest) or 0


_TITLE = (
    sa.select(ProposalVersion.title)
    .where(ProposalVersion.proposal_id == Event.proposal_id)
    .order_by(ProposalVersion.number.desc())
    .limit(1)
    .correlate(Event)
    .scalar_subquery()
)
_EVENT = (
    Event.id,
    Event.kind,
    Event.deliberation_id,
    Event.proposal_id,
    Event.comment_id,
    Event.poll_id,
    Event.details,
    Event.happened_at,
    Person.name,
    Event.group,
    Deliberation.title,
    sa.func.coalesce(sa.func.substr(Comment.body, 1, EXCERPT + 1), Poll.title, _TITLE, ""),
)
_SHOWN = (
    sa.or_(
        Event.kind.in_([kind for kind in EventKind if kind.is_moderation]),
        sa.and_(
            sa.or_(Event.comment_id.is_(None), is_shown()),
            sa.or_(Event.proposal_id.is_(None), Event.comment_id.is_not(None), is_public()),
        ),
    ),
)


def _joined(query: sa.Select[Any]) -> sa.Select[Any]:
    return (
        query.select_from(Event)
        .join(Deliberation, Deliberation.id == Event.deliberation_id)
        .outerjoin(Person, Person.id == Event.actor_id)
        .outerjoin(Comment, Comment.id == Event.comment_id)
        .outerjoin(Proposal, Proposal.id == Event.proposal_id)
        .outerjoin(Poll, Poll.id == Event.poll_id)
    )


def _notice_line(row: Sequence[Any]) -> NoticeLine:
    return NoticeLine(row[0], row[1], row[2], _event_line(row[3:]))


def _event_line(row: Sequence[Any]) -> EventLine:
    """The event with the beginning of a text, or with what a moderator wrote to its author."""
    is_moderation = EventKind(row[1]).is_moderation
    text = " ".join(str(row[6].get("words", "") if is_moderation else row[-1]).split())
    short = text if len(text) <= EXCERPT else f"{text[:EXCERPT].rstrip()}…"
    return EventLine(*[*row[:-1], short])
