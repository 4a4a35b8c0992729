"""Filling an empty database with the demonstration, all of it or nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.passwords import hash_password
from deliberate.demo.accounts import PASSWORD, registrations
from deliberate.demo.arguments import arguments
from deliberate.demo.calendar import Calendar
from deliberate.demo.classification import classifications, invitations
from deliberate.demo.contributions import contributions
from deliberate.demo.curation import curation, imports
from deliberate.demo.moderation import moderation
from deliberate.demo.openings import openings
from deliberate.demo.polls import do_due_jobs, polls, read_old_notices
from deliberate.demo.review import review
from deliberate.demo.scenario import Scenario, read_scenario
from deliberate.demo.shepherding import shepherding
from deliberate.demo.stage import Event, Stage
from deliberate.demo.summaries import summaries
from deliberate.domain.errors import Conflict
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession
from deliberate.storage.people import Person

Progress = Callable[[int, int], object]


def load_demo(db: Database, progress: Progress | None = None) -> int:
    """Let six weeks happen that end at the database's clock; return how much happened.

    `progress` is told after each event how many of how many have happened. Raises `Conflict`
    when the database is not empty. One transaction holds everything: who interrupts the loading
    is left with an empty database, and nobody sees half a history.
    """
    scenario = read_scenario()
    password_hash = hash_password(PASSWORD)
    with db.writing() as tx:
        if not is_empty(tx):
            raise Conflict(
                "This database is not empty.", "The demonstration is loaded into an empty one only."
            )
        now = tx.info["now"]
        history = list_events(scenario, Calendar(now), password_hash)
        stage = Stage(tx)
        for number, event in enumerate(history, start=1):
            _set_clock(tx, event.moment)
            event.act(stage)
            if progress is not None:
                progress(number, len(history))
        _set_clock(tx, now)
        do_due_jobs(stage)
        read_old_notices(tx)
    return len(history)


def list_events(scenario: Scenario, calendar: Calendar, password_hash: str) -> list[Event]:
    """What has happened by now, in the order of time."""
    everything: Iterator[Event] = chain(
        registrations(scenario, calendar, password_hash),
        imports(scenario, calendar),
        curation(scenario, calendar),
        classifications(scenario, calendar),
        invitations(calendar),
        openings(scenario, calendar),
        contributions(scenario, calendar),
        shepherding(scenario, calendar),
        polls(scenario, calendar),
        arguments(scenario, calendar),
        summaries(scenario, calendar),
        review(scenario, calendar),
        moderation(scenario, calendar),
    )
    past = [event for event in everything if event.moment <= calendar.now]
    return sorted(past, key=lambda event: event.moment)


def is_empty(session: Session) -> bool:
    """Whether nobody is registered and no session is stored."""
    rows = [session.scalar(sa.select(table.id).limit(1)) for table in (Person, ForumSession)]
    return rows == [None, None]


def has_demo(session: Session) -> bool:
    """Whether the demonstration was loaded into this database."""
    return (
        session.scalar(sa.select(ForumSession.id).where(ForumSession.is_demo).limit(1)) is not None
    )


def _set_clock(tx: Session, moment: datetime) -> None:
    """Let the actions that follow happen at a moment of the past.

    A transaction per event would be as right but wait for the disk a thousand times.
    """
    tx.info["now"] = moment
