"""Claims about every address of the app at once, so that a new route cannot forget them."""

import pytest
from flask import Flask
from jinja2 import StrictUndefined

from tests.support.client import PageChecker
from tests.support.routes import iterate_routes


def test_only_reading_and_posting_exist(app: Flask) -> None:
    """Ensure every act can be done by a form, which knows no other methods."""
    assert {route.method for route in iterate_routes(app)} == {"GET", "POST"}


def test_every_page_answers_and_is_sound(app: Flask, client: PageChecker) -> None:
    """Ensure each address gives a visitor a sound page or a clear refusal, never a failure.

    The client itself checks the headers and the page; the things asked for do not exist.
    """
    statuses = {
        route.path: client.get(route.path).status_code
        for route in iterate_routes(app)
        if route.method == "GET"
    }

    assert {path: status for path, status in statuses.items() if status >= 500} == {}


def test_every_act_needs_the_token_of_its_form(app: Flask, client: PageChecker) -> None:
    """Ensure nothing can be posted without having been shown a form by this site."""
    statuses = {
        route.path: client.post(route.path).status_code
        for route in iterate_routes(app)
        if route.changes_state
    }

    assert statuses
    assert {path: status for path, status in statuses.items() if status != 400} == {}


def test_nothing_is_accepted_from_another_sites_page(app: Flask, client: PageChecker) -> None:
    """Ensure a browser that says another site sent the form is refused, whatever the token."""
    statuses = {
        route.path: client.post(route.path, headers={"Sec-Fetch-Site": "cross-site"}).status_code
        for route in iterate_routes(app)
        if route.changes_state
    }

    assert {path: status for path, status in statuses.items() if status not in {400, 403}} == {}


@pytest.mark.parametrize("path", ["/no-such-page", "/static/no-such-file.css"])
def test_a_missing_page_says_so(client: PageChecker, path: str) -> None:
    """Ensure a wrong address is answered by a sound page of this site."""
    assert client.get(path).status_code == 404


def test_templates_refuse_names_they_were_not_given(app: Flask) -> None:
    """Ensure a misspelt name in a template fails in a test and is not silently blank."""
    assert issubclass(app.jinja_env.undefined, StrictUndefined)
