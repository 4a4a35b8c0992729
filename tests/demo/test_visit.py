"""Claims about the first visit: the command and the accounts it prints."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from deliberate.actions.passwords import password_matches
from deliberate.cli import main
from deliberate.demo import PASSWORD, SIGN_INS, DemoAccount
from deliberate.storage.database import Database
from deliberate.storage.people import Person
from tests.factories import make_person
from tests.support import sqlite
from tests.support.client import PageChecker


def run(url: str, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    """Run `deliberate demo` on a database."""
    monkeypatch.setenv("DELIBERATE_DATABASE_URL", url)
    return CliRunner().invoke(main, ["demo", *arguments])


def test_everybody_can_sign_in_with_the_one_password(demo: Database) -> None:
    """Ensure each person has an address of the demonstration and the printed password."""
    with demo.reading() as reader:
        people = reader.scalars(sa.select(Person)).all()

    hashes = {person.password_hash for person in people}
    assert len(people) == 50
    assert all(person.email.endswith("@demo.example") for person in people)
    assert [password_matches(stored, PASSWORD) for stored in hashes] == [True]


@pytest.mark.parametrize("account", SIGN_INS, ids=lambda account: account.role)
def test_one_of_each_role_signs_in(demo_client: PageChecker, account: DemoAccount) -> None:
    """Ensure the printed accounts open the site."""
    entered = {"email": account.email, "password": PASSWORD}

    answer = demo_client.submit("/sign-in", data=entered)

    assert answer.status_code == 303
    assert demo_client.get("/account").status_code == 200


def test_a_filled_demo_is_not_filled_again(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ensure a second start prints the accounts, and without the option says why not."""
    again = run(demo_url, monkeypatch, "--if-empty", "--url", "http://localhost:8123/")
    refused = run(demo_url, monkeypatch)

    assert again.exit_code == 0
    assert "http://localhost:8123/sign-in" in again.output
    assert all(account.email in again.output for account in SIGN_INS)
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert len(refused.stderr.splitlines()) == 1


def test_a_database_in_use_gets_no_demo(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure starting the site on one's own data neither adds to it nor prints accounts."""
    make_person(db)

    result = run(database_url, monkeypatch, "--if-empty")

    assert result.exit_code == 0
    assert "in use" in result.output
    assert PASSWORD not in result.output


def test_an_empty_database_is_filled(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure the command loads, says how far it is, and prints where to sign in."""
    url = sqlite.copy_template(sqlite_template, tmp_path)

    result = run(url, monkeypatch, "--if-empty")

    assert result.exit_code == 0
    assert "100%" in result.stderr
    assert PASSWORD in result.stdout
    db = Database(url)
    with db.reading() as reader:
        assert reader.scalars(sa.select(sa.func.count(Person.id))).one() == 50
    db.dispose()


def test_production_gets_no_demo(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ensure a public site never has accounts whose password everybody knows."""
    monkeypatch.setenv("DELIBERATE_PRODUCTION", "true")
    monkeypatch.setenv("DELIBERATE_SECRET_KEY", "k" * 40)

    result = run(demo_url, monkeypatch, "--if-empty")

    assert result.exit_code == 2
    assert PASSWORD not in result.output


@pytest.mark.parametrize("account", [None, SIGN_INS[0]], ids=["visitor", "stakeholder"])
def test_every_link_leads_to_a_page(demo_client: PageChecker, account: DemoAccount | None) -> None:
    """Ensure whoever follows every link from the front page meets no error."""
    if account is not None:
        entered = {"email": account.email, "password": PASSWORD}
        demo_client.submit("/sign-in", data=entered)
    seen, waiting = {"/"}, ["/"]
    faulty = {}

    while waiting:
        path = waiting.pop()
        answer = demo_client.get(path)
        if answer.status_code >= 400:
            faulty[path] = answer.status_code
        links = re.findall(
            r'href="(/[^"#?]*)["#]', answer.text if answer.mimetype == "text/html" else ""
        )
        new = {link for link in links if not link.startswith("/static/")} - seen
        seen |= new
        waiting += sorted(new)

    assert faulty == {}
    assert len(seen) > 80
