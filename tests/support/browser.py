"""Chromium against a running server, with and without JavaScript."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parent.parent.parent
SCREENSHOTS = ROOT / "artefacts" / "screenshots"
# The headless shell is the same Chromium without windows; it starts and draws with less work.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# No sandbox: containers, where the tests run as root, do not offer one.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
]
TIMEOUT_MS = 15_000


def find_chromium() -> str:
    """The path of the system's Chromium; fails the test that needs it when there is none."""
    for name in CHROMIUM_NAMES:
        if path := shutil.which(name):
            return path
    pytest.fail(
        "Chromium is not installed, and these tests need it. Run `make test`, which installs it,"
        " or install the package `chromium`.",
        pytrace=False,
    )


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One Chromium for all tests of this worker."""
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def live_server(app: "Flask") -> Iterator[str]:
    """The app behind a real socket, with a thread for each request; gives its base address."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="live-server")
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Witness:
    """Notes what a page must never do: throw, break its policy, or call another host."""

    def __init__(self, context: "BrowserContext", base_url: str) -> None:
        self.base_url = base_url
        self.complaints: list[str] = []
        context.on("weberror", lambda error: self.complaints.append(f"threw: {error.error}"))
        context.on("request", lambda request: self.note_request(request.url))
        context.on("console", lambda message: self.note_console(message.text))

    def note_request(self, url: str) -> None:
        """Complain about an address that is neither this server's nor inline data."""
        if not url.startswith((f"{self.base_url}/", "data:", "blob:")):
            self.complaints.append(f"called {url}")

    def note_console(self, text: str) -> None:
        """Complain about what the content security policy refused."""
        if "Content Security Policy" in text:
            self.complaints.append(f"broke the policy: {text}")


@pytest.fixture
def open_page(browser: "Browser", live_server: str) -> "Iterator[Callable[..., Page]]":
    """Makes pages of the live server, each in a context (cookies, size, language) of its own.

    Takes the options of Playwright's `new_context`, `java_script_enabled=False` among them.
    Fails at the end when a page threw, broke its policy or called another host.
    """
    contexts: list[BrowserContext] = []
    witnesses: list[Witness] = []

    def make(**options: Any) -> "Page":
        context = browser.new_context(base_url=live_server, **options)
        context.set_default_timeout(TIMEOUT_MS)
        contexts.append(context)
        witnesses.append(Witness(context, live_server))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    complaints = [complaint for witness in witnesses for complaint in witness.complaints]
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page_js(open_page: "Callable[..., Page]") -> "Page":
    """A wide page with JavaScript."""
    return open_page(viewport={"width": 1200, "height": 900})


@pytest.fixture
def page_nojs(open_page: "Callable[..., Page]") -> "Page":
    """A wide page with JavaScript switched off."""
    return open_page(viewport={"width": 1200, "height": 900}, java_script_enabled=False)


def screenshot(page: "Page", name: str) -> None:
    """Write a picture of the whole page to `artefacts/screenshots/<name>.jpg`, when asked for.

    People look at them; no test does. So they are made by `make screenshots` only.
    """
    if not os.environ.get("PICTURES"):
        return
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.jpg"
    # Left to itself, Playwright hides the caret and stops animations by styles of its own, which
    # the site's policy refuses.
    page.screenshot(path=path, quality=80, full_page=True, animations="allow", caret="initial")
