"""Making an account in a browser without scripts."""

import pytest
from flask import Flask

from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.people import Person, find_person_by_email, list_people, list_roles
from tests.factories import make_person
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.registered import browser, signed_in

PASSWORD = "seven herons over the bay"
FIELDS = {
    "name": "Nia Okoro",
    "email": "Nia@Example.org",
    "password": PASSWORD,
    "stakeholder_group": StakeholderGroup.PRIVATE_SECTOR.value,
    "regional_group": RegionalGroup.AFRICA.value,
    "organisation": "Heron Works",
}


def find(db: Database, email: str = "nia@example.org") -> Person | None:
    """The stored person with this address."""
    with db.reading() as reader:
        return find_person_by_email(reader, email)


def test_a_visitor_registers_and_is_signed_in(db: Database, client: PageChecker) -> None:
    """Ensure one form is enough to take part, with the groups as declared."""
    response = client.submit("/register", data=FIELDS)

    assert response.status_code == 303
    assert response.headers["Location"] == "/"
    page = client.page("/account")
    for words in ("Nia Okoro", "nia@example.org", "Private Sector", "African Group", "Heron Works"):
        assert words in page.text
    person = find(db)
    assert person is not None
    assert person.password_hash.startswith("$argon2id$")
    with db.reading() as reader:
        assert list_roles(reader, person.id) == frozenset()


def test_registering_leads_back_to_the_page_left(client: PageChecker) -> None:
    """Ensure somebody who wanted to comment returns to the discussion."""
    path = "/register?next=/sessions%23main"

    response = client.submit(path, "/register?next=/sessions%23main", FIELDS)

    assert response.headers["Location"] == "/sessions#main"


@pytest.mark.parametrize("asked", ["//evil.example", "https://evil.example", "/%5cevil.example"])
def test_registering_never_leads_to_another_site(client: PageChecker, asked: str) -> None:
    """Ensure a link from elsewhere cannot send new people on to a copy of this site."""
    form = client.page("/register").form("/register")

    response = client.post(
        "/register", query_string={"next": asked}, data={**form.fields, **FIELDS}
    )

    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "This is needed."),
        ("name", " ", "This is needed."),
        ("name", "N", "Write at least 2 characters."),
        ("name", "N" * 81, "Shorten this to 80 characters."),
        ("name", "Nia \u202eorokO", "invisible direction marks"),
        ("name", "Nia\u200b Okoro", "invisible direction marks"),
        ("name", "Nia\x07 Okoro", "control characters"),
        ("email", "", "Enter an e-mail address"),
        ("email", "nia", "Enter an e-mail address"),
        ("email", "nia@example", "Enter an e-mail address"),
        ("email", "nia @example.org", "Enter an e-mail address"),
        ("email", "nia@example.org\u202e", "invisible direction marks"),
        ("email", f"nia@{'x' * 250}.org", "Enter an e-mail address"),
        ("password", "", "This is needed."),
        ("password", "short words", "Write at least 12 characters."),
        ("password", "x" * 129, "Shorten this to 128 characters."),
        ("password", "aaaaaaaaaaaaaaaa", "This is easy to guess"),
        ("password", "nia okoro nia okoro", "This is easy to guess"),
        ("password", "nia@example.org!", "This is easy to guess"),
        ("stakeholder_group", "", "Choose one of the options."),
        ("stakeholder_group", "Academia", "Choose one of the options."),
        ("stakeholder_group", "Everybody", "Choose one of the options."),
        ("regional_group", "", "Choose one of the options."),
        ("regional_group", "Atlantis", "Choose one of the options."),
        ("organisation", "x" * 121, "Shorten this to 120 characters."),
        ("organisation", "Heron\u2066 Works", "invisible direction marks"),
    ],
)
def test_a_fault_is_named_at_its_field(
    db: Database, client: PageChecker, field: str, value: str, message: str
) -> None:
    """Ensure each fault is explained, what was typed stays, and no account is made."""
    response = client.submit("/register", data={**FIELDS, field: value})

    assert response.status_code == 422
    assert message in response.text
    assert f'href="#field-{field}"' in response.text
    kept = "Heron Works" if field != "organisation" else "Nia Okoro"
    assert f'value="{kept}"' in response.text
    assert PASSWORD not in response.text
    with db.reading() as reader:
        assert list_people(reader) == []


def test_a_name_may_come_from_any_script(client: PageChecker) -> None:
    """Ensure names are not limited to Latin letters, and are escaped where shown."""
    response = client.submit("/register", data={**FIELDS, "name": "ليلى <b>حداد</b>"})

    assert response.status_code == 303
    body = client.get("/account").text
    assert "ليلى &lt;b&gt;حداد&lt;/b&gt;" in body
    assert "<b>" not in body


@pytest.mark.parametrize("extra", [{"role": "secretariat"}, {"id": "1"}, {"suspended_at": ""}])
def test_nobody_smuggles_in_a_field(
    db: Database, client: PageChecker, extra: dict[str, str]
) -> None:
    """Ensure a field that the form does not have refuses the whole form."""
    form = client.page("/register").form("/register")

    response = client.post("/register", data={**form.fields, **FIELDS, **extra})

    assert response.status_code == 422
    assert "This form has no such field." in response.text
    assert find(db) is None


@pytest.mark.parametrize("field", ["email", "stakeholder_group", "name"])
def test_a_field_sent_twice_is_refused(db: Database, client: PageChecker, field: str) -> None:
    """Ensure nobody can show one value to a check and another to the store."""
    form = client.page("/register").form("/register")

    response = client.post(
        "/register", data={**form.fields, **FIELDS, field: [FIELDS[field], FIELDS[field]]}
    )

    assert response.status_code == 422
    assert "This was sent twice." in response.text
    assert find(db) is None


def test_an_address_that_is_taken_is_named_at_its_field(db: Database, client: PageChecker) -> None:
    """Ensure a second account for one address is refused, however it is capitalised."""
    make_person(db, email="nia@example.org", name="The First")

    response = client.submit("/register", data=FIELDS)

    assert response.status_code == 422
    assert "This address already has an account. Sign in instead." in response.text
    assert "The First" not in response.text
    person = find(db)
    assert person is not None
    assert person.name == "The First"


def test_accounts_are_limited_by_network_address(
    app: Flask, db: Database, clock: FakeClock
) -> None:
    """Ensure one address cannot make accounts without end, and may go on after a while."""
    make_person(db, email="nia@example.org")
    client = browser(app)
    form = client.page("/register").form("/register")
    for _ in range(40):
        assert client.post("/register", data={**form.fields, **FIELDS}).status_code == 422

    refused = client.post("/register", data={**form.fields, **FIELDS, "email": "new@example.org"})
    clock.advance(minutes=5)
    later = client.post("/register", data={**form.fields, **FIELDS, "email": "new@example.org"})

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert later.status_code == 303


def test_who_is_signed_in_is_not_asked_to_register(app: Flask, db: Database) -> None:
    """Ensure the form leads on instead of making a second account by mistake."""
    response = signed_in(app, db).get("/register?next=/sessions")

    assert response.status_code == 303
    assert response.headers["Location"] == "/sessions"


def test_the_form_lists_the_groups_in_alphabetical_order(client: PageChecker) -> None:
    """Ensure no group stands first for any other reason, and none is chosen beforehand."""
    page = client.page("/register")

    places = [page.text.index(group.value) for group in StakeholderGroup.registrable()]
    assert places == sorted(places)
    assert "Academia" not in page.text
    assert "stakeholder_group" not in page.form("/register").fields
