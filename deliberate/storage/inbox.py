"""What waits for one person to act: polls they may vote in and have not."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.storage.ballots import Participation
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.follows import Follow
from deliberate.storage.polls import Poll, awaits_count
from deliberate.storage.reschedulings import taken_part
from deliberate.storage.voters import Voter

POLLS = 20


def list_polls_to_answer(
    session: Session, person_id: int, moment: datetime
) -> Sequence[tuple[Poll, str]]:
    """Open polls without this person's ballot, the one that closes first at the top.

    Only those of discussions that the person follows or took part in; with the discussion's title.
    Whether the person may vote now is for policy to say.
    """
    followed = sa.select(Follow.deliberation_id).where(
        Follow.person_id == person_id, ~Follow.muted, Follow.deliberation_id.is_not(None)
    )
    voted = sa.select(Participation.poll_id).where(Participation.person_id == person_id)
    query = (
        sa.select(Poll, Deliberation.title)
        .join(Deliberation, Deliberation.id == Poll.deliberation_id)
        .join(Voter, sa.and_(Voter.poll_id == Poll.id, Voter.person_id == person_id))
        .where(
            awaits_count(),
            Poll.opens_at <= moment,
            Poll.closes_at > moment,
            sa.or_(Deliberation.id.in_(followed), Deliberation.id.in_(taken_part(person_id))),
            Poll.id.not_in(voted),
        )
        .order_by(Poll.closes_at, Poll.id)
        .limit(POLLS)
    )
    return [(poll, title) for poll, title in session.execute(query)]
