"""Browsers for journeys: each is made with JavaScript on SQLite and without on PostgreSQL."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support.journeys import DESK, PHONE, OpenVisit, Visit


@pytest.fixture
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether scripts run."""
    return str(request.param) == "js"


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, open_page: Callable[..., Page], *, scripts: bool
) -> OpenVisit:
    """Opens browsers for the people of a journey: all of them with scripts, or all without."""
    prefix = request.path.stem.removeprefix("test_").replace("_", "-")

    def open_visit(email: str = "", *, narrow: bool = False) -> Visit:
        page = open_page(viewport=PHONE if narrow else DESK, java_script_enabled=scripts)
        made = Visit(page, prefix, scripts=scripts)
        return made.sign_in(email) if email else made

    return open_visit
