"""Ballots and participations, kept apart.

A participation says that a person voted; a ballot says what somebody chose. The link between
them is a keyed hash whose key is destroyed at counting. Neither table holds a time.
"""

from collections.abc import Mapping, Sequence

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
    """One current ballot, under a random id.

    `answer` holds a byte for each option in registered order; what it means depends on the kind
    of the poll (`deliberate.domain.ballots`). Until it is counted a ballot says nothing about the
    voter; then it gets the stratum it is counted in, which is never so small that it shows
    somebody (ADR 22).
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
    answer: Mapped[bytes]
    receipt: Mapped[str] = mapped_column(unique=True)
    submission_key: Mapped[str]


class BallotReason(Base):
    """What somebody wrote about one option on their ballot."""

    __tablename__ = "ballot_reasons"

    ballot_id: Mapped[str] = mapped_column(sa.ForeignKey("ballots.id"), primary_key=True)
    option_id: Mapped[int] = mapped_column(sa.ForeignKey("poll_options.id"), primary_key=True)
    text: Mapped[str]


def find_ballot(session: Session, poll_id: int, voter_key: str) -> Ballot | None:
    """The current ballot under this key."""
    query = sa.select(Ballot).where(Ballot.poll_id == poll_id, Ballot.voter_key == voter_key)
    return session.scalar(query)


def list_ballots(session: Session, poll_id: int) -> Sequence[Ballot]:
    """Every current ballot, in the random order of their ids."""
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


def list_answers(session: Session, poll_id: int) -> Sequence[tuple[str, bytes]]:
    """Stratum and answer of every ballot that has a stratum, without making objects of them."""
    own = (Ballot.poll_id == poll_id, Ballot.stratum.is_not(None))
    query = sa.select(Ballot.stratum, Ballot.answer).where(*own).order_by(Ballot.id)
    return [(stratum, answer) for stratum, answer in session.execute(query) if stratum is not None]


def list_reasons(session: Session, ballot_id: str) -> dict[int, str]:
    """What the voter wrote on one ballot, by option."""
    query = sa.select(BallotReason.option_id, BallotReason.text)
    found = session.execute(query.where(BallotReason.ballot_id == ballot_id))
    return {option_id: text for option_id, text in found}


def list_all_reasons(session: Session, poll_id: int) -> Sequence[tuple[int, str]]:
    """Option and words of every reason in a poll, in the random order of the ballots."""
    query = (
        sa.select(BallotReason.option_id, BallotReason.text)
        .join(Ballot, Ballot.id == BallotReason.ballot_id)
        .where(Ballot.poll_id == poll_id)
        .order_by(BallotReason.option_id, BallotReason.ballot_id)
    )
    return [(option_id, text) for option_id, text in session.execute(query)]


def replace_reasons(tx: Session, ballot_id: str, reasons: Mapping[int, str]) -> None:
    """Keep these reasons with a ballot, and none of the earlier ones."""
    tx.execute(sa.delete(BallotReason).where(BallotReason.ballot_id == ballot_id))
    tx.add_all(BallotReason(ballot_id=ballot_id, option_id=o, text=t) for o, t in reasons.items())


def delete_ballot(tx: Session, ballot: Ballot, person_id: int) -> None:
    """Take a ballot back with its reasons, and that its voter has voted."""
    replace_reasons(tx, ballot.id, {})
    own = (Participation.poll_id == ballot.poll_id, Participation.person_id == person_id)
    tx.execute(sa.delete(Participation).where(*own))
    tx.delete(ballot)


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
