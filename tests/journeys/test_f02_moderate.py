"""F2: clear a flood at once, keep what is in order, ask for an edit, and read comments first."""

import pytest
from playwright.sync_api import expect

from deliberate.domain.moderation import Rule
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.journeys import OpenVisit, Visit
from tests.support.moderating import report

pytestmark = pytest.mark.browser


def test_f02_the_queue_is_worked_off_and_comments_wait(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure a moderator gets through a bad night, and everybody reads what was done and why."""
    make_person(db, role=Role.FACILITATOR, email="facilitator@example.org")
    make_person(db, email="writer@example.org")
    home = make_deliberation(db).id
    reporter = make_person(db)
    flood = [make_comment(db, home, body=f"Buy lamp {number} now!") for number in (1, 2)]
    sharp = make_comment(db, home, body="This plan forgets the lamplighters.")
    for each in flood:
        report(db, reporter, each, Rule.SPAM)
    report(db, reporter, sharp, Rule.ATTACK, "Too sharp.")
    facilitator = visit("facilitator@example.org", narrow=not scripts)

    clear(facilitator, [each.id for each in flood])
    ask(facilitator, sharp.id)
    let_wait(facilitator, home)
    write(visit("writer@example.org", narrow=scripts), home)
    release(facilitator, home)


def clear(facilitator: Visit, flood: list[int]) -> None:
    """Tick the flood and hide it by one rule."""
    page = facilitator.page
    page.goto("/moderation")
    for number in flood:
        page.locator(f'input[value="comment-{number}-0-1"]').check()
    page.locator('[name="rule"]').select_option("spam")
    page.get_by_role("button", name="Hide by this rule").click()
    expect(page.locator("main")).not_to_contain_text("Buy lamp")
    expect(page.locator("main")).to_contain_text("This plan forgets the lamplighters.")


def ask(facilitator: Visit, sharp: int) -> None:
    """Ask the author for other words; the report waits with them."""
    page = facilitator.page
    page.locator(f'a[href="/moderation/comments/{sharp}"]').click()
    page.get_by_text("Ask the author to change it", exact=True).click()
    form = page.locator("details[open] form")
    form.locator('[name="words"]').fill("Please say what the plan should hold.")
    form.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("With the author (1)")


def let_wait(facilitator: Visit, home: int) -> None:
    """Switch pre-moderation on, for a public reason."""
    page = facilitator.page
    page.goto(f"/deliberations/{home}/premoderation")
    facilitator.look("premoderation")
    facilitator.send(f"/deliberations/{home}/premoderation", words="Offers came in all night.")
    expect(page.locator("#thread")).to_contain_text("Offers came in all night.")


def write(writer: Visit, home: int) -> None:
    """What one writes waits, and says so."""
    page = writer.page
    page.goto(f"/deliberations/{home}")
    writer.send(f"/deliberations/{home}/comments", body="Lamps want oil.")
    expect(page.locator("main")).to_contain_text("This waits for a moderator.")
    expect(page.locator("main")).to_contain_text("Lamps want oil.")
    writer.look("waits")


def release(facilitator: Visit, home: int) -> None:
    """Show it from the queue; the log has every act."""
    page = facilitator.page
    page.goto("/moderation?why=held")
    page.locator('input[name="entries"]').check()
    page.get_by_role("button", name="Show", exact=True).click()
    page.goto(f"/deliberations/{home}")
    expect(page.locator("#thread")).to_contain_text("Lamps want oil.")
    page.goto("/moderation/log")
    for words in ("Released", "Pre-moderation switched on", "Author asked to edit", "Hidden"):
        expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("main")).not_to_contain_text("Buy lamp")
