"""The versions of a proposal: how its text changed, and how many people rated each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.positions import Rating
from deliberate.storage.amendments import Amendment
from deliberate.storage.people import Person
from deliberate.storage.polls import PollOption
from deliberate.storage.proposals import Proposal, ProposalRating, ProposalVersion
from deliberate.storage.types import Word


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version without its text. `raters` is turnout; `own` is what one reader gave it.

    `amendment_id` and `amended_by` are the amendment it came of, and whose that was.
    """

    id: int
    number: int
    note: str
    written_at: datetime
    raters: Mapping[StakeholderGroup, int]
    own: Rating | None
    amendment_id: int | None = None
    amended_by: str | None = None

    @property
    def rating_count(self) -> int:
        """How many people rated this version."""
        return sum(self.raters.values())


def list_versions(
    session: Session, proposal_id: int, person_id: int | None = None
) -> list[VersionLine]:
    """The versions of a proposal, the first one first, with turnout and one person's ratings."""
    own = sa.case((ProposalRating.person_id == person_id, ProposalRating.rating))
    same = (
        ProposalVersion.id,
        ProposalVersion.number,
        ProposalVersion.note,
        ProposalVersion.written_at,
        ProposalRating.group,
    )
    credit: tuple[Any, Any] = (Amendment.id, Person.name)
    rows = session.execute(
        sa.select(
            *same,
            sa.func.count(ProposalRating.id),
            sa.type_coerce(sa.func.max(own), Word(Rating)),
            *credit,
        )
        .outerjoin(Amendment, Amendment.made_version_id == ProposalVersion.id)
        .outerjoin(Person, Person.id == Amendment.author_id)
        .outerjoin(ProposalRating, ProposalRating.version_id == ProposalVersion.id)
        .where(ProposalVersion.proposal_id == proposal_id)
        .group_by(*same, *credit)
        .order_by(ProposalVersion.number)
    )
    lines: dict[int, VersionLine] = {}
    for id_, number, note, written_at, group, count, given, amendment_id, by in rows:
        before = lines.get(number)
        raters = {**(before.raters if before else {}), **({group: count} if group else {})}
        own_rating = given or (before.own if before else None)
        lines[number] = VersionLine(
            id_, number, note, written_at, raters, own_rating, amendment_id, by
        )
    return list(lines.values())


def list_texts(session: Session, proposal_id: int, numbers: Sequence[int]) -> list[ProposalVersion]:
    """The named versions with their texts, the first one first; unknown numbers are left out."""
    query = (
        sa.select(ProposalVersion)
        .where(ProposalVersion.proposal_id == proposal_id, ProposalVersion.number.in_(numbers))
        .order_by(ProposalVersion.number)
    )
    return list(session.scalars(query))


def find_version_by_submission(
    session: Session, proposal_id: int, submission_key: str
) -> ProposalVersion | None:
    """The version that this rendering of the form already led to."""
    query = sa.select(ProposalVersion).where(
        ProposalVersion.proposal_id == proposal_id,
        ProposalVersion.submission_key == submission_key,
    )
    return session.scalar(query)


def find_own_version(
    session: Session, author_id: int | None, submission_key: str
) -> ProposalVersion | None:
    """The version of one of this person's proposals that a form led to."""
    query = (
        sa.select(ProposalVersion)
        .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
        .where(Proposal.author_id == author_id, ProposalVersion.submission_key == submission_key)
    )
    return session.scalar(query)


def find_poll_with(session: Session, proposal_id: int) -> int | None:
    """The newest poll that a version of this proposal stands on."""
    query = (
        sa.select(PollOption.poll_id)
        .join(ProposalVersion, ProposalVersion.id == PollOption.version_id)
        .where(ProposalVersion.proposal_id == proposal_id)
        .order_by(PollOption.poll_id.desc())
        .limit(1)
    )
    return session.scalar(query)


def count_ratings(
    session: Session, deliberation_id: int
) -> Sequence[sa.Row[int, int, StakeholderGroup, Rating, int]]:
    """Proposal, number of the version, group, rating and how often it was given.

    Of every version. For closed deliberations only.
    """
    same = (
        ProposalVersion.proposal_id,
        ProposalVersion.number,
        ProposalRating.group,
        ProposalRating.rating,
    )
    query = (
        sa.select(*same, sa.func.count())
        .join(ProposalVersion, ProposalVersion.id == ProposalRating.version_id)
        .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
        .where(Proposal.deliberation_id == deliberation_id)
        .group_by(*same)
    )
    return session.execute(query).all()
