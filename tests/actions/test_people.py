"""Accounts, sign-ins and roles, below the web."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from deliberate.actions.passwords import hash_password, password_matches
from deliberate.actions.people import (
    add_person,
    end_sign_in,
    grant_role,
    register_person,
    start_sign_in,
    withdraw_role,
)
from deliberate.actions.tokens import hash_token
from deliberate.domain.errors import Conflict, Invalid, NotFound, Refused
from deliberate.domain.people import (
    VISITOR,
    Actor,
    RegionalGroup,
    Role,
    StakeholderGroup,
)
from deliberate.inputs.people import Registration
from deliberate.storage.audit import AuditEvent
from deliberate.storage.database import Database
from deliberate.storage.people import (
    Person,
    SignIn,
    count_registered,
    find_actor,
    find_actor_by_token,
    find_person_by_email,
    list_people,
    list_roles,
)
from deliberate.storage.people_pages import list_people_page
from tests.factories import PASSWORD, PASSWORD_HASH, make_person
from tests.support.clock import FakeClock


def registration(**fields: str) -> Registration:
    """A registration that is right but for the fields given."""
    values = {
        "name": "Nia Okoro",
        "email": "nia@example.org",
        "password": "seven herons over the bay",
        "stakeholder_group": StakeholderGroup.TECHNICAL.value,
        "regional_group": RegionalGroup.AFRICA.value,
    }
    return Registration.model_validate(values | fields)


def register(db: Database, **fields: str) -> int:
    """Make an account and give its id."""
    with db.writing() as tx:
        return register_person(tx, registration(**fields), PASSWORD_HASH).id


def sign_in(db: Database, person: Actor) -> str:
    """A fresh token of this person."""
    with db.writing() as tx:
        return start_sign_in(tx, person.id or 0)


def who(db: Database, token: str) -> Actor | None:
    """Whom the token opens for."""
    with db.reading() as reader:
        return find_actor_by_token(reader, hash_token(token))


def acts_of(db: Database) -> list[str]:
    """The acts in the audit trail, oldest first."""
    with db.reading() as reader:
        return list(reader.scalars(sa.select(AuditEvent.act).order_by(AuditEvent.id)))


def test_a_new_person_takes_part_and_nothing_more(db: Database) -> None:
    """Ensure an account begins without roles and with the groups as declared."""
    person_id = register(db, organisation="Heron Works")

    with db.reading() as reader:
        actor = find_actor(reader, person_id)
    assert actor is not None
    assert actor.roles == frozenset()
    assert actor.affiliation is not None
    assert actor.affiliation.group is StakeholderGroup.TECHNICAL
    assert actor.affiliation.organisation == "Heron Works"
    assert acts_of(db) == ["registered"]


@pytest.mark.parametrize("email", ["nia@example.org", "NIA@Example.org", " nia@example.org "])
def test_an_address_has_one_account(db: Database, email: str) -> None:
    """Ensure the same address in another writing is the same address."""
    register(db)

    with pytest.raises(Invalid) as refusal:
        register(db, email=email)

    assert set(refusal.value.fields) == {"email"}


def test_two_registrations_at_once_make_one_account(db: Database) -> None:
    """Ensure a double click leads to one account and an explanation, never to a failure."""

    def attempt(_number: int) -> str:
        try:
            register(db)
        except Invalid:
            return "explained"
        return "made"

    with ThreadPoolExecutor(8) as threads:
        outcomes = sorted(threads.map(attempt, range(8)))

    assert outcomes == ["explained"] * 7 + ["made"]
    with db.reading() as reader:
        assert len(list_people(reader)) == 1


def test_a_password_is_stored_as_a_salted_hash() -> None:
    """Ensure equal passwords have different hashes, and only the right one fits."""
    first, second = hash_password(PASSWORD), hash_password(PASSWORD)

    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in first
    assert password_matches(first, PASSWORD)
    assert not password_matches(first, PASSWORD.upper())


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$broken"])
def test_no_password_fits_an_account_without_one(stored: str | None) -> None:
    """Ensure a missing account and a damaged hash refuse every password."""
    assert not password_matches(stored, "no account has this password")
    assert not password_matches(stored, "")


def test_a_token_opens_until_it_is_ended(db: Database) -> None:
    """Ensure ending one sign-in leaves the person's others alone."""
    person = make_person(db)
    first, second = sign_in(db, person), sign_in(db, person)
    assert first != second

    with db.writing() as tx:
        end_sign_in(tx, person, first)

    assert who(db, first) is None
    found = who(db, second)
    assert found is not None
    assert found.id == person.id
    assert who(db, "guessed") is None


def test_ending_a_sign_in_twice_keeps_its_first_end(db: Database, clock: FakeClock) -> None:
    """Ensure the record of when somebody left is not overwritten."""
    person = make_person(db)
    token = sign_in(db, person)
    with db.writing() as tx:
        end_sign_in(tx, person, token)
    ended = clock.now

    clock.advance(hours=1)
    with db.writing() as tx:
        end_sign_in(tx, VISITOR, token)

    with db.reading() as reader:
        assert reader.scalar(sa.select(SignIn.ended_at)) == ended


@pytest.mark.parametrize(
    ("role", "lasts"),
    [
        (None, timedelta(days=30)),
        (Role.MAG_MEMBER, timedelta(hours=8)),
        (Role.FACILITATOR, timedelta(hours=8)),
        (Role.SECRETARIAT, timedelta(hours=8)),
    ],
)
def test_a_sign_in_lasts_shorter_the_more_it_opens(
    db: Database, clock: FakeClock, role: Role | None, lasts: timedelta
) -> None:
    """Ensure staff sign in again each working day, others each month."""
    token = sign_in(db, make_person(db, role=role))

    clock.advance(seconds=lasts.total_seconds() - 1)
    assert who(db, token) is not None
    clock.advance(seconds=1)
    assert who(db, token) is None


def test_a_suspended_person_is_signed_out_at_once(db: Database, clock: FakeClock) -> None:
    """Ensure a suspension does not wait for the sign-in to run out, nor counts as registered."""
    person = make_person(db, StakeholderGroup.GOVERNMENT)
    token = sign_in(db, person)

    with db.writing() as tx:
        tx.get_one(Person, person.id).suspended_at = clock.now

    assert who(db, token) is None
    with db.reading() as reader:
        assert count_registered(reader, clock.now) == {}


def test_the_token_itself_is_nowhere_in_the_database(db: Database) -> None:
    """Ensure somebody who reads the database cannot sign in with what they find."""
    token = sign_in(db, make_person(db))

    with db.reading() as reader:
        rows = [*reader.execute(sa.text("SELECT token_hash FROM sign_ins")).scalars()]
        details = [*reader.execute(sa.text("SELECT details FROM audit_events")).scalars()]
    assert rows == [hash_token(token)]
    assert token not in f"{rows} {details}"


@pytest.mark.parametrize("role", [Role.MAG_MEMBER, Role.FACILITATOR, Role.SECRETARIAT])
def test_the_secretariat_grants_and_withdraws(db: Database, role: Role) -> None:
    """Ensure both acts take effect, once each, and are in the audit trail."""
    secretariat, person = make_person(db, role=Role.SECRETARIAT), make_person(db)
    assert person.id is not None

    for _ in range(2):
        with db.writing() as tx:
            grant_role(tx, secretariat, person.id, role)
    with db.reading() as reader:
        assert list_roles(reader, person.id) == {role}
    for _ in range(2):
        with db.writing() as tx:
            withdraw_role(tx, secretariat, person.id, role)

    with db.reading() as reader:
        assert list_roles(reader, person.id) == frozenset()
    assert [act for act in acts_of(db) if "role" in act][-2:] == ["granted_role", "withdrew_role"]


@pytest.mark.parametrize("role", [None, Role.MAG_MEMBER, Role.FACILITATOR])
def test_nobody_else_changes_roles(db: Database, role: Role | None) -> None:
    """Ensure the action itself refuses, whichever way it is reached."""
    actor, holder = make_person(db, role=role), make_person(db, role=Role.FACILITATOR)
    assert holder.id is not None
    assert actor.id is not None

    for who_asks in (actor, VISITOR):
        with pytest.raises(Refused), db.writing() as tx:
            grant_role(tx, who_asks, actor.id, Role.SECRETARIAT)
        with pytest.raises(Refused), db.writing() as tx:
            withdraw_role(tx, who_asks, holder.id, Role.FACILITATOR)

    with db.reading() as reader:
        assert Role.SECRETARIAT not in list_roles(reader, actor.id)
        assert list_roles(reader, holder.id) == {Role.FACILITATOR}


def test_a_missing_person_is_told_as_missing(db: Database) -> None:
    """Ensure neither act does nothing silently for somebody who is not there."""
    secretariat = make_person(db, role=Role.SECRETARIAT)

    for act in (grant_role, withdraw_role):
        with pytest.raises(NotFound), db.writing() as tx:
            act(tx, secretariat, 999_999, Role.FACILITATOR)


def test_the_last_secretariat_cannot_be_withdrawn(db: Database) -> None:
    """Ensure somebody can always grant roles."""
    secretariat = make_person(db, role=Role.SECRETARIAT)
    assert secretariat.id is not None

    with pytest.raises(Conflict), db.writing() as tx:
        withdraw_role(tx, secretariat, secretariat.id, Role.SECRETARIAT)

    with db.reading() as reader:
        assert list_roles(reader, secretariat.id) == {Role.SECRETARIAT}


def test_two_that_withdraw_each_other_leave_one(db: Database) -> None:
    """Ensure the last two holders cannot both lose the role at the same moment."""
    pair = [make_person(db, role=Role.SECRETARIAT) for _ in range(2)]

    def withdraw_the_other(number: int) -> bool:
        other = pair[1 - number].id
        assert other is not None
        try:
            with db.writing() as tx:
                withdraw_role(tx, pair[number], other, Role.SECRETARIAT)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        outcomes = list(threads.map(withdraw_the_other, range(2)))

    assert sorted(outcomes) == [False, True]


def test_granting_at_once_grants_once(db: Database) -> None:
    """Ensure many clicks at the same moment make one grant and no failure."""
    secretariat, person = make_person(db, role=Role.SECRETARIAT), make_person(db)

    def grant(_number: int) -> None:
        with db.writing() as tx:
            grant_role(tx, secretariat, person.id or 0, Role.FACILITATOR)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(grant, range(6)))

    assert acts_of(db).count("granted_role") == 2


def test_a_person_is_added_with_a_role_in_one_step(db: Database) -> None:
    """Ensure the command line can make the first secretariat, and a plain participant."""
    with db.writing() as tx:
        add_person(tx, registration(), PASSWORD_HASH, Role.SECRETARIAT)
        add_person(tx, registration(email="p@example.org"), PASSWORD_HASH, Role.STAKEHOLDER)

    with db.reading() as reader:
        held = {person.email: roles for person, roles in list_people(reader)}
    assert held == {"nia@example.org": {Role.SECRETARIAT}, "p@example.org": frozenset()}


def test_people_are_listed_in_stretches_with_their_roles(db: Database) -> None:
    """Ensure the stretches join without gaps and roles stand with their holders."""
    holder = make_person(db, role=Role.FACILITATOR)
    for _ in range(44):
        make_person(db)

    with db.reading() as reader:
        first = list_people_page(reader)
        second = list_people_page(reader, before_id=first.next_before)

    ids = [person.id for person, _roles in (*first.people, *second.people)]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == len(set(ids)) == 45
    assert second.next_before is None
    assert {person.id: roles for person, roles in second.people}[holder.id or 0] == {
        Role.FACILITATOR
    }


def test_a_search_takes_wildcards_literally(db: Database) -> None:
    """Ensure a per cent sign or an underscore finds only itself."""
    make_person(db, name="100% Heron")
    make_person(db, name="Bay_Watch")
    make_person(db, name="Plain Name")

    with db.reading() as reader:
        found = {
            text: [person.name for person, _roles in list_people_page(reader, text).people]
            for text in ("%", "_", "heron", "nobody")
        }

    assert found == {"%": ["100% Heron"], "_": ["Bay_Watch"], "heron": ["100% Heron"], "nobody": []}


def test_addresses_are_found_however_they_are_written(db: Database) -> None:
    """Ensure somebody who types capitals or spaces finds their account."""
    register(db)

    with db.reading() as reader:
        assert find_person_by_email(reader, " NIA@example.ORG ") is not None
        assert find_person_by_email(reader, "nia@example.com") is None
