"""Claims about how the demonstration gets into a database."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from deliberate.demo import has_demo, is_empty, load_demo
from deliberate.demo.calendar import Calendar
from deliberate.demo.loader import list_events
from deliberate.demo.scenario import read_scenario
from deliberate.domain.errors import Conflict
from deliberate.domain.phases import Phase, PollPhase, poll_phase
from deliberate.storage.audit import AuditEvent
from deliberate.storage.database import Database, now
from deliberate.storage.deliberation_pages import list_pages
from deliberate.storage.jobs import Job
from deliberate.storage.polls import find_tally, list_all_polls
from tests.factories import make_person
from tests.support.rows import count_rows


def test_every_phase_is_there_on_both_databases(db: Database) -> None:
    """Ensure the first visit shows deliberations and polls at every stage."""
    told: list[tuple[int, int]] = []

    happened = load_demo(db, lambda done, total: told.append((done, total)))

    assert told == [(number, happened) for number in range(1, happened + 1)]
    with db.reading() as reader:
        assert {page.phase for page in list_pages(reader)} == set(Phase)
        polls = list_all_polls(reader)
        phases = {poll_phase(poll, now(reader)) for poll in polls}
        assert phases == {PollPhase.SCHEDULED, PollPhase.OPEN, PollPhase.CLOSED}
        for poll in polls:
            counted = find_tally(reader, poll.id) is not None
            assert counted == (poll_phase(poll, now(reader)) is PollPhase.CLOSED)
        assert has_demo(reader)


def test_nothing_is_dated_after_the_present(demo: Database) -> None:
    """Ensure the history ends at the clock and its trail runs forward."""
    with demo.reading() as reader:
        times = reader.scalars(sa.select(AuditEvent.happened_at).order_by(AuditEvent.id)).all()

        assert list(times) == sorted(times)
        assert times[-1] <= now(reader)
        assert (times[-1] - times[0]).days >= 35
        assert (now(reader) - times[-1]).days == 0


def test_what_is_due_is_done(demo: Database) -> None:
    """Ensure the worker finds only polls to remind of, to count and to open, each in its time."""
    with demo.reading() as reader:
        rows = reader.execute(sa.select(Job.name, Job.run_at).where(Job.done_at.is_(None))).all()

        polls = {"announce_poll", "count_poll", "open_planned_poll", "remind_of_poll"}
        names = [name for name, _ in rows]
        assert set(names) <= polls
        assert (names.count("count_poll"), names.count("open_planned_poll")) == (2, 1)
        assert min(moment for _, moment in rows) > now(reader)


def test_a_database_in_use_is_left_alone(db: Database) -> None:
    """Ensure the demonstration never mixes with what people entered."""
    make_person(db)

    with pytest.raises(Conflict):
        load_demo(db)

    with db.reading() as reader:
        assert not has_demo(reader)
        assert not is_empty(reader)


def test_an_interrupted_loading_leaves_nothing(db: Database) -> None:
    """Ensure who presses Ctrl-C halfway can start again."""

    def interrupt(done: int, _total: int) -> None:
        if done == 120:
            raise KeyboardInterrupt

    before = count_rows(db)

    with pytest.raises(KeyboardInterrupt):
        load_demo(db, interrupt)

    with db.reading() as reader:
        assert is_empty(reader)
    assert count_rows(db) == before


@pytest.mark.parametrize("hour", [0, 9, 17, 23])
def test_the_history_is_the_same_each_time(hour: int) -> None:
    """Ensure events follow from names, at any time of day, and none lies in the future."""
    moment = datetime(2026, 3, 2, hour, 0, 5, tzinfo=UTC)
    scenario = read_scenario()

    first = [event.moment for event in list_events(scenario, Calendar(moment), "hash")]
    second = [event.moment for event in list_events(scenario, Calendar(moment), "hash")]

    assert first == second == sorted(first)
    assert first[-1] <= moment
