"""What processes do that hold the same secret: one invitation link, or one code."""

from deliberate.actions.invitations import accept_with_new_account
from deliberate.actions.second_steps import finish_half_sign_in
from deliberate.domain.errors import DomainError
from deliberate.domain.people import VISITOR
from deliberate.inputs.people import Registration
from deliberate.storage.database import Clock, Database


def accept_link(url: str, clock: Clock, token: str, form: Registration) -> str:
    """Accept an invitation with a new account; "accepted", or what refused it."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            accept_with_new_account(tx, VISITOR, token, form, "a hash")
    except DomainError as error:
        return error.title
    finally:
        db.dispose()
    return "accepted"


def enter_code(url: str, clock: Clock, token: str, code: str) -> str:
    """Finish a sign-in with a code; "signed in", or what refused it."""
    db = Database(url, clock)
    try:
        with db.writing() as tx:
            finish_half_sign_in(tx, token, code)
    except DomainError as error:
        return error.title
    finally:
        db.dispose()
    return "signed in"
