"""M2 and M3: seventy pages dropped in, checked beside their source, put right and stored."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from deliberate.domain.people import Role
from deliberate.storage.database import Database
from deliberate.storage.forum import list_sessions
from tests.factories import PAGE, make_person
from tests.support.journeys import DESK, PHONE, OpenVisit, Visit

PAGES = Path(__file__).parent.parent / "pages"
EMAIL = "curator@example.org"
NUMBER = 70
LIGHT = "Who should pay for the light?"


def pages(folder: Path) -> list[Path]:
    """Seventy pages: most are clear, some doubtful, one unreadable, one twice."""
    folder.mkdir()
    files = []
    for number in range(100, 100 + NUMBER - 4):
        text = PAGE.replace("#77", f"#{number}").replace("on the network", f"on lane {number}")
        files.append(folder / f"{number}.txt")
        files[-1].write_text(text, encoding="utf-8")
    doubtful = PAGE.replace("burning?", "burning.").replace("#77", "#99")
    for name, data in (
        ("copy.txt", files[0].read_bytes()),
        ("doubtful.txt", doubtful.encode()),
        ("pictures.zip", b"PK\x03\x04" + bytes(60)),
    ):
        files.append(folder / name)
        files[-1].write_bytes(data)
    return [*files, PAGES / "07-2022-town-hall.html"]


def look(curator: Visit, name: str) -> None:
    """Look at a page on a phone and at a desk."""
    for size in (PHONE, DESK):
        curator.page.set_viewport_size(size)
        curator.look(f"{name}-{size['width']}")


def fill_in(row: Locator, act: str, **values: str) -> None:
    """Open the form of a value and send it."""
    row.locator("summary", has_text=act).first.click()
    form = row.locator('form:has(input[name="act"][value="change"])').first
    for name, value in values.items():
        form.locator(f'[name="{name}"]').fill(value)
    form.get_by_role("button", name="Save").click()


@pytest.mark.browser
def test_a_curator_imports_seventy_pages(db: Database, visit: OpenVisit, tmp_path: Path) -> None:
    """Ensure the whole way works: drop in, see doubts, fix one, store, and import a change."""
    make_person(db, role=Role.MAG_MEMBER, email=EMAIL)
    curator = visit(EMAIL)
    page = curator.page

    files = pages(tmp_path / "pages")
    page.goto("/imports")
    page.locator('input[type="file"]').set_input_files(files)
    page.get_by_role("button", name="Read them").click()
    expect(page.get_by_text("69 pages wait for you")).to_be_visible()
    expect(page.get_by_text("1 page was left out")).to_be_visible()
    look(curator, "list")

    page.get_by_role("link", name=re.compile("^Lanterns on the network")).first.click()
    check_a_page(curator)
    page.get_by_role("button", name="Import this session").click()
    expect(page.get_by_text("The session is imported.")).to_be_visible()

    page.goto("/imports")
    page.get_by_role("button", name=re.compile("Store the 6. pages without doubts")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("pages are stored")
    look(curator, "stored")
    with db.reading() as reader:
        assert len(list_sessions(reader)) == 68

    import_a_change(curator)


def check_a_page(curator: Visit) -> None:
    """Follow a doubt to its line and its value, put it right, and leave a value out."""
    page = curator.page
    expect(page.get_by_text("1 thing to look at")).to_be_visible()
    look(curator, "check")
    # axe leaves style attributes behind, which htmx would copy against the policy of the page.
    page.reload()
    page.get_by_role("link", name="Line 12", exact=True).click()
    expect(page.locator("tr:target")).to_contain_text("Who should pay")
    page.get_by_role("link", name="What was read from it").click()
    question = page.locator("#value-policy-questions-1")
    if curator.scripts:
        question.get_by_role("link", name="line 12").focus()
        expect(page.locator(".lit")).to_contain_text("Who should pay")
    fill_in(question, "Change", text="?")
    expect(page.get_by_text("Write at least 3 characters.").first).to_be_visible()
    form = question.locator('form:has(input[name="act"][value="change"])')
    form.locator('[name="text"]').fill(LIGHT)
    form.get_by_role("button", name="Save").click()
    expect(question).to_contain_text("The page says: Who should pay for the oil")
    expect(page.get_by_text("Every doubt is answered")).to_be_visible()
    if curator.scripts:
        expect(question).to_be_focused()
    else:
        assert page.url.endswith("#value-policy-questions-1")
    page.locator("#value-room").get_by_role("button", name="Not in the page").click()
    expect(page.locator("#value-room del")).to_have_text("Room 3")
    look(curator, "corrected")


def import_a_change(curator: Visit) -> None:
    """Import a page again that changed since: differences, a reason, and what is withdrawn."""
    page = curator.page
    text = PAGE.replace("#77", "#101").replace("on the network", "on lane 101")
    page.goto("/imports")
    page.get_by_text("Or paste the text of one page").click()
    page.get_by_label("The page's text").fill(text.replace("pay for the oil", "pay for the light"))
    page.get_by_role("button", name="Read them").click()
    expect(page.locator(".differences ins")).to_have_text("light")
    look(curator, "changed")
    page.get_by_label("Reason").fill("The organisers corrected their page.")
    page.get_by_role("button", name="Store as revision 2").click()
    expect(page.get_by_text("as revision 2")).to_be_visible()
    page.get_by_role("link", name="No longer on the session's page since revision 2").click()
    expect(page.locator("#revision-2")).to_contain_text("The organisers corrected their page.")
    look(curator, "revisions")
