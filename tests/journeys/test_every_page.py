"""Every page of the demonstration, judged by axe and by its geometry, for each role and look."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from deliberate.storage.database import Database
from tests.support import sqlite
from tests.support.axe import axe
from tests.support.browser import screenshot
from tests.support.journeys import DESK, PHONE, Visit
from tests.support.signed_in import cookie_of

OpenPage = Callable[..., Page]
Judge = Callable[[Page], object]
PUBLIC = (
    ["/", "/deliberations", "/sessions", "/summaries", "/curation-log", "/about"]
    + ["/timetable", "/accessibility", "/register", "/sign-in", "/no-such-page"]
    + [f"/deliberations/{number}" for number in (1, 3, 4, 6, 11, 13, 14)]
    + ["/proposals/1", "/proposals/5", "/polls/1/results", "/polls/1/receipts", "/polls/3"]
    + ["/summaries/1/editions/1", "/summaries/3/editions/1", "/questions"]
    + ["/search?q=platforms", "/search?q=xylophone", "/comments/5", "/deliberations/1/arguments"]
)
OWN = {
    "stakeholder": (
        "cs01",
        [
            *("/account", "/deliberations/1", "/deliberations/11", "/polls/3", "/proposals/1"),
            *("/inbox", "/account/mail", "/account/removal", "/deliberations/1/comments/new"),
            *("/deliberations/1/proposals/new", "/following/discussion:1", "/comments/1/flag"),
        ],
    ),
    "mag_member": (
        "mag02",
        [
            *("/curate", "/review", "/suggestions", "/deliberations/1/balance"),
            *("/imports", "SESSION", "SESSION/curation", "SESSION/source", "SESSION/revisions"),
            *("/questions/14/process", "/outputs/2/process", "/outputs/2/process/preview"),
            "/outputs/2/process?template=ranked_choice",
            *("/deliberations/13/dates", "/deliberations/3/dates"),
        ],
    ),
    "facilitator": (
        "fac02",
        [
            *(
                "/deliberations/4/summary",
                "/deliberations/1/polls/new?kind=score",
                "/comments/1/gardening",
            ),
            *("/deliberations/1/synthesis", "/deliberations/1/arguments", "/moderation"),
        ],
    ),
    "secretariat": (
        "sec01",
        ["/people", "/people/invitations", "/account", "/account/second-step"],
    ),
}
LOOKS: dict[str, dict[str, Any]] = {
    "phone-light": {"viewport": PHONE, "color_scheme": "light"},
    "desk-dark": {"viewport": DESK, "color_scheme": "dark"},
}
# What a page must not do whatever its content: scroll sideways, shrink its text, squeeze labels.
MEASURE = """() => {
  const small = [...document.querySelectorAll('main *')].filter(node =>
    [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim()) &&
    parseFloat(getComputedStyle(node).fontSize) < 12);
  const squeezed = [...document.querySelectorAll('main label')].filter(label =>
    label.offsetWidth > 1 && label.offsetWidth < 24);
  return {
    sideways: document.documentElement.scrollWidth - window.innerWidth,
    small: small.map(node => node.outerHTML.slice(0, 120)),
    squeezed: squeezed.map(node => node.outerHTML.slice(0, 120)),
  };
}"""


@pytest.fixture
def database_url(demo_template: Path, tmp_path: Path) -> str:
    """A copy of the demonstration of this test's own, in place of an empty database."""
    return sqlite.copy_template(demo_template, tmp_path)


@pytest.mark.browser
def test_every_public_page_is_accessible_in_every_look(open_page: OpenPage) -> None:
    """Ensure axe finds nothing and nothing overflows, for a visitor."""
    page = open_page(**LOOKS["phone-light"])

    check_pages(page, PUBLIC, "visitor", dict.fromkeys(LOOKS, axe))


@pytest.mark.browser
def test_every_public_page_fits_a_phone_from_right_to_left(open_page: OpenPage) -> None:
    """Ensure nothing overflows in Arabic; what axe judges is the same in every language."""
    page = open_page(**LOOKS["phone-light"])
    page.goto("/?lang=ar")
    assert page.locator("html").get_attribute("dir") == "rtl"

    check_pages(page, PUBLIC, "visitor-arabic", {"phone-light": nobody})


@pytest.mark.browser
@pytest.mark.parametrize("role", OWN)
def test_the_pages_of_each_role_are_accessible(
    role: str, app: Flask, db: Database, open_page: OpenPage
) -> None:
    """Ensure axe finds nothing on a phone, and nothing overflows there or at a desk in the dark.

    The colours of the dark are those of the public pages, which axe judges.
    """
    name, addresses = OWN[role]
    page = open_page(**LOOKS["phone-light"])
    visit = Visit(page, role, lambda email: cookie_of(app, db, email), scripts=True)
    visit.sign_in(f"{name}@demo.example")
    page.goto("/sessions")
    session = page.locator('main a[href^="/sessions/"]').first.get_attribute("href") or ""

    addresses = [each.replace("SESSION", session) for each in addresses]
    check_pages(page, addresses, role, {"phone-light": axe, "desk-dark": nobody})


def nobody(_page: Page) -> None:
    """Judge nothing."""


def check_pages(page: Page, addresses: list[str], prefix: str, judges: Mapping[str, Judge]) -> None:
    """Visit each address; every complaint is collected before the test fails.

    `judges` names the looks that each page is seen in, and who judges it there.
    """
    complaints = [
        complaint for address in addresses for complaint in _visit(page, address, prefix, judges)
    ]
    assert not complaints, "\n".join(complaints)


def _visit(page: Page, address: str, prefix: str, judges: Mapping[str, Judge]) -> Iterator[str]:
    response = page.goto(address)
    expected = 404 if address == "/no-such-page" else 200
    if response is None or response.status != expected:
        yield f"{address} answered {response and response.status}"
    for look, judge in judges.items():
        page.set_viewport_size(LOOKS[look]["viewport"])
        # Without motion colours change at once, and axe does not meet them on their way.
        page.emulate_media(color_scheme=LOOKS[look]["color_scheme"], reduced_motion="reduce")
        screenshot(page, f"page-{prefix}-{look}-{re.sub('[^a-z0-9]+', '-', address).strip('-')}")
        found = page.evaluate(MEASURE)
        if found["sideways"] > 0 or found["small"] or found["squeezed"]:
            yield f"{address}, {look}: {found}"
        try:
            judge(page)
        except AssertionError as error:
            yield str(error)
