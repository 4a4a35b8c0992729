"""S8: reacting without writing, naming people and proposals, and finding it all again."""

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import StakeholderGroup
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person, make_proposals
from tests.support.journeys import OpenVisit

pytestmark = pytest.mark.browser
READER, BO = "reader@example.org", "bo@example.org"


def test_s08_a_reaction_counts_once_and_can_be_changed_and_taken_back(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure each person has one reaction at a time, shown by group."""
    make_person(db, StakeholderGroup.GOVERNMENT, email=READER)
    deliberation = make_deliberation(db).id
    comment = make_comment(db, deliberation, body="Lanterns need oil.").id
    reader = visit(READER, narrow=True)
    page = reader.page
    page.goto(f"/deliberations/{deliberation}")
    reactions = page.locator(f"#r{comment}")
    counts = reactions.locator(".reaction-counts")

    for act, words in (("Agree", "Agree"), ("Thanks", "Thanks")):
        summary = reactions.locator("summary")
        summary.focus()
        page.keyboard.press("Enter")
        reactions.get_by_role("button", name=act, exact=True).click()
        expect(counts).to_contain_text(words)
        expect(counts).to_contain_text("Government 1")
        expect(counts.locator("li")).to_have_count(1)
        expect(summary).to_contain_text(f"Your reaction: {words}")
        if scripts:
            expect(summary).to_be_focused()
    reader.look("reacted")
    reactions.locator("summary").click()
    reactions.get_by_role("button", name="Take it back").click()
    expect(counts).to_have_count(0)
    expect(reactions.locator("summary")).to_have_text("React")


def test_s08_names_and_numbers_lead_to_each_other_and_everything_is_found(
    db: Database, visit: OpenVisit
) -> None:
    """Ensure a mention reaches the inbox, `#12` links both ways, and search marks its hits."""
    make_person(db, email=READER)
    bo = make_person(db, StakeholderGroup.GOVERNMENT, name="Bo Harbour", email=BO)
    deliberation = make_deliberation(db).id
    make_comment(db, deliberation, bo, body="Harbours have lanterns too.")
    proposal = make_proposals(db, deliberation, number=1)[0]
    writer, named = visit(READER), visit(BO, narrow=True)

    page = writer.page
    page.goto(f"/deliberations/{deliberation}")
    page.locator("#comment-body").fill(f"As @bo-harbour said, #{proposal.id} needs lighthouses.")
    page.get_by_role("button", name="Publish comment").dblclick()
    own = page.locator("article.comment", has_text="needs lighthouses")
    expect(own).to_have_count(1)
    own.get_by_role("link", name=f"#{proposal.id}", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Proposal number")
    page.get_by_role("link", name="Mentioned in 1 comment").click()
    writer.look("mentions")
    page.locator("main").get_by_role("link", name="needs lighthouses").click()
    expect(own).to_be_in_viewport()
    expect(page.locator("article.comment")).to_have_count(2)

    run_due_jobs(db)
    page = named.page
    page.goto("/inbox")
    expect(page.locator(".account")).to_contain_text("1 unread")
    expect(page.locator(".inbox li")).to_contain_text("needs lighthouses")
    page.locator(".inbox").get_by_role("link").first.click()
    expect(page.locator("article.comment", has_text="needs lighthouses")).to_be_in_viewport()

    page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_label("Words").fill("lanterns")
    page.keyboard.press("Enter")
    expect(page.locator("#hits mark").first).to_be_visible()
    assert page.locator("#hits .hit").count() > 1
    page.get_by_text("Narrow the search").click()
    page.get_by_label("Stakeholder group of the author").select_option("Government")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.locator("#hits .hit")).to_have_count(1)
    expect(page.locator("#hits mark")).to_have_text("lanterns")
    named.look("search")
    page.get_by_role("link", name="Clear the filter: Government").click()
    expect(page.locator("#hits .hit")).not_to_have_count(1)
