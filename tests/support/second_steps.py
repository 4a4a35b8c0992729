"""People with a second step, and the codes their apps show."""

import secrets

from pyotp import TOTP

from deliberate.actions.people import start_sign_in
from deliberate.actions.second_steps import begin_second_step, confirm_second_step
from deliberate.domain.people import Actor
from deliberate.storage.database import Database, now


def set_up(db: Database, person: Actor) -> tuple[str, list[str]]:
    """Set up a person's second step with the code of now; the secret and the recovery codes."""
    with db.writing() as tx:
        secret = begin_second_step(tx, person).secret
        moment = now(tx)
        token = secrets.token_urlsafe(8)
        return secret, confirm_second_step(tx, person, TOTP(secret).at(moment), token)


def code_at(db: Database, secret: str, steps: int = 0) -> str:
    """What the app shows now, or so many time steps later."""
    return TOTP(secret).at(db.clock(), counter_offset=steps)


def sign_in_token_of(db: Database, person: Actor) -> str:
    """The token of a new sign-in."""
    with db.writing() as tx:
        return start_sign_in(tx, person.id or 0)
