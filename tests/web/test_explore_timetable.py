"""The timetable as visitors and MAG members read it."""

import pytest
from flask import Flask

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from deliberate.web.explore import timetable
from tests.factories import PAGE, make_deliberation, make_person, make_session
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.designing import open_designed, ranked
from tests.support.queries import recorded
from tests.support.signed_in import browser_of

MOST_QUERIES = 8
EMPTY = "Nothing is announced or open now."
TOGETHER = "2 discussions close in the same week."


def test_what_is_not_over_stands_in_the_week_in_which_it_closes(
    app: Flask, db: Database, client: PageChecker, clock: FakeClock
) -> None:
    """Ensure steps to come are named, overlaps are said, and only the MAG is led to the dates."""
    assert EMPTY in client.page("/timetable").text
    session = make_session(db, page=PAGE.replace("#77", "#78"))
    first = make_deliberation(db, session, days=8)
    make_deliberation(db, session, days=9, output=OutputKind.KEY_TAKEAWAY)
    planned = open_designed(db, ranked(clock()))
    over = make_deliberation(db, session, days=1, output=OutputKind.CALL_TO_ACTION)
    clock.advance(days=1)

    with recorded(db) as sent:
        page = client.page("/timetable")
    member = browser_of(app, db, make_person(db, role=Role.MAG_MEMBER)).page("/timetable")

    assert len(sent) <= MOST_QUERIES
    assert page.text.count("3 discussions close in the same week.") == 1
    assert "9 Mar to 15 Mar 2026" in page.text
    assert "proposals until" in page.text
    assert "poll from" in page.text
    addresses = [f"/deliberations/{each.id}" for each in (first, planned, over)]
    assert [address in page.links for address in addresses] == [True, True, False]
    assert f"{addresses[0]}/dates" in member.links
    assert not [link for link in page.links if link.endswith("/dates")]


@pytest.mark.one_database
def test_overlaps_are_seen_across_pages(
    db: Database, client: PageChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure a week is counted whole where its discussions stand on two pages."""
    monkeypatch.setattr(timetable, "A_PAGE", 1)
    session = make_session(db)
    opened = [
        make_deliberation(db, session, days=8),
        make_deliberation(db, session, days=9, output=OutputKind.KEY_TAKEAWAY),
    ]

    pages = [client.page(f"/timetable?page={number}") for number in (1, 2)]

    for page, own, other in zip(pages, opened, opened[::-1], strict=True):
        assert page.text.count(TOGETHER) == 2
        assert f"/deliberations/{own.id}" in page.links
        assert f"/deliberations/{other.id}" not in page.links
    assert client.page("/timetable?page=\ud7ff").text == pages[0].text
