"""Deleting one's account on the web and from the command line."""

import pytest
from click.testing import CliRunner
from flask import Flask

from deliberate.cli import main
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from tests.factories import PASSWORD, make_comment, make_deliberation, make_person
from tests.support.client import PageChecker
from tests.support.signed_in import browser_of

pytestmark = pytest.mark.one_database
ADDRESS = "/account/removal"


def test_an_account_is_deleted_with_its_password(
    app: Flask, db: Database, client: PageChecker
) -> None:
    """Ensure the person is signed out, discussions say so, and the address can register anew."""
    person = make_person(db, name="Ada Example", email="ada@example.org")
    question = make_deliberation(db)
    make_comment(db, question.id, person, body="What I have seen.")
    here, there = browser_of(app, db, person), browser_of(app, db, person)
    assert "Ada Example" in client.page(f"/deliberations/{question.id}").text
    assert ADDRESS in here.page("/account").links

    answer = here.submit(ADDRESS, data={"password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Your account is deleted." in here.page("/").text
    assert there.get("/account").status_code == 303
    shown = client.page(f"/deliberations/{question.id}").text
    assert "Former participant" in shown
    assert "Ada Example" not in shown
    assert "What I have seen." in shown
    arabic = client.get(f"/deliberations/{question.id}?lang=ar").text
    assert "What I have seen." in arabic
    credentials = {"email": "ada@example.org", "password": PASSWORD}
    assert client.submit("/sign-in", data=credentials).status_code == 422


def test_a_wrong_password_deletes_nothing(app: Flask, db: Database) -> None:
    """Ensure somebody at an unlocked screen cannot delete the account, nor try for long."""
    here = browser_of(app, db, make_person(db))

    told = [here.submit(ADDRESS, data={"password": "not my password"}) for _ in range(6)]

    assert [answer.status_code for answer in told] == [422] * 5 + [429]
    assert "This is not your password." in told[0].text
    assert here.get("/account").status_code == 200


def test_the_last_of_the_secretariat_is_told_why_not(app: Flask, db: Database) -> None:
    """Ensure the page says what to do first."""
    here = browser_of(app, db, make_person(db, role=Role.SECRETARIAT))

    answer = here.submit(ADDRESS, data={"password": PASSWORD})

    assert answer.status_code == 409
    assert "Grant it to another person first." in answer.text


@pytest.mark.parametrize(("typed", "listed"), [("y\n", False), ("n\n", True)])
def test_the_operator_is_asked_before_an_account_is_deleted(
    db: Database, database_url: str, typed: str, listed: bool
) -> None:
    """Ensure nothing happens by a slip, and the name is gone once it was confirmed."""
    make_person(db, name="Ada Example", email="ada@example.org")
    env = {"DELIBERATE_DATABASE_URL": database_url}

    CliRunner().invoke(main, ["people", "forget", "ADA@example.org"], env=env, input=typed)

    shown = CliRunner().invoke(main, ["people", "list"], env=env).output
    assert ("Ada Example" in shown) == listed
    unknown = CliRunner().invoke(main, ["people", "forget", "bo@example.org", "--yes"], env=env)
    assert unknown.exit_code == 2
