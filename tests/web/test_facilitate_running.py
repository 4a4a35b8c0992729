"""Running a poll, as a browser without scripts does it: extending, reminding, declaring invalid."""

from datetime import timedelta

import pytest
from flask import Flask

from deliberate.actions.counting import count_poll
from deliberate.actions.invalidations import confirm_invalidation, propose_invalidation
from deliberate.domain.errors import Conflict, Refused
from deliberate.domain.notices import EventKind
from deliberate.domain.people import Actor, Role
from deliberate.domain.timetable import POLL_MOVED, POLL_OUTLASTS, POLL_SHORTER, POLL_TOO_LATE
from deliberate.inputs.process import PublicReason
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database
from deliberate.storage.notices import list_notices
from deliberate.storage.polls import Poll, find_poll, find_tally
from tests.factories import make_person, make_poll, vote
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.signed_in import browser_of, renew

REASON = "Two groups asked for <b>three days more."
FOUND = "Two people voted from one account."


@pytest.fixture
def poll(db: Database) -> Poll:
    """A poll that closes in four days."""
    return make_poll(db, hours=96)


@pytest.fixture
def facilitator(db: Database) -> Actor:
    """Somebody who runs polls."""
    return make_person(db, role=Role.FACILITATOR)


@pytest.fixture
def desk(app: Flask, db: Database, facilitator: Actor) -> PageChecker:
    """Their browser."""
    return browser_of(app, db, facilitator)


def stored(db: Database, poll: Poll) -> Poll:
    """The poll as it is now."""
    with db.reading() as reader:
        found = find_poll(reader, poll.id)
    assert found is not None
    return found


def told(db: Database, person: Actor) -> list[EventKind]:
    """What somebody was told of, oldest first."""
    run_due_jobs(db)
    with db.reading() as reader:
        lines, _ = list_notices(reader, person.id or 0)
    return [line.event.kind for line in reversed(lines)]


def invalidate(db: Database, poll: Poll) -> None:
    """Two facilitators declare a poll invalid."""
    first, second = (make_person(db, role=Role.FACILITATOR) for _ in range(2))
    with db.writing() as tx:
        propose_invalidation(tx, first, poll.id, PublicReason(reason=FOUND))
    with db.writing() as tx:
        confirm_invalidation(tx, second, poll.id)


def test_an_extension_is_told_wherever_the_poll_is_shown(
    app: Flask, db: Database, clock: FakeClock, desk: PageChecker, poll: Poll
) -> None:
    """Ensure poll, receipt and result give both dates and the reason, and ballots are taken."""
    voter = make_person(db)
    vote(db, poll.id, voter, 0, 1)
    later = poll.closes_at + timedelta(days=3)
    running, act = f"/polls/{poll.id}/running", f"/polls/{poll.id}/extension"

    response = desk.submit(running, act, {"closes_at": f"{later:%Y-%m-%dT%H:%M}", "reason": REASON})

    assert response.status_code == 303
    assert stored(db, poll).closes_at == later
    assert stored(db, poll).fingerprint == poll.fingerprint
    assert EventKind.DATES_MOVED in told(db, voter)
    clock.now = poll.closes_at
    run_due_jobs(db)
    vote(db, poll.id, make_person(db), 1)
    booth = browser_of(app, db, voter)
    for address in ("", "/receipt", "/results"):
        page = booth.page(f"/polls/{poll.id}{address}")
        assert "Extended: it closes" in page.text, address
        assert REASON in page.text, address
    clock.now = later
    run_due_jobs(db)
    with db.reading() as reader:
        tally = find_tally(reader, poll.id)
    assert tally is not None
    assert sum(tally.result["turnout"].values()) == 2


@pytest.mark.one_database
def test_an_extension_keeps_its_rules(db: Database, desk: PageChecker, poll: Poll) -> None:
    """Ensure once, never shorter, never beyond the discussion, a day before closing, a reason."""
    running, act = f"/polls/{poll.id}/running", f"/polls/{poll.id}/extension"

    def extend(closes_at: object, reason: str = REASON) -> str:
        fields = {"closes_at": f"{closes_at:%Y-%m-%dT%H:%M}", "reason": reason}
        response = desk.submit(running, act, fields)
        assert response.status_code == 422
        return response.text

    assert POLL_SHORTER in extend(poll.closes_at - timedelta(hours=1))
    assert POLL_OUTLASTS in extend(poll.closes_at + timedelta(days=90))
    assert 'aria-invalid="true"' in extend(poll.closes_at + timedelta(days=1), "Short")
    assert stored(db, poll).closes_at == poll.closes_at
    later = poll.closes_at + timedelta(days=1)
    fields = {"closes_at": f"{later:%Y-%m-%dT%H:%M}", "reason": REASON}
    stale = dict(desk.page(running).form(act).fields) | fields
    assert desk.submit(running, act, fields).status_code == 303
    assert desk.post(act, data=stale).status_code == 409
    assert POLL_MOVED in desk.page(running).text


@pytest.mark.one_database
def test_a_poll_is_not_extended_on_its_last_day(db: Database, desk: PageChecker) -> None:
    """Ensure the page says so instead of offering the form."""
    last_day = make_poll(db, hours=20)

    assert POLL_TOO_LATE in desk.page(f"/polls/{last_day.id}/running").text


def test_a_reminder_reaches_those_without_a_ballot_and_names_nobody(
    db: Database, clock: FakeClock, facilitator: Actor, desk: PageChecker
) -> None:
    """Ensure everybody on the list who has not voted is told, once in the interval."""
    waiting, voted = make_person(db), make_person(db)
    poll = make_poll(db, hours=24 * 20)
    latecomer = make_person(db, is_late=True)
    vote(db, poll.id, voted, 0)
    running, act = f"/polls/{poll.id}/running", f"/polls/{poll.id}/reminder"

    assert desk.submit(running, act).status_code == 303

    assert EventKind.POLL_REMINDER in told(db, waiting)
    assert EventKind.POLL_REMINDER not in told(db, voted) + told(db, latecomer)
    page = desk.page(running)
    assert waiting.name not in page.text
    assert "The next reminder is possible" in page.text
    token = page.form(f"/polls/{poll.id}/invalidation").fields["csrf_token"]
    assert desk.post(act, data={"csrf_token": token}).status_code == 409
    clock.advance(hours=72)
    renew(desk, db, facilitator)
    assert desk.submit(running, act).status_code == 303
    assert told(db, waiting).count(EventKind.POLL_REMINDER) == 2


def test_it_takes_two_people_to_declare_a_poll_invalid(
    app: Flask, db: Database, facilitator: Actor, desk: PageChecker, poll: Poll
) -> None:
    """Ensure the proposer cannot confirm, another one can, and voting ends at once."""
    voter = make_person(db)
    vote(db, poll.id, voter, 0)
    running = f"/polls/{poll.id}/running"
    proposal = f"/polls/{poll.id}/invalidation"
    short = desk.submit(running, proposal, {"reason": "No"})
    assert short.status_code == 422
    assert desk.submit(running, proposal, {"reason": FOUND}).status_code == 303
    assert "You proposed this yourself" in desk.page(running).text
    with pytest.raises(Refused, match="yourself"), db.writing() as tx:
        confirm_invalidation(tx, facilitator, poll.id)
    assert FOUND not in browser_of(app, db, voter).page(f"/polls/{poll.id}").text
    second = browser_of(app, db, make_person(db, role=Role.SECRETARIAT))

    assert second.submit(running, f"{proposal}/confirmation").status_code == 303

    with pytest.raises(Conflict, match="declared invalid"):
        vote(db, poll.id, voter, 1)
    assert stored(db, poll).secret is None
    assert EventKind.POLL_INVALIDATED in told(db, voter)
    for address in ("", "/results"):
        assert FOUND in browser_of(app, db, voter).page(f"/polls/{poll.id}{address}").text


def test_a_poll_that_was_declared_invalid_is_never_counted(
    db: Database, clock: FakeClock, client: PageChecker, poll: Poll
) -> None:
    """Ensure there is no count, no list of codes, and another poll can follow."""
    vote(db, poll.id, make_person(db), 0)
    invalidate(db, poll)

    clock.now = poll.closes_at
    run_due_jobs(db)

    with db.writing() as tx:
        assert count_poll(tx, poll.id) is None
    assert "There is no result" in client.page(f"/polls/{poll.id}/results").text
    assert client.get(f"/polls/{poll.id}/results.json").status_code == 403
    assert client.get(f"/polls/{poll.id}/receipts").status_code == 403
    assert make_poll(db, poll.deliberation_id).id != poll.id


def test_an_invalid_count_stays_readable_and_says_so_everywhere(
    db: Database, clock: FakeClock, client: PageChecker, poll: Poll
) -> None:
    """Ensure page, files, discussion and audit carry it, and the stored count is untouched."""
    for place in (0, 1, 0):
        vote(db, poll.id, make_person(db), place)
    clock.now = poll.closes_at
    with db.writing() as tx:
        tally = count_poll(tx, poll.id)
    assert tally is not None

    invalidate(db, poll)

    page = client.page(f"/polls/{poll.id}/results")
    assert FOUND in page.text
    assert "Do not use them" in page.text
    assert f"invalid,,,,,,,{FOUND}" in client.get(f"/polls/{poll.id}/results.csv").text
    document = client.get(f"/polls/{poll.id}/results.json").get_json()
    assert document["invalidated_at"]
    assert document["digest"] == tally.digest
    assert "declared invalid" in client.page(f"/deliberations/{poll.deliberation_id}").text


@pytest.mark.one_database
def test_the_page_of_a_running_poll_is_cheap(desk: PageChecker, db: Database, poll: Poll) -> None:
    """Ensure it needs no more queries than any page may."""
    with recorded(db) as statements:
        desk.page(f"/polls/{poll.id}/running")

    assert len(statements) <= 10
