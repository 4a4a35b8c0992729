"""F3: re-home replies, pin, mark as answered, close for replies; read why, and take it back."""

import pytest
from playwright.sync_api import expect

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.journeys import OpenVisit, Visit

pytestmark = pytest.mark.browser
REASON = "It answers what the call to action asks."


def test_f03_threads_are_tended_and_put_back(
    db: Database, visit: OpenVisit, *, scripts: bool
) -> None:
    """Ensure a stray reply finds its place, everybody reads why, and one button undoes it."""
    make_person(db, role=Role.FACILITATOR, email="facilitator@example.org")
    home = make_deliberation(db).id
    other = make_deliberation(db, output=OutputKind.CALL_TO_ACTION).id
    root = make_comment(db, home, body="Lanterns want oil.").id
    stray = make_comment(db, home, parent_id=root, body="Repair records belong elsewhere.").id
    below = make_comment(db, home, parent_id=stray, body="They do.").id
    facilitator = visit("facilitator@example.org", narrow=not scripts)

    move(facilitator, home, other, stray)
    mark(facilitator, root)
    find_by_old_addresses(visit(narrow=scripts), home, other, stray, below)
    undo(facilitator, home, stray)


def move(facilitator: Visit, home: int, other: int, stray: int) -> None:
    """From the comment to the page that tends it, and on to the discussion it belongs to."""
    page = facilitator.page
    page.goto(f"/deliberations/{home}")
    page.locator(f'#c{stray} a[href="/comments/{stray}/gardening"]').click()
    page.get_by_text("Move it to another discussion").click()
    page.locator(f'a[href="?act=move&to={other}#move"]').click()
    form = page.locator("#move form[method=post]")
    form.locator('[name="reason"]').fill(REASON)
    facilitator.look("tend")
    form.get_by_role("button").click()
    expect(page.locator(f"#c{stray}")).to_contain_text("Repair records")
    assert f"/deliberations/{other}" in page.url


def mark(facilitator: Visit, root: int) -> None:
    """Pin a thread and close it for replies."""
    page = facilitator.page
    for words, tag in (
        ("Pin it on top", "Pinned"),
        ("Close it for replies", "Takes no more replies"),
    ):
        page.goto(f"/comments/{root}/gardening")
        page.get_by_text(words, exact=True).click()
        form = page.locator("details[open] form[method=post]")
        form.locator('[name="reason"]').fill(REASON)
        form.get_by_role("button").click()
        expect(page.locator(f"#c{root} header")).to_contain_text(tag)


def find_by_old_addresses(reader: Visit, home: int, other: int, stray: int, below: int) -> None:
    """The old place says where it went, and permanent addresses lead there."""
    page = reader.page
    page.goto(f"/deliberations/{home}?around={below}")
    assert f"/deliberations/{other}" in page.url
    page.goto(f"/deliberations/{home}#c{stray}")
    left = page.locator(f"p#c{stray}")
    expect(left).to_contain_text("A thread was moved to:")
    reader.look("discussion")
    left.get_by_role("link").click()
    expect(page.locator(f"#c{below}")).to_contain_text("They do.")
    page.goto(f"/deliberations/{home}/gardening")
    expect(page.get_by_text(REASON).first).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    reader.look("log")


def undo(facilitator: Visit, home: int, stray: int) -> None:
    """Put the branch back where it stood."""
    page = facilitator.page
    page.goto(f"/deliberations/{home}/gardening")
    page.locator("li", has_text="went to another discussion").get_by_role("button").click()
    expect(page.locator(f"article#c{stray}")).to_contain_text("Repair records")
    assert f"/deliberations/{home}" in page.url
    page.goto(f"/deliberations/{home}/gardening")
    expect(page.get_by_text("Undone by")).to_be_visible()
