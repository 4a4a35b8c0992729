"""Journey S4: follow a discussion, choose how often mail comes, end it with one press, inbox."""

import pytest
from playwright.sync_api import expect

from deliberate.jobs.digests import write_due_digests
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit

READER = "reader@example.org"
NEWS = "Lanterns need oil before they need a network."


@pytest.mark.browser
def test_s4_following_leads_to_the_inbox_and_to_mail_that_can_be_ended(
    db: Database, visit: OpenVisit, clock: FakeClock
) -> None:
    """Ensure one press follows, the digest comes at its hour, and one press ends it."""
    make_person(db, email=READER)
    deliberation = make_deliberation(db)
    reader = visit(READER, narrow=True)
    page = reader.page

    page.goto(f"/deliberations/{deliberation.id}")
    page.get_by_role("link", name="Follow this discussion").click()
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.get_by_text("You follow this: news come to your inbox")).to_be_visible()
    reader.look("followed")

    page.goto("/account/mail")
    page.get_by_label("Every day").check()
    page.get_by_label("Time zone").select_option("Africa/Nairobi")
    reader.look("choices")
    page.get_by_role("button", name="Store", exact=True).click()
    expect(page.get_by_text("Your choice is stored.")).to_be_visible()

    make_comment(db, deliberation.id, body=NEWS)
    run_due_jobs(db)
    clock.advance(hours=20)
    write_due_digests(db)
    page.goto("/inbox")
    expect(page.locator(".account")).to_contain_text("1 unread")
    expect(page.get_by_text(NEWS)).to_be_visible()
    reader.look("inbox")

    page.goto("/outbox")
    page.get_by_role("link", name="digest").click()
    expect(page.locator(".mail")).to_contain_text(NEWS)
    expect(page.locator(".mail")).to_contain_text("(Nairobi: Mon 12:00)")
    reader.look("digest")
    address = page.get_by_role("link", name="/unsubscribe/").get_attribute("href") or ""

    stranger = visit()
    stranger.page.goto(address)
    stranger.look("ending")
    stranger.page.get_by_role("button", name="End this mail").click()
    expect(stranger.page.get_by_role("heading", name="This mail has ended")).to_be_visible()
    page.goto("/account/mail")
    expect(page.get_by_label("Never")).to_be_checked()

    page.goto("/inbox")
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator(".account")).not_to_contain_text("unread")
