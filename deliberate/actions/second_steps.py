"""Setting up, using and switching off the second step of signing in."""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.one_time_codes import (
    accepted_step,
    hash_recovery_code,
    new_recovery_codes,
    new_secret,
)
from deliberate.actions.tokens import hash_token
from deliberate.domain.errors import Conflict, Invalid, NotFound
from deliberate.domain.people import VISITOR, Actor
from deliberate.policy import Can, require
from deliberate.storage import audit, people, second_steps
from deliberate.storage.database import now
from deliberate.storage.second_steps import HalfSignIn, RecoveryCode, SecondStep

HALF_SIGN_IN_LASTS = timedelta(minutes=5)
_WRONG = "This code does not fit. Each works once and for a short while: wait for the next one."


def begin_second_step(tx: Session, actor: Actor) -> SecondStep:
    """Draw a secret for a person's app; it counts once a code confirms it.

    The password is checked before, outside any transaction. Beginning again draws anew. Raises
    `Conflict` when the second step is set up already.
    """
    require(actor, Can.KEEP_ACCOUNT)
    person = people.lock_person(tx, actor.id or 0)
    if person is None:
        raise NotFound("There is no such person.")
    second_step = second_steps.lock_second_step(tx, person.id)
    if second_step is None:
        second_step = SecondStep(person_id=person.id)
        tx.add(second_step)
    elif second_step.set_up_at is not None:
        raise Conflict("Your second step is set up already.")
    second_step.secret = new_secret()
    second_step.begun_at = now(tx)
    return second_step


def confirm_second_step(tx: Session, actor: Actor, code: str, token: str) -> list[str]:
    """Set the second step up with a first code and return the recovery codes.

    Sign-ins made without it end, but for the one whose `token` is given. Raises `Conflict` when
    nothing was begun or it is set up already, `Invalid` when the code is wrong.
    """
    require(actor, Can.KEEP_ACCOUNT)
    second_step = second_steps.lock_second_step(tx, actor.id or 0)
    if second_step is None:
        raise Conflict("There is nothing to confirm yet.", "Begin with your password.")
    if second_step.set_up_at is not None:
        raise Conflict("Your second step is set up already.")
    _accept(tx, second_step, code)
    second_step.set_up_at = now(tx)
    people.end_sign_ins(tx, second_step.person_id, but=hash_token(token))
    audit.record(tx, actor, "set_up_second_step", "person", second_step.person_id)
    return _draw_recovery_codes(tx, second_step.person_id)


def renew_recovery_codes(tx: Session, actor: Actor, code: str) -> list[str]:
    """Draw new recovery codes; the earlier ones open nothing any more.

    Raises `Conflict` without a second step, `Invalid` when the code is wrong.
    """
    require(actor, Can.KEEP_ACCOUNT)
    second_step = _get(tx, actor.id or 0)
    _accept(tx, second_step, code)
    tx.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == second_step.person_id))
    audit.record(tx, actor, "renewed_recovery_codes", "person", second_step.person_id)
    return _draw_recovery_codes(tx, second_step.person_id)


def switch_off_second_step(tx: Session, actor: Actor, code: str) -> None:
    """Switch the second step off and end every sign-in of the person.

    The password is checked before. A recovery code serves as well, for whoever lost the device.
    Raises `Conflict` without a second step, `Invalid` when the code is wrong.
    """
    require(actor, Can.KEEP_ACCOUNT)
    second_step = _get(tx, actor.id or 0)
    _accept_any(tx, second_step, code)
    _remove(tx, actor, second_step.person_id, "switched_off_second_step")


def reset_second_step(tx: Session, person_id: int) -> None:
    """Switch a locked-out person's second step off on the operator's own authority."""
    if second_steps.find_second_step(tx, person_id) is None:
        raise Conflict("This person has no second step.")
    _remove(tx, VISITOR, person_id, "reset_second_step")


def start_half_sign_in(tx: Session, person_id: int) -> str | None:
    """Begin a sign-in that waits for the second step; its token, or None when there is no step."""
    second_step = second_steps.find_second_step(tx, person_id)
    if second_step is None or second_step.set_up_at is None:
        return None
    second_steps.delete_expired_half_sign_ins(tx, person_id, now(tx))
    token = secrets.token_urlsafe(32)
    tx.add(
        HalfSignIn(
            token_hash=hash_token(token),
            person_id=person_id,
            expires_at=now(tx) + HALF_SIGN_IN_LASTS,
        )
    )
    return token


def finish_half_sign_in(tx: Session, token: str, code: str) -> int:
    """Take the second step and return whose sign-in may begin.

    The code is one from the app or a recovery code. Raises `Conflict` when the half sign-in ran
    out or ended, `Invalid` when the code is wrong, used or too old.
    """
    half = second_steps.find_half_sign_in(tx, hash_token(token), now(tx))
    if half is None or people.find_actor(tx, half.person_id) is None:
        raise Conflict("This took longer than five minutes.", "Sign in again.")
    second_step = _get(tx, half.person_id)
    _accept_any(tx, second_step, code)
    tx.delete(half)
    return second_step.person_id


def _get(tx: Session, person_id: int) -> SecondStep:
    second_step = second_steps.lock_second_step(tx, person_id)
    if second_step is None or second_step.set_up_at is None:
        raise Conflict("Your second step is not set up.")
    return second_step


def _accept(tx: Session, second_step: SecondStep, code: str) -> None:
    """Accept a code from the app and remember its time step. Raises `Invalid`."""
    digits = "".join(code.split())
    step = accepted_step(second_step.secret, digits, now(tx), second_step.last_step)
    if step is None:
        raise Invalid("The code is wrong.", fields={"code": _WRONG})
    second_step.last_step = step


def _accept_any(tx: Session, second_step: SecondStep, code: str) -> None:
    """Accept a code from the app or a recovery code. Raises `Invalid`."""
    hashed = hash_recovery_code(code)
    unused = second_steps.list_unused_codes(tx, second_step.person_id)
    found = next((each for each in unused if each.code_hash == hashed), None)
    if found is None:
        _accept(tx, second_step, code)
        return
    found.used_at = now(tx)
    actor = Actor(second_step.person_id)
    audit.record(tx, actor, "used_recovery_code", "person", second_step.person_id)


def _draw_recovery_codes(tx: Session, person_id: int) -> list[str]:
    codes = new_recovery_codes()
    tx.add_all(
        RecoveryCode(person_id=person_id, code_hash=hash_recovery_code(code)) for code in codes
    )
    return codes


def _remove(tx: Session, actor: Actor, person_id: int, act: str) -> None:
    second_steps.delete_second_step(tx, person_id)
    people.end_sign_ins(tx, person_id)
    audit.record(tx, actor, act, "person", person_id)
