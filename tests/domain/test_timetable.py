"""Claims about moving a closing date, and about what falls into one week."""

from datetime import UTC, date, datetime, timedelta

import pytest

from deliberate.domain import timetable as told
from deliberate.domain.contradictions import TOO_SHORT
from deliberate.domain.timetable import NewDates, PollDates, count_by_week, why_not_moved

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSES = NOW + 10 * DAY


def said(
    asked: NewDates,
    poll: PollDates | None = None,
    closes_at: datetime = CLOSES,
    opens_at: datetime = NOW - DAY,
) -> set[tuple[str, str]]:
    """What speaks against new dates, as field and sentence."""
    found = why_not_moved(opens_at, closes_at, asked, NOW, poll)
    return {(each.field, each.text) for each in found}


@pytest.mark.parametrize(
    ("closes_at", "asked", "sentence"),
    [
        (CLOSES, CLOSES + DAY, None),
        (CLOSES, CLOSES, told.UNCHANGED),
        (CLOSES, NOW + 48 * HOUR, None),
        (CLOSES, NOW + 47 * HOUR, told.NO_NOTICE),
        (CLOSES, NOW - DAY, told.NO_NOTICE),
        (NOW + HOUR, NOW + 2 * DAY, None),
        (NOW + HOUR - timedelta(seconds=1), NOW + 2 * DAY, told.TOO_LATE),
        (NOW, NOW + 2 * DAY, told.TOO_LATE),
    ],
)
def test_a_discussion_moves_early_and_leaves_notice(
    closes_at: datetime, asked: datetime, sentence: str | None
) -> None:
    """Ensure longer is possible until the last hour and shorter leaves 48 hours."""
    expected = {("closes_at", sentence)} if sentence else set()

    assert said(NewDates(asked), closes_at=closes_at) == expected


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (NOW + 5 * DAY + 24 * HOUR, None),
        (NOW + 5 * DAY + 23 * HOUR, TOO_SHORT),
        (NOW + 4 * DAY, TOO_SHORT),
    ],
)
def test_what_is_announced_keeps_a_day_at_least(asked: datetime, sentence: str | None) -> None:
    """Ensure nothing closes before it opened, or so soon after that half the world slept."""
    expected = {("closes_at", sentence)} if sentence else set()

    assert said(NewDates(asked), opens_at=NOW + 5 * DAY) == expected


@pytest.mark.parametrize(
    ("poll", "asked", "sentence"),
    [
        (PollDates(NOW + 24 * HOUR), CLOSES, None),
        (PollDates(NOW + 23 * HOUR), CLOSES, told.POLL_TOO_LATE),
        (PollDates(NOW + 5 * DAY), NOW + 5 * DAY, told.POLL_SHORTER),
        (PollDates(NOW + 5 * DAY), NOW + 4 * DAY, told.POLL_SHORTER),
        (PollDates(NOW + 5 * DAY, was_extended=True), CLOSES, told.POLL_MOVED),
        (PollDates(NOW + 5 * DAY, is_running=False), CLOSES, told.NO_POLL_NOW),
        (PollDates(NOW), CLOSES, told.NO_POLL_NOW),
        (None, CLOSES, told.NO_POLL_NOW),
    ],
)
def test_a_poll_is_extended_once_and_a_day_before(
    poll: PollDates | None, asked: datetime, sentence: str | None
) -> None:
    """Ensure nobody keeps a poll open until it says what they like."""
    expected = {("poll_closes_at", sentence)} if sentence else set()

    assert said(NewDates(CLOSES, asked), poll) == expected


@pytest.mark.parametrize("is_running", [True, False])
def test_a_poll_still_fits_into_a_shorter_discussion(is_running: bool) -> None:
    """Ensure neither a running poll nor a planned one outlasts its discussion."""
    poll = PollDates(NOW + 5 * DAY, is_running=is_running)

    assert said(NewDates(NOW + 4 * DAY), poll) == {("closes_at", told.POLL_INSIDE)}
    assert said(NewDates(NOW + 5 * DAY), poll) == set()


def test_weeks_begin_on_monday_in_utc() -> None:
    """Ensure what closes on Sunday night and on Monday morning is not counted together."""
    sunday = datetime(2026, 3, 8, 23, 59, tzinfo=UTC)

    counts = count_by_week([sunday + timedelta(minutes=1), sunday, NOW])

    assert counts == {date(2026, 3, 2): 2, date(2026, 3, 9): 1}
