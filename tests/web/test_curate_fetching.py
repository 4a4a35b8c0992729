"""Claims about how the web fetches a page: never within a transaction, and not too often."""

from collections.abc import Collection
from typing import Any

import pytest
from flask import Flask

from deliberate.app import create_app
from deliberate.domain.errors import Invalid, TooMany
from deliberate.settings import Settings
from deliberate.storage.database import Database
from deliberate.web.curate import fetching
from tests.support.clock import FakeClock

ADDRESS = "https://www.example.org/page"


@pytest.fixture
def open_app(settings: Settings, db: Database) -> Flask:
    """The application of an operator who named one host."""
    return create_app(settings.model_copy(update={"import_hosts": "www.example.org"}), db=db)


@pytest.fixture
def connections(db: Database, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many connections to the database were in use each time another site was asked."""
    seen: list[int] = []

    def ask(_address: str, _hosts: Collection[str], **_options: Any) -> tuple[bytes, str]:
        pool: Any = db.engine.pool
        seen.append(pool.checkedout())
        return b"page", "page.html"

    monkeypatch.setattr(fetching, "fetch_page", ask)
    return seen


def test_the_field_is_offered_only_where_hosts_are_named(app: Flask, open_app: Flask) -> None:
    """Ensure the operator's setting reaches the form, and nothing is fetched without it."""
    with app.test_request_context():
        assert not fetching.may_fetch()
        with pytest.raises(Invalid, match="switched off"):
            fetching.fetch_upload(ADDRESS)

    with open_app.test_request_context():
        assert fetching.may_fetch()
        assert fetching.permitted_hosts() == ("www.example.org",)


def test_no_transaction_is_open_while_another_site_is_asked(
    open_app: Flask, connections: list[int]
) -> None:
    """Ensure a slow site holds up nobody who wants to write."""
    with open_app.test_request_context():
        assert fetching.fetch_upload(ADDRESS) == (b"page", "page.html")

    assert connections == [0]


def test_one_person_may_fetch_ten_pages_in_ten_minutes(
    open_app: Flask, connections: list[int], clock: FakeClock
) -> None:
    """Ensure nobody uses this site to knock at another, and waiting helps."""
    with open_app.test_request_context():
        for _ in range(fetching.FETCHES):
            # What is mistyped is asked of nobody and costs nothing.
            with pytest.raises(Invalid):
                fetching.fetch_upload("https://evil.example/")
            fetching.fetch_upload(ADDRESS)
        with pytest.raises(TooMany):
            fetching.fetch_upload(ADDRESS)
        clock.advance(minutes=1)
        fetching.fetch_upload(ADDRESS)

    assert len(connections) == fetching.FETCHES + 1
