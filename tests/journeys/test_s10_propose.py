"""Journey S10: a proposal from draft to second version and withdrawal, scripts on and off."""

import pytest
from playwright.sync_api import expect

from deliberate.storage.database import Database
from tests.factories import make_deliberation, make_person
from tests.support.journeys import OpenVisit, Visit

AUTHOR, RATER = "author@example.org", "rater@example.org"
TITLE = "Number every lantern and publish the list"


def write(author: Visit, address: str, title: str) -> None:
    """Fill in the form for a proposal."""
    author.page.goto(f"{address}/proposals/new")
    author.page.get_by_label("Your proposal in one sentence").fill(title)
    author.page.get_by_label("What should be done").fill("Each gets a **plate** with a number.")
    author.page.get_by_label("Why").fill("What has a number can be found and mended.")


@pytest.mark.browser
def test_s10_a_proposal_grows_from_a_draft_to_a_second_version(
    db: Database, visit: OpenVisit
) -> None:
    """Ensure each step is one button away and nothing of the earlier ones is lost."""
    address = f"/deliberations/{make_deliberation(db).id}"
    for email in (AUTHOR, RATER):
        make_person(db, email=email)
    author, rater = visit(AUTHOR), visit(RATER, narrow=True)
    write(rater, address, f"{TITLE} of them")
    rater.page.get_by_role("button", name="See how it reads").click()
    rater.page.get_by_role("button", name="Publish proposal").click()

    write(author, address, TITLE)
    author.page.get_by_role("button", name="Save draft").click()
    author.page.goto(address)
    author.page.get_by_role("link", name=TITLE, exact=True).click()
    author.page.get_by_role("button", name="See how it reads").click()
    expect(author.page.get_by_role("link", name=f"{TITLE} of them")).to_be_visible()
    author.look("preview")
    author.page.get_by_role("button", name="Publish anyway").click()
    author.page.wait_for_url("**/proposals/*")
    proposal = author.page.url

    rater.page.goto(proposal)
    rater.page.locator('input[value="agreement"]').check()
    rater.page.get_by_role("button", name="Store rating").click()
    expect(rater.page.get_by_text("Your rating:").first).to_be_visible()
    author.page.get_by_role("link", name="Write a new version").click()
    author.page.get_by_label("Your proposal in one sentence").fill(f"{TITLE} every year")
    author.page.get_by_label("What changed, and why").fill(
        "A list that is never renewed is useless."
    )
    author.page.get_by_role("button", name="See how it reads").click()
    expect(author.page.locator("ins", has_text="every year")).to_be_visible()
    author.page.get_by_role("button", name="Publish version 2").click()

    rater.page.goto(proposal)
    expect(rater.page.get_by_text("You rated version 1. This is version 2.")).to_be_visible()
    rater.look("confirm")
    rater.page.get_by_role("button", name="Confirm it for version 2").click()
    expect(rater.page.get_by_text("You rated version 1.")).to_have_count(0)
    rater.page.get_by_role("link", name="Compare the versions").click()
    rater.look("versions")

    author.page.goto(proposal)
    author.page.locator("details > summary", has_text="Withdraw this proposal").click()
    author.page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(author.page.locator("#story")).to_contain_text("Withdrawn by its author")
    author.look("story")
