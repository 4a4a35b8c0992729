"""One secret in the hands of several processes at the same moment."""

from collections import Counter

import sqlalchemy as sa

from deliberate.actions.invitations import make_invitation
from deliberate.actions.second_steps import start_half_sign_in
from deliberate.domain.people import VISITOR, RegionalGroup, Role, StakeholderGroup
from deliberate.inputs.people import NewInvitation, Registration
from deliberate.storage.database import Database
from deliberate.storage.people import Person, RoleGrant
from tests.factories import PASSWORD, make_person
from tests.races.guests import accept_link, enter_code
from tests.support.clock import FakeClock
from tests.support.processes import run_together
from tests.support.second_steps import code_at, set_up

PROCESSES = 4
EMAIL = "nia@example.org"


def test_an_invitation_accepted_by_several_at_once_makes_one_account(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure one of them has the account and the role, and the others are told why not."""
    with db.writing() as tx:
        form = NewInvitation(email=EMAIL, role=Role.MAG_MEMBER)
        _, token = make_invitation(tx, VISITOR, form)
    forms = [
        Registration(
            name=f"Nia Number {number}",
            email=EMAIL,
            password=PASSWORD,
            stakeholder_group=StakeholderGroup.TECHNICAL,
            regional_group=RegionalGroup.AFRICA,
        )
        for number in range(PROCESSES)
    ]

    told = run_together(accept_link, [(database_url, clock, token, form) for form in forms])

    used = "This invitation was used already."
    assert Counter(told) == {"accepted": 1, used: PROCESSES - 1}
    with db.reading() as reader:
        assert len(reader.scalars(sa.select(Person)).all()) == 1
        assert len(reader.scalars(sa.select(RoleGrant)).all()) == 1


def test_a_code_entered_by_several_at_once_signs_one_in(
    db: Database, database_url: str, clock: FakeClock
) -> None:
    """Ensure a code that somebody looked at over a shoulder opens nothing beside its owner."""
    person = make_person(db)
    secret, _ = set_up(db, person)
    clock.advance(seconds=30)
    code = code_at(db, secret)
    tokens = []
    for _ in range(PROCESSES):
        with db.writing() as tx:
            tokens.append(start_half_sign_in(tx, person.id or 0))

    told = run_together(enter_code, [(database_url, clock, token, code) for token in tokens])

    assert told.count("signed in") == 1
