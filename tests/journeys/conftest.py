"""Browsers for journeys: each is made with JavaScript on SQLite and without on PostgreSQL."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from deliberate.storage.database import Database
from tests.support.journeys import DESK, PHONE, OpenVisit, Visit
from tests.support.signed_in import cookie_of


@pytest.fixture
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether scripts run."""
    return str(request.param) == "js"


@pytest.fixture
def visit(
    request: pytest.FixtureRequest,
    app: Flask,
    db: Database,
    open_page: Callable[..., Page],
    *,
    scripts: bool,
) -> OpenVisit:
    """Opens browsers for the people of a journey: all of them with scripts, or all without."""
    prefix = request.path.stem.removeprefix("test_").replace("_", "-")

    def open_visit(email: str = "", *, narrow: bool = False, zone: str = "UTC") -> Visit:
        size = PHONE if narrow else DESK
        page = open_page(viewport=size, java_script_enabled=scripts, timezone_id=zone)
        made = Visit(page, prefix, lambda email: cookie_of(app, db, email), scripts=scripts)
        return made.sign_in(email) if email else made

    return open_visit
