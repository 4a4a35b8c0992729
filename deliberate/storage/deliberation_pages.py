"""A deliberation as its page and the lists show it: with session, phase and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, defer

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.phases import Phase, deliberation_phase
from deliberate.storage.comments import Comment
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion, QuestionLineage
from deliberate.storage.polls import Poll
from deliberate.storage.proposals import Proposal
from deliberate.storage.summaries import Edition, Summary


@dataclass(frozen=True, slots=True)
class DeliberationPage:
    """A deliberation with its session, subject and phase.

    `origin_count` says how many questions its own was merged or split from. `summary_id` and
    `level` are those of the newest edition, whose number is `edition_count`.
    """

    deliberation: Deliberation
    session: ForumSession
    question: PolicyQuestion | None
    output: Output | None
    phase: Phase
    comment_count: int
    proposal_count: int
    edition_count: int
    origin_count: int
    summary_id: int | None
    level: str | None

    @property
    def id(self) -> int:
        """The deliberation's id."""
        return self.deliberation.id

    @property
    def title(self) -> str:
        """The text as it stood at opening."""
        return self.deliberation.title

    @property
    def opens_at(self) -> datetime:
        """When taking part begins."""
        return self.deliberation.opens_at

    @property
    def closes_at(self) -> datetime:
        """When taking part ends."""
        return self.deliberation.closes_at


def find_page(session: Session, deliberation_id: int) -> DeliberationPage | None:
    """One deliberation with its phase and counts, in one query."""
    query = _pages(now(session)).where(Deliberation.id == deliberation_id)
    row = session.execute(query).one_or_none()
    return None if row is None else _page(row, now(session))


def list_pages(session: Session, session_id: int | None = None) -> Sequence[DeliberationPage]:
    """Deliberations with their phases, those that close last first."""
    query = _pages(now(session)).order_by(Deliberation.closes_at.desc(), Deliberation.id)
    if session_id is not None:
        query = query.where(Deliberation.session_id == session_id)
    return [_page(row, now(session)) for row in session.execute(query)]


def count_participants(
    session: Session, deliberation_ids: Sequence[int]
) -> dict[int, dict[StakeholderGroup, int]]:
    """How many people of each group wrote something in each deliberation."""
    written = sa.union(
        *(
            sa.select(table.deliberation_id, table.author_id, table.group).where(
                table.deliberation_id.in_(deliberation_ids)
            )
            for table in (Comment, Proposal)
        )
    ).subquery()
    rows = session.execute(
        sa.select(
            written.c.deliberation_id,
            written.c.group,
            sa.func.count(written.c.author_id.distinct()),
        ).group_by(written.c.deliberation_id, written.c.group)
    )
    counts: dict[int, dict[StakeholderGroup, int]] = {}
    for deliberation_id, group, count in rows:
        counts.setdefault(deliberation_id, {})[StakeholderGroup(group)] = count
    return counts


def _pages(moment: datetime) -> sa.Select[Any]:
    def own(table: Any, *conditions: Any) -> Any:
        query = sa.select(sa.func.count(table.id))
        return query.where(table.deliberation_id == Deliberation.id, *conditions).scalar_subquery()

    editions = (
        sa.select(sa.func.count(Edition.id))
        .join(Summary, Summary.id == Edition.summary_id)
        .where(Summary.deliberation_id == Deliberation.id)
        .scalar_subquery()
    )
    level = (
        sa.select(Edition.document["level"].as_string())
        .join(Summary, Summary.id == Edition.summary_id)
        .where(Summary.deliberation_id == Deliberation.id)
        .order_by(Edition.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    origins = (
        sa.select(sa.func.count(QuestionLineage.id))
        .where(QuestionLineage.child_id == Deliberation.question_id)
        .scalar_subquery()
    )
    voting = (Poll.closed_at.is_(None), Poll.opens_at <= moment, Poll.closes_at > moment)
    return (
        sa.select(
            Deliberation,
            ForumSession,
            PolicyQuestion,
            Output,
            own(Comment, Comment.retracted_at.is_(None)),
            own(Proposal, Proposal.withdrawn_at.is_(None)),
            own(Poll, *voting),
            editions,
            origins,
            sa.select(Summary.id)
            .where(Summary.deliberation_id == Deliberation.id)
            .scalar_subquery(),
            level,
        )
        .join(ForumSession, ForumSession.id == Deliberation.session_id)
        .outerjoin(PolicyQuestion, PolicyQuestion.id == Deliberation.question_id)
        .outerjoin(Output, Output.id == Deliberation.output_id)
        # A session's page can be long, and no list of discussions shows it.
        .options(
            defer(ForumSession.source_text, raiseload=True),
            defer(ForumSession.record, raiseload=True),
            defer(ForumSession.corrections, raiseload=True),
        )
    )


def _page(row: Any, moment: datetime) -> DeliberationPage:
    deliberation, session, question, output, comments, proposals, polls, editions, *rest = row
    phase = deliberation_phase(
        deliberation, moment, poll_is_open=polls > 0, has_edition=editions > 0
    )
    return DeliberationPage(
        deliberation,
        session,
        question,
        output,
        phase,
        comments,
        proposals,
        editions,
        *rest,
    )
