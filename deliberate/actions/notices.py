"""Telling people what happened: who is told of an event, and who gets mail about it at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.mail import Rhythm, Stream
from deliberate.domain.notices import EventKind, Reason, Subject, SubjectKind
from deliberate.domain.people import VISITOR
from deliberate.domain.phases import PollPhase, poll_phase
from deliberate.policy import STAFF
from deliberate.storage import follows, notices, outbox, polls
from deliberate.storage.ballots import Participation
from deliberate.storage.comments import Comment
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.follows import Follow
from deliberate.storage.forum import OutputPoint
from deliberate.storage.jobs import enqueue
from deliberate.storage.mailboxes import Mailbox, get_mailbox
from deliberate.storage.notices import Event, Notice
from deliberate.storage.outbox import PATIENCE
from deliberate.storage.people import Person, RoleGrant
from deliberate.storage.polls import Poll
from deliberate.storage.proposals import Proposal, ProposalRating, ProposalVersion
from deliberate.storage.responses import Response
from deliberate.storage.sponsors import CoSponsorship
from deliberate.storage.voters import Voter

PEOPLE_AT_ONCE = 500
"""So many are told in one transaction; the others in the next, so that nobody waits long."""
REMINDER = timedelta(hours=48)
"""Who has not voted is reminded so long before a poll closes."""


def tell_followers(tx: Session, event_id: int, after_id: int = 0) -> None:
    """Write the notices of an event, and mail for those who want it at once; in stretches.

    A job does this after the act. Beginning again in the middle tells nobody twice.
    """
    event = tx.get_one(Event, event_id)
    if after_id == 0:
        _follow_own(tx, event)
    reasons = _next_people(tx, event, after_id)
    known = tx.scalars(
        sa.select(Notice.person_id).where(
            Notice.event_id == event.id, Notice.person_id.in_(list(reasons))
        )
    ).all()
    told = {person_id: reasons[person_id] for person_id in reasons if person_id not in set(known)}
    if told:
        rows = [
            {"event_id": event.id, "person_id": person_id, "reason": reason, "read_at": None}
            for person_id, reason in sorted(told.items())
        ]
        tx.execute(sa.insert(Notice), rows)
        _mail_at_once(tx, event, list(told))
    if len(reasons) >= PEOPLE_AT_ONCE:
        enqueue(tx, "tell_followers", event_id=event_id, after_id=max(reasons))


def announce_poll(tx: Session, poll_id: int) -> None:
    """Tell that a poll takes ballots, at the moment it begins to."""
    poll = polls.find_poll(tx, poll_id)
    if poll is not None and poll_phase(poll, now(tx)) is PollPhase.OPEN:
        _record_poll(tx, poll, EventKind.POLL_OPENED)


def remind_of_poll(tx: Session, poll_id: int) -> None:
    """Tell those who have not voted that a poll closes soon; later, when its date has moved."""
    poll = polls.find_poll(tx, poll_id)
    if poll is None or poll_phase(poll, now(tx)) is not PollPhase.OPEN:
        return
    due = poll.closes_at - REMINDER
    if due > now(tx):
        enqueue(tx, "remind_of_poll", run_at=due, poll_id=poll_id)
    else:
        _record_poll(tx, poll, EventKind.POLL_CLOSING)


def make_appointments(tx: Session, poll: Poll) -> None:
    """See to it that a poll is announced when it opens, and that people are reminded of it.

    One that lasts little longer than the reminder's notice is only announced.
    """
    enqueue(tx, "announce_poll", run_at=poll.opens_at, poll_id=poll.id)
    due = poll.closes_at - REMINDER
    if due >= poll.opens_at + REMINDER / 2:
        enqueue(tx, "remind_of_poll", run_at=due, poll_id=poll.id)


def make_reminder(tx: Session, poll: Poll, closed_before: datetime) -> None:
    """Remind of the new date of an extended poll, where the reminder of the old one is out.

    The appointment for a reminder that is still to come moves by itself (`remind_of_poll`).
    """
    if closed_before - REMINDER <= now(tx):
        enqueue(tx, "remind_of_poll", run_at=poll.closes_at - REMINDER, poll_id=poll.id)


def _record_poll(tx: Session, poll: Poll, kind: EventKind) -> None:
    closes_at = poll.closes_at.isoformat()
    notices.record(tx, VISITOR, kind, poll.deliberation_id, poll_id=poll.id, closes_at=closes_at)


def _follow_own(tx: Session, event: Event) -> None:
    """Let the actor follow what they wrote in, unless they asked not to."""
    if event.actor_id is None or not get_mailbox(tx, event.actor_id).follows_own:
        return
    if event.kind is EventKind.COMMENT and event.thread_id is not None:
        own = Subject(SubjectKind.THREAD, str(event.thread_id))
    elif event.kind is EventKind.PROPOSAL and event.proposal_id is not None:
        own = Subject(SubjectKind.PROPOSAL, str(event.proposal_id))
    else:
        return
    follows.follow(tx, event.actor_id, own, is_own=True)


def _next_people(tx: Session, event: Event, after_id: int) -> dict[int, Reason]:
    """The next stretch of people to tell by their ids, each with the strongest reason."""
    direct = {int(person_id): Reason(reason) for person_id, reason in event.directed.items()}
    candidates = sa.union(_followers(event), *_others(event)).subquery()
    hears = sa.and_(
        sa.literal(not event.kind.is_personal),
        *(Person.id.in_(sa.select(candidates.c[0])), Person.id.not_in(_silent(event))),
    )
    query = (
        sa.select(Person.id)
        .where(
            sa.or_(hears, Person.id.in_(list(direct))),
            Person.id > after_id,
            Person.id != (event.actor_id or 0),
            Person.suspended_at.is_(None),
        )
        .order_by(Person.id)
        .limit(PEOPLE_AT_ONCE)
    )
    if event.kind in (EventKind.POLL_OPENED, EventKind.POLL_CLOSING, EventKind.POLL_REMINDER):
        query = query.where(*_may_vote(event))
    reason = Reason.TAKES_PART if event.kind.is_official else Reason.FOLLOWED
    return {person_id: direct.get(person_id, reason) for person_id in tx.scalars(query)}


def _others(event: Event) -> Sequence[sa.Select[int]]:
    """Who is told without following anything: of a new text, who stood behind an earlier one."""
    if event.kind is EventKind.POLL_REMINDER:
        return (sa.select(Voter.person_id).where(Voter.poll_id == event.poll_id),)
    if event.kind.is_official:
        return _taking_part(event)
    if event.kind not in (EventKind.PROPOSAL_VERSION, EventKind.PROPOSAL_RECAST):
        return ()
    versions = sa.select(ProposalVersion.id).where(ProposalVersion.proposal_id == event.proposal_id)
    return (
        sa.select(ProposalRating.person_id).where(ProposalRating.version_id.in_(versions)),
        sa.select(CoSponsorship.person_id).where(
            CoSponsorship.version_id.in_(versions), CoSponsorship.left_at.is_(None)
        ),
    )


def _subjects(event: Event) -> list[str]:
    """What one may follow to be told of an event."""
    found = [Subject(SubjectKind.DISCUSSION, str(event.deliberation_id))]
    if event.proposal_id is not None:
        found.append(Subject(SubjectKind.PROPOSAL, str(event.proposal_id)))
    if event.thread_id is not None:
        found.append(Subject(SubjectKind.THREAD, str(event.thread_id)))
    if event.group is not None:
        found.append(Subject(SubjectKind.GROUP, event.group.value))
    return [str(subject) for subject in found]


def _followers(event: Event) -> sa.Select[int]:
    """Who follows one of an event's subjects."""
    return sa.select(Follow.person_id).where(Follow.subject.in_(_subjects(event)))


def _silent(event: Event) -> sa.Select[int]:
    """Who has muted one of an event's subjects."""
    return sa.select(Follow.person_id).where(Follow.subject.in_(_subjects(event)), Follow.muted)


def _taking_part(event: Event) -> Sequence[sa.Select[int]]:
    """Who did anything in the deliberation, or follows anything in it that is not muted."""
    place = event.deliberation_id
    own_points = (
        sa.select(OutputPoint.id)
        .join(
            Deliberation,
            sa.and_(
                Deliberation.output_id == OutputPoint.output_id,
                Deliberation.round == OutputPoint.round,
            ),
        )
        .where(Deliberation.id == place)
    )
    versions = (
        sa.select(ProposalVersion.id)
        .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
        .where(Proposal.deliberation_id == place)
    )
    own_polls = sa.select(Poll.id).where(Poll.deliberation_id == place)
    return (
        sa.select(Follow.person_id).where(Follow.deliberation_id == place, ~Follow.muted),
        sa.select(Comment.author_id).where(Comment.deliberation_id == place),
        sa.select(Proposal.author_id).where(Proposal.deliberation_id == place),
        sa.select(ProposalRating.person_id).where(ProposalRating.version_id.in_(versions)),
        sa.select(Response.person_id).where(Response.point_id.in_(own_points)),
        sa.select(Participation.person_id).where(Participation.poll_id.in_(own_polls)),
    )


def _may_vote(event: Event) -> list[sa.ColumnElement[bool]]:
    """That a person may vote in the event's poll, and for a reminder that they have not."""
    on_roll = sa.select(Voter.person_id).where(Voter.poll_id == event.poll_id)
    staff = sa.select(RoleGrant.person_id).where(RoleGrant.role.in_(list(STAFF)))
    rules: list[sa.ColumnElement[bool]] = [
        Person.id.in_(on_roll),
        Person.id.not_in(staff),
    ]
    if event.kind in (EventKind.POLL_CLOSING, EventKind.POLL_REMINDER):
        voted = sa.select(Participation.person_id).where(Participation.poll_id == event.poll_id)
        rules.append(Person.id.not_in(voted))
    return rules


def _mail_at_once(tx: Session, event: Event, person_ids: Sequence[int]) -> None:
    """Put mail into the outbox for those of these people who want this event at once."""
    if event.happened_at <= now(tx) - PATIENCE:
        return
    is_official = event.kind.is_official or event.kind.is_moderation
    wants = Mailbox.official if is_official else Mailbox.rhythm == Rhythm.INSTANT
    stream = Stream.OFFICIAL if is_official else Stream.ACTIVITY
    able = sa.select(Mailbox.person_id).where(
        Mailbox.person_id.in_(person_ids),
        wants,
        Mailbox.confirmed_at.is_not(None),
        Mailbox.stopped_at.is_(None),
    )
    outbox.post_to_many(
        tx,
        tx.scalars(able).all(),
        stream,
        "notice",
        f"event:{event.id}",
        thread=_thread(event),
        details={"event_id": event.id},
    )


def _thread(event: Event) -> str:
    """The name by which mail programs put mails about the same thing together."""
    parts: Mapping[str, int | None] = {
        "thread": event.thread_id,
        "proposal": event.proposal_id,
        "poll": event.poll_id,
    }
    for name, key in parts.items():
        if key is not None:
            return f"{name}-{key}"
    return f"discussion-{event.deliberation_id}"
