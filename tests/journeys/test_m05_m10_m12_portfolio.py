"""Journeys M5, M10 and M12: classify, balance, and see everything, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import RegionalGroup, Role, StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.forum import list_questions
from tests.factories import make_comment, make_deliberation, make_person, make_session
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit

CURATOR, FACILITATOR = "curator@example.org", "facilitator@example.org"


@pytest.mark.browser
def test_m5_a_curator_classifies_and_assigns(db: Database, visit: OpenVisit) -> None:
    """Ensure theme, goals, tags, actors, language, priority and facilitator are set in one form."""
    session = make_session(db, make_person(db, role=Role.MAG_MEMBER, email=CURATOR))
    make_person(db, role=Role.FACILITATOR, email=FACILITATOR, name="Fa Cilitator")
    with db.reading() as reader:
        question_id = list_questions(reader, session.id)[0].id
    curator = visit(CURATOR)
    page = curator.page

    page.goto(f"/sessions/{session.slug}/curation")
    page.locator(f'a[href="/questions/{question_id}/classification"]').click()
    page.get_by_label("Tags").fill("lamps, networks")
    page.get_by_label("9 Industry, Innovation and Infrastructure").check()
    page.get_by_label("Multistakeholder Advisory Group (MAG)").check()
    page.locator('select[name="language"]').select_option("en")
    page.locator('select[name="priority"]').select_option("high")
    page.locator('select[name="facilitator_id"]').select_option(label="Fa Cilitator")
    curator.look("m5-form")
    page.get_by_role("button", name="Save the labels").click()
    expect(page.get_by_text("The labels are saved.")).to_be_visible()
    curator.look("m5-desk")

    page.locator('main a[href="/questions?tag=lamps"]').first.click()
    expect(page.get_by_role("heading", name="1 found")).to_be_visible()
    facilitator = visit(FACILITATOR, narrow=True).page
    facilitator.goto("/account")
    expect(facilitator.get_by_text("Questions you take care of")).to_be_visible()


@pytest.mark.browser
def test_m10_gaps_are_seen_and_invitations_followed(db: Database, visit: OpenVisit) -> None:
    """Ensure who is missing is named, an invitation is noted, and its effect is counted."""
    make_person(db, role=Role.FACILITATOR, email=FACILITATOR)
    people = [make_person(db, StakeholderGroup.GOVERNMENT) for _ in range(6)]
    discussion = make_deliberation(db)
    facilitator = visit(FACILITATOR)
    page = facilitator.page

    page.goto(f"/deliberations/{discussion.id}/balance")
    expect(page.get_by_text("No participant from Government in the African Group")).to_be_visible()
    page.get_by_role(
        "link", name=re.compile(r"Note an invitation\W+Government\W+African Group")
    ).click()
    expect(page.locator('select[name="region"]')).to_have_value(RegionalGroup.AFRICA)
    page.get_by_label("By which way").fill("Letter to missions")
    page.get_by_label("How many were invited").fill("54")
    page.get_by_role("button", name="Note the invitation").click()
    expect(page.get_by_text("The invitation is noted.")).to_be_visible()
    for person in people[:4]:
        make_comment(db, discussion.id, person)
    page.reload()
    row = page.get_by_role("row", name=re.compile("Letter to missions"))
    expect(row.get_by_role("cell", name="4", exact=True)).to_be_visible()
    facilitator.look("m10-board")

    visitor = visit(narrow=True)
    visitor.page.goto(f"/deliberations/{discussion.id}/balance")
    expect(visitor.page.get_by_text("4 of 6").first).to_be_visible()
    expect(visitor.page.get_by_text("Letter to missions")).to_have_count(0)
    visitor.look("m10-phone")


@pytest.mark.browser
def test_m12_everything_is_seen_by_stage_and_exported(
    db: Database, clock: FakeClock, visit: OpenVisit
) -> None:
    """Ensure stages, lateness, filters, their addresses and the table serve a MAG meeting."""
    session = make_session(db)
    make_deliberation(db, session, days=5)
    clock.advance(days=31)
    reader = visit()
    page = reader.page

    page.goto("/")
    page.locator(".site-nav").get_by_role("link", name="Questions").click()
    expect(page.get_by_role("heading", name="2 found")).to_be_visible()
    reader.look("m12-all")
    page.get_by_role("link", name=re.compile("Overdue")).first.click()
    expect(page.get_by_text("Closed 26 days ago, no summary yet")).to_be_visible()
    page.wait_for_url("**/questions?overdue=yes")

    page.get_by_label("Words", exact=False).first.fill("oil")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing matches all of these filters.")).to_be_visible()
    assert "q=oil" in page.url
    assert "overdue=yes" in page.url
    page.get_by_role("link", name=re.compile("Clear the filter: Late")).click()
    expect(page.get_by_role("heading", name="1 found")).to_be_visible()
    reader.look("m12-filtered")
    with page.expect_download() as download:
        page.get_by_role("link", name="This list as a table").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "Who should pay for the oil" in text
    assert "How should public lanterns" not in text
    page.go_back()
    expect(page.get_by_text("Nothing matches all of these filters.")).to_be_visible()
