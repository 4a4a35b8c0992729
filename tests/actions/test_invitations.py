"""Invitations to hold a role, below the web."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from deliberate.actions.invitations import (
    INVITATION_LASTS,
    accept_with_new_account,
    accept_with_own_account,
    invite,
    make_invitation,
    open_invitation,
    put_welcome_away,
    withdraw_invitation,
)
from deliberate.actions.people import change_organisation
from deliberate.actions.tokens import hash_token
from deliberate.domain.errors import Conflict, DomainError, Gone, Invalid, NotFound, Refused
from deliberate.domain.people import VISITOR, Actor, RegionalGroup, Role, StakeholderGroup
from deliberate.inputs.people import NewInvitation, Registration
from deliberate.storage.audit import AuditEvent
from deliberate.storage.database import Database
from deliberate.storage.invitations import (
    INVITATIONS_A_PAGE,
    Invitation,
    find_welcome,
    list_open_invitations,
)
from deliberate.storage.people import RoleGrant, find_person, find_person_by_email, list_roles
from tests.factories import PASSWORD, PASSWORD_HASH, make_comment, make_deliberation, make_person
from tests.support.clock import FakeClock

EMAIL = "nia@example.org"
KEY = "0b0e7c1e-6a39-4c5e-9a9e-6f1f3c0c2b11"


def make(
    db: Database, actor: Actor = VISITOR, email: str = EMAIL, role: Role = Role.MAG_MEMBER
) -> tuple[Invitation, str]:
    """An invitation and its token."""
    with db.writing() as tx:
        return make_invitation(tx, actor, NewInvitation(email=email, role=role))


def registration(email: str = EMAIL) -> Registration:
    """What an invited person fills in."""
    return Registration(
        name="Nia Okoro",
        email=email,
        password=PASSWORD,
        stakeholder_group=StakeholderGroup.TECHNICAL,
        regional_group=RegionalGroup.AFRICA,
    )


def accept(db: Database, token: str, email: str = EMAIL) -> int:
    """Accept as somebody without an account."""
    with db.writing() as tx:
        return accept_with_new_account(tx, VISITOR, token, registration(email), PASSWORD_HASH)


def roles_of(db: Database, person_id: int | None) -> frozenset[Role]:
    """The roles a person holds."""
    with db.reading() as reader:
        return list_roles(reader, person_id or 0)


def refusal(db: Database, token: str) -> DomainError:
    """What somebody with this link is told."""
    with pytest.raises(DomainError) as caught, db.reading() as reader:
        open_invitation(reader, token)
    return caught.value


def test_an_invitation_is_a_secret_of_which_a_hash_is_stored(db: Database) -> None:
    """Ensure 128 random bits and more, and nothing in the database that opens anything."""
    invitation, token = make(db)

    assert len(token) * 6 >= 256
    assert invitation.token_hash == hash_token(token)
    with db.reading() as reader:
        row = reader.execute(sa.text("SELECT * FROM invitations")).one()
        assert token not in str(row)
        assert open_invitation(reader, token).email == EMAIL
    assert invitation.expires_at - invitation.invited_at == INVITATION_LASTS


def test_only_the_secretariat_invites(db: Database) -> None:
    """Ensure inviting is granting a role: the same people may."""
    secretariat = make_person(db, role=Role.SECRETARIAT)
    facilitator = make_person(db, role=Role.FACILITATOR)
    form = NewInvitation(email=EMAIL, role=Role.MAG_MEMBER, submission_key=KEY)
    for actor in (VISITOR, make_person(db), make_person(db, role=Role.MAG_MEMBER)):
        with pytest.raises(Refused), db.writing() as tx:
            invite(tx, actor, form)

    with db.writing() as tx:
        invitation, _ = invite(tx, secretariat, form)

    with pytest.raises(Refused), db.writing() as tx:
        withdraw_invitation(tx, facilitator, invitation.id)


def test_the_same_form_sent_twice_invites_once(db: Database) -> None:
    """Ensure a double click does not make a second link that nobody has seen."""
    secretariat = make_person(db, role=Role.SECRETARIAT)
    form = NewInvitation(email=EMAIL, role=Role.MAG_MEMBER, submission_key=KEY)
    with db.writing() as tx:
        _, token = invite(tx, secretariat, form)

    with pytest.raises(Conflict), db.writing() as tx:
        invite(tx, secretariat, form)

    with db.reading() as reader:
        assert open_invitation(reader, token).role is Role.MAG_MEMBER


def test_a_new_account_comes_with_the_role_and_a_trail(db: Database) -> None:
    """Ensure account and role are made together, in the name of who invited."""
    secretariat = make_person(db, role=Role.SECRETARIAT)
    invitation, token = make(db, secretariat)

    person_id = accept(db, token)

    assert roles_of(db, person_id) == {Role.MAG_MEMBER}
    with db.reading() as reader:
        person = find_person(reader, person_id)
        assert person is not None
        assert person.email == EMAIL
        grant = reader.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == person_id)).one()
        assert grant.granted_by == secretariat.id
        query = sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(3)
        events = reader.scalars(query).all()
    assert [event.act for event in events] == ["granted_role", "accepted_invitation", "registered"]
    assert (events[1].subject_type, events[1].subject_id) == ("invitation", invitation.id)
    assert EMAIL not in str([event.details for event in events])


def test_an_account_with_the_address_takes_the_role(db: Database) -> None:
    """Ensure people who take part already keep their account, and nobody else's will do."""
    addressee, other = make_person(db, email=EMAIL), make_person(db)
    _, token = make(db)
    for actor in (other, VISITOR):
        with pytest.raises(Refused), db.writing() as tx:
            accept_with_own_account(tx, actor, token)
    with pytest.raises(Refused), db.writing() as tx:
        accept_with_new_account(tx, VISITOR, token, registration(), PASSWORD_HASH)

    with db.writing() as tx:
        assert accept_with_own_account(tx, addressee, token) is Role.MAG_MEMBER

    assert roles_of(db, addressee.id) == {Role.MAG_MEMBER}
    assert roles_of(db, other.id) == frozenset()


def test_an_invitation_makes_no_account_for_another_address(db: Database) -> None:
    """Ensure the link is bound to the address it was made for, and stays open."""
    _, token = make(db)

    with pytest.raises(Invalid):
        accept(db, token, "mallory@example.org")

    with db.reading() as reader:
        assert find_person_by_email(reader, "mallory@example.org") is None
        open_invitation(reader, token)


def test_a_link_works_once(db: Database) -> None:
    """Ensure a used link says so and whom to tell."""
    _, token = make(db)
    accept(db, token)

    error = refusal(db, token)

    assert isinstance(error, Gone)
    assert error.title == "This invitation was used already."
    assert "secretariat" in error.advice
    with pytest.raises(Gone):
        accept(db, token)


def test_a_link_runs_out_after_fourteen_days(db: Database, clock: FakeClock) -> None:
    """Ensure it works to the last second and not a second longer."""
    _, token = make(db)
    clock.advance(days=14, seconds=-1)
    with db.reading() as reader:
        open_invitation(reader, token)

    clock.advance(seconds=1)

    assert refusal(db, token).title == "This invitation has expired."
    with pytest.raises(Gone):
        accept(db, token)


def test_a_withdrawn_link_says_so(db: Database) -> None:
    """Ensure withdrawing works at once, may be done twice, and leaves a trail."""
    secretariat = make_person(db, role=Role.SECRETARIAT)
    invitation, token = make(db, secretariat)

    for _ in range(2):
        with db.writing() as tx:
            withdraw_invitation(tx, secretariat, invitation.id)

    assert refusal(db, token).title == "This invitation was withdrawn."
    with db.reading() as reader:
        acts = list(reader.scalars(sa.select(AuditEvent.act)))
    assert acts.count("withdrew_invitation") == 1


def test_what_was_accepted_cannot_be_withdrawn(db: Database) -> None:
    """Ensure nobody believes that withdrawing a used link took the role back."""
    secretariat = make_person(db, role=Role.SECRETARIAT)
    invitation, token = make(db, secretariat)
    accept(db, token)

    with pytest.raises(Conflict), db.writing() as tx:
        withdraw_invitation(tx, secretariat, invitation.id)
    with pytest.raises(NotFound), db.writing() as tx:
        withdraw_invitation(tx, secretariat, invitation.id + 1)


@pytest.mark.parametrize("change", [lambda link: link[:-1], lambda link: link + "x", str.upper])
def test_a_wrong_link_says_whom_to_ask(db: Database, change: Callable[[str], str]) -> None:
    """Ensure a link that was cut short or never was one is told apart from a used one."""
    _, token = make(db)

    error = refusal(db, change(token))

    assert isinstance(error, NotFound)
    assert re.search("whole link.*ask the secretariat", error.advice)


def test_inviting_again_replaces_the_earlier_link(db: Database) -> None:
    """Ensure one link works for an address and a role, and other roles are not touched."""
    _, first = make(db)
    _, other = make(db, role=Role.FACILITATOR)
    _, second = make(db, email=" NIA@Example.org ")

    assert refusal(db, first).title == "This invitation was withdrawn."
    with db.reading() as reader:
        open_invitation(reader, other)
        open_invitation(reader, second)


def test_nobody_is_invited_to_what_they_hold(db: Database) -> None:
    """Ensure the secretariat learns that there is nothing to do."""
    make_person(db, role=Role.MAG_MEMBER, email=EMAIL)

    with pytest.raises(Invalid) as caught:
        make(db)

    assert "email" in caught.value.fields


def test_the_list_holds_what_is_open_and_goes_on(db: Database, clock: FakeClock) -> None:
    """Ensure used, withdrawn and expired ones are left out, and long lists come in stretches."""
    secretariat = make_person(db, role=Role.SECRETARIAT, name="Sefa Secretary")
    make(db, email="early@example.org")
    clock.advance(days=14)
    accept(db, make(db, secretariat)[1])
    made = [make(db, secretariat, f"p{n}@example.org")[0].id for n in range(INVITATIONS_A_PAGE + 2)]

    with db.reading() as reader:
        first, before = list_open_invitations(reader, clock.now)
        rest, end = list_open_invitations(reader, clock.now, before)

    assert [row.id for row, _ in [*first, *rest]] == made[::-1]
    assert {name for _, name in first} == {"Sefa Secretary"}
    assert end is None


def test_a_new_member_is_welcomed_until_they_put_it_away(db: Database) -> None:
    """Ensure the first things to do are shown to those invited, until they say so."""
    person_id = accept(db, make(db)[1])
    granted, stakeholder = make_person(db, role=Role.MAG_MEMBER), make_person(db)
    member = Actor(person_id, roles=frozenset({Role.MAG_MEMBER}))

    def is_welcomed(who: int | None) -> bool:
        with db.reading() as reader:
            return find_welcome(reader, who or 0, Role.MAG_MEMBER) is not None

    assert is_welcomed(person_id)
    assert not is_welcomed(granted.id)
    for actor in (granted, member, member):
        with db.writing() as tx:
            put_welcome_away(tx, actor)
    assert not is_welcomed(person_id)
    with pytest.raises(Refused), db.writing() as tx:
        put_welcome_away(tx, stakeholder)


def test_a_new_organisation_counts_from_now_on(db: Database) -> None:
    """Ensure what was written before keeps the organisation it was written for."""
    author = make_person(db, organisation="Lamp Works")
    deliberation = make_deliberation(db)
    before = make_comment(db, deliberation.id, author)

    with db.writing() as tx:
        change_organisation(tx, author, "Oil Union")
        change_organisation(tx, author, "Oil Union")

    with db.reading() as reader:
        person = find_person(reader, author.id or 0)
        assert person is not None
        assert person.organisation == "Oil Union"
        event = reader.scalars(
            sa.select(AuditEvent).where(AuditEvent.act == "changed_organisation")
        ).one()
    assert before.organisation == "Lamp Works"
    assert event.details == {"before": "Lamp Works", "after": "Oil Union"}
    with pytest.raises(Refused), db.writing() as tx:
        change_organisation(tx, VISITOR, "Nobody")
