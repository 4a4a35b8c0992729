"""The second step of signing in, below the web."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.actions.one_time_codes import (
    accepted_step,
    app_address,
    hash_recovery_code,
    new_recovery_codes,
    new_secret,
)
from deliberate.actions.second_steps import (
    begin_second_step,
    confirm_second_step,
    finish_half_sign_in,
    renew_recovery_codes,
    reset_second_step,
    start_half_sign_in,
    switch_off_second_step,
)
from deliberate.domain.errors import Conflict, Invalid, Refused
from deliberate.domain.people import VISITOR, Actor, Role
from deliberate.storage.audit import AuditEvent
from deliberate.storage.database import Database
from deliberate.storage.people import Person, SignIn, find_actor
from deliberate.storage.second_steps import (
    HalfSignIn,
    RecoveryCode,
    SecondStep,
    count_unused_codes,
    find_second_step,
)
from tests.factories import make_person
from tests.support.clock import FakeClock
from tests.support.second_steps import code_at, set_up, sign_in_token_of

# RFC 6238, appendix B, for SHA-1: the secret "12345678901234567890" in base 32, and the last six
# of the eight digits given there (the code is a number modulo a power of ten).
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = {
    59: "287082",
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
    20000000000: "353130",
}


def moment(seconds: int) -> datetime:
    """So many seconds after the epoch."""
    return datetime.fromtimestamp(seconds, UTC)


def acts(db: Database) -> list[str]:
    """What the audit trail holds, in order."""
    with db.reading() as reader:
        return list(reader.scalars(sa.select(AuditEvent.act).order_by(AuditEvent.id)))


def open_sign_ins(db: Database) -> int:
    """How many sign-ins have not ended."""
    with db.reading() as reader:
        query = sa.select(sa.func.count()).where(SignIn.ended_at.is_(None))
        return reader.scalar(query) or 0


def half(db: Database, person: Actor) -> str:
    """The token of a sign-in whose password was right."""
    with db.writing() as tx:
        token = start_half_sign_in(tx, person.id or 0)
    assert token is not None
    return token


def finish(db: Database, token: str, code: str) -> int:
    """Take the second step."""
    with db.writing() as tx:
        return finish_half_sign_in(tx, token, code)


@pytest.mark.parametrize("seconds", VECTORS)
def test_codes_are_those_of_rfc_6238(seconds: int) -> None:
    """Ensure what every app shows is accepted, at the moments of the RFC's test vectors."""
    step = accepted_step(SECRET, VECTORS[seconds], moment(seconds), None)

    assert step == seconds // 30


@pytest.mark.parametrize(
    ("late", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_one_step_off(late: int, accepted: bool) -> None:
    """Ensure a window of one step either side and no more."""
    step = accepted_step(SECRET, VECTORS[1111111109], moment(1111111109 + late), None)

    assert (step is not None) == accepted


@pytest.mark.parametrize("code", ["", "28708", "2870820", "٢٨٧٠٨٢", "94287082", "abcdef"])
def test_what_only_resembles_a_code_is_none(code: str) -> None:
    """Ensure short, long and foreign digits are refused."""
    assert accepted_step(SECRET, code, moment(59), None) is None


def test_a_code_counts_once() -> None:
    """Ensure neither the last code nor one from before it is accepted again."""
    step = accepted_step(SECRET, VECTORS[59], moment(59), None)

    assert accepted_step(SECRET, VECTORS[59], moment(59), step) is None
    assert accepted_step(SECRET, VECTORS[59], moment(59), 2) is None


def test_secrets_and_recovery_codes_have_enough_chance_in_them() -> None:
    """Ensure 160 bits for secrets and 120 for recovery codes, never the same twice."""
    codes = [code for _ in range(5) for code in new_recovery_codes()]

    assert len(new_secret()) * 5 == 160
    assert {len(code.replace("-", "")) * 5 for code in codes} == {120}
    assert len(set(codes)) == 50


def test_a_recovery_code_may_be_typed_in_any_way() -> None:
    """Ensure capitals, spaces and hyphens make no difference."""
    (code, *_) = new_recovery_codes()

    assert hash_recovery_code(f" {code.lower().replace('-', ' ')} ") == hash_recovery_code(code)


def test_the_app_is_told_whose_code_it_is() -> None:
    """Ensure the address in the QR code names the site, the account and the secret."""
    address = app_address(SECRET, "ada@example.org", "A forum")

    assert address.startswith("otpauth://totp/A%20forum:ada%40example.org?")
    assert f"secret={SECRET}" in address


def test_it_counts_only_once_a_code_confirmed_it(db: Database) -> None:
    """Ensure nobody is locked out by a code that their app never showed."""
    person = make_person(db)
    with db.writing() as tx:
        secret = begin_second_step(tx, person).secret
        assert start_half_sign_in(tx, person.id or 0) is None
    with pytest.raises(Invalid), db.writing() as tx:
        confirm_second_step(tx, person, "000000", "")
    with db.reading() as reader:
        actor = find_actor(reader, person.id or 0)
        assert actor is not None
        assert not actor.second_step

    with db.writing() as tx:
        codes = confirm_second_step(tx, person, code_at(db, secret), "")

    assert len(codes) == 10
    with db.reading() as reader:
        actor = find_actor(reader, person.id or 0)
        assert actor is not None
        assert actor.second_step
        stored = set(reader.scalars(sa.select(RecoveryCode.code_hash)))
    assert stored == {hash_recovery_code(code) for code in codes}
    assert acts(db)[-1] == "set_up_second_step"


def test_setting_up_ends_the_sign_ins_made_without_it(db: Database) -> None:
    """Ensure a thief's sign-in does not outlast it, while one's own does."""
    person, other = make_person(db), make_person(db)
    own = sign_in_token_of(db, person)
    sign_in_token_of(db, person)
    sign_in_token_of(db, other)
    with db.writing() as tx:
        secret = begin_second_step(tx, person).secret

    with db.writing() as tx:
        confirm_second_step(tx, person, code_at(db, secret), own)

    assert open_sign_ins(db) == 2


def test_it_cannot_be_begun_anew_while_it_is_on(db: Database) -> None:
    """Ensure the secret of a second step is not replaced without switching it off."""
    person = make_person(db)
    secret, _ = set_up(db, person)

    with pytest.raises(Conflict), db.writing() as tx:
        begin_second_step(tx, person)
    with pytest.raises(Conflict), db.writing() as tx:
        confirm_second_step(tx, person, code_at(db, secret, 1), "")


def test_a_code_or_a_recovery_code_finishes_the_sign_in_once(
    db: Database, clock: FakeClock
) -> None:
    """Ensure each of them opens once, and the other ways stay open."""
    person = make_person(db)
    secret, codes = set_up(db, person)
    clock.advance(seconds=30)

    assert finish(db, half(db, person), code_at(db, secret)) == person.id
    with pytest.raises(Invalid):
        finish(db, half(db, person), code_at(db, secret))
    assert finish(db, half(db, person), codes[0]) == person.id
    with pytest.raises(Invalid):
        finish(db, half(db, person), codes[0])
    clock.advance(seconds=30)
    assert finish(db, half(db, person), code_at(db, secret)) == person.id

    with db.reading() as reader:
        assert count_unused_codes(reader, person.id or 0) == 9
    assert "used_recovery_code" in acts(db)


def test_a_half_sign_in_is_used_once_and_for_five_minutes(db: Database, clock: FakeClock) -> None:
    """Ensure its token is worth nothing after it was used or its time ran out."""
    person = make_person(db)
    _, codes = set_up(db, person)
    used, late = half(db, person), half(db, person)

    finish(db, used, codes[0])
    with pytest.raises(Conflict):
        finish(db, used, codes[1])
    late = half(db, person)
    clock.advance(minutes=5)
    with pytest.raises(Conflict):
        finish(db, late, codes[1])


def test_one_persons_codes_open_nobody_elses_account(db: Database) -> None:
    """Ensure recovery codes belong to a person."""
    ada, bo = make_person(db), make_person(db)
    _, codes = set_up(db, ada)
    set_up(db, bo)

    with pytest.raises(Invalid):
        finish(db, half(db, bo), codes[0])


def test_a_person_suspended_meanwhile_is_not_let_in(db: Database) -> None:
    """Ensure the second step does not open an account that was closed after the first."""
    person = make_person(db)
    _, codes = set_up(db, person)
    token = half(db, person)
    with db.writing() as tx:
        tx.get_one(Person, person.id).suspended_at = db.clock()

    with pytest.raises(Conflict):
        finish(db, token, codes[0])


def test_new_recovery_codes_replace_the_earlier_ones(db: Database, clock: FakeClock) -> None:
    """Ensure a list that was lost opens nothing, and a code from the app is needed."""
    person = make_person(db)
    secret, codes = set_up(db, person)
    clock.advance(seconds=30)
    with pytest.raises(Invalid), db.writing() as tx:
        renew_recovery_codes(tx, person, codes[0])

    with db.writing() as tx:
        renewed = renew_recovery_codes(tx, person, code_at(db, secret))

    with pytest.raises(Invalid):
        finish(db, half(db, person), codes[0])
    assert finish(db, half(db, person), renewed[0]) == person.id


def test_switching_off_ends_every_sign_in_and_forgets_everything(
    db: Database, clock: FakeClock
) -> None:
    """Ensure nothing of it is kept, and whoever is signed in anywhere has to sign in again."""
    person = make_person(db)
    secret, _ = set_up(db, person)
    half(db, person)
    sign_in_token_of(db, person)
    clock.advance(seconds=30)

    with db.writing() as tx:
        switch_off_second_step(tx, person, code_at(db, secret))

    assert open_sign_ins(db) == 0
    with db.reading() as reader:
        for table in (SecondStep, RecoveryCode, HalfSignIn):
            assert reader.scalars(sa.select(table)).all() == []
    assert acts(db)[-1] == "switched_off_second_step"


def test_the_operator_can_let_somebody_in_again(db: Database) -> None:
    """Ensure a reset is kept in the trail and refused where there is nothing to reset."""
    person = make_person(db)
    set_up(db, person)

    with db.writing() as tx:
        reset_second_step(tx, person.id or 0)
    with pytest.raises(Conflict), db.writing() as tx:
        reset_second_step(tx, person.id or 0)

    assert acts(db)[-1] == "reset_second_step"
    with db.reading() as reader:
        assert find_second_step(reader, person.id or 0) is None


ACTS: list[Callable[[Session, Actor], object]] = [
    begin_second_step,
    lambda tx, actor: confirm_second_step(tx, actor, "000000", ""),
    lambda tx, actor: renew_recovery_codes(tx, actor, "000000"),
    lambda tx, actor: switch_off_second_step(tx, actor, "000000"),
]


@pytest.mark.parametrize("act", ACTS)
def test_it_is_for_people_with_an_account(
    db: Database, act: Callable[[Session, Actor], object]
) -> None:
    """Ensure a visitor is refused by the policy, and confirming needs a beginning."""
    with pytest.raises(Refused), db.writing() as tx:
        act(tx, VISITOR)


def test_roles_rest_where_a_second_step_is_asked() -> None:
    """Ensure only people who hold a role are asked, and only until it is set up."""
    held = frozenset({Role.FACILITATOR})

    assert Actor(1, roles=held, second_step_asked=True).second_step_due
    assert not Actor(1, roles=held, second_step=True, second_step_asked=True).second_step_due
    assert not Actor(1, roles=held).second_step_due
    assert not Actor(1, roles=frozenset({Role.STAKEHOLDER}), second_step_asked=True).second_step_due
    assert not VISITOR.second_step_due
