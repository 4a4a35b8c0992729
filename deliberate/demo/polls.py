"""Polls of the demonstration: opened, voted in, and counted when they close."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.ballots import cast_ballot
from deliberate.actions.polls import open_poll
from deliberate.demo.calendar import Calendar, submission_key
from deliberate.demo.openings import CLOSING_HOUR, OPENING_HOUR
from deliberate.demo.scenario import GivenRanking, PlannedOpening, PlannedPoll, Scenario
from deliberate.demo.stage import Event, Stage
from deliberate.inputs.ballots import CastBallot
from deliberate.inputs.polls import NewPoll
from deliberate.jobs.handlers import HANDLERS
from deliberate.storage import jobs
from deliberate.storage.database import now
from deliberate.storage.notices import Event as NoticedEvent
from deliberate.storage.notices import Notice
from deliberate.storage.polls import list_options

VOTING = (0.02, 0.98)


def polls(scenario: Scenario, calendar: Calendar) -> Iterator[Event]:
    """Every poll, its ballots so far, and its count when it has closed."""
    for plan in scenario.openings:
        if plan.poll is not None:
            yield from _poll(scenario, calendar, plan, plan.poll)


def _poll(
    scenario: Scenario, calendar: Calendar, plan: PlannedOpening, poll: PlannedPoll
) -> Iterator[Event]:
    opens_at = calendar.at(poll.opens, OPENING_HOUR)
    closes_at = calendar.at(poll.closes, CLOSING_HOUR)
    announced = opens_at
    if poll.announced is not None:
        announced = calendar.at(poll.announced, OPENING_HOUR)
    proposals = [text.id for text in scenario.proposals_on(plan.subject)]
    yield Event(announced, partial(_open, proposals, plan.subject, poll, calendar))
    yield Event(closes_at, do_due_jobs)
    if opens_at < calendar.now:
        window = calendar.lived(opens_at, closes_at)
        for given in scenario.rankings:
            if given.question_id == plan.subject and given.participant_id not in poll.not_yet:
                name = f"{given.participant_id} ranks {plan.subject}"
                moment = calendar.within(window, name, *VOTING)
                yield Event(moment, partial(_cast, given))


def do_due_jobs(stage: Stage) -> None:
    """Do what the worker would have done by this moment, here and now."""
    while (job := jobs.claim(stage.tx)) is not None:
        HANDLERS[job.name](stage.tx, job.payload)
        jobs.finish(stage.tx, job.id)


def read_old_notices(tx: Session) -> None:
    """Let everybody have read their inbox until two days ago."""
    old = sa.select(NoticedEvent.id).where(NoticedEvent.happened_at < now(tx) - timedelta(days=2))
    tx.execute(sa.update(Notice).where(Notice.event_id.in_(old)).values(read_at=now(tx)))


def _open(
    proposals: list[str], subject: str, poll: PlannedPoll, calendar: Calendar, stage: Stage
) -> None:
    form = NewPoll(
        title=poll.title,
        opens_at=calendar.at(poll.opens, OPENING_HOUR),
        closes_at=calendar.at(poll.closes, CLOSING_HOUR),
        proposal_ids=[stage.proposals[text_id] for text_id in proposals],
        primary_scheme=poll.scheme,
    )
    facilitator = stage.actors[poll.facilitator_id]
    opened = open_poll(stage.tx, facilitator, stage.deliberations[subject], form)
    stage.polls[subject] = opened.id


def _cast(given: GivenRanking, stage: Stage) -> None:
    poll_id = stage.polls[given.question_id]
    options = {option.version_id: option.id for option in list_options(stage.tx, poll_id)}
    ranks: dict[int, int | None] = {
        options[stage.versions[text_id]]: rank for rank, text_id in enumerate(given.order, start=1)
    }
    key = submission_key(f"{given.participant_id} ranks {given.question_id}")
    form = CastBallot(marks=ranks, submission_key=key)
    cast_ballot(stage.tx, stage.actors[given.participant_id], poll_id, form)
