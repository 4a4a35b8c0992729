"""The list of voters of a poll: who may vote, and what they were when it was drawn up.

It is copied from the people once, when the ballot of a poll is put together. What somebody changes
in their profile afterwards changes no poll, and a deleted account stays a line without a name.
"""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import RegionalGroup, Role, StakeholderGroup
from deliberate.domain.voters import Cell, CellCount
from deliberate.storage.ballots import Participation
from deliberate.storage.base import Base
from deliberate.storage.freezing import freeze
from deliberate.storage.mandates import Mandate
from deliberate.storage.people import Person, RoleGrant
from deliberate.storage.types import Word


class Voter(Base):
    """One person who may vote in one poll, with what weighting knows of them."""

    __tablename__ = "voters"

    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, index=True)
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))
    region: Mapped[RegionalGroup] = mapped_column("regional_group", Word(RegionalGroup))
    organisation: Mapped[str | None]
    is_confirmed: Mapped[bool]

    @property
    def cell(self) -> Cell:
        """The class that this voter belongs to."""
        return Cell(self.group, self.region, self.organisation, self.is_confirmed)


freeze(Voter)


def draw_up(
    tx: Session, poll_id: int, groups: Iterable[StakeholderGroup], excluding: Iterable[Role]
) -> None:
    """Put everybody on the list who has an account now, in one statement.

    Those of other groups, suspended people and those who hold an excluded role are left out.
    """
    held = sa.select(RoleGrant.person_id).where(RoleGrant.role.in_(list(excluding)))
    confirmed = sa.exists().where(Mandate.person_id == Person.id, Mandate.ended_at.is_(None))
    people = sa.select(
        sa.literal(poll_id),
        Person.id,
        Person.stakeholder_group,
        Person.regional_group,
        Person.organisation,
        confirmed,
    ).where(
        Person.stakeholder_group.in_(list(groups)),
        Person.suspended_at.is_(None),
        Person.id.not_in(held),
    )
    columns = [column.name for column in Voter.__table__.columns]
    tx.execute(sa.insert(Voter.__table__).from_select(columns, people))  # type: ignore[arg-type]


def find_voter(session: Session, poll_id: int, person_id: int) -> Voter | None:
    """This person's line in the list."""
    return session.get(Voter, (poll_id, person_id))


def count_eligible(session: Session, poll_id: int) -> dict[StakeholderGroup, int]:
    """How many people of each group are on the list."""
    query = (
        sa.select(Voter.group, sa.func.count())
        .where(Voter.poll_id == poll_id)
        .group_by(Voter.group)
    )
    return {group: count for group, count in session.execute(query)}


def count_cells(session: Session, poll_id: int) -> Sequence[CellCount]:
    """Every cell of the list with the number of its voters, and of those who have a ballot."""
    own = (Voter.group, Voter.region, Voter.organisation, Voter.is_confirmed)
    query = (
        sa.select(*own, sa.func.count(), sa.func.count(Participation.id))
        .outerjoin(
            Participation,
            sa.and_(
                Participation.poll_id == Voter.poll_id,
                Participation.person_id == Voter.person_id,
            ),
        )
        .where(Voter.poll_id == poll_id)
        .group_by(*own)
        .order_by(*own)
    )
    return [
        CellCount(Cell(group, region, organisation, is_confirmed), eligible, voted)
        for group, region, organisation, is_confirmed, eligible, voted in session.execute(query)
    ]


def list_who_voted(session: Session, poll_id: int) -> Sequence[Voter]:
    """The voters who have a ballot, never which. For counting only."""
    query = sa.select(Voter).join(
        Participation,
        sa.and_(Participation.poll_id == Voter.poll_id, Participation.person_id == Voter.person_id),
    )
    return session.scalars(query.where(Voter.poll_id == poll_id)).all()
