"""What every journey in the browser does: sign in, find a form, send it, look at the page."""

from collections.abc import Callable
from typing import Protocol, Self

from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.support.axe import axe
from tests.support.browser import screenshot

DESK: ViewportSize = {"width": 1200, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
expect.set_options(timeout=15_000)


class Visit:
    """One person's browser in a journey, with scripts or without; `prefix` names its pictures."""

    def __init__(
        self,
        page: Page,
        prefix: str,
        cookie_of: Callable[[str], tuple[str, str]],
        *,
        scripts: bool,
    ) -> None:
        self.page, self.prefix, self.cookie_of, self.scripts = page, prefix, cookie_of, scripts

    def sign_in(self, email: str) -> Self:
        """Give the browser the cookie of a sign-in; how one gets it, other journeys show."""
        name, value = self.cookie_of(email)
        self.page.context.add_cookies(
            [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}]
        )
        return self

    def form(self, action: str) -> Locator:
        """The form to an address, made visible where it is folded away."""
        form = self.page.locator(f'main form[action="{action}"]').first
        folded = form.locator("xpath=ancestor::details[not(@open)]")
        for _ in range(folded.count()):
            folded.first.locator("> summary").click()
        return form

    def send(self, action: str, **texts: str) -> None:
        """Fill in the form to an address by the names of its fields and send it."""
        form = self.form(action)
        for name, text in texts.items():
            form.locator(f'[name="{name}"]').fill(text)
        form.get_by_role("button").first.click()

    def look(self, name: str) -> None:
        """Keep a picture, see that nothing overflows and, where scripts run, let axe judge."""
        self.page.wait_for_load_state()
        screenshot(self.page, f"{self.prefix}-{'js' if self.scripts else 'nojs'}-{name}")
        assert self.page.evaluate(OVERFLOW) <= 0, f"{name} is too wide"
        if self.scripts:
            axe(self.page)


class OpenVisit(Protocol):
    """Opens a browser for somebody, who is signed in at once when an address is given."""

    def __call__(self, email: str = "", *, narrow: bool = False, zone: str = "UTC") -> Visit:
        """A browser of its own, as narrow as a phone or as wide as a desk, in a time zone."""
