"""Requests made as people of every role, with forms that carry a valid token."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from deliberate.actions.people import start_sign_in
from deliberate.domain.people import Actor
from deliberate.storage.database import Database
from deliberate.web.login import TOKEN
from tests.support.client import PageChecker
from tests.support.routes import Route, iterate_routes


@dataclass(frozen=True)
class Browser:
    """One person's browser; every request begins from the same cookie, so none leaves a trace."""

    app: Flask
    cookie: str
    token: str

    def get(self, path: str, **options: Any) -> TestResponse:
        """Fetch an address."""
        return self._client().get(path, **options)

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """Send a form with its token."""
        return self._client().post(path, data={"csrf_token": self.token, **(data or {})}, **options)

    def _client(self) -> PageChecker:
        client = fresh_client(self.app)
        client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookie)
        return client


def fresh_client(app: Flask) -> PageChecker:
    """A browser without cookies."""
    client = app.test_client()
    assert isinstance(client, PageChecker)
    return client


def open_browser(app: Flask, db: Database, person: Actor | None) -> Browser:
    """A browser in which this person is signed in, or nobody is."""
    client = fresh_client(app)
    if person is not None:
        with db.writing() as tx:
            token = start_sign_in(tx, person.id or 0)
        with client.session_transaction() as cookie:
            cookie[TOKEN] = token
    page = client.page("/about" if person else "/sign-in")
    form = next(form for form in page.forms if "csrf_token" in form.fields)
    found = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return Browser(app, found.value, form.fields["csrf_token"][0])


def route_key(route: Route) -> str:
    """A route as tables write it: "GET /polls/<poll_id>", without the kinds of its arguments."""
    parts = [f"<{part.split(':')[-1]}" if ">" in part else part for part in route.rule.split("<")]
    return f"{route.method} {''.join(parts)}"


def route_keys(app: Flask) -> Iterator[str]:
    """Every route of the app."""
    return (route_key(route) for route in iterate_routes(app))
