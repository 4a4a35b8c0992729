"""Inviting on the list of people, and accepting by the link."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask

from deliberate.actions.invitations import make_invitation
from deliberate.domain.people import VISITOR, Role
from deliberate.inputs.people import NewInvitation
from deliberate.storage.database import Database
from deliberate.storage.invitations import Invitation
from deliberate.storage.people import Person, find_person_by_email, list_roles
from tests.factories import PASSWORD, make_person
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.registered import browser, signed_in
from tests.support.second_steps import set_up

EMAIL = "nia@example.org"
LIST = "/people/invitations"
LINK = re.compile(r"http://localhost(/invitations/[A-Za-z0-9_-]{43})")
PERSON = {
    "name": "Nia Okoro",
    "password": PASSWORD,
    "stakeholder_group": "Technical Community",
    "regional_group": "African Group",
    "organisation": "Heron Works",
}


@pytest.fixture
def secretariat(app: Flask, db: Database) -> PageChecker:
    """The secretariat's browser."""
    return signed_in(app, db, role=Role.SECRETARIAT, name="Sefa Secretary")


def make_link(db: Database, email: str = EMAIL, role: Role = Role.MAG_MEMBER) -> str:
    """The path of a new invitation's link."""
    with db.writing() as tx:
        _, token = make_invitation(tx, VISITOR, NewInvitation(email=email, role=role))
    return f"/invitations/{token}"


def send(client: PageChecker, email: str = EMAIL, role: str = "mag_member") -> Any:
    """Fill in the form to invite."""
    return client.submit(LIST, LIST, {"email": email, "role": role})


def roles_of(db: Database, email: str = EMAIL) -> frozenset[Role]:
    """The roles of whoever has the address."""
    with db.reading() as reader:
        person = find_person_by_email(reader, email)
        assert person is not None
        return list_roles(reader, person.id)


def rows(db: Database, table: type[Any]) -> int:
    """How many rows a table has."""
    with db.reading() as reader:
        return reader.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_link_is_shown_once_and_listed_without_it(app: Flask, secretariat: PageChecker) -> None:
    """Ensure the secretariat gets a link to send by hand, kept by no cache and on no list."""
    response = send(secretariat)

    found = LINK.search(response.text)
    assert response.status_code == 200
    assert found is not None
    assert response.headers["Cache-Control"] == "no-store"
    assert "does not send mail yet" in response.text
    listed = secretariat.get(LIST)
    assert found[1] not in listed.text
    for words in (EMAIL, "MAG member", "Invited by", "Sefa Secretary", "14 days left"):
        assert words in listed.text
    assert browser(app).get(found[1]).status_code == 200
    assert "/people/invitations" in secretariat.page("/people").links


@pytest.mark.parametrize(
    ("email", "role", "told"),
    [
        ("", "mag_member", "Enter an e-mail address"),
        ("nia", "mag_member", "Enter an e-mail address"),
        ("nia\u202e@example.org", "mag_member", "invisible"),
        (EMAIL, "stakeholder", "Choose one of the options."),
        (EMAIL, "emperor", "Choose one of the options."),
        ("held@example.org", "mag_member", "holds this role already"),
    ],
)
def test_what_is_wrong_is_told_at_the_form(
    db: Database, secretariat: PageChecker, email: str, role: str, told: str
) -> None:
    """Ensure nothing is stored and the address stays in the form."""
    make_person(db, role=Role.MAG_MEMBER, email="held@example.org")
    form = secretariat.page(LIST).form(LIST)

    response = secretariat.post(LIST, data={**form.fields, "email": email, "role": role})

    assert response.status_code == 422
    assert told in response.text
    assert rows(db, Invitation) == 0


def test_reloading_the_page_with_the_link_invites_nobody_again(
    db: Database, secretariat: PageChecker
) -> None:
    """Ensure the link that was sent already goes on working."""
    form = secretariat.page(LIST).form(LIST)
    data = {**form.fields, "email": EMAIL, "role": "mag_member"}
    assert secretariat.post(LIST, data=data).status_code == 200

    assert secretariat.post(LIST, data=data).status_code == 409
    assert rows(db, Invitation) == 1


def test_withdrawing_takes_it_off_the_list(
    app: Flask, db: Database, secretariat: PageChecker
) -> None:
    """Ensure the link says that it was withdrawn and whom to ask."""
    link = make_link(db)
    form = next(form for form in secretariat.page(LIST).forms if "withdrawal" in str(form.action))

    response = secretariat.post(str(form.action), data=form.fields)

    assert response.status_code == 303
    assert EMAIL not in secretariat.page(LIST).text
    told = browser(app).get(link)
    assert told.status_code == 410
    assert "This invitation was withdrawn." in told.text
    assert "Ask the secretariat" in told.text


def test_a_visitor_accepts_with_a_new_account(app: Flask, db: Database) -> None:
    """Ensure the account is made with the invited address, the role and a sign-in."""
    link = make_link(db)
    client = browser(app)
    page = client.page(link)
    assert EMAIL in page.text
    assert "MAG member" in page.text

    response = client.submit(link, link, PERSON)

    assert response.status_code == 303
    assert response.headers["Location"] == "/account/second-step"
    assert response.headers["Cache-Control"] == "no-store"
    shown = client.page("/account").text
    assert "Heron Works" in shown
    assert EMAIL in shown
    assert roles_of(db) == {Role.MAG_MEMBER}
    used = browser(app).get(link)
    assert used.status_code == 410
    assert "This invitation was used already." in used.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "This is needed."),
        ({"password": "short"}, "Write at least 12 characters."),
        ({"password": "nia@example.org"}, "easy to guess"),
        ({"stakeholder_group": "Academia"}, "Choose one of the options."),
        ({"organisation": "x" * 121}, "Shorten this to 120 characters."),
        ({"role": "secretariat"}, "no such field"),
    ],
)
def test_the_rules_of_registering_hold(
    app: Flask, db: Database, fields: dict[str, str], told: str
) -> None:
    """Ensure an invitation is no way around them, and the link stays open."""
    link = make_link(db)
    client = browser(app)
    form = client.page(link).form(link)

    response = client.post(link, data={**form.fields, **PERSON, **fields})

    assert response.status_code == 422
    assert told in response.text
    assert "Heron Works" in response.text or "organisation" in fields
    assert rows(db, Person) == 0
    assert client.get(link).status_code == 200


def test_the_address_is_the_invitations_whatever_the_form_says(app: Flask, db: Database) -> None:
    """Ensure nobody registers another address by the link."""
    link = make_link(db)
    client = browser(app)
    form = client.page(link).form(link)

    client.post(link, data={**form.fields, **PERSON, "email": "mallory@example.org"})

    assert roles_of(db) == {Role.MAG_MEMBER}
    assert rows(db, Person) == 1


def test_somebody_with_an_account_accepts_with_one_button(app: Flask, db: Database) -> None:
    """Ensure they sign in, come back and accept; their earlier sign-in is replaced."""
    make_person(db, email=EMAIL, name="Nia Okoro")
    link = make_link(db)
    client = browser(app)
    page = client.page(link)
    (sign_in,) = [each for each in page.links if each.startswith("/sign-in?next=/invitations/")]
    assert link not in [form.action for form in page.forms]
    assert client.post(link, data=token_of(client)).status_code == 403

    back = client.submit(sign_in, sign_in, {"email": EMAIL, "password": PASSWORD})
    assert back.headers["Location"] == link
    response = client.submit(link, link)

    assert response.headers["Location"] == "/account/second-step"
    assert roles_of(db) == {Role.MAG_MEMBER}
    assert client.get("/imports").status_code == 200


def token_of(client: PageChecker) -> dict[str, str]:
    """A token of this browser's forms."""
    return {"csrf_token": client.page("/sign-in").form("/sign-in").fields["csrf_token"][0]}


def test_another_account_cannot_accept(app: Flask, db: Database) -> None:
    """Ensure a link passed on gives its role to nobody else, and says why."""
    link = make_link(db)
    client = signed_in(app, db, email="other@example.org")
    token = client.page("/account").form("/sign-out").fields["csrf_token"]

    for response in (client.get(link), client.post(link, data={"csrf_token": token})):
        assert response.status_code == 403
        assert "this invitation is for another e-mail address" in response.text
    assert roles_of(db, "other@example.org") == frozenset()


def test_with_a_second_step_one_begins_to_work_at_once(app: Flask, db: Database) -> None:
    """Ensure nobody is sent to set up what is set up."""
    person = make_person(db, email=EMAIL)
    _, codes = set_up(db, person)
    link = make_link(db, role=Role.SECRETARIAT)
    client = browser(app)
    client.submit("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    client.submit("/sign-in/second-step", data={"code": codes[0]})

    assert client.submit(link, link).headers["Location"] == "/people"


@pytest.mark.parametrize(
    ("days", "change", "status", "told"),
    [
        (14, "", 410, "This invitation has expired."),
        (0, "x", 404, "This is no invitation link."),
    ],
)
def test_a_link_that_does_not_work_says_why(
    app: Flask, db: Database, clock: FakeClock, days: int, change: str, status: int, told: str
) -> None:
    """Ensure the person learns what is wrong and whom to ask, and no cache keeps the page."""
    link = make_link(db)
    clock.advance(days=days)

    response = browser(app).get(link + change)

    assert response.status_code == status
    assert told in response.text
    assert "sk the secretariat" in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_the_secret_of_a_link_is_in_no_log_line(app: Flask, db: Database) -> None:
    """Ensure whoever reads the log cannot accept in somebody's place."""
    link = make_link(db)
    secret = link.rsplit("/", 1)[1]
    client = browser(app)
    with structlog.testing.capture_logs() as lines:
        client.get(link)
        client.submit(link, link, {**PERSON, "password": "short"})
        client.get(f"{link}/more")

    assert len(lines) >= 4
    assert secret not in str(lines)
    assert "/invitations/…" in str(lines)


def test_the_list_asks_the_database_little(db: Database, secretariat: PageChecker) -> None:
    """Ensure a long list costs no more than a short one."""
    for number in range(45):
        make_link(db, f"p{number}@example.org")
    with recorded(db) as statements:
        page = secretariat.page(LIST)

    assert len(statements) <= 8
    (older,) = [each for each in page.links if "before=" in each]
    assert "p0@example.org" in secretariat.page(older.split("#")[0]).text
