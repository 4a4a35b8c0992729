"""Public pages and the forms of accounts in Chromium: accessibility and width."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from deliberate.domain.people import Role
from deliberate.storage.database import Database
from tests.factories import PASSWORD, make_person
from tests.support.axe import axe

pytestmark = pytest.mark.browser


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
