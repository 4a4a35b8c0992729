"""Public pages and the forms of accounts in Chromium: accessibility and width."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from tests.factories import PASSWORD, make_deliberation, make_person, make_session
from tests.support.axe import axe

pytestmark = pytest.mark.browser
SESSION = "/sessions/2024-ws-77"
PUBLIC = [
    "/",
    "/deliberations?phase=open",
    "/sessions?q=lanterns",
    SESSION,
    f"{SESSION}/source",
    "/curation-log",
    "/summaries",
    "/about",
    "/accessibility",
    "/register",
    "/sign-in",
]
PRIVATE = ["/account", "/people"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
VIEWS = [
    {"viewport": {"width": 360, "height": 740}},
    {"viewport": {"width": 1200, "height": 900}, "color_scheme": "dark"},
]


@pytest.mark.parametrize("view", VIEWS, ids=["narrow", "wide and dark"])
def test_pages_are_accessible_and_fit(
    db: Database, open_page: Callable[..., Page], view: dict[str, object]
) -> None:
    """Ensure axe-core finds nothing on these pages and none is wider than the screen."""
    session = make_session(db)
    make_deliberation(db, session)
    make_deliberation(db, session, output=OutputKind.KEY_TAKEAWAY)
    make_person(db, role=Role.SECRETARIAT, email="sefa@example.org")
    page = open_page(**view)

    for path in PUBLIC:
        _check(page, path)
    _sign_in(page)
    for path in PRIVATE:
        _check(page, path)


@pytest.mark.parametrize("path", ["/register", "/sign-in"])
def test_a_refused_form_is_accessible_and_takes_the_focus(
    db: Database, open_page: Callable[..., Page], path: str
) -> None:
    """Ensure somebody who cannot see the page is told first what is wrong."""
    make_person(db)
    page = open_page()
    page.goto(path)
    page.evaluate("document.querySelector('main form').noValidate = true")

    page.locator("main form button").first.click()

    expect(page.locator(".error-summary")).to_be_focused()
    axe(page)


def test_the_whole_way_in_and_out_works_with_the_keyboard(
    db: Database, open_page: Callable[..., Page]
) -> None:
    """Ensure nobody needs a mouse or JavaScript to sign in and out."""
    make_person(db, role=Role.SECRETARIAT, email="sefa@example.org", name="Sefa Example")
    page = open_page(java_script_enabled=False)
    page.goto("/sign-in?next=/sessions")

    page.locator("#field-email").focus()
    page.keyboard.type("sefa@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are signed in.")).to_be_visible()

    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def _check(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate(OVERFLOW) <= 0, f"{path} is too wide"
    axe(page)


def _sign_in(page: Page) -> None:
    page.goto("/sign-in")
    page.locator("#field-email").fill("sefa@example.org")
    page.locator("#field-password").fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page.get_by_text("You are signed in.")).to_be_visible()
