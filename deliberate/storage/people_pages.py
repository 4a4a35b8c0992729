"""The list of people as the secretariat sees it: searched, in stretches, with roles."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.people import Role
from deliberate.storage.mandates import list_mandated
from deliberate.storage.people import Person, RoleGrant

PEOPLE_A_PAGE = 40


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A stretch of the list, and the id before which the next one begins.

    `mandated` are those who speak for the organisation they name.
    """

    people: Sequence[tuple[Person, frozenset[Role]]]
    mandated: frozenset[int]
    next_before: int | None


def list_people_page(session: Session, text: str = "", before_id: int | None = None) -> PeoplePage:
    """People whose name or address contains `text`, those who registered last first."""
    everybody = sa.select(Person).where(Person.forgotten_at.is_(None))
    query = everybody.order_by(Person.id.desc()).limit(PEOPLE_A_PAGE + 1)
    if text:
        query = query.where(
            sa.or_(
                Person.name.icontains(text, autoescape=True),
                Person.email.icontains(text, autoescape=True),
            )
        )
    if before_id is not None:
        query = query.where(Person.id < before_id)
    found = session.scalars(query).all()
    shown = found[:PEOPLE_A_PAGE]
    roles = _roles(session, [person.id for person in shown])
    more = len(found) > PEOPLE_A_PAGE
    return PeoplePage(
        [(person, frozenset(roles.get(person.id, ()))) for person in shown],
        list_mandated(session, [person.id for person in shown]),
        shown[-1].id if more else None,
    )


def _roles(session: Session, person_ids: Sequence[int]) -> dict[int, set[Role]]:
    roles: dict[int, set[Role]] = {}
    for grant in session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id.in_(person_ids))):
        roles.setdefault(grant.person_id, set()).add(grant.role)
    return roles
