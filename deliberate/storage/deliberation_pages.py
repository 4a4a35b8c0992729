"""A deliberation as its page and the lists show it: with session, phase and counts."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, defer

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.phases import Phase, deliberation_phase
from deliberate.domain.process import ProcessDesign, Visibility, design_of, eligible_groups
from deliberate.storage.comments import Comment, is_shown
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion, QuestionLineage
from deliberate.storage.gardening import count_tended
from deliberate.storage.labels import Label
from deliberate.storage.polls import Poll, awaits_count
from deliberate.storage.proposals import Proposal, stands
from deliberate.storage.reschedulings import Rescheduling
from deliberate.storage.summaries import Edition, Summary


@dataclass(frozen=True, slots=True)
class DeliberationPage:
    """A deliberation with its session, subject and phase, as they were at `moment`.

    `origin_count` says how many questions its own was merged or split from. `summary_id` and
    `level` are those of the newest edition, whose number is `edition_count`. `move_count` says
    how often its dates moved, `round_count` how many rounds its subject has had, `poll_count` how
    many polls there are, in whatever phase, `label_count` how many labels its subject has, and
    `tended_count` how many of its comments facilitators moved or marked.
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
    move_count: int
    round_count: int
    poll_count: int
    label_count: int
    tended_count: int
    moment: datetime

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

    @property
    def closes_as_frozen(self) -> datetime:
        """When taking part was to end when this opened; amendments stand beside it."""
        return datetime.fromisoformat(self.deliberation.frozen["closes_at"])

    @property
    def is_archived(self) -> bool:
        """Whether it was taken out of the lists."""
        return self.deliberation.archived_at is not None

    @property
    def design(self) -> ProcessDesign | None:
        """The process as frozen at opening; None for what opened before there were designs."""
        return design_of(self.deliberation.frozen)

    @property
    def takes_proposals(self) -> bool:
        """Whether the process has proposals at all."""
        design = self.design
        return design is None or design.takes_proposals

    @property
    def proposals_are_open(self) -> bool:
        """Whether the time for proposals lasted when this was read."""
        design = self.design
        return design is None or design.takes_proposals_at(self.moment)

    @property
    def positions_are_named(self) -> bool:
        """Whether positions on points are published with names after closing."""
        design = self.design
        return design is None or design.responses is Visibility.NAMED

    @property
    def groups(self) -> frozenset[StakeholderGroup] | None:
        """The groups that may take positions; None when all may."""
        return eligible_groups(self.design)


def find_page(session: Session, deliberation_id: int) -> DeliberationPage | None:
    """One deliberation with its phase and counts, in one query."""
    values = {"moment": now(session), "deliberation_id": deliberation_id}
    row = session.execute(_one_page(), values).one_or_none()
    return None if row is None else _page(row, now(session))


def list_pages(session: Session, session_id: int | None = None) -> Sequence[DeliberationPage]:
    """Deliberations with their phases, those that close last first."""
    query = _pages().order_by(Deliberation.closes_at.desc(), Deliberation.id)
    if session_id is not None:
        query = query.where(Deliberation.session_id == session_id)
    rows = session.execute(query, {"moment": now(session)})
    return [_page(row, now(session)) for row in rows]


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


def newest_rounds(pages: Iterable[DeliberationPage]) -> Sequence[DeliberationPage]:
    """Of every question and output the newest round alone, in the order given."""
    newest: dict[tuple[int | None, int | None], DeliberationPage] = {}
    for page in pages:
        key = (page.deliberation.question_id, page.deliberation.output_id)
        if key not in newest or newest[key].deliberation.round < page.deliberation.round:
            newest[key] = page
    return list(newest.values())


@functools.cache
def _one_page() -> sa.Select[Any]:
    return _pages().where(Deliberation.id == sa.bindparam("deliberation_id"))


@functools.cache
def _pages() -> sa.Select[Any]:
    """Every deliberation at `:moment`; put together once, for it takes longer than its answer."""
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
    moment: sa.BindParameter[datetime] = sa.bindparam("moment")
    voting = (awaits_count(), Poll.opens_at <= moment, Poll.closes_at > moment)
    return (
        sa.select(
            Deliberation,
            ForumSession,
            PolicyQuestion,
            Output,
            # By their ids, so that SQLite also counts them in the index of what is shown.
            _own(Comment, is_shown(), Comment.id > 0),
            _own(Proposal, stands()),
            _own(Poll, *voting),
            editions,
            origins,
            sa.select(Summary.id)
            .where(Summary.deliberation_id == Deliberation.id)
            .scalar_subquery(),
            level,
            _own(Rescheduling),
            _rounds(),
            _own(Poll),
            _labels(),
            count_tended(Deliberation.id),
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


def _own(table: Any, *conditions: Any) -> Any:
    """How many rows of a table belong to a deliberation.

    No column is counted: what comments are shown is read from an index that holds nothing more.
    """
    query = sa.select(sa.func.count()).select_from(table)
    return query.where(table.deliberation_id == Deliberation.id, *conditions).scalar_subquery()


def _rounds() -> Any:
    """How many rounds a deliberation's subject has had."""
    other = aliased(Deliberation)
    same = sa.or_(
        other.question_id == Deliberation.question_id, other.output_id == Deliberation.output_id
    )
    return sa.select(sa.func.count(other.id)).where(same).scalar_subquery()


def _labels() -> Any:
    """How many labels a deliberation's subject has."""
    same = sa.or_(
        Label.question_id == Deliberation.question_id, Label.output_id == Deliberation.output_id
    )
    return sa.select(sa.func.count(Label.id)).where(same).scalar_subquery()


def _page(row: Any, moment: datetime) -> DeliberationPage:
    deliberation, session, question, output, comments, proposals, polls, editions, *rest = row
    phase = deliberation_phase(
        deliberation, moment, poll_is_open=polls > 0, has_edition=editions > 0
    )
    origins, summary_id, level, moves, rounds, all_polls, labels, tended = rest
    return DeliberationPage(
        deliberation=deliberation,
        session=session,
        question=question,
        output=output,
        phase=phase,
        comment_count=comments,
        proposal_count=proposals,
        edition_count=editions,
        origin_count=origins,
        summary_id=summary_id,
        level=level,
        move_count=moves,
        round_count=rounds,
        poll_count=all_polls,
        label_count=labels,
        tended_count=tended,
        moment=moment,
    )
