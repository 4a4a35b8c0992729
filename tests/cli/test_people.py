"""Adding people and granting roles from the command line."""

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from deliberate.actions.passwords import password_matches
from deliberate.actions.tokens import hash_token
from deliberate.cli import main
from deliberate.domain.people import Role, StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.invitations import Invitation
from deliberate.storage.people import Person, find_person_by_email, list_people, list_roles
from deliberate.storage.second_steps import find_second_step
from tests.factories import make_person
from tests.support.second_steps import set_up

PASSWORD = "seven herons over the bay"
EMAIL = "nia@example.org"


@pytest.fixture
def env(database_url: str) -> dict[str, str]:
    """The environment that names the database."""
    return {"DELIBERATE_DATABASE_URL": database_url}


def run(env: dict[str, str], *arguments: str, typed: str | None = None) -> Result:
    """Run `deliberate people` with these arguments, typing this when asked."""
    return CliRunner().invoke(main, ["people", *arguments], env=env, input=typed)


def add(env: dict[str, str], **options: str) -> Result:
    """Run `deliberate people add` with options that are right but for those given."""
    values = {
        "name": "Nia Okoro",
        "email": EMAIL,
        "password": PASSWORD,
        "group": "Technical Community",
        "region": "African Group",
    } | options
    return run(env, "add", *(f"--{name}={value}" for name, value in values.items()))


def find(db: Database, email: str = EMAIL) -> Person:
    """The stored person."""
    with db.reading() as reader:
        person = find_person_by_email(reader, email)
    assert person is not None
    return person


def roles_of(db: Database, email: str = EMAIL) -> frozenset[Role]:
    """The roles of the stored person."""
    with db.reading() as reader:
        return list_roles(reader, find(db, email).id)


def test_a_person_is_added(db: Database, env: dict[str, str]) -> None:
    """Ensure the account is as on the web: groups declared, password hashed, no role."""
    result = add(env, organisation="Heron Works")

    assert result.exit_code == 0, result.output
    assert result.output == "Added Nia Okoro <nia@example.org>.\n"
    person = find(db)
    assert person.stakeholder_group is StakeholderGroup.TECHNICAL
    assert person.organisation == "Heron Works"
    assert password_matches(person.password_hash, PASSWORD)
    assert roles_of(db) == frozenset()


def test_the_first_secretariat_is_added(db: Database, env: dict[str, str]) -> None:
    """Ensure an operator can begin without anybody who grants roles."""
    assert add(env, role="secretariat").exit_code == 0

    assert roles_of(db) == {Role.SECRETARIAT}


def test_a_password_is_asked_for_and_not_shown(db: Database, env: dict[str, str]) -> None:
    """Ensure a password need not stand in the shell's history or on the screen."""
    arguments = ("--name=Nia Okoro", f"--email={EMAIL}", "--group=Government")

    result = run(
        env, "add", *arguments, "--region=African Group", typed=f"{PASSWORD}\n{PASSWORD}\n"
    )

    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert password_matches(find(db).password_hash, PASSWORD)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"password": "short"}, "password"),
        ({"password": "nia okoro nia okoro"}, "password"),
        ({"email": "nia"}, "email"),
        ({"name": "N"}, "name"),
        ({"name": "Nia \u202eOkoro"}, "name"),
        ({"organisation": "x" * 121}, "organisation"),
        ({"group": "Academia"}, "--group"),
        ({"region": "Atlantis"}, "--region"),
        ({"role": "emperor"}, "--role"),
    ],
)
def test_what_is_wrong_is_named(
    db: Database, env: dict[str, str], options: dict[str, str], named: str
) -> None:
    """Ensure the same rules hold as on the web, and nothing is stored."""
    result = add(env, **options)

    assert result.exit_code == 2
    assert named in result.output
    assert "Traceback" not in result.output
    assert options.get("password", PASSWORD) not in result.output
    with db.reading() as reader:
        assert list_people(reader) == []


def test_an_address_that_is_taken_is_told(db: Database, env: dict[str, str]) -> None:
    """Ensure the first account stays as it was."""
    make_person(db, email=EMAIL, name="The First")

    result = add(env)

    assert result.exit_code == 2
    assert "already has an account" in result.output
    assert find(db).name == "The First"


@pytest.mark.parametrize("email", [EMAIL, "NIA@Example.org"])
def test_a_role_is_granted_by_address(db: Database, env: dict[str, str], email: str) -> None:
    """Ensure granting twice is no error and changes nothing."""
    make_person(db, email=EMAIL, name="Nia Okoro")

    results = [run(env, "grant", email, "facilitator") for _ in range(2)]

    assert [result.exit_code for result in results] == [0, 0]
    assert results[0].output == "Nia Okoro now has the role facilitator.\n"
    assert roles_of(db) == {Role.FACILITATOR}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("bo@example.org", "facilitator"), "Nobody is registered as bo@example.org."),
        ((EMAIL, "emperor"), "emperor"),
        ((EMAIL,), "missing argument"),
    ],
)
def test_a_grant_that_is_impossible_is_told(
    db: Database, env: dict[str, str], arguments: tuple[str, ...], words: str
) -> None:
    """Ensure unknown people and roles end with one line and exit status 2."""
    make_person(db, email=EMAIL)

    result = run(env, "grant", *arguments)

    assert result.exit_code == 2
    assert words.lower() in result.output.lower()
    assert "Traceback" not in result.output
    assert roles_of(db) == frozenset()


def test_people_are_listed_with_groups_and_roles(db: Database, env: dict[str, str]) -> None:
    """Ensure one line a person, by name."""
    make_person(db, StakeholderGroup.GOVERNMENT, name="Zoe Official", email="zoe@example.org")
    make_person(db, role=Role.MAG_MEMBER, name="Ana Curator", email="ana@example.org")

    result = run(env, "list")

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Ana Curator <ana@example.org>  Civil Society  mag_member",
        "Zoe Official <zoe@example.org>  Government  stakeholder",
    ]


def test_an_invitation_prints_the_link_alone(db: Database, env: dict[str, str]) -> None:
    """Ensure the link can be taken from standard output and opens for the address and role."""
    site = "https://deliberate.example.org/"

    result = run(env, "invite", "NIA@example.org", "--role=mag_member", f"--site={site}")

    assert result.exit_code == 0, result.output
    start, token = result.stdout.strip().rsplit("/", 1)
    assert start == f"{site}invitations"
    assert "Send this link to nia@example.org." in result.stderr
    with db.reading() as reader:
        invitation = reader.scalars(sa.select(Invitation)).one()
    assert invitation.token_hash == hash_token(token)
    assert (invitation.email, invitation.role) == (EMAIL, Role.MAG_MEMBER)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nia", "--role=mag_member"), "email"),
        ((EMAIL, "--role=stakeholder"), "--role"),
        ((EMAIL, "--role=facilitator"), "holds this role already"),
        ((EMAIL,), "missing option"),
    ],
)
def test_an_invitation_that_is_impossible_is_told(
    db: Database, env: dict[str, str], arguments: tuple[str, ...], words: str
) -> None:
    """Ensure nothing is stored and nothing is printed that looks like a link."""
    make_person(db, email=EMAIL, role=Role.FACILITATOR)

    result = run(env, "invite", *arguments)

    assert result.exit_code == 2
    assert words in result.output.lower()
    assert "invitations/" not in result.output


def test_a_locked_out_person_is_let_in_again(db: Database, env: dict[str, str]) -> None:
    """Ensure the second step is off, and a second reset is told that there is none."""
    person = make_person(db, email=EMAIL, name="Nia Okoro")
    set_up(db, person)

    results = [run(env, "reset-second-step", EMAIL) for _ in range(2)]
    unknown = run(env, "reset-second-step", "bo@example.org")

    assert [result.exit_code for result in results] == [0, 2]
    assert "Nia Okoro" in results[0].output
    assert "Nobody is registered as bo@example.org." in unknown.output
    with db.reading() as reader:
        assert find_second_step(reader, person.id or 0) is None


@pytest.mark.parametrize("command", ["add", "grant", "invite", "list", "reset-second-step"])
def test_each_command_explains_itself(env: dict[str, str], command: str) -> None:
    """Ensure help needs no database and no account."""
    result = run(env, command, "--help")

    assert result.exit_code == 0
    assert "Usage:" in result.output
