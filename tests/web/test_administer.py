"""The secretariat's list of people and their roles."""

import pytest
from flask import Flask

from deliberate.domain.people import Role, StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.people import list_roles
from tests.factories import make_person
from tests.support.client import PageChecker
from tests.support.pages import Page
from tests.support.queries import recorded
from tests.support.registered import browser, signed_in

STAFF = ("mag_member", "facilitator", "secretariat")


@pytest.fixture
def secretariat(app: Flask, db: Database) -> PageChecker:
    """The browser of the only person who holds the secretariat's role."""
    return signed_in(
        app, db, role=Role.SECRETARIAT, name="Sefa Secretary", email="sefa@example.org"
    )


def roles_of(db: Database, person_id: int | None) -> set[Role]:
    """The roles a person holds now."""
    assert person_id is not None
    with db.reading() as reader:
        return set(list_roles(reader, person_id))


def token_of(client: PageChecker) -> str:
    """A token of this browser's forms."""
    forms = client.page("/account").forms
    return next(form.fields["csrf_token"][0] for form in forms if form.method == "post")


def test_the_secretariat_sees_everybody_with_groups_and_roles(
    db: Database, secretariat: PageChecker
) -> None:
    """Ensure the list names groups, roles and when somebody registered, the newest first."""
    make_person(db, StakeholderGroup.GOVERNMENT, name="Gale Official", organisation="Ministry")
    make_person(db, role=Role.MAG_MEMBER, name="Mio Curator")

    page = secretariat.page("/people")

    for words in ("Gale Official", "Government", "Ministry", "2 Mar 2026", "MAG member (curates)"):
        assert words in page.text
    assert page.text.index("Mio Curator") < page.text.index("Gale Official")


@pytest.mark.parametrize("role", [None, Role.MAG_MEMBER, Role.FACILITATOR])
def test_nobody_else_sees_the_list(app: Flask, db: Database, role: Role | None) -> None:
    """Ensure addresses are shown to the secretariat alone."""
    make_person(db, email="hidden@example.org")

    response = signed_in(app, db, role=role).get("/people?q=hidden")

    assert response.status_code == 403
    assert "Only the secretariat may do this." in response.text
    assert "hidden@example.org" not in response.text


def test_a_visitor_is_told_to_sign_in(client: PageChecker) -> None:
    """Ensure a visitor learns what is missing."""
    response = client.get("/people")

    assert response.status_code == 403
    assert "Sign in to take part." in response.text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gale", True),
        ("gale official", True),
        ("GALE@EXAMPLE", True),
        ("  official ", True),
        ("Gail", False),
        ("%", False),
        ("_ale", False),
        ("<script>", False),
        ("' OR 1=1 --", False),
        ("x" * 500, False),
    ],
)
def test_people_are_found_by_name_or_address(
    db: Database, secretariat: PageChecker, text: str, found: bool
) -> None:
    """Ensure the search takes what is typed literally, in any case."""
    make_person(db, name="Gale Official", email="gale@example.org")

    response = secretariat.get("/people", query_string={"q": text})

    assert response.status_code == 200
    assert ("Gale Official" in response.text) is found
    assert ("Nobody has this name or address." in response.text) is not found
    assert "<script>" not in response.text.replace("<script src", "")


def test_a_long_list_goes_on_without_gaps(db: Database, secretariat: PageChecker) -> None:
    """Ensure the second stretch follows the first while people register."""
    for _ in range(42):
        make_person(db)
    first = secretariat.page("/people")
    older = next(link for link in first.links if "before=" in link)
    make_person(db)

    second = secretariat.page(older)

    shown = [{name for name in page.ids if name.startswith("person-")} for page in (first, second)]
    assert [len(each) for each in shown] == [40, 3]
    assert not shown[0] & shown[1]


@pytest.mark.parametrize("before", ["0", "x", "-1", "99999999999999999999"])
def test_a_damaged_place_in_the_list_is_its_beginning(
    secretariat: PageChecker, before: str
) -> None:
    """Ensure a mistyped address shows the newest people instead of failing."""
    assert "Sefa Secretary" in secretariat.page(f"/people?before={before}").text


@pytest.mark.parametrize("role", STAFF)
def test_a_role_is_granted_and_withdrawn(db: Database, secretariat: PageChecker, role: str) -> None:
    """Ensure both acts take effect at once and lead back to the person in the list."""
    person = make_person(db, name="Gale Official")
    address = f"/people/{person.id}/roles"
    token = token_of(secretariat)

    granted = secretariat.post(
        f"{address}?q=Gale&before=900", data={"csrf_token": token, "role": role}
    )
    assert roles_of(db, person.id) == {Role(role)}
    withdrawn = secretariat.post(f"{address}/withdrawal", data={"csrf_token": token, "role": role})

    assert roles_of(db, person.id) == set()
    assert granted.status_code == withdrawn.status_code == 303
    assert granted.headers["Location"] == f"/people?q=Gale&before=900#person-{person.id}"
    assert withdrawn.headers["Location"] == f"/people#person-{person.id}"


def test_the_list_offers_what_a_person_does_not_hold(
    db: Database, secretariat: PageChecker
) -> None:
    """Ensure a form for each missing role and each held one, and both work as shown."""
    person = make_person(db, role=Role.FACILITATOR)
    address = f"/people/{person.id}/roles"

    forms = secretariat.page("/people").forms

    grants = [form.fields["role"] for form in forms if form.action == address]
    withdrawals = [form.fields["role"] for form in forms if form.action == f"{address}/withdrawal"]
    assert grants == [["mag_member"], ["secretariat"]]
    assert withdrawals == [["facilitator"]]
    assert secretariat.submit("/people", f"{address}/withdrawal").status_code == 303
    assert roles_of(db, person.id) == set()


def test_granting_twice_changes_nothing(db: Database, secretariat: PageChecker) -> None:
    """Ensure a double click grants once and is no error."""
    person = make_person(db)
    data = {"csrf_token": token_of(secretariat), "role": "mag_member"}

    statuses = [
        secretariat.post(f"/people/{person.id}/roles", data=data).status_code for _ in range(2)
    ]

    assert statuses == [303, 303]
    assert roles_of(db, person.id) == {Role.MAG_MEMBER}


def test_the_last_secretariat_stays(db: Database, secretariat: PageChecker) -> None:
    """Ensure nobody can lock everybody out, until somebody else holds the role."""
    other = make_person(db)
    own = secretariat.page("/people?q=sefa@example.org")
    address = next(form.action for form in own.forms if "withdrawal" in (form.action or ""))
    assert address is not None
    data = {"csrf_token": token_of(secretariat), "role": "secretariat"}

    refused = secretariat.post(address, data=data)
    assert secretariat.get("/people").status_code == 200
    secretariat.post(f"/people/{other.id}/roles", data=data)
    accepted = secretariat.post(address, data=data)

    assert refused.status_code == 409
    assert "Somebody has to hold the secretariat's role." in Page(refused.text).text
    assert accepted.status_code == 303
    assert secretariat.get("/people").status_code == 403


@pytest.mark.parametrize("role", [None, Role.MAG_MEMBER, Role.FACILITATOR])
@pytest.mark.parametrize("act", ["roles", "roles/withdrawal"])
def test_nobody_else_changes_roles(app: Flask, db: Database, role: Role | None, act: str) -> None:
    """Ensure a hand-made form does not help: not for others and not for oneself."""
    holder = make_person(db, role=Role.FACILITATOR)
    client = signed_in(app, db, role=role)

    response = client.post(
        f"/people/{holder.id}/{act}",
        data={
            "csrf_token": token_of(client),
            "role": "facilitator" if "withdrawal" in act else "secretariat",
        },
    )

    assert response.status_code == 403
    assert roles_of(db, holder.id) == {Role.FACILITATOR}


def test_a_visitor_changes_no_roles(app: Flask, db: Database) -> None:
    """Ensure a visitor with a valid token is refused."""
    person = make_person(db)
    client = browser(app)
    form = client.page("/sign-in").form("/sign-in")
    data = {"csrf_token": form.fields["csrf_token"], "role": "secretariat"}

    response = client.post(f"/people/{person.id}/roles", data=data)

    assert response.status_code == 403
    assert roles_of(db, person.id) == set()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"role": ""},
        {"role": "stakeholder"},
        {"role": "emperor"},
        {"role": "<b>secretariat</b>"},
        {"role": ["mag_member", "secretariat"]},
        {"role": "mag_member", "person_id": "1"},
    ],
)
@pytest.mark.parametrize("act", ["roles", "roles/withdrawal"])
def test_only_one_of_the_roles_can_be_sent(
    db: Database, secretariat: PageChecker, fields: dict[str, object], act: str
) -> None:
    """Ensure missing, unknown, repeated and extra values change nothing."""
    person = make_person(db, role=Role.FACILITATOR)

    response = secretariat.post(
        f"/people/{person.id}/{act}", data={"csrf_token": token_of(secretariat), **fields}
    )

    assert response.status_code == 422
    assert "Choose one of the roles." in response.text
    assert roles_of(db, person.id) == {Role.FACILITATOR}


@pytest.mark.parametrize("act", ["roles", "roles/withdrawal"])
def test_a_person_who_is_not_there_is_not_found(secretariat: PageChecker, act: str) -> None:
    """Ensure granting to nobody and withdrawing from nobody are told as such."""
    data = {"csrf_token": token_of(secretariat), "role": "mag_member"}

    assert secretariat.post(f"/people/999999/{act}", data=data).status_code == 404


def test_a_role_counts_from_the_next_page_on(
    app: Flask, db: Database, secretariat: PageChecker
) -> None:
    """Ensure neither granting nor withdrawing waits for the next sign-in."""
    client = signed_in(app, db, email="new@example.org")
    assert "/curate" not in client.page("/about").links
    listed = secretariat.page("/people?q=new@example.org")
    address = next(
        form.action for form in listed.forms if (form.action or "").startswith("/people/")
    )
    assert address is not None
    data = {"csrf_token": token_of(secretariat), "role": "mag_member"}

    secretariat.post(address, data=data)
    after_grant = client.page("/about").links
    secretariat.post(address.replace("/roles", "/roles/withdrawal"), data=data)

    assert "/curate" in after_grant
    assert "/curate" not in client.page("/about").links


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_site_cannot_grant_roles(
    db: Database, secretariat: PageChecker, headers: dict[str, str]
) -> None:
    """Ensure a foreign page cannot use the secretariat's browser, even with a token."""
    person = make_person(db)
    data = {"csrf_token": token_of(secretariat), "role": "secretariat"}

    response = secretariat.post(f"/people/{person.id}/roles", data=data, headers=headers)

    assert response.status_code == 403
    assert roles_of(db, person.id) == set()


def test_names_are_shown_as_text(db: Database, secretariat: PageChecker) -> None:
    """Ensure a name cannot become markup on the page of the most trusted people."""
    make_person(db, name="<script>alert(1)</script>", organisation="<img src=x onerror=alert(2)>")

    body = secretariat.get("/people").text

    assert "<script>alert" not in body
    assert "<img" not in body
    assert "&lt;script&gt;alert(1)" in body


def test_the_list_needs_few_queries(db: Database, secretariat: PageChecker) -> None:
    """Ensure roles are not looked up person by person."""
    for _ in range(8):
        make_person(db, role=Role.FACILITATOR)

    with recorded(db) as queries:
        secretariat.page("/people?q=person")

    assert 0 < len(queries) <= 8, queries
