"""Invitations and second steps in the world: a row of each kind, and links to try."""

from deliberate.actions.invitations import make_invitation
from deliberate.actions.second_steps import start_half_sign_in
from deliberate.domain.people import VISITOR, Role
from deliberate.inputs.people import NewInvitation
from deliberate.storage.database import Database
from tests import factories
from tests.support.second_steps import set_up


def add_onboarding(db: Database) -> dict[str, int | str]:
    """An invitation with its link, one to withdraw, and somebody with a second step."""
    person = factories.make_person(db)
    set_up(db, person)
    with db.writing() as tx:
        start_half_sign_in(tx, person.id or 0)
        form = NewInvitation(email="invited@example.org", role=Role.MAG_MEMBER)
        _, token = make_invitation(tx, VISITOR, form)
        form = NewInvitation(email="withdrawn@example.org", role=Role.FACILITATOR)
        other, _ = make_invitation(tx, VISITOR, form)
    return {"invitation_token": token, "invitation": other.id}
