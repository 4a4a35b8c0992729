"""Claims about rate limits: what is let through, what waits, and for how long."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deliberate.storage.database import Database
from deliberate.storage.throttles import seconds_to_wait
from tests.support.clock import FakeClock

MINUTE = timedelta(minutes=1)
# Each example uses a key of its own, so they may share one database.
with_database = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_numbers = count(1)


def take(db: Database, key: str = "key", burst: int = 5, period: timedelta = MINUTE) -> int:
    """One act, in a transaction of its own."""
    with db.writing() as tx:
        return seconds_to_wait(tx, key, burst, period)


def take_and_fail(db: Database) -> None:
    """An act whose transaction comes to nothing."""
    with db.writing() as tx:
        seconds_to_wait(tx, "key", 1, MINUTE)
        raise ZeroDivisionError


def admitted_at(
    db: Database, moments: Sequence[datetime], burst: int, period: timedelta
) -> list[datetime]:
    """Which of these acts are let through, in one transaction whose clock is moved."""
    key = f"example {next(_numbers)}"
    with db.writing() as tx:
        found = []
        for moment in moments:
            tx.info["now"] = moment
            if seconds_to_wait(tx, key, burst, period) == 0:
                found.append(moment)
    return found


def test_a_burst_is_let_through_and_then_no_more(db: Database) -> None:
    """Ensure the number named is the number admitted at once."""
    waits = [take(db, burst=5) for _ in range(7)]

    assert [wait == 0 for wait in waits] == [True] * 5 + [False] * 2


def test_one_act_comes_back_for_each_share_of_the_period(db: Database, clock: FakeClock) -> None:
    """Ensure that after a burst of five a minute, one more is possible every twelve seconds."""
    for _ in range(5):
        take(db)
    clock.advance(seconds=12)

    waits = [take(db), take(db)]

    assert waits[0] == 0
    assert waits[1] > 0


def test_after_a_whole_period_the_whole_burst_is_back(db: Database, clock: FakeClock) -> None:
    """Ensure somebody who waited is treated as if nothing had been."""
    for _ in range(5):
        take(db)
    clock.advance(minutes=1)

    assert [take(db) for _ in range(5)] == [0] * 5


def test_a_refused_act_costs_nothing(db: Database, clock: FakeClock) -> None:
    """Ensure knocking again and again does not prolong the wait."""
    for _ in range(5):
        take(db)
    for _ in range(50):
        take(db)
    clock.advance(seconds=12)

    assert take(db) == 0


def test_whoever_waits_as_long_as_told_is_let_through(db: Database, clock: FakeClock) -> None:
    """Ensure the number of seconds given is true."""
    for _ in range(5):
        take(db)

    wait = take(db)
    clock.advance(seconds=wait)

    assert 0 < wait <= 13
    assert take(db) == 0


def test_keys_do_not_touch_each_other(db: Database) -> None:
    """Ensure one person's haste slows nobody else down."""
    for _ in range(6):
        take(db, "one person")

    assert take(db, "another") == 0


def test_a_clock_set_back_admits_no_more_than_before(db: Database, clock: FakeClock) -> None:
    """Ensure a correction of the machine's clock does not empty the count."""
    for _ in range(5):
        take(db)
    clock.advance(minutes=-10)

    assert take(db) > 0


def test_an_act_in_an_undone_transaction_is_not_counted(db: Database) -> None:
    """Ensure the limit counts what happened and not what failed."""
    with pytest.raises(ZeroDivisionError):
        take_and_fail(db)

    assert take(db, burst=1) == 0


def test_acts_that_are_the_first_together_are_all_counted(db: Database) -> None:
    """Ensure a key nobody used before is neither counted twice nor an error for anybody."""
    together = threading.Barrier(4)

    def act(_number: int) -> list[int]:
        waits = []
        for key in range(10):
            together.wait(timeout=30)
            waits.append(take(db, f"key {key}", burst=3))
        return waits

    with ThreadPoolExecutor(4) as pool:
        waits = list(pool.map(act, range(4)))

    admitted = [sum(wait == 0 for wait in acts) for acts in zip(*waits, strict=True)]
    assert admitted == [3] * 10


@with_database
@given(
    burst=st.integers(1, 8),
    seconds=st.integers(1, 120),
    gaps=st.lists(st.floats(0, 40), max_size=60),
)
def test_no_period_admits_more_than_twice_the_burst(
    db: Database, clock: FakeClock, burst: int, seconds: int, gaps: list[float]
) -> None:
    """Ensure whatever the pattern of acts, every stretch of one period holds at most two bursts."""
    period = timedelta(seconds=seconds)
    moments, moment = [], clock.now
    for gap in gaps:
        moment += timedelta(seconds=gap)
        moments.append(moment)

    admitted = admitted_at(db, moments, burst, period)

    for begin in admitted:
        assert sum(begin <= each <= begin + period for each in admitted) <= 2 * burst


@with_database
@given(
    burst=st.integers(1, 8),
    seconds=st.integers(1, 120),
    extra=st.lists(st.floats(0, 5), min_size=1, max_size=60),
)
def test_a_steady_rate_within_the_limit_is_never_held_up(
    db: Database, clock: FakeClock, burst: int, seconds: int, extra: list[float]
) -> None:
    """Ensure acts that are a share of the period apart, or more, all pass."""
    period = timedelta(seconds=seconds)
    moments, moment = [], clock.now
    for more in extra:
        moments.append(moment)
        moment += period / burst + timedelta(seconds=more)

    assert admitted_at(db, moments, burst, period) == moments
