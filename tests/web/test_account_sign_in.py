"""Signing in and out: what is told, what is counted, and what an old cookie opens."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from deliberate.actions.tokens import hash_token
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from deliberate.storage.people import Person, SignIn
from tests.factories import PASSWORD, make_person
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.pages import Page
from tests.support.registered import browser, signed_in

EMAIL = "ada@example.org"
WRONG = "The e-mail address and the password do not fit together."


def attempt(
    client: PageChecker, email: str = EMAIL, password: str = PASSWORD, **options: Any
) -> int:
    """Send the form and give the status."""
    data = {"email": email, "password": password}
    return client.submit("/sign-in", data=data, **options).status_code


def cookie_of(client: PageChecker) -> str:
    """The value of the session cookie."""
    found = client.get_cookie("deliberate")
    assert found is not None
    return found.value


def with_cookie(app: Flask, value: str) -> PageChecker:
    """Another browser that holds this cookie."""
    client = browser(app)
    client.set_cookie("deliberate", value)
    return client


def is_signed_in(client: PageChecker) -> bool:
    """Whether the account page opens."""
    return client.get("/account").status_code == 200


@pytest.mark.parametrize("email", [EMAIL, "Ada@Example.ORG", f"  {EMAIL} "])
def test_a_person_signs_in(db: Database, client: PageChecker, email: str) -> None:
    """Ensure the right password opens the account, however the address is written."""
    make_person(db, email=EMAIL, name="Ada Example")

    assert attempt(client, email) == 303

    assert "Ada Example" in client.page("/account").text
    assert "You are signed in." not in client.page("/account").text


def test_signing_in_leads_back_to_the_page_left(db: Database, client: PageChecker) -> None:
    """Ensure a link with `next` comes back, through the form's own address."""
    make_person(db, email=EMAIL)
    path = "/sign-in?next=/deliberations%3Fphase%3Dopen"

    response = client.submit(path, path, {"email": EMAIL, "password": PASSWORD})

    assert response.status_code == 303
    assert response.headers["Location"] == "/deliberations?phase=open"


@pytest.mark.parametrize("asked", ["//evil.example", "/\\evil.example", "https://evil.example/"])
def test_signing_in_never_leads_to_another_site(
    db: Database, client: PageChecker, asked: str
) -> None:
    """Ensure neither the form nor the answer to it carries a foreign address."""
    make_person(db, email=EMAIL)
    page = client.get("/sign-in", query_string={"next": asked})
    form = client.page("/sign-in").form("/sign-in")

    response = client.post(
        "/sign-in",
        query_string={"next": asked},
        data={**form.fields, "email": EMAIL, "password": PASSWORD},
    )

    shown = Page(page.text)
    # The language links keep the query as it came; it leads to this page and is refused there.
    links = [link for link in shown.links if "lang=" not in link]
    assert not [each for each in links if "evil.example" in each]
    assert not [form for form in shown.forms if "evil.example" in (form.action or "")]
    assert response.headers["Location"] == "/"


def test_an_unknown_address_and_a_wrong_password_are_told_apart_by_nothing(
    db: Database, client: PageChecker
) -> None:
    """Ensure nobody learns from the answer which addresses have accounts."""
    make_person(db, email=EMAIL)
    bodies = []
    for email, password in ((EMAIL, "not the pass phrase"), ("bob@example.org", PASSWORD)):
        response = client.submit("/sign-in", data={"email": email, "password": password})
        assert response.status_code == 422
        assert WRONG in response.text
        bodies.append(
            re.sub(r'name="csrf_token" value="[^"]+"', "", response.text.replace(email, ""))
        )

    assert bodies[0] == bodies[1]


def test_a_suspended_person_is_told_nothing_else(db: Database, client: PageChecker) -> None:
    """Ensure a suspended account neither opens nor shows that it exists."""
    person = make_person(db, email=EMAIL)
    with db.writing() as tx:
        tx.get_one(Person, person.id).suspended_at = db.clock()

    response = client.submit("/sign-in", data={"email": EMAIL, "password": PASSWORD})

    assert response.status_code == 422
    assert WRONG in response.text
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": "", "password": ""}, WRONG),
        ({"email": "x" * 255, "password": PASSWORD}, "Shorten this to 254 characters."),
        ({"email": EMAIL, "password": "x" * 129}, "Shorten this to 128 characters."),
        ({"email": EMAIL, "password": PASSWORD, "role": "secretariat"}, "no such field"),
        ({"email": [EMAIL, "bob@example.org"], "password": PASSWORD}, "sent twice"),
    ],
)
def test_a_form_that_cannot_be_right_is_explained(
    db: Database, client: PageChecker, fields: dict[str, Any], message: str
) -> None:
    """Ensure empty, overlong, unknown and repeated fields are refused without signing in."""
    make_person(db, email=EMAIL)
    form = client.page("/sign-in").form("/sign-in")

    response = client.post("/sign-in", data={**form.fields, **fields})

    assert response.status_code == 422
    assert message in response.text
    assert PASSWORD not in response.text
    assert not is_signed_in(client)


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.org"])
def test_attempts_on_one_account_are_limited(
    app: Flask, db: Database, clock: FakeClock, email: str
) -> None:
    """Ensure ten attempts in fifteen minutes are all, for unknown addresses just the same."""
    make_person(db, email=EMAIL)
    client = browser(app)
    for _ in range(10):
        assert attempt(client, email, "not the pass phrase") == 422

    assert attempt(client, email) == 429
    assert attempt(client, email.upper()) == 429
    assert attempt(client, "somebody@example.org") == 422
    clock.advance(minutes=2)
    assert attempt(client, email) == (303 if email == EMAIL else 422)


def test_attempts_from_one_network_address_are_limited(app: Flask, db: Database) -> None:
    """Ensure fifty accounts cannot be tried in a row, and a header does not change the address."""
    make_person(db, email=EMAIL)
    client = browser(app)
    for number in range(50):
        assert attempt(client, f"person{number}@example.net") == 422

    assert attempt(client) == 429
    assert attempt(client, headers={"X-Forwarded-For": "192.0.2.7"}) == 429
    assert attempt(client, environ_base={"REMOTE_ADDR": "192.0.2.8"}) == 303


def test_no_address_that_was_tried_is_kept(app: Flask, db: Database) -> None:
    """Ensure counting attempts does not collect the addresses people mistype."""
    attempt(browser(app), "private@example.org")

    with db.reading() as reader:
        keys = reader.scalars(sa.text("SELECT key FROM throttles")).all()
    assert len(keys) == 2
    assert not [key for key in keys if "private" in key]


def test_a_token_is_new_each_time_and_stored_as_a_hash(app: Flask, db: Database) -> None:
    """Ensure two sign-ins differ and the database holds nothing that opens an account."""
    make_person(db, email=EMAIL)
    tokens = []
    for _ in range(2):
        client = browser(app)
        attempt(client)
        with client.session_transaction() as cookie:
            tokens.append(cookie["sign_in"])

    assert tokens[0] != tokens[1]
    with db.reading() as reader:
        stored = set(reader.scalars(sa.select(SignIn.token_hash)))
    assert stored == {hash_token(token) for token in tokens}


def test_a_cookie_from_before_signing_in_opens_nothing(app: Flask, db: Database) -> None:
    """Ensure a cookie planted in somebody's browser is not signed in by them."""
    make_person(db, email=EMAIL)
    client = browser(app)
    client.get("/sign-in")
    planted = cookie_of(client)

    attempt(client)

    assert cookie_of(client) != planted
    assert is_signed_in(client)
    assert not is_signed_in(with_cookie(app, planted))


def test_a_copied_cookie_is_useless_after_signing_out(app: Flask, db: Database) -> None:
    """Ensure signing out ends the sign-in on the server and not only in this browser."""
    client = signed_in(app, db)
    copied = cookie_of(client)
    assert is_signed_in(with_cookie(app, copied))

    response = client.submit("/account", "/sign-out")

    assert response.status_code == 303
    assert not is_signed_in(client)
    assert not is_signed_in(with_cookie(app, copied))


def test_signing_in_again_ends_the_earlier_sign_in_of_this_browser(
    app: Flask, db: Database
) -> None:
    """Ensure a change of person on one machine leaves no open door behind."""
    make_person(db, email=EMAIL, name="Ada Example")
    client = signed_in(app, db, name="Bo Example")
    copied = cookie_of(client)
    token = client.page("/account").form("/sign-out").fields["csrf_token"]

    client.post("/sign-in", data={"csrf_token": token, "email": EMAIL, "password": PASSWORD})

    assert "Ada Example" in client.page("/account").text
    assert not is_signed_in(with_cookie(app, copied))


def test_signing_out_ends_this_sign_in_only(app: Flask, db: Database) -> None:
    """Ensure the same person stays signed in on another machine."""
    make_person(db, email=EMAIL)
    here, there = browser(app), browser(app)
    attempt(here)
    attempt(there)

    here.submit("/account", "/sign-out")

    assert not is_signed_in(here)
    assert is_signed_in(there)


def test_a_visitor_may_press_sign_out(client: PageChecker) -> None:
    """Ensure a page left open after signing out elsewhere does not fail."""
    form = client.page("/sign-in").form("/sign-in")

    response = client.post("/sign-out", data=form.fields)

    assert response.status_code == 303


def test_the_language_outlasts_signing_in_and_out(app: Flask, db: Database) -> None:
    """Ensure a reader of Arabic is not thrown back to English."""
    make_person(db, email=EMAIL)
    client = browser(app)
    client.get("/sign-in?lang=ar")
    attempt(client)
    assert client.page("/account").html_attributes["lang"] == "ar"

    client.submit("/account", "/sign-out")

    assert client.page("/").html_attributes["lang"] == "ar"


@pytest.mark.parametrize(("role", "hours"), [(None, 24 * 30), (Role.FACILITATOR, 8)])
def test_a_sign_in_ends_by_itself(
    app: Flask, db: Database, clock: FakeClock, role: Role | None, hours: int
) -> None:
    """Ensure a forgotten browser is signed out: staff after a working day."""
    client = signed_in(app, db, role=role)

    clock.advance(hours=hours, minutes=-1)
    assert is_signed_in(client)
    clock.advance(minutes=1)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}]
)
def test_a_form_without_its_token_is_offered_again(
    db: Database, client: PageChecker, headers: dict[str, str]
) -> None:
    """Ensure an expired form keeps what was typed, never the password, and signs nobody in."""
    make_person(db, email=EMAIL)

    response = client.post(
        "/sign-in?next=/sessions", data={"email": EMAIL, "password": PASSWORD}, headers=headers
    )

    assert response.status_code == 400
    assert "This form has expired." in response.text
    assert f'name="email" value="{EMAIL}"' in response.text
    assert PASSWORD not in response.text
    assert not is_signed_in(client)


def test_a_form_that_is_offered_again_can_be_sent(db: Database, client: PageChecker) -> None:
    """Ensure the second try arrives where the first was meant to."""
    make_person(db, email=EMAIL)
    headers = {"Sec-Fetch-Site": "same-origin"}
    data = {"email": EMAIL, "password": PASSWORD}
    response = client.post("/sign-in?next=/sessions", data=data, headers=headers)
    token = re.search(r'name="csrf_token" value="([^"]+)"', response.text)
    assert token is not None
    assert 'action="/sign-in?next=/sessions"' in response.text

    again = client.post("/sign-in?next=/sessions", data={**data, "csrf_token": token[1]})

    assert again.headers["Location"] == "/sessions"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/register"])
def test_another_site_cannot_send_a_form(
    db: Database, client: PageChecker, headers: dict[str, str], path: str
) -> None:
    """Ensure a valid token does not help a page of another site."""
    make_person(db, email=EMAIL)
    form = client.page("/sign-in").form("/sign-in")

    response = client.post(
        path, data={**form.fields, "email": EMAIL, "password": PASSWORD}, headers=headers
    )

    assert response.status_code == 403
    assert not is_signed_in(client)
