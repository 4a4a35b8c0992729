"""The dates of a discussion for calendar programs."""

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from tests.cases.hostile_texts import LINES
from tests.factories import make_deliberation, make_poll
from tests.support.client import PageChecker

pytestmark = pytest.mark.one_database


def read(client: PageChecker, deliberation: Deliberation) -> Calendar:
    """The calendar file of a discussion, as another program understands it."""
    answer = client.get(f"/deliberations/{deliberation.id}/dates.ics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    assert isinstance(calendar, Calendar)
    return calendar


def test_a_calendar_holds_every_date_of_a_discussion(db: Database, client: PageChecker) -> None:
    """Ensure the discussion and its polls stand there at the moments they open and close."""
    discussion = make_deliberation(db)
    poll = make_poll(db, discussion.id)

    events = {str(event["uid"]): event for event in read(client, discussion).events}

    home, ballot = f"deliberations/{discussion.id}", f"polls/{poll.id}"
    assert {uid: event.start for uid, event in events.items()} == {
        f"http://localhost/{home}#opens": discussion.opens_at,
        f"http://localhost/{home}#closes": discussion.closes_at,
        f"http://localhost/{ballot}#opens": poll.opens_at,
        f"http://localhost/{ballot}#closes": poll.closes_at,
    }
    assert str(events[f"http://localhost/{ballot}#opens"]["url"]) == f"http://localhost/{ballot}"


def test_a_date_that_moves_is_moved_in_calendars_too(db: Database, client: PageChecker) -> None:
    """Ensure the entry keeps its identity, by which calendars know it."""
    discussion = make_deliberation(db)
    before = [str(event["uid"]) for event in read(client, discussion).events]
    with db.writing() as tx:
        tx.execute(
            sa.update(Deliberation).values(closes_at=discussion.closes_at.replace(year=2027))
        )

    after = read(client, discussion).events

    assert [str(event["uid"]) for event in after] == before
    assert after[1].start.year == 2027


def test_titles_cannot_add_to_a_calendar(db: Database, client: PageChecker) -> None:
    """Ensure hostile titles stay one text of one entry."""
    discussion = make_deliberation(db)
    make_poll(db, discussion.id)
    for text in LINES.values():
        with db.writing() as tx:
            tx.execute(sa.text("UPDATE polls SET title = :title"), {"title": text})

        events = read(client, discussion).events

        assert len(events) == 4
        assert str(events[2]["summary"]) == f"Poll opens: {text}"
