"""Responses of people to the points of an output."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import RegionalGroup, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.storage.base import Base
from deliberate.storage.people import Person
from deliberate.storage.types import Word


class Response(Base):
    """One person's position on one point. Groups are copied when the response is given."""

    __tablename__ = "responses"
    __table_args__ = (sa.UniqueConstraint("point_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    point_id: Mapped[int] = mapped_column(sa.ForeignKey("output_points.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))
    region: Mapped[RegionalGroup] = mapped_column("regional_group", Word(RegionalGroup))
    organisation: Mapped[str | None]
    position: Mapped[Position] = mapped_column(Word(Position))
    reason: Mapped[str]
    responded_at: Mapped[datetime]


def find_response(session: Session, point_id: int, person_id: int) -> Response | None:
    """What this person last said of this point."""
    query = sa.select(Response).where(
        Response.point_id == point_id, Response.person_id == person_id
    )
    return session.scalar(query)


def list_own(session: Session, point_ids: Sequence[int], person_id: int) -> dict[int, Response]:
    """This person's responses to these points, by point."""
    query = sa.select(Response).where(
        Response.point_id.in_(point_ids), Response.person_id == person_id
    )
    return {response.point_id: response for response in session.scalars(query)}


def count_responses(
    session: Session, point_ids: Sequence[int]
) -> Sequence[sa.Row[int, StakeholderGroup, Position, int]]:
    """Point, group, position and how many took it. For closed deliberations only."""
    query = (
        sa.select(Response.point_id, Response.group, Response.position, sa.func.count())
        .where(Response.point_id.in_(point_ids))
        .group_by(Response.point_id, Response.group, Response.position)
    )
    return session.execute(query).all()


def count_respondents(session: Session, point_ids: Sequence[int]) -> dict[StakeholderGroup, int]:
    """Turnout: how many people of each group responded to at least one point."""
    query = (
        sa.select(Response.group, sa.func.count(Response.person_id.distinct()))
        .where(Response.point_id.in_(point_ids))
        .group_by(Response.group)
    )
    return {group: count for group, count in session.execute(query)}


def list_named(session: Session, point_id: int) -> Sequence[sa.Row[Response, str]]:
    """Every position with its name, by group. For closed deliberations only."""
    query = (
        sa.select(Response, Person.name)
        .join(Person, Person.id == Response.person_id)
        .where(Response.point_id == point_id)
        .order_by(Response.group, Person.name, Response.id)
    )
    return session.execute(query).all()
