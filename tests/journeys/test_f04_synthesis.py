"""Journey F4: comments become arguments, gaps are named, a visitor reads the map."""

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import Role, StakeholderGroup
from deliberate.domain.threads import CommentKind
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.journeys import OpenVisit

FACILITATOR = "facilitator@example.org"
OWNED = "Lanterns that people own are repaired sooner than those of the city."
ASKED = "Who would publish where the lanterns stand?"
ARGUMENT, QUESTION = "Owners look after lanterns.", "Who keeps the list of lanterns?"


@pytest.mark.browser
def test_f04_comments_are_collected_and_the_visitor_reads_what_is_missing(
    db: Database, visit: OpenVisit
) -> None:
    """Ensure everything is cited or set aside, gaps are named, and the map leads to the words."""
    home = make_deliberation(db).id
    make_person(db, role=Role.FACILITATOR, email=FACILITATOR, name="Fatou")
    civil, technical = make_person(db), make_person(db, StakeholderGroup.TECHNICAL)
    said = make_comment(db, home, civil, body=OWNED)
    make_comment(db, home, technical, body=ASKED, kind=CommentKind.QUESTION)
    make_comment(db, home, civil, body="Thank you for the invitation.")
    facilitator = visit(FACILITATOR).page

    facilitator.goto(f"/deliberations/{home}")
    facilitator.get_by_role("link", name="Sort comments").click()
    facilitator.get_by_label(OWNED).check()
    facilitator.locator("#begin-text").fill(ARGUMENT)
    facilitator.get_by_role("button", name="Begin with the ticked").click()
    expect(facilitator.get_by_text("1 of 3 comments collected")).to_be_visible()
    facilitator.get_by_label(ASKED).check()
    facilitator.locator("summary", has_text="Begin an argument").click()
    facilitator.locator("#begin-kind").select_option("question")
    facilitator.locator("#begin-text").fill(QUESTION)
    facilitator.get_by_role("button", name="Begin with the ticked").click()
    facilitator.get_by_label("Thank you for the invitation.").check()
    facilitator.locator("summary", has_text="Set aside").click()
    facilitator.locator("#waive-reason").fill("A greeting, not an argument.")
    facilitator.get_by_role("button", name="Set aside").click()
    expect(facilitator.get_by_text("all sorted")).to_be_visible()
    expect(facilitator.locator("#coverage")).to_contain_text(
        "No answer yet to what the technical community raised."
    )

    facilitator.goto(f"/deliberations/{home}/arguments")
    facilitator.get_by_role("link", name=ARGUMENT).first.click()
    facilitator.get_by_role("link", name="Choose an excerpt").click()
    facilitator.get_by_label("Excerpt").fill("Lanterns that people own are repaired sooner")
    facilitator.get_by_role("button", name="Save").click()
    facilitator.locator("summary", has_text="Merge into another").wait_for()

    visitor = visit(narrow=True)
    visitor.page.goto(f"/deliberations/{home}")
    visitor.page.get_by_role("link", name="Arguments for and against, and questions").click()
    expect(visitor.page.locator(".argument-kind.for")).to_contain_text(ARGUMENT)
    expect(visitor.page.locator(".argument-kind.for")).to_contain_text("In the words of Fatou")
    expect(visitor.page.locator("#coverage")).to_contain_text("Unheard.")
    visitor.look("map")
    visitor.page.get_by_role("link", name="1 set aside with a reason").click()
    expect(visitor.page.locator("main")).to_contain_text("A greeting, not an argument.")
    visitor.page.go_back()
    visitor.page.get_by_role("link", name=f"#{said.id}").first.click()
    expect(visitor.page.locator(f"#c{said.id}")).to_contain_text(OWNED)
