"""People, the roles granted to them, and their sign-ins."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import Actor, Affiliation, RegionalGroup, Role, StakeholderGroup
from deliberate.storage.base import Base
from deliberate.storage.database import now
from deliberate.storage.mandates import Mandate
from deliberate.storage.second_steps import SecondStep
from deliberate.storage.types import Word


class Person(Base):
    """Somebody with an account. `email` is stored trimmed and in lower case.

    Of a deleted account the row stays, because contributions refer to it, without what names
    the person; it counts as suspended since then.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    stakeholder_group: Mapped[StakeholderGroup] = mapped_column(Word(StakeholderGroup))
    regional_group: Mapped[RegionalGroup] = mapped_column(Word(RegionalGroup))
    organisation: Mapped[str | None]
    registered_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]

    @property
    def affiliation(self) -> Affiliation:
        """Where this person says they stand."""
        return Affiliation(self.stakeholder_group, self.regional_group, self.organisation)


class RoleGrant(Base):
    """One role granted to one person, by whom and when."""

    __tablename__ = "role_grants"
    __table_args__ = (sa.UniqueConstraint("person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(Word(Role))
    granted_by: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"))
    granted_at: Mapped[datetime]


class SignIn(Base):
    """A sign-in that the server can end. Only a hash of the cookie's token is stored."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    signed_in_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


# Counting stops at a hundred, so that a full inbox slows no page down. The table is named here
# because its own module builds on this one.
_NOTICES = sa.table("notices", sa.column("person_id"), sa.column("read_at"))
_FEW_UNREAD = (
    sa.select(sa.literal(1))
    .select_from(_NOTICES)
    .where(_NOTICES.c.person_id == Person.id, _NOTICES.c.read_at.is_(None))
    .correlate(Person)
    .limit(100)
    .subquery()
)
_UNREAD = sa.select(sa.func.count()).select_from(_FEW_UNREAD).correlate(Person).scalar_subquery()
_PERSON_AND_ROLES = (
    sa.select(Person, RoleGrant.role, SecondStep.set_up_at, Mandate.id, _UNREAD)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .outerjoin(SecondStep, SecondStep.person_id == Person.id)
    .outerjoin(Mandate, sa.and_(Mandate.person_id == Person.id, Mandate.ended_at.is_(None)))
)


def find_person(session: Session, person_id: int) -> Person | None:
    """The person with this id."""
    return session.get(Person, person_id)


def lock_person(tx: Session, person_id: int) -> Person | None:
    """The person, held until the transaction ends, so that their own acts take turns."""
    query = sa.select(Person).where(Person.id == person_id)
    return tx.scalar(query.with_for_update(key_share=True))


def find_person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, however it was capitalised."""
    return session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))


def list_people(session: Session) -> Sequence[tuple[Person, frozenset[Role]]]:
    """Everybody with their roles, by name, but for deleted accounts."""
    query = sa.select(Person).where(Person.forgotten_at.is_(None))
    people = session.scalars(query.order_by(Person.name, Person.id)).all()
    roles: dict[int, set[Role]] = {}
    for grant in session.scalars(sa.select(RoleGrant)):
        roles.setdefault(grant.person_id, set()).add(grant.role)
    return [(person, frozenset(roles.get(person.id, ()))) for person in people]


def list_names(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """The names of people by their ids."""
    query = sa.select(Person.id, Person.name).where(Person.id.in_(set(person_ids)))
    return {person_id: name for person_id, name in session.execute(query)}


def list_roles(session: Session, person_id: int) -> frozenset[Role]:
    """The roles granted to one person."""
    return frozenset(
        session.scalars(sa.select(RoleGrant.role).where(RoleGrant.person_id == person_id))
    )


def find_actor(session: Session, person_id: int) -> Actor | None:
    """The person as an actor, or None when there is none or the account is suspended."""
    return _find_actor(session, _PERSON_AND_ROLES.where(Person.id == person_id))


def find_actor_by_token(session: Session, token_hash: str) -> Actor | None:
    """Who signed in with this token, unless the sign-in ended or ran out; one query."""
    query = _PERSON_AND_ROLES.join(SignIn, SignIn.person_id == Person.id).where(
        SignIn.token_hash == token_hash,
        SignIn.ended_at.is_(None),
        SignIn.expires_at > session.info["now"],
    )
    return _find_actor(session, query)


def end_sign_ins(tx: Session, person_id: int, but: str | None = None) -> None:
    """End every sign-in of a person, but for the one with this hash when it is given."""
    ended = sa.update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if but is not None:
        ended = ended.where(SignIn.token_hash != but)
    tx.execute(ended.values(ended_at=now(tx)))


def _find_actor(
    session: Session, query: sa.Select[Person, Role, datetime | None, int, int]
) -> Actor | None:
    """The actor from the rows of one person, one for each role or one without."""
    rows = session.execute(query).all()
    if not rows or rows[0][0].suspended_at is not None:
        return None
    person, _, set_up_at, mandate_id, unread = rows[0]
    return Actor(
        person.id,
        person.name,
        frozenset(row[1] for row in rows if row[1] is not None),
        person.affiliation,
        second_step=set_up_at is not None,
        has_mandate=mandate_id is not None,
        unread=unread,
    )


def count_by_group(session: Session) -> dict[StakeholderGroup, int]:
    """How many people each stakeholder group has."""
    rows = session.execute(
        sa.select(Person.stakeholder_group, sa.func.count())
        .where(Person.forgotten_at.is_(None))
        .group_by(Person.stakeholder_group)
    )
    return {group: count for group, count in rows}


def count_registered(
    session: Session, until: datetime, excluding: Iterable[Role] = ()
) -> dict[StakeholderGroup, int]:
    """People registered by `until`, by group, without those who then held an excluded role.

    What happened later changes nothing: a closed result stays what it was.
    """
    held = sa.select(RoleGrant.person_id).where(
        RoleGrant.role.in_(list(excluding)), RoleGrant.granted_at <= until
    )
    rows = session.execute(
        sa.select(Person.stakeholder_group, sa.func.count())
        .where(
            Person.registered_at <= until,
            sa.or_(Person.suspended_at.is_(None), Person.suspended_at > until),
            Person.id.not_in(held),
        )
        .group_by(Person.stakeholder_group)
    )
    return {group: count for group, count in rows}
