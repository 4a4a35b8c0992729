"""Claims about every address of the app at once, so that a new route cannot forget them."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import StrictUndefined

from deliberate.app import create_app
from deliberate.settings import Settings
from deliberate.storage.database import Database
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

    # The secret in a link that ends mail takes the place of a token (RFC 8058).
    bare = {path for path in statuses if path.startswith("/unsubscribe/")}
    assert {statuses.pop(path) for path in bare} == {404}
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


def test_every_failure_is_a_sound_page_with_all_headers(settings: Settings, db: Database) -> None:
    """Ensure no error slips past the headers: bad requests, wrong methods, floods, our own faults.

    The client checks the headers and the page of every answer.
    """

    def break_down() -> str:
        raise ZeroDivisionError

    app = create_app(settings, db=db)
    app.test_client_class = PageChecker
    app.add_url_rule("/broken", view_func=break_down)
    client = app.test_client()
    too_large = b"x" * (app.config["MAX_CONTENT_LENGTH"] + 1)

    answers = {
        "unreadable": client.get("/?q=%00"),
        "foreign": client.post("/sign-in", headers={"Origin": "https://evil.example"}),
        "missing": client.get("/deliberations/404"),
        "wrong method": client.delete("/"),
        "too large": client.post("/sign-in", data=too_large, content_type="text/plain"),
        "broken": client.get("/broken"),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "unreadable": 400,
        "foreign": 400,
        "missing": 404,
        "wrong method": 405,
        "too large": 413,
        "broken": 500,
    }
    assert "ZeroDivisionError" not in answers["broken"].text


def test_only_a_site_in_production_insists_on_https(settings: Settings, db: Database) -> None:
    """Ensure HSTS and secure cookies come with production and would not lock a developer out."""
    production = settings.model_copy(update={"production": True, "secret_key": "k" * 32})
    site, desk = (create_app(each, db=db) for each in (production, settings))

    secure = site.test_client().get("/sign-in", base_url="https://localhost")
    plain = desk.test_client().get("/sign-in")

    assert secure.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = secure.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Strict-Transport-Security" not in plain.headers


def test_compression_follows_what_the_browser_takes(app: Flask) -> None:
    """Ensure a slow link gets less to carry, and a browser without gzip the plain page."""
    client = FlaskClient(app, app.response_class, use_cookies=False)

    taken = client.get("/about", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/about")
    small = client.get("/healthz", headers={"Accept-Encoding": "gzip"})

    assert taken.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in taken.headers["Vary"]
    assert gzip.decompress(taken.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in small.headers
