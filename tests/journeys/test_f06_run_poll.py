"""F6: run a poll, from reminders and an extension to its count and to its being invalid."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import Role
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database
from tests.factories import make_person, make_poll, vote
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit

pytestmark = pytest.mark.browser
FACILITATOR, SECOND, VOTER = "fay@example.org", "sol@example.org", "vera@example.org"
MORE_TIME = "Two groups meet next week."
TWICE = "Two people voted from one account."


def test_f06_a_poll_is_extended_counted_and_declared_invalid(
    db: Database, clock: FakeClock, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure a facilitator finds every act, and everybody reads what was done and why."""
    voter = make_person(db, email=VOTER)
    make_person(db, email=FACILITATOR, role=Role.FACILITATOR, name="Fay")
    make_person(db, email=SECOND, role=Role.FACILITATOR, name="Sol")
    poll = make_poll(db, hours=96)
    for place in (0, 1, 0):
        vote(db, poll.id, make_person(db), place)
    address = f"/polls/{poll.id}"
    fay = visit(FACILITATOR, narrow=not scripts)

    fay.page.goto(address)
    fay.page.get_by_role("link", name="Run this poll").click()
    fay.page.get_by_role("button", name="Remind them").click()
    expect(fay.page.get_by_text("The next reminder is possible")).to_be_visible()
    fay.look("running")
    fay.page.get_by_role("link", name="Ballots in a room or on paper").click()
    fay.page.get_by_label("Where it was counted").fill("Main hall, cards raised")
    fay.page.get_by_label("Who witnessed the count").fill("Ada Example")
    fay.page.get_by_label("Ballots in all").fill("12")
    for box, number in zip(fay.page.locator('input[name="counts"]').all(), "741", strict=True):
        box.fill(number)
    fay.page.get_by_role("button", name="Enter it").click()
    expect(fay.page.get_by_text("witnessed by Ada Example")).to_be_visible()
    fay.look("room")
    later = poll.closes_at + timedelta(days=2)
    fay.page.goto(f"{address}/running")
    fay.send(f"{address}/extension", closes_at=f"{later:%Y-%m-%dT%H:%M}", reason=MORE_TIME)
    expect(fay.page.get_by_text(MORE_TIME)).to_be_visible()
    run_due_jobs(db)
    vera = visit(VOTER, narrow=scripts)
    vera.page.goto("/inbox")
    expect(vera.page.get_by_text("You can vote in an indicative poll")).to_be_visible()
    vote(db, poll.id, voter, 1)

    clock.now = later
    run_due_jobs(db)
    reader = visit(narrow=scripts)
    reader.page.goto(f"{address}/results")
    expect(reader.page.get_by_text("in none of the figures above")).to_be_visible()
    reader.page.get_by_text("How ties would be broken").click()
    reader.look("result")
    again = visit(FACILITATOR)
    again.page.goto(f"{address}/running")
    again.send(f"{address}/invalidation", reason=TWICE)
    expect(again.page.get_by_text("You proposed this yourself")).to_be_visible()
    sol = visit(SECOND)
    sol.page.goto(f"{address}/running")
    sol.page.get_by_role("button", name="Confirm: this poll is invalid").click()
    expect(sol.page.get_by_text("Sol confirmed it")).to_be_visible()
    reader.page.goto(f"{address}/results")
    expect(reader.page.get_by_text(TWICE)).to_be_visible()
    reader.look("invalid")
