"""F5: find proposals that say the same, ask their authors, and lead from the originals to one."""

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import Role
from deliberate.storage.database import Database
from tests.factories import make_deliberation, make_person
from tests.support.journeys import OpenVisit, Visit
from tests.support.recasting import propose

pytestmark = pytest.mark.browser
OIL, WICK, FACILITATOR = "oil@example.org", "wick@example.org", "facilitator@example.org"


def answer(author: Visit, address: str) -> None:
    """Consent to what becomes of one's own proposal."""
    author.page.goto(address)
    author.page.get_by_role("button", name="Consent").click()
    author.page.get_by_role("status").first.wait_for()


def test_f05_two_proposals_become_one_with_consent_and_one_is_split(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure the originals stay readable, lead to what was made of them, and back."""
    place = make_deliberation(db).id
    oil = make_person(db, email=OIL, name="Olu Oil")
    wick = make_person(db, email=WICK, name="Wen Wick")
    make_person(db, email=FACILITATOR, role=Role.FACILITATOR)
    first = propose(db, oil, place, "Oil for every lamp")
    second = propose(db, wick, place, "Wicks for every lamp")
    shepherd = visit(FACILITATOR, narrow=not scripts)
    page = shepherd.page

    page.goto(f"/proposals/{first}")
    page.get_by_text("Combine or split").click()
    page.get_by_role("link", name="Combine it with others").click()
    page.get_by_label("Wicks for every lamp").check()
    shepherd.look("choose")
    page.get_by_role("button", name="Write the text").click()
    page.get_by_label("The proposal in one sentence").fill("Oil and wicks for every lamp")
    page.get_by_label("Why combine them").fill("Neither burns without the other.")
    shepherd.look("write")
    page.get_by_role("button", name="Ask the authors").click()
    page.wait_for_url("**/recastings/*")
    address = page.url
    olu, wen = visit(OIL, narrow=scripts), visit(WICK)
    olu.page.goto("/inbox")
    answer(olu, address)
    expect(
        olu.page.get_by_text("Nothing changes until every author has consented.")
    ).to_be_visible()
    wen.page.goto(address)
    wen.look("consent")
    answer(wen, address)
    wen.page.get_by_role("link", name="Proposal #").click()
    expect(wen.page.locator("#sponsors")).to_contain_text("Wen Wick")
    wen.look("combined")
    wen.page.get_by_role("link", name=f"#{second} Wicks for every lamp").click()
    expect(wen.page.get_by_text("This proposal was combined with others.")).to_be_visible()
    wen.page.get_by_role("link", name="Oil and wicks for every lamp").first.click()

    olu.page.goto(wen.page.url)
    olu.page.get_by_text("Combine or split").click()
    olu.page.get_by_role("link", name="Split it").click()
    parts = olu.page.locator("fieldset.new-text")
    for number, title in enumerate(("Oil, to begin with", "Wicks, in a second step")):
        parts.nth(number).get_by_label("The proposal in one sentence").fill(title)
    olu.page.get_by_label("Why split it").fill("The oil can come at once.")
    olu.look("split")
    olu.page.get_by_role("button", name="Publish").click()
    expect(olu.page.get_by_text("Every author consented.")).to_be_visible()
    olu.page.goto(wen.page.url)
    expect(olu.page.get_by_text("This proposal was split.")).to_be_visible()
    olu.look("original")
