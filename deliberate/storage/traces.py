"""Where a person left traces: what is erased with an account, and what it stays part of."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.storage.amendments import deliberations_amended
from deliberate.storage.base import Base
from deliberate.storage.comment_drafts import CommentDraft
from deliberate.storage.comments import Comment
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.follows import Follow
from deliberate.storage.forum import OutputPoint, PolicyQuestion
from deliberate.storage.invitations import Invitation
from deliberate.storage.mailboxes import MailLink
from deliberate.storage.mandates import Mandate
from deliberate.storage.mentions import Mention
from deliberate.storage.notices import Notice
from deliberate.storage.outbox import Mail
from deliberate.storage.people import RoleGrant, SignIn
from deliberate.storage.proposal_drafts import ProposalDraft
from deliberate.storage.proposals import Proposal
from deliberate.storage.recastings import deliberations_recast
from deliberate.storage.responses import Response
from deliberate.storage.sponsors import deliberations_sponsored

ERASED: Sequence[type[Base]] = (
    *(SignIn, MailLink, Mail, RoleGrant, Mandate),
    *(Follow, Notice, CommentDraft, Mention),
)
"""Tables whose rows are about one person's account and nothing that others read."""


def list_taken_part(session: Session, person_id: int) -> Sequence[int]:
    """The deliberations whose pages name the person, in the order of their ids."""
    commented = sa.select(Comment.deliberation_id).where(Comment.author_id == person_id)
    proposed = sa.select(Proposal.deliberation_id).where(Proposal.author_id == person_id)
    responded = (
        sa.select(Deliberation.id)
        .join(
            OutputPoint,
            sa.and_(
                OutputPoint.output_id == Deliberation.output_id,
                OutputPoint.round == Deliberation.round,
            ),
        )
        .join(Response, Response.point_id == OutputPoint.id)
        .where(Response.person_id == person_id)
    )
    mentioned = (
        sa.select(Comment.deliberation_id)
        .join(Mention, Mention.comment_id == Comment.id)
        .where(Mention.person_id == person_id)
    )
    around = [
        places_of(person_id)
        for places_of in (deliberations_amended, deliberations_sponsored, deliberations_recast)
    ]
    places = sa.union(commented, proposed, responded, mentioned, *around)
    return sorted(session.scalars(places))


def erase_rows(tx: Session, person_id: int) -> None:
    """Delete what is a person's own: sign-ins, mail, roles, mandates, drafts, what they follow."""
    for table in ERASED:
        tx.execute(sa.delete(table).where(table.__table__.c.person_id == person_id))
    tx.execute(sa.delete(ProposalDraft).where(ProposalDraft.author_id == person_id))


def erase_invitations(tx: Session, person_id: int, email: str, instead: str) -> None:
    """Take a person's address out of invitations; those still open end with it."""
    own = sa.or_(Invitation.accepted_by == person_id, Invitation.email == email)
    unanswered = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    ended = {"withdrawn_at": now(tx)}
    tx.execute(sa.update(Invitation).where(own, *unanswered).values(ended))
    tx.execute(sa.update(Invitation).where(own).values(email=instead))


def free_questions(tx: Session, person_id: int) -> None:
    """Leave the questions a facilitator took care of to nobody."""
    query = sa.select(PolicyQuestion).where(PolicyQuestion.facilitator_id == person_id)
    for question in tx.scalars(query.order_by(PolicyQuestion.id)):
        question.facilitator_id = None
