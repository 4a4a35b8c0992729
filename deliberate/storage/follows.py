"""What people follow: discussions, proposals, threads and stakeholder groups."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.domain.notices import Subject, SubjectKind
from deliberate.storage.base import Base
from deliberate.storage.comments import Comment
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.proposals import Proposal, ProposalVersion

FOLLOWS_A_PAGE = 200


class Follow(Base):
    """One thing that a person follows. Muted ones stay, and keep the person from being told.

    `deliberation_id` is where the thing stands; a group stands nowhere. `is_own` says that it was
    followed by itself, because the person wrote there.
    """

    __tablename__ = "follows"
    __table_args__ = (sa.UniqueConstraint("person_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    subject: Mapped[str] = mapped_column(index=True)
    deliberation_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("deliberations.id"), index=True
    )
    muted: Mapped[bool]
    is_own: Mapped[bool]
    followed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class FollowLine:
    """Something followed, with the title of where it stands; empty for a group."""

    subject: Subject
    title: str
    muted: bool
    is_own: bool


def find_follow(session: Session, person_id: int, subject: Subject) -> Follow | None:
    """Whether and how a person follows a thing."""
    return session.scalar(
        sa.select(Follow).where(Follow.person_id == person_id, Follow.subject == str(subject))
    )


def follow(tx: Session, person_id: int, subject: Subject, *, is_own: bool = False) -> None:
    """Follow a thing; what is followed or muted already stays as it is."""
    if find_follow(tx, person_id, subject) is None:
        tx.add(
            Follow(
                person_id=person_id,
                subject=str(subject),
                deliberation_id=find_place(tx, subject),
                muted=False,
                is_own=is_own,
                followed_at=now(tx),
            )
        )
        tx.flush()


def find_place(session: Session, subject: Subject) -> int | None:
    """The deliberation in which a thing stands; None for a group, or when there is no such thing.

    Only the first comment of a thread stands for the thread.
    """
    places = {
        SubjectKind.DISCUSSION: (Deliberation.id, Deliberation.id, sa.true()),
        SubjectKind.PROPOSAL: (Proposal.deliberation_id, Proposal.id, sa.true()),
        SubjectKind.THREAD: (Comment.deliberation_id, Comment.id, Comment.parent_id.is_(None)),
    }
    if subject.kind not in places:
        return None
    place, key, more = places[subject.kind]
    return session.scalar(sa.select(place).where(key == int(subject.key), more))


def muted_by_person(session: Session, person_id: int, deliberation_id: int) -> dict[str, bool]:
    """What a person follows in a deliberation, and whether it is muted, in one query."""
    rows = session.execute(
        sa.select(Follow.subject, Follow.muted).where(
            Follow.person_id == person_id, Follow.deliberation_id == deliberation_id
        )
    )
    return {subject: muted for subject, muted in rows}


def list_follows(session: Session, person_id: int) -> Sequence[FollowLine]:
    """What a person follows, the newest first."""
    rows = session.execute(
        sa.select(Follow.subject, Deliberation.title, Follow.muted, Follow.is_own)
        .outerjoin(Deliberation, Deliberation.id == Follow.deliberation_id)
        .where(Follow.person_id == person_id)
        .order_by(Follow.id.desc())
        .limit(FOLLOWS_A_PAGE)
    ).all()
    lines = [
        FollowLine(subject, title or "", muted, is_own)
        for text, title, muted, is_own in rows
        if (subject := Subject.parse(text)) is not None
    ]
    return _with_proposals(session, lines)


def _with_proposals(session: Session, lines: Sequence[FollowLine]) -> Sequence[FollowLine]:
    """The same, with the titles of proposals."""
    ids = [int(line.subject.key) for line in lines if line.subject.kind is SubjectKind.PROPOSAL]
    titles = proposal_titles(session, ids) if ids else {}
    return [
        FollowLine(line.subject, titles[int(line.subject.key)], line.muted, line.is_own)
        if line.subject.kind is SubjectKind.PROPOSAL
        else line
        for line in lines
    ]


def proposal_titles(session: Session, proposal_ids: Iterable[int]) -> dict[int, str]:
    """The newest titles of proposals; empty where a moderator hid the proposal."""
    title = sa.case((Proposal.hidden_at.is_(None), ProposalVersion.title), else_="")
    rows = session.execute(
        sa.select(ProposalVersion.proposal_id, title)
        .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
        .where(ProposalVersion.proposal_id.in_(set(proposal_ids)))
        .order_by(ProposalVersion.number)
    )
    return {proposal_id: title for proposal_id, title in rows}
