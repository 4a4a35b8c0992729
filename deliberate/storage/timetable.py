"""What is scheduled, open or voting: when each closes, and what happens in it until then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, Output
from deliberate.storage.polls import Poll


@dataclass(frozen=True, slots=True)
class PlannedClosing:
    """One deliberation that is not over, as briefly as a count by week needs it."""

    id: int
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class TimetableRow:
    """One deliberation that is not over, with its poll if there is one."""

    deliberation: Deliberation
    session_title: str
    output: Output | None
    poll: Poll | None


def list_closings(session: Session) -> Sequence[PlannedClosing]:
    """Everything that is not over, closing first first."""
    rows = session.execute(
        sa.select(Deliberation.id, Deliberation.opens_at, Deliberation.closes_at)
        .where(Deliberation.closes_at > now(session))
        .order_by(Deliberation.closes_at, Deliberation.id)
    )
    return [PlannedClosing(*row) for row in rows]


def list_timetable(session: Session, ids: Sequence[int]) -> Sequence[TimetableRow]:
    """These deliberations, closing first first, each with its newest poll."""
    own = aliased(Poll)
    newest = (
        sa.select(sa.func.max(own.id)).where(own.deliberation_id == Deliberation.id)
    ).scalar_subquery()
    query = (
        sa.select(Deliberation, ForumSession.title, Output, Poll)
        .join(ForumSession, ForumSession.id == Deliberation.session_id)
        .outerjoin(Output, Output.id == Deliberation.output_id)
        .outerjoin(Poll, Poll.id == newest)
        .where(Deliberation.id.in_(ids))
        .order_by(Deliberation.closes_at, Deliberation.id)
    )
    return [TimetableRow(*row) for row in session.execute(query)]
