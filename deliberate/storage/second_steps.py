"""The second step of signing in: its secrets, recovery codes, and sign-ins that wait for it."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.storage.base import Base


class SecondStep(Base):
    """One person's second step. It counts once `set_up_at` is set, which a right code does.

    `last_step` is the time step of the last code that was accepted (RFC 6238 section 4.2); codes
    of this step and of earlier ones are refused.
    """

    __tablename__ = "second_steps"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    secret: Mapped[str]
    begun_at: Mapped[datetime]
    set_up_at: Mapped[datetime | None]
    last_step: Mapped[int | None]


class RecoveryCode(Base):
    """A code that takes the place of one from the app, once. Only its hash is stored."""

    __tablename__ = "recovery_codes"
    __table_args__ = (sa.UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    code_hash: Mapped[str]
    used_at: Mapped[datetime | None]


class HalfSignIn(Base):
    """A sign-in whose password was right and whose second step is still to come."""

    __tablename__ = "half_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    expires_at: Mapped[datetime]


def find_second_step(session: Session, person_id: int) -> SecondStep | None:
    """A person's second step, also one that is not confirmed yet."""
    return session.get(SecondStep, person_id)


def lock_second_step(tx: Session, person_id: int) -> SecondStep | None:
    """A person's second step, held until the transaction ends, so that codes take turns."""
    return tx.get(SecondStep, person_id, with_for_update=True, populate_existing=True)


def list_unused_codes(session: Session, person_id: int) -> Sequence[RecoveryCode]:
    """The recovery codes a person has left."""
    query = sa.select(RecoveryCode).where(
        RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalars(query).all()


def count_unused_codes(session: Session, person_id: int) -> int:
    """How many recovery codes a person has left."""
    return len(list_unused_codes(session, person_id))


def find_half_sign_in(session: Session, token_hash: str, moment: datetime) -> HalfSignIn | None:
    """The sign-in that waits behind this token, unless its time has run out."""
    return session.scalar(
        sa.select(HalfSignIn).where(
            HalfSignIn.token_hash == token_hash, HalfSignIn.expires_at > moment
        )
    )


def delete_expired_half_sign_ins(tx: Session, person_id: int, moment: datetime) -> None:
    """Forget this person's sign-ins that waited for the second step in vain."""
    tx.execute(
        sa.delete(HalfSignIn).where(
            HalfSignIn.person_id == person_id, HalfSignIn.expires_at <= moment
        )
    )


def delete_half_sign_ins(tx: Session, person_id: int) -> None:
    """Forget every sign-in of a person that waits for the second step."""
    tx.execute(sa.delete(HalfSignIn).where(HalfSignIn.person_id == person_id))


def delete_second_step(tx: Session, person_id: int) -> None:
    """Forget a person's second step, with its codes and the sign-ins that wait for it."""
    delete_half_sign_ins(tx, person_id)
    tx.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    tx.execute(sa.delete(SecondStep).where(SecondStep.person_id == person_id))
