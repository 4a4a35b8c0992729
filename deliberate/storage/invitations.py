"""Invitations to hold a role, each for one e-mail address and opened by one secret link."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import Role
from deliberate.storage.base import Base
from deliberate.storage.people import Person
from deliberate.storage.types import Word

INVITATIONS_A_PAGE = 40


class Invitation(Base):
    """One invitation. Of its link only a hash is stored, so nobody can read the link here.

    `email` is stored as `Person.email` is. `invited_by` is empty when the operator invited.
    `welcomed_at` is when the person put the list of first things to do away.
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(index=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    token_hash: Mapped[str] = mapped_column(unique=True)
    submission_key: Mapped[str | None] = mapped_column(unique=True)
    invited_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    welcomed_at: Mapped[datetime | None]


def find_invitation(session: Session, invitation_id: int) -> Invitation | None:
    """The invitation with this id."""
    return session.get(Invitation, invitation_id)


def find_invitation_by_token(session: Session, token_hash: str) -> Invitation | None:
    """The invitation whose link this is, whatever became of it."""
    return session.scalar(sa.select(Invitation).where(Invitation.token_hash == token_hash))


def find_invitation_by_submission(session: Session, submission_key: str) -> Invitation | None:
    """The invitation that this rendering of the form made."""
    return session.scalar(sa.select(Invitation).where(Invitation.submission_key == submission_key))


def lock_invitation(tx: Session, invitation_id: int) -> Invitation | None:
    """The invitation as it is now, held until the transaction ends."""
    return _lock(tx, Invitation.id == invitation_id)


def lock_invitation_by_token(tx: Session, token_hash: str) -> Invitation | None:
    """The invitation whose link this is as it is now, held until the transaction ends."""
    return _lock(tx, Invitation.token_hash == token_hash)


def list_open_for(tx: Session, email: str, role: Role) -> Sequence[Invitation]:
    """What is still open for this address and role, held until the transaction ends."""
    query = sa.select(Invitation).where(
        Invitation.email == email, Invitation.role == role, *_unanswered()
    )
    return tx.scalars(query.with_for_update()).all()


def list_open_invitations(
    session: Session, moment: datetime, before_id: int | None = None
) -> tuple[Sequence[tuple[Invitation, str | None]], int | None]:
    """Open invitations with who invited, newest first, and the id the next stretch begins before.

    Those that ran out stay out of the list: there is nothing left to withdraw.
    """
    query = (
        sa.select(Invitation, Person.name)
        .outerjoin(Person, Person.id == Invitation.invited_by)
        .where(*_unanswered(), Invitation.expires_at > moment)
        .order_by(Invitation.id.desc())
        .limit(INVITATIONS_A_PAGE + 1)
    )
    if before_id is not None:
        query = query.where(Invitation.id < before_id)
    rows = [(invitation, name) for invitation, name in session.execute(query)]
    shown = rows[:INVITATIONS_A_PAGE]
    return shown, shown[-1][0].id if len(rows) > INVITATIONS_A_PAGE else None


def find_welcome(session: Session, person_id: int, role: Role) -> Invitation | None:
    """The invitation by which this person took the role, until its welcome is put away."""
    return session.scalar(
        sa.select(Invitation)
        .where(
            Invitation.accepted_by == person_id,
            Invitation.role == role,
            Invitation.welcomed_at.is_(None),
        )
        .order_by(Invitation.id.desc())
        .limit(1)
    )


def _lock(tx: Session, which: sa.ColumnElement[bool]) -> Invitation | None:
    query = sa.select(Invitation).where(which).with_for_update()
    return tx.scalar(query.execution_options(populate_existing=True))


def _unanswered() -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
