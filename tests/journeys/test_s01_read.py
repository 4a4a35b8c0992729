"""S1: a visitor reads, from the front page to the line of the source, without an account."""

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import StakeholderGroup
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.journeys import OpenVisit
from tests.support.pages import check_page

pytestmark = pytest.mark.browser
QUESTION = "How should public lanterns be connected to community networks?"


def test_s01_a_visitor_reads_everything_that_leads_to_a_question(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure state, closing, participation, context, source and report are there for everybody."""
    deliberation = make_deliberation(db)
    make_comment(db, deliberation.id, make_person(db, StakeholderGroup.GOVERNMENT))
    visitor = visit(narrow=True, zone="Africa/Nairobi")
    page = visitor.page

    page.goto("/")
    entry = page.locator(".entry", has_text=QUESTION)
    expect(entry).to_contain_text("Discussion open")
    expect(entry).to_contain_text("1 Apr 2026, 09:00 UTC")
    expect(entry.locator(".group-counts")).to_contain_text("Government 1")
    if scripts:
        expect(entry.locator("time")).to_contain_text("(12:00 your time)")
    visitor.look("home")

    page.get_by_role("link", name=QUESTION).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
    expect(page.locator('.phases [aria-current="step"]')).to_have_text("Discussion")
    expect(page.locator(".phase-dates")).to_contain_text("30 days left")
    expect(page.locator("article.comment")).to_contain_text("Government")
    expect(page.locator("#write").get_by_role("link", name="Sign in")).to_be_visible()
    assert check_page(page.request.get(page.url).text()) == []
    visitor.look("question")

    page.get_by_role("link", name="of the session's page").click()
    expect(page.locator("tr:target")).to_contain_text(QUESTION)
    expect(page.locator("tr:target")).to_be_in_viewport()
    visitor.look("source")

    page.go_back()
    page.get_by_role("link", name="What else the session asked and reported").click()
    expect(page.get_by_text("Cities should publish where every lantern stands.")).to_be_visible()
    page.get_by_role("link", name="To the discussion").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTION)
