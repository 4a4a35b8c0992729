"""S7: changing one's words in the open, taking them back, and leaving for good."""

import pytest
from playwright.sync_api import expect

from deliberate.domain.people import Actor
from deliberate.storage.database import Database
from tests.factories import PASSWORD, make_comment, make_deliberation, make_person
from tests.support.clock import FakeClock
from tests.support.journeys import OpenVisit, Visit

pytestmark = pytest.mark.browser
AUTHOR = "author@example.org"


@pytest.fixture
def author(db: Database) -> Actor:
    """Somebody who writes and thinks again."""
    return make_person(db, email=AUTHOR, name="Ama Lantern")


def test_s07_every_wording_stays_readable_and_a_late_edit_is_marked(
    db: Database, visit: OpenVisit, clock: FakeClock, author: Actor
) -> None:
    """Ensure an edit shows its difference, one after replies says so, and removal leaves these."""
    deliberation = make_deliberation(db).id
    comment = make_comment(db, deliberation, author, body="Lamps should be free.").id
    writer, reader = visit(AUTHOR, narrow=True), visit()
    clock.advance(hours=1)
    edit(writer, comment, "Lamps must be free.")
    own = writer.page.locator(f"#c{comment}")
    expect(own).to_contain_text("must be free")
    expect(own.get_by_role("link", name="Edited", exact=True)).to_be_visible()

    reply = make_comment(db, deliberation, parent_id=comment, body="Free for whom?").id
    clock.advance(hours=1)
    edit(writer, comment, "Lamps must be cheap.")
    reader.page.goto(f"/deliberations/{deliberation}")
    reader.page.get_by_role("link", name="Edited after replies").click()
    for before, after in (("should", "must"), ("free", "cheap")):
        expect(reader.page.locator("del", has_text=before)).to_be_visible()
        expect(reader.page.locator("ins", has_text=after)).to_be_visible()
    reader.look("history")

    own.get_by_text("Take back").first.click()
    own.get_by_role("button", name="Take back this comment").click()
    expect(own).to_contain_text("Taken back by its author. The replies stay.")
    expect(writer.page.locator(f"#c{reply}")).to_contain_text("Free for whom?")
    expect(own).not_to_contain_text("cheap")
    writer.look("tombstone")


def test_s07_two_tabs_that_edit_see_each_others_words(
    db: Database, visit: OpenVisit, author: Actor
) -> None:
    """Ensure the later tab is shown what the earlier stored, keeps its own, and decides."""
    comment = make_comment(db, make_deliberation(db).id, author, body="As it was.").id
    writer = visit(AUTHOR, narrow=True)
    first, second = writer.page, writer.page.context.new_page()
    for page in (first, second):
        page.goto(f"/comments/{comment}/revision")
    first.get_by_label("Your comment", exact=True).fill("What the first tab says.")
    first.get_by_role("button", name="Store the new wording").click()
    expect(first.locator(f"#c{comment}")).to_contain_text("What the first tab says.")

    mine = second.get_by_label("Your comment", exact=True)
    mine.fill("What the second tab says.")
    with second.expect_response("**/revision") as answer:
        second.get_by_role("button", name="Store the new wording").click()
    assert answer.value.status == 409
    expect(second.get_by_role("alert")).to_contain_text("What the first tab says.")
    expect(mine).to_have_value("What the second tab says.")
    first.reload()
    expect(first.locator(f"#c{comment}")).to_contain_text("What the first tab says.")
    writer.page = second
    writer.look("conflict")
    second.get_by_role("button", name="Store the new wording").click()
    expect(second.locator(f"#c{comment}")).to_contain_text("What the second tab says.")
    second.goto(f"/comments/{comment}/history")
    expect(second.get_by_text("Version 3")).to_be_visible()


def test_s07_a_deleted_account_leaves_the_thread_readable(
    db: Database, visit: OpenVisit, author: Actor
) -> None:
    """Ensure words and replies stay in their places, without the name."""
    deliberation = make_deliberation(db).id
    comment = make_comment(db, deliberation, author, body="Remember the oil.").id
    reply = make_comment(db, deliberation, parent_id=comment, body="We will.").id
    writer = visit(AUTHOR, narrow=True)
    page = writer.page

    page.goto("/account")
    page.get_by_role("link", name="Delete your account").click()
    page.get_by_label("Your password").fill(PASSWORD)
    writer.look("removal")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.locator(".account")).to_contain_text("Sign in")

    page.goto(f"/comments/{comment}")
    left = page.locator(f"#c{comment}")
    expect(left).to_contain_text("Former participant")
    expect(left).to_contain_text("Civil Society")
    expect(left).to_contain_text("Remember the oil.")
    expect(page.locator(f"#c{reply}")).to_contain_text("We will.")
    expect(page.get_by_text("Ama Lantern")).to_have_count(0)


def edit(writer: Visit, comment_id: int, text: str) -> None:
    """From the comment to its form, and other words stored."""
    page = writer.page
    page.goto(f"/comments/{comment_id}")
    page.locator(f"#c{comment_id}").get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Your comment", exact=True).fill(text)
    page.get_by_role("button", name="Store the new wording").click()
    expect(page.locator(f"#c{comment_id}")).to_contain_text(text)
