"""Moving a closing and archiving, as a browser without scripts does it."""

from datetime import timedelta

import pytest
from flask import Flask

from deliberate.actions.deliberations import get_page
from deliberate.actions.timetable import reschedule
from deliberate.domain import timetable as told
from deliberate.domain.contradictions import TOO_SHORT
from deliberate.domain.forum import CurationKind
from deliberate.domain.people import Actor, Role
from deliberate.inputs.process import NewClosing
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.polls import Poll
from tests.factories import make_comment, make_deliberation, make_person, make_poll
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.pages import Page
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of, renew

MOST_QUERIES = 8
REASON = "Two groups asked for a week more."
OVER = "It came to its summary."
LATER = "2026-03-24T12:00"
OTHERS = [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT]


@pytest.fixture
def member(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


@pytest.fixture
def curator(app: Flask, db: Database, member: Actor) -> PageChecker:
    """Their browser."""
    return browser_of(app, db, member)


@pytest.fixture
def opened(db: Database) -> Deliberation:
    """A discussion that closes in a fortnight, on 16 March at 09:00."""
    return make_deliberation(db, days=14)


@pytest.fixture
def dates(opened: Deliberation) -> str:
    """The address of its dates."""
    return f"/deliberations/{opened.id}/dates"


@pytest.fixture
def move(opened: Deliberation) -> str:
    """The address that moves its closing."""
    return f"/deliberations/{opened.id}/rescheduling"


def closing(db: Database, opened: Deliberation) -> str:
    """When it closes now, as forms write it."""
    with db.reading() as reader:
        return f"{get_page(reader, opened.id).closes_at:%Y-%m-%dT%H:%M}"


def test_a_moved_date_is_told_with_its_reason(
    app: Flask, db: Database, curator: PageChecker, opened: Deliberation, dates: str, move: str
) -> None:
    """Ensure discussion, own page and log say it, and a week more is what is suggested."""
    writer = make_person(db)
    make_comment(db, opened.id, writer)
    suggested = curator.page(dates).form(move).fields["closes_at"]

    response = curator.submit(dates, move, {"closes_at": LATER, "reason": f"<b>{REASON}"})

    assert (response.status_code, closing(db, opened)) == (303, LATER)
    assert suggested == ["2026-03-23T09:00"]
    readers = {dates: curator, f"/deliberations/{opened.id}": curator, "/curation-log": curator}
    readers["/account"] = browser_of(app, db, writer)
    curator.page(f"/deliberations/{opened.id}")
    for address, client in readers.items():
        with recorded(db) as sent:
            assert f"<b>{REASON}" in client.page(address).text
        assert len(sent) <= MOST_QUERIES, address


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("closes_at", "", "Enter a date and time"),
        ("closes_at", "later", "Enter a date and time"),
        ("closes_at", "2026-02-30T09:00", "Enter a date and time"),
        ("closes_at", "2026-03-16T09:00", told.UNCHANGED),
        ("closes_at", "2026-03-04T08:59", told.NO_NOTICE),
        ("closes_at", "2026-02-16T09:00", told.NO_NOTICE),
        ("reason", "", "This is needed."),
        ("reason", "Too short", "Write at least 10 characters."),
        ("reason", "a" * 1001, "Shorten this to 1000 characters."),
        ("reason", "turned \u202e around for you", "invisible direction marks"),
    ],
)
def test_a_faulty_move_comes_back_with_its_text(
    db: Database, curator: PageChecker, dates: str, move: str,
    field: str, value: str, sentence: str,
) -> None:  # fmt: skip
    """Ensure it is explained at its field, the rest is kept, and nothing moves."""
    mine = {"closes_at": LATER, "reason": REASON} | {field: value}
    rows = count_rows(db)

    response = curator.submit(dates, move, mine)

    page = Page(response.text)
    assert (response.status_code, count_rows(db)) == (422, rows)
    assert f"field-{field}-error" in page.ids
    assert sentence in page.text
    assert {name: page.form(move).fields[name] for name in mine} == {
        name: [text] for name, text in mine.items()
    }


def test_what_is_announced_does_not_close_before_it_opens(
    db: Database, curator: PageChecker, clock: FakeClock
) -> None:
    """Ensure a discussion that has not begun can be shortened, but never to nothing."""
    later = make_deliberation(db, days=20, opens_at=clock() + timedelta(days=10))
    dates, move = f"/deliberations/{later.id}/dates", f"/deliberations/{later.id}/rescheduling"

    for asked in ("2026-03-07T09:00", "2026-03-12T09:00", "2026-03-13T08:59"):
        refused = curator.submit(dates, move, {"closes_at": asked, "reason": REASON})
        assert (refused.status_code, TOO_SHORT in refused.text) == (422, True)
    moved = curator.submit(dates, move, {"closes_at": "2026-03-13T09:00", "reason": REASON})

    assert (moved.status_code, closing(db, later)) == (303, "2026-03-13T09:00")


@pytest.mark.one_database
def test_a_poll_moves_with_its_discussion_or_stays(
    db: Database, curator: PageChecker, clock: FakeClock, opened: Deliberation,
    dates: str, move: str,
) -> None:  # fmt: skip
    """Ensure the field is there while a poll can move, and says afterwards why it cannot."""
    poll = make_poll(db, opened.id, hours=48)
    asked = {"closes_at": LATER, "poll_closes_at": "2026-03-05T09:00", "reason": REASON}

    outlasts = asked | {"closes_at": "2026-03-17T09:00", "poll_closes_at": "2026-03-18T09:00"}
    refused = curator.submit(dates, move, outlasts)
    assert (refused.status_code, told.POLL_INSIDE in refused.text) == (422, True)
    assert curator.submit(dates, move, asked).status_code == 303

    page = curator.page(dates)
    assert "poll_closes_at" not in page.form(move).names
    assert "keeps that date" in page.text
    with db.reading() as reader:
        assert reader.get_one(Poll, poll.id).closes_at == clock() + timedelta(days=3)
    clock.advance(hours=1)
    forged = page.form(move).fields | asked | {"poll_closes_at": "2026-03-06T09:00"}
    again = curator.post(move, data=forged)
    assert (again.status_code, told.POLL_MOVED in again.text) == (422, True)


@pytest.mark.one_database
def test_a_stale_date_shows_both(
    db: Database, curator: PageChecker, opened: Deliberation, dates: str, move: str
) -> None:
    """Ensure the second of two people sees what the first did before theirs counts."""
    mine = curator.page(dates).form(move).fields | {"closes_at": LATER, "reason": REASON}
    other = make_person(db, role=Role.MAG_MEMBER)
    with db.writing() as tx:
        form = NewClosing(
            closes_at=opened.closes_at + timedelta(days=2), shown=opened.closes_at, reason=REASON
        )
        reschedule(tx, other, opened.id, form)
    rows = count_rows(db)

    response = curator.post(move, data=mine)

    page = Page(response.text)
    assert (response.status_code, count_rows(db)) == (409, rows)
    assert "18 March 2026 at 09:00" in page.text
    again = page.form(move).fields
    assert (again["closes_at"], again["reason"]) == ([LATER], [REASON])
    assert curator.post(move, data=again).status_code == 303
    assert closing(db, opened) == LATER


@pytest.mark.one_database
@pytest.mark.parametrize("role", OTHERS)
def test_only_the_mag_moves_and_archives(
    app: Flask, db: Database, clock: FakeClock, opened: Deliberation, dates: str, role: Role | None
) -> None:
    """Ensure everybody else is told why, while it runs and after it has closed."""
    person = make_person(db, role=role) if role else None
    client = browser_of(app, db, person)
    forms = client.page("/about" if role else "/sign-in").forms
    token = next(form.fields["csrf_token"][0] for form in forms if "csrf_token" in form.fields)
    right = {"closes_at": LATER, "shown": "2026-03-16T09:00", "reason": REASON}
    rows = count_rows(db)

    for _ in range(2):
        assert "Advisory Group" in client.page(dates, 403).text
        for act in ("rescheduling", "archive", "archive/withdrawal"):
            for data in (right if act == "rescheduling" else {"reason": REASON}, {}):
                address = f"/deliberations/{opened.id}/{act}"
                assert client.post(address, data={"csrf_token": token, **data}).status_code == 403
        clock.advance(days=14)
        if person:
            renew(client, db, person)
            rows = count_rows(db)
    assert count_rows(db) == rows


@pytest.mark.one_database
def test_each_act_has_its_time(
    db: Database, curator: PageChecker, member: Actor, clock: FakeClock, opened: Deliberation,
    dates: str, move: str,
) -> None:  # fmt: skip
    """Ensure nothing is archived while it runs or moved once it closed, and no text is lost."""
    running = curator.page(dates)
    token = running.form(move).fields["csrf_token"][0]
    archive = f"/deliberations/{opened.id}/archive"
    rows = count_rows(db)
    early = curator.post(archive, data={"csrf_token": token, "reason": REASON})
    assert (early.status_code, REASON in early.text) == (403, True)
    assert count_rows(db) == rows

    clock.advance(days=13, hours=23, minutes=30)
    renew(curator, db, member)
    rows = count_rows(db)
    last = curator.submit(dates, move, {"closes_at": LATER, "reason": REASON})
    assert (last.status_code, told.TOO_LATE in last.text) == (422, True)
    clock.advance(minutes=30)
    renew(curator, db, member)
    late = curator.post(
        move, data=running.form(move).fields | {"closes_at": LATER, "reason": REASON}
    )
    assert (late.status_code, REASON in late.text) == (403, True)
    assert count_rows(db)["reschedulings"] == 0
    for place in ("dates", "rescheduling"):
        address = f"/deliberations/999/{place}"
        method = curator.get if place == "dates" else curator.post
        assert method(address, data={"csrf_token": token}).status_code == 404


def test_an_archive_leaves_the_lists_and_keeps_its_addresses(
    db: Database, curator: PageChecker, member: Actor, client: PageChecker, clock: FakeClock,
    opened: Deliberation, dates: str,
) -> None:  # fmt: skip
    """Ensure it is found in the archive alone, reads as before, and comes back with a reason."""
    address = f"/deliberations/{opened.id}"
    lists = ("/", "/deliberations", "/deliberations?phase=closed")
    archived = "/deliberations?phase=archived"
    make_comment(db, opened.id, body="A remark that stays.")
    clock.advance(days=14)
    renew(curator, db, member)
    results = client.get(f"{address}/results.json").get_json()
    assert all(address in client.page(each).links for each in lists[1:])

    faulty = curator.submit(dates, f"{address}/archive", {"reason": "Soon"})
    assert (faulty.status_code, "field-reason-error" in Page(faulty.text).ids) == (422, True)
    assert Page(faulty.text).form(f"{address}/archive").fields["reason"] == ["Soon"]
    assert curator.submit(dates, f"{address}/archive", {"reason": OVER}).location == dates

    assert not any(address in client.page(each).links for each in lists)
    assert address in client.page(archived).links
    shown = client.page(address)
    assert "A remark that stays." in shown.text
    assert "Archived: it stands in no list any more." in shown.text
    assert not [form for form in shown.forms if form.method == "post" and form.action != "/sign-in"]
    assert client.get(f"{address}/results.json").get_json() == results
    assert curator.submit(dates, f"{address}/archive/withdrawal", {"reason": OVER}).location
    assert address in client.page(lists[1]).links
    with db.reading() as reader:
        kinds = [entry.kind for entry, *_rest in list_decisions(reader, limit=2)]
    assert kinds == [CurationKind.UNDO, CurationKind.ARCHIVE]


@pytest.mark.one_database
def test_an_archive_is_left_and_entered_once(
    db: Database, curator: PageChecker, member: Actor, clock: FakeClock,
    opened: Deliberation, dates: str,
) -> None:  # fmt: skip
    """Ensure the second click of two is told, keeps its text, and writes nothing."""
    clock.advance(days=14)
    renew(curator, db, member)
    for act in ("archive", "archive/withdrawal"):
        address = f"/deliberations/{opened.id}/{act}"
        fields = curator.page(dates).form(address).fields | {"reason": REASON}
        assert curator.post(address, data=fields).status_code == 303
        rows = count_rows(db)

        again = curator.post(address, data=fields)

        assert (again.status_code, REASON in again.text) == (409, True)
        assert count_rows(db) == rows


@pytest.mark.one_database
def test_the_dates_can_be_sent_for_alone(curator: PageChecker, dates: str) -> None:
    """Ensure htmx gets the dates where it asks for a part."""
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}

    assert curator.get(dates, headers=headers).text.lstrip().startswith('<div id="dates"')
