"""The second step of signing in: setting it up, using it, switching it off."""

import re
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask

from deliberate.app import create_app
from deliberate.domain.people import Actor, Role
from deliberate.settings import Settings
from deliberate.storage.database import Database
from deliberate.storage.second_steps import SecondStep, count_unused_codes
from tests.factories import PASSWORD, make_person
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.registered import browser, signed_in
from tests.support.second_steps import code_at, set_up

EMAIL = "ada@example.org"
STEP = "/account/second-step"
SECRET = re.compile(r"<code[^>]*>([A-Z2-7 ]{39})</code>")
WRONG = "This code does not fit."


def with_password(client: PageChecker, path: str = "/sign-in") -> Any:
    """Send the password of EMAIL."""
    return client.submit(path, path, {"email": EMAIL, "password": PASSWORD})


def enter(client: PageChecker, code: str, path: str = "/sign-in/second-step") -> Any:
    """Send a code."""
    return client.submit(path, path, {"code": code})


def is_signed_in(client: PageChecker) -> bool:
    """Whether the account page opens."""
    return client.get("/account").status_code == 200


def begin(client: PageChecker) -> str:
    """Begin the setting-up and give the secret that the page shows."""
    response = client.submit(STEP, STEP, {"password": PASSWORD})
    assert response.status_code == 303, response.text
    found = SECRET.search(client.get(STEP).text)
    assert found is not None
    return found[1].replace(" ", "")


def codes_on(page: str) -> list[str]:
    """The recovery codes on a page."""
    return re.findall(r"<li><code>([A-Z2-7-]{29})</code></li>", page)


@pytest.fixture
def ada(db: Database) -> tuple[Actor, str, list[str]]:
    """Somebody with a second step, its secret and the recovery codes."""
    person = make_person(db, email=EMAIL)
    return person, *set_up(db, person)


def test_it_is_set_up_with_a_code_and_shows_recovery_codes_once(app: Flask, db: Database) -> None:
    """Ensure the way from the password through the QR code to codes that can be saved."""
    client = signed_in(app, db, email=EMAIL)
    secret = begin(client)
    page = client.get(STEP)
    assert 'src="data:image/svg+xml' in page.text
    assert page.headers["Cache-Control"] == "no-store"

    wrong = enter_at(client, f"{STEP}/confirmation", "000000")
    assert wrong.status_code == 422
    assert WRONG in wrong.text
    done = enter_at(client, f"{STEP}/confirmation", code_at(db, secret))

    assert done.status_code == 200
    assert done.headers["Cache-Control"] == "no-store"
    codes = codes_on(done.text)
    assert len(codes) == 10
    saved = re.search(r'href="data:text/plain;charset=utf-8,([^"]+)" download=', done.text)
    assert saved is not None
    assert all(code in unquote(saved[1]) for code in codes)
    shown = client.get(STEP).text
    assert "You have 10 recovery codes left." in shown
    assert codes[0] not in shown
    assert secret not in shown.replace(" ", "")
    assert "It is on." in client.page("/account").text


def enter_at(client: PageChecker, action: str, code: str) -> Any:
    """Send a code from the page of the second step."""
    return client.submit(STEP, action, {"code": code})


@pytest.mark.parametrize(("password", "told"), [("", "This is not your"), ("x" * 129, "Shorten")])
def test_setting_up_asks_for_the_password(
    app: Flask, db: Database, password: str, told: str
) -> None:
    """Ensure an unattended browser cannot be used to lock its owner out."""
    client = signed_in(app, db)

    response = client.submit(STEP, STEP, {"password": password})

    assert response.status_code == 422
    assert told in response.text
    with db.reading() as reader:
        assert reader.scalars(sa.select(SecondStep)).all() == []


def test_the_password_alone_opens_nothing(
    app: Flask, db: Database, ada: tuple[Actor, str, list[str]], clock: FakeClock
) -> None:
    """Ensure half a sign-in is none, and the code leads back to the page asked for."""
    _, secret, _ = ada
    clock.advance(seconds=30)
    client = browser(app)

    response = with_password(client, "/sign-in?next=/sessions")
    assert response.headers["Location"] == "/sign-in/second-step?next=/sessions"
    assert not is_signed_in(client)
    assert client.get("/sign-in/second-step").headers["Cache-Control"] == "no-store"
    wrong = enter(client, "000000", "/sign-in/second-step?next=/sessions")
    assert wrong.status_code == 422
    assert not is_signed_in(client)

    done = enter(client, code_at(db, secret), "/sign-in/second-step?next=/sessions")

    assert done.headers["Location"] == "/sessions"
    assert is_signed_in(client)


def test_a_code_opens_once_and_a_recovery_code_too(
    app: Flask, db: Database, ada: tuple[Actor, str, list[str]], clock: FakeClock
) -> None:
    """Ensure whoever saw a code being typed cannot use it."""
    person, secret, codes = ada
    clock.advance(seconds=30)
    for code in (code_at(db, secret), codes[3].lower()):
        owner, thief = browser(app), browser(app)
        with_password(owner)
        with_password(thief)
        assert enter(owner, code).status_code == 303
        assert enter(thief, code).status_code == 422
        assert not is_signed_in(thief)
    with db.reading() as reader:
        assert count_unused_codes(reader, person.id or 0) == 9


def test_tries_are_limited_for_each_account(
    app: Flask, db: Database, ada: tuple[Actor, str, list[str]], clock: FakeClock
) -> None:
    """Ensure five codes in fifteen minutes are all, whichever browser they come from."""
    _, secret, _ = ada
    client, other = browser(app), browser(app)
    with_password(client)
    with_password(other)
    for number in range(5):
        assert enter(client, f"00000{number}").status_code == 422

    refused = enter(other, code_at(db, secret, 1))

    assert refused.status_code == 429
    assert not is_signed_in(other)
    clock.advance(minutes=3)
    assert enter(other, code_at(db, secret)).status_code == 303


def test_it_has_to_follow_within_five_minutes(
    app: Flask, ada: tuple[Actor, str, list[str]], clock: FakeClock
) -> None:
    """Ensure a browser left between the two steps asks for the password again."""
    client = browser(app)
    with_password(client)
    form = client.page("/sign-in/second-step").form("/sign-in/second-step")
    clock.advance(minutes=5)

    response = client.post("/sign-in/second-step", data={**form.fields, "code": ada[2][0]})

    assert response.headers["Location"] == "/sign-in"
    assert "This took longer than five minutes." in client.page("/sign-in").text
    assert client.get("/sign-in/second-step").status_code == 303


@pytest.mark.usefixtures("ada")
def test_the_first_step_ends_what_this_browser_had(app: Flask, db: Database) -> None:
    """Ensure a change of person on one machine does not leave the earlier one signed in."""
    client = signed_in(app, db)
    token = client.page("/account").form("/sign-out").fields["csrf_token"]

    client.post("/sign-in", data={"csrf_token": token, "email": EMAIL, "password": PASSWORD})

    assert not is_signed_in(client)
    assert "Code" in client.page("/sign-in/second-step").text


def full_sign_in(app: Flask, db: Database, secret: str, clock: FakeClock) -> PageChecker:
    """A browser that took both steps."""
    clock.advance(minutes=3)
    client = browser(app)
    with_password(client)
    assert enter(client, code_at(db, secret)).status_code == 303
    clock.advance(minutes=3)
    return client


def test_switching_off_takes_both_and_signs_out_everywhere(
    app: Flask, db: Database, ada: tuple[Actor, str, list[str]], clock: FakeClock
) -> None:
    """Ensure neither the password nor a code alone is enough."""
    _, secret, codes = ada
    here, there = (full_sign_in(app, db, secret, clock) for _ in range(2))
    action = f"{STEP}/removal"

    for data in ({"password": "wrong", "code": codes[0]}, {"password": PASSWORD, "code": "1"}):
        assert here.submit(STEP, action, data).status_code == 422
    assert here.submit(STEP, action, {"password": PASSWORD, "code": codes[0]}).status_code == 303

    assert not is_signed_in(here)
    assert not is_signed_in(there)
    assert with_password(browser(app)).headers["Location"] == "/"


def test_new_recovery_codes_are_shown_once(
    app: Flask, db: Database, ada: tuple[Actor, str, list[str]], clock: FakeClock
) -> None:
    """Ensure a code from the app makes ten new ones."""
    _, secret, codes = ada
    client = full_sign_in(app, db, secret, clock)

    response = enter_at(client, f"{STEP}/recovery-codes", code_at(db, secret))

    assert response.status_code == 200
    assert len(set(codes_on(response.text)) - set(codes)) == 10


@pytest.mark.usefixtures("ada")
def test_an_expired_form_does_not_offer_the_code_again(app: Flask) -> None:
    """Ensure a code is not written into a page."""
    client = browser(app)
    with_password(client)

    response = client.post(
        "/sign-in/second-step", data={"code": "135791"}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert response.status_code == 400
    assert "135791" not in response.text


def test_the_page_asks_the_database_little(
    app: Flask, db: Database, ada: tuple[Actor, str, list[str]], clock: FakeClock
) -> None:
    """Ensure each shape of the page stays within the budget."""
    client = full_sign_in(app, db, ada[1], clock)
    with recorded(db) as statements:
        client.get(STEP)

    assert len(statements) <= 8


@pytest.fixture
def strict(settings: Settings, db: Database) -> Flask:
    """A site that asks a second step of everybody who holds a role."""
    app = create_app(settings.model_copy(update={"second_step": "staff"}), db=db)
    app.testing = True
    app.test_client_class = PageChecker
    return app


@pytest.mark.parametrize("role", [Role.MAG_MEMBER, Role.FACILITATOR, Role.SECRETARIAT])
def test_roles_rest_until_it_is_set_up(strict: Flask, db: Database, role: Role) -> None:
    """Ensure the policy refuses with a link, and setting up wakes the role at once."""
    path = {Role.MAG_MEMBER: "/imports", Role.SECRETARIAT: "/people"}.get(role)
    client = signed_in(strict, db, role=role, email=EMAIL)
    if path:
        refused = client.get(path)
        assert refused.status_code == 403
        assert "Set up your second step first." in refused.text
        assert f'href="{STEP}"' in refused.text
        assert f'href="{path}"' not in client.get("/about").text
    assert "Your role rests." in client.page("/account").text
    assert "Later" not in client.page(STEP).text

    secret = begin(client)
    enter_at(client, f"{STEP}/confirmation", code_at(db, secret))

    assert "Your role rests." not in client.page("/account").text
    if path:
        assert client.get(path).status_code == 200


def test_people_without_a_role_are_asked_nothing(strict: Flask, db: Database) -> None:
    """Ensure taking part needs no app."""
    client = signed_in(strict, db, email=EMAIL)

    assert "Your role rests." not in client.page("/account").text
    assert "Later" in client.page(STEP).text


def test_one_changes_ones_organisation(app: Flask, db: Database) -> None:
    """Ensure the form shows it as it is, stores it, refuses nonsense and leads back."""
    client = signed_in(app, db, organisation="Lamp Works")
    path = "/account/organisation"
    back = f"{path}?next=/sessions"
    assert client.page(path).form(path).fields["organisation"] == ["Lamp Works"]
    wrong = client.submit(path, data={"organisation": "x" * 121})
    assert wrong.status_code == 422
    assert "x" * 121 in wrong.text

    done = client.submit(back, back, {"organisation": "Oil"})

    assert done.headers["Location"] == "/sessions"
    assert "Oil" in client.page("/account").text
