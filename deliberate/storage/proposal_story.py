"""What others did with a proposal, and where it went: the parts of its page's story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.amendments import AmendmentState
from deliberate.domain.people import StakeholderGroup
from deliberate.domain.recasting import RecastingState
from deliberate.domain.sponsors import InvitationState
from deliberate.domain.threads import Capacity, CommentKind
from deliberate.storage.amendments import Amendment
from deliberate.storage.comments import Comment, is_shown
from deliberate.storage.people import Person
from deliberate.storage.proposals import Proposal, ProposalRating, ProposalVersion
from deliberate.storage.recastings import Recasting, RecastOriginal
from deliberate.storage.sponsors import CoSponsorship, SponsorInvitation
from deliberate.storage.summaries import Edition, Summary

STANCES = (
    CommentKind.SUPPORT,
    CommentKind.OPPOSE,
    CommentKind.CONDITIONAL,
    CommentKind.QUESTION,
)
EXCERPT = 180
AMENDMENTS_SHOWN = 5
_ORIGINAL, _MADE, _WAITING = "original", "made", "waiting"
_AMENDMENT, _STANCE, _SPONSOR, _INVITED = "amendment", "stance", "sponsor", "invited"


@dataclass(frozen=True, slots=True)
class Stance:
    """The first comment of one kind by one group, and how many there are of both."""

    comment_id: int
    kind: CommentKind
    group: StakeholderGroup
    author_name: str
    excerpt: str
    count: int


@dataclass(frozen=True, slots=True)
class SuggestedAmendment:
    """An amendment in the short list on its proposal's page."""

    id: int
    author_name: str
    group: StakeholderGroup
    note: str
    suggested_at: datetime
    state: AmendmentState


@dataclass(frozen=True, slots=True)
class Sponsor:
    """Somebody who stands behind the version with this number."""

    person_id: int
    name: str
    group: StakeholderGroup
    organisation: str
    capacity: Capacity
    number: int


@dataclass(frozen=True, slots=True)
class InvitedSponsor:
    """Somebody who was asked to stand behind a proposal and did not answer yet."""

    person_id: int
    name: str
    group: StakeholderGroup


@dataclass(frozen=True, slots=True)
class Relative:
    """A proposal that another was made of, or that was made of it; or a recasting that waits.

    `name` is the author's; of an original `rating_count` says how many people rated its text.
    """

    id: int
    title: str
    name: str
    rating_count: int
    recasting_id: int


@dataclass(frozen=True, slots=True)
class Kin:
    """Where a proposal comes from, what was made of it, and what somebody suggests to make."""

    originals: Sequence[Relative]
    made: Sequence[Relative]
    waiting: Relative | None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What others did with a proposal: comments that take a side, amendments, co-sponsors.

    `sponsors` has those of every version, the first version first.
    `began_as` is the amendment that the proposal was at first, and the proposal which that was to.
    """

    stances: Sequence[Stance]
    amendments: Sequence[SuggestedAmendment]
    sponsors: Sequence[Sponsor]
    invited: Sequence[InvitedSponsor]
    kin: Kin
    began_as: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Citation:
    """An edition of the summary in which a figure of the proposal stands."""

    summary_id: int
    number: int
    published_at: datetime


def read_surroundings(session: Session, proposal_id: int) -> Surroundings:
    """What stands around a proposal: in one query, since its page has many things to ask for."""
    stances, amendments, sponsors, invited, began_as = [], [], [], [], None
    relatives: dict[str, list[Relative]] = {_ORIGINAL: [], _MADE: [], _WAITING: []}
    parts = [part(proposal_id) for part in _PARTS]
    for what, id_, word, group, name, text, count, at in session.execute(sa.union_all(*parts)):
        if what in relatives:
            relatives[what].append(Relative(id_, text, name, count, int(word)))
            continue
        side = StakeholderGroup(group)
        if what == _STANCE:
            stances.append(Stance(id_, CommentKind(word), side, name, text, count))
        elif what == _AMENDMENT:
            state = AmendmentState(word)
            amendments.append(SuggestedAmendment(id_, name, side, text, at, state))
        elif what == _SPONSOR:
            sponsors.append(Sponsor(id_, name, side, text, Capacity(word), count))
        elif what == _INVITED:
            invited.append(InvitedSponsor(id_, name, side))
        else:
            began_as = id_, count
    amendments.sort(key=lambda each: (each.state is not AmendmentState.OPEN, -each.id))
    stances.sort(key=lambda each: (each.kind, each.group))
    sponsors.sort(key=lambda each: (each.number, each.person_id))
    originals, made = (sorted(relatives[each], key=_by_id) for each in (_ORIGINAL, _MADE))
    kin = Kin(originals, made, next(iter(relatives[_WAITING]), None))
    return Surroundings(stances, amendments, sponsors, invited, kin, began_as)


def _by_id(relative: Relative) -> int:
    return relative.id


def _suggested(what: str, count: Any) -> Any:
    """Amendments in the columns that all parts have."""
    return sa.select(
        sa.literal(what).label("what"),
        Amendment.id,
        sa.type_coerce(Amendment.state, sa.String).label("word"),
        sa.type_coerce(Amendment.group, sa.String).label("side"),
        Person.name,
        Amendment.note,
        count,
        Amendment.suggested_at,
    ).join(Person, Person.id == Amendment.author_id)


def _beginning(proposal_id: int) -> Any:
    """The amendment that a proposal was at first."""
    query = _suggested("beginning", Amendment.proposal_id)
    return query.where(Amendment.made_proposal_id == proposal_id)


def _amendments(proposal_id: int) -> Any:
    """The amendments that wait for an answer, then the newest."""
    query = (
        _suggested(_AMENDMENT, sa.literal(1).label("count"))
        .where(Amendment.proposal_id == proposal_id)
        .order_by(Amendment.state != AmendmentState.OPEN, Amendment.id.desc())
        .limit(AMENDMENTS_SHOWN)
        .subquery()
    )
    return sa.select(query)


def _stances(proposal_id: int) -> Any:
    """For each kind that takes a side or asks, the first comment of each group."""
    same = (Comment.kind, Comment.group)
    ranked = (
        sa.select(
            Comment.id,
            sa.type_coerce(Comment.kind, sa.String).label("word"),
            sa.type_coerce(Comment.group, sa.String).label("side"),
            Person.name,
            sa.func.substr(Comment.body, 1, EXCERPT).label("excerpt"),
            sa.func.count().over(partition_by=same).label("count"),
            Comment.written_at,
            sa.func.row_number().over(partition_by=same, order_by=Comment.id).label("place"),
        )
        .join(Person, Person.id == Comment.author_id)
        .where(Comment.proposal_id == proposal_id, Comment.kind.in_(STANCES), is_shown())
        .subquery()
    )
    columns = [column for column in ranked.c if column.name != "place"]
    return sa.select(sa.literal(_STANCE), *columns).where(ranked.c.place == 1)


def _sponsors(proposal_id: int) -> Any:
    """Who stands behind a version of a proposal."""
    return (
        sa.select(
            sa.literal(_SPONSOR),
            CoSponsorship.person_id,
            sa.type_coerce(CoSponsorship.capacity, sa.String),
            sa.type_coerce(CoSponsorship.group, sa.String),
            Person.name,
            sa.func.coalesce(CoSponsorship.organisation, ""),
            ProposalVersion.number,
            CoSponsorship.given_at,
        )
        .join(ProposalVersion, ProposalVersion.id == CoSponsorship.version_id)
        .join(Person, Person.id == CoSponsorship.person_id)
        .where(ProposalVersion.proposal_id == proposal_id, CoSponsorship.left_at.is_(None))
    )


def _invited(proposal_id: int) -> Any:
    """Who was asked to stand behind a proposal and did not answer yet."""
    return (
        sa.select(
            sa.literal(_INVITED),
            SponsorInvitation.person_id,
            sa.type_coerce(SponsorInvitation.state, sa.String),
            sa.type_coerce(Person.stakeholder_group, sa.String),
            Person.name,
            sa.literal(""),
            sa.literal(1),
            SponsorInvitation.invited_at,
        )
        .join(Person, Person.id == SponsorInvitation.person_id)
        .where(
            SponsorInvitation.proposal_id == proposal_id,
            SponsorInvitation.state == InvitationState.OPEN,
        )
    )


def _kin(what: str, title: Any, count: Any) -> Any:
    """Proposals of a recasting in the columns that all parts have."""
    return (
        sa.select(
            sa.literal(what),
            Proposal.id,
            sa.cast(RecastOriginal.recasting_id, sa.String),
            sa.type_coerce(Proposal.group, sa.String),
            Person.name,
            title,
            count,
            Proposal.proposed_at,
        )
        .join(Person, Person.id == Proposal.author_id)
        .join(RecastOriginal, _OF_KIN[what])
    )


_OF_KIN = {
    _ORIGINAL: RecastOriginal.proposal_id == Proposal.id,
    _MADE: RecastOriginal.recasting_id == Proposal.recasting_id,
}


_TITLE = sa.case((Proposal.hidden_at.is_(None), ProposalVersion.title), else_="")


def _originals(proposal_id: int) -> Any:
    """The proposals that this one was made of, with the texts that were read then."""
    own = sa.select(Proposal.recasting_id).where(Proposal.id == proposal_id).scalar_subquery()
    ratings = (
        sa.select(sa.func.count(ProposalRating.id))
        .where(ProposalRating.version_id == RecastOriginal.version_id)
        .scalar_subquery()
    )
    query = _kin(_ORIGINAL, _TITLE, ratings)
    query = query.join(ProposalVersion, ProposalVersion.id == RecastOriginal.version_id)
    return query.where(RecastOriginal.recasting_id == own)


def _made(proposal_id: int) -> Any:
    """The proposals that were made of this one, under their first titles."""
    first = sa.and_(ProposalVersion.proposal_id == Proposal.id, ProposalVersion.number == 1)
    query = _kin(_MADE, _TITLE, sa.literal(0)).join(ProposalVersion, first)
    return query.where(RecastOriginal.proposal_id == proposal_id)


def _waiting(proposal_id: int) -> Any:
    """What somebody suggests to make of this proposal; its title is who does."""
    return (
        sa.select(
            sa.literal(_WAITING),
            Recasting.id,
            sa.cast(Recasting.id, sa.String),
            sa.type_coerce(Person.stakeholder_group, sa.String),
            Person.name,
            Person.name,
            sa.literal(0),
            Recasting.proposed_at,
        )
        .join(Person, Person.id == Recasting.proposed_by)
        .join(RecastOriginal, RecastOriginal.recasting_id == Recasting.id)
        .where(RecastOriginal.proposal_id == proposal_id, Recasting.state == RecastingState.OPEN)
    )


_PARTS = (
    *(_amendments, _stances, _beginning, _sponsors, _invited),
    *(_originals, _made, _waiting),
)


def list_citations(session: Session, deliberation_id: int, proposal_id: int) -> Sequence[Citation]:
    """The editions of a deliberation's summary that cite a figure of this proposal."""
    rows = session.execute(
        sa.select(Summary.id, Edition.number, Edition.published_at, Edition.document["figures"])
        .join(Summary, Summary.id == Edition.summary_id)
        .where(Summary.deliberation_id == deliberation_id)
        .order_by(Edition.number)
    )
    start = f"proposal-{proposal_id}."
    return [
        Citation(summary_id, number, published_at)
        for summary_id, number, published_at, figures in rows
        if any(key.startswith(start) for key in figures)
    ]
