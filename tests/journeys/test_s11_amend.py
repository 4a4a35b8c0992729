"""S11: suggest other words, see what changes, and follow what comes of it."""

import pytest
from playwright.sync_api import expect

from deliberate.storage.database import Database
from tests.factories import make_deliberation, make_person, make_proposals
from tests.support.amending import email_of
from tests.support.journeys import OpenVisit, Visit

pytestmark = pytest.mark.browser
AMENDER = "amender@example.org"


def suggest(amender: Visit, proposal: int, words: str) -> str:
    """From the proposal's page to an amendment; its address."""
    page = amender.page
    page.goto(f"/proposals/{proposal}")
    page.get_by_role("link", name="Suggest an amendment").click()
    page.get_by_label("What should be done").fill(words)
    page.get_by_label("Why this change").fill("Somebody has to pay for it.")
    page.get_by_role("button", name="Publish amendment").click()
    page.wait_for_url("**/amendments/*")
    return page.url


def test_s11_amendments_are_accepted_rejected_and_made_alternatives(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure each answer is a few clicks away and both sides read the same difference."""
    (proposal,) = make_proposals(db, make_deliberation(db).id, 1)
    make_person(db, email=AMENDER, name="Amal Amender")
    amender = visit(AMENDER, narrow=not scripts)
    author = visit(email_of(db, proposal.author_id), narrow=scripts)

    accepted = suggest(amender, proposal.id, "What we would do, and why. The city pays.")
    expect(amender.page.locator("ins")).to_contain_text(["The city pays."])
    amender.look("amendment")
    author.page.goto(f"/proposals/{proposal.id}")
    author.page.get_by_role("link", name="Somebody has to pay for it.").click()
    author.page.get_by_role("link", name="Accept it").click()
    author.look("acceptance")
    author.page.get_by_role("button", name="Publish version 2").click()
    expect(author.page.locator("#story")).to_contain_text("From an amendment by Amal Amender")

    rejected = suggest(amender, proposal.id, "Only rich cities pay.")
    author.page.goto(rejected)
    author.page.get_by_text("Reject it", exact=True).click()
    author.page.get_by_label("Why not").fill("Poor cities have lamps too.")
    author.page.get_by_role("button", name="Reject", exact=True).click()
    amender.page.goto(rejected)
    expect(amender.page.get_by_text("Poor cities have lamps too.")).to_be_visible()
    amender.page.get_by_text("Let it stand as a proposal of its own").click()
    amender.page.get_by_role("button", name="Publish it as a proposal").click()
    amender.page.wait_for_url("**/proposals/*")
    expect(amender.page.get_by_text("Only rich cities pay.")).to_be_visible()
    amender.page.get_by_role("link", name="Began as an amendment").click()
    assert amender.page.url == rejected
    amender.page.goto(accepted)
    expect(amender.page.get_by_role("link", name="Version 2 came of it")).to_be_visible()
