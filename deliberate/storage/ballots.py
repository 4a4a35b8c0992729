"""Ballots and participations, kept apart.

A participation says that a person voted; a ballot says what somebody chose. The link between
them is a keyed hash whose key is destroyed at counting. Neither table holds a time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.people import StakeholderGroup
from deliberate.storage.base import Base
from deliberate.storage.types import Word

KEYS_AT_ONCE = 1000


class Participation(Base):
    """That a person has a ballot in a poll, never which."""

    __tablename__ = "participations"
    __table_args__ = (sa.UniqueConstraint("poll_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    group: Mapped[StakeholderGroup] = mapped_column("stakeholder_group", Word(StakeholderGroup))


class Ballot(Base):
    """One current ballot: option ids in order of preference, under a random id.

    Until it is counted it says nothing about the voter; then it gets the stratum it is counted in,
    which is never so small that it shows somebody (ADR 22).
    """

    __tablename__ = "ballots"
    __table_args__ = (sa.UniqueConstraint("poll_id", "voter_key"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id"))
    voter_key: Mapped[str]
    # Empty since there are lists of voters; the column goes with the next release.
    group: Mapped[StakeholderGroup | None] = mapped_column(
        "stakeholder_group", Word(StakeholderGroup)
    )
    stratum: Mapped[str | None]
    ranking: Mapped[list[Any]]
    receipt: Mapped[str] = mapped_column(unique=True)
    submission_key: Mapped[str]


def find_ballot(session: Session, poll_id: int, voter_key: str) -> Ballot | None:
    """The current ballot under this key."""
    query = sa.select(Ballot).where(Ballot.poll_id == poll_id, Ballot.voter_key == voter_key)
    return session.scalar(query)


def list_ballots(session: Session, poll_id: int) -> Sequence[Ballot]:
    """Every current ballot, in the random order of their ids. For counting only."""
    query = sa.select(Ballot).where(Ballot.poll_id == poll_id).order_by(Ballot.id)
    return session.scalars(query).all()


def place_in_strata(tx: Session, poll_id: int, strata: Mapping[str, str]) -> None:
    """Write on each ballot, found by its voter key, the stratum in which it is counted."""
    by_stratum: dict[str, list[str]] = {}
    for voter_key, stratum in strata.items():
        by_stratum.setdefault(stratum, []).append(voter_key)
    for stratum, keys in by_stratum.items():
        for start in range(0, len(keys), KEYS_AT_ONCE):
            own = Ballot.voter_key.in_(keys[start : start + KEYS_AT_ONCE])
            change = sa.update(Ballot).where(Ballot.poll_id == poll_id, own)
            tx.execute(change.values(stratum=stratum).execution_options(synchronize_session=False))


def has_participated(session: Session, poll_id: int, person_id: int) -> bool:
    """Whether this person has a ballot in this poll."""
    query = sa.select(Participation.id).where(
        Participation.poll_id == poll_id, Participation.person_id == person_id
    )
    return session.scalar(query) is not None


def count_turnout(session: Session, poll_id: int) -> dict[StakeholderGroup, int]:
    """How many people of each group have a ballot: all that anybody sees before closing."""
    query = (
        sa.select(Participation.group, sa.func.count())
        .where(Participation.poll_id == poll_id)
        .group_by(Participation.group)
    )
    return {group: count for group, count in session.execute(query)}


def list_receipts(session: Session, poll_id: int) -> Sequence[str]:
    """The receipts of all counted ballots, sorted, so that a voter can look for theirs."""
    query = sa.select(Ballot.receipt).where(Ballot.poll_id == poll_id)
    return session.scalars(query.order_by(Ballot.receipt)).all()
