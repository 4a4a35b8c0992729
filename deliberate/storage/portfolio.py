"""All questions, or all outputs of a kind, with where they stand: filtered, counted, in pages.

The stage is worked out by the database, so that it can be filtered by and counted; it follows
`deliberate.domain.portfolio`, with which a test compares it case by case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from deliberate.domain.classification import LabelKind, Priority
from deliberate.domain.forum import CurationKind, LineageKind, OutputKind
from deliberate.domain.portfolio import (
    COUNT_DUE,
    FINISHED,
    STATE_STAGES,
    STUCK_AFTER,
    SUMMARY_DUE,
    Delay,
    Stage,
    Standing,
    delay_of,
)
from deliberate.storage.comments import Comment
from deliberate.storage.curation import CurationDecision
from deliberate.storage.database import now
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion, QuestionLineage
from deliberate.storage.labels import Label
from deliberate.storage.people import Person
from deliberate.storage.polls import Poll
from deliberate.storage.summaries import Edition, Summary
from deliberate.storage.types import UtcTime, Word

OUTPUT_KINDS = {"takeaway": OutputKind.KEY_TAKEAWAY, "call": OutputKind.CALL_TO_ACTION}
KINDS = ("question", *OUTPUT_KINDS)
SORTS = ("activity", "waiting", "title")
MOST_WORDS = 6


class latest(FunctionElement[datetime]):  # noqa: N801
    """The latest of several moments, none of which is missing."""

    type = UtcTime()
    name = "latest"
    inherit_cache = True


@compiles(latest, "sqlite")
def _latest_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


@compiles(latest)
def _latest(element: Any, compiler: Any, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked for, as an address gives it; empty means everything.

    A value that nothing can have finds nothing.
    """

    kind: str = "question"
    stage: str = ""
    overdue: str = ""
    stuck: str = ""
    year: str = ""
    type: str = ""
    theme: str = ""
    goal: str = ""
    tag: str = ""
    language: str = ""
    actor: str = ""
    priority: str = ""
    facilitator: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One question or output with its session and where it stands."""

    id: int
    text: str
    session_slug: str
    session_title: str
    year: int | None
    type: str
    is_demo: bool
    priority: Priority | None
    facilitator_id: int | None
    facilitator: str | None
    deliberation_id: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    activity: datetime
    standing: Standing
    delay: Delay | None


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many stand at a stage, and how many of them are late."""

    total: int
    overdue: int
    stuck: int


def list_portfolio(
    session: Session,
    filters: Filters,
    sort: str = "activity",
    limit: int | None = None,
    start: int = 0,
) -> list[PortfolioRow]:
    """What matches, in one query; unknown sorts are by newest activity."""
    moment = now(session)
    found = _subjects(filters.kind, moment)
    query = sa.select(found).where(*_conditions(filters, found), *_position(filters, found, moment))
    query = query.order_by(*_order(found, sort)).limit(limit).offset(start)
    return [_row(row, moment) for row in session.execute(query)]


def count_stages(session: Session, filters: Filters) -> dict[Stage, StageCount]:
    """How many stand at each stage, by all filters but those of stage and lateness."""
    moment = now(session)
    found = _subjects(filters.kind, moment)
    overdue, stuck = _overdue(found, moment), _stuck(found, moment)
    rows = session.execute(
        sa.select(
            found.c.stage,
            sa.func.count(),
            sa.func.count(sa.case((overdue, 1))),
            sa.func.count(sa.case((stuck, 1))),
        )
        .where(*_conditions(filters, found))
        .group_by(found.c.stage)
    )
    counts = {Stage(stage): StageCount(*numbers) for stage, *numbers in rows}
    return {stage: counts.get(stage, StageCount(0, 0, 0)) for stage in Stage}


def list_years_and_types(session: Session) -> Sequence[tuple[int | None, str]]:
    """Every pair of year and session type there is."""
    rows = session.execute(sa.select(ForumSession.year, ForumSession.type).distinct())
    return [(year, kind) for year, kind in rows]


def list_assigned_facilitators(session: Session) -> Sequence[tuple[int, str]]:
    """Id and name of everybody who takes care of a question, by name."""
    rows = session.execute(
        sa.select(Person.id, Person.name)
        .where(Person.id.in_(sa.select(PolicyQuestion.facilitator_id)))
        .order_by(Person.name, Person.id)
    )
    return [(person_id, name) for person_id, name in rows]


def _subjects(kind: str, moment: datetime) -> sa.Subquery:
    """Every question, or every output of a kind, with its stage and since when."""
    table: Any = Output if kind in OUTPUT_KINDS else PolicyQuestion
    own = Deliberation.output_id if table is Output else Deliberation.question_id
    newest = sa.select(sa.func.max(Deliberation.id).label("id")).group_by(own).subquery()
    acts, polls, summaries, comments = _acts(table), _polls(moment), _summaries(), _comments()
    stage = _stage(table, moment, polls.c.voting, summaries.c.published_at)
    imported = ForumSession.imported_at
    query = (
        sa.select(
            table.id,
            table.text,
            ForumSession.slug,
            ForumSession.title,
            ForumSession.year,
            ForumSession.type,
            ForumSession.is_demo,
            *_care(table),
            Deliberation.id.label("deliberation_id"),
            Deliberation.opens_at,
            Deliberation.closes_at,
            stage.label("stage"),
            _since(stage, acts, summaries.c.published_at).label("since"),
            polls.c.uncounted_since,
            latest(
                imported,
                *(
                    sa.func.coalesce(each, imported)
                    for each in (
                        acts.c.any_at,
                        Deliberation.opened_at,
                        comments.c.written_at,
                        summaries.c.published_at,
                    )
                ),
            ).label("activity"),
        )
        .join(ForumSession, ForumSession.id == table.session_id)
        .outerjoin(
            Deliberation,
            sa.and_(own == table.id, Deliberation.id.in_(sa.select(newest.c.id))),
        )
        .outerjoin(acts, acts.c.subject_id == table.id)
        .outerjoin(polls, polls.c.deliberation_id == Deliberation.id)
        .outerjoin(summaries, summaries.c.deliberation_id == Deliberation.id)
        .outerjoin(comments, comments.c.deliberation_id == Deliberation.id)
    )
    if table is Output:
        query = query.where(Output.kind == OUTPUT_KINDS[kind])
    else:
        query = query.outerjoin(Person, Person.id == PolicyQuestion.facilitator_id)
    return query.subquery()


def _care(table: Any) -> tuple[Any, ...]:
    """Priority and facilitator; outputs have neither."""
    if table is Output:
        nobody = (sa.null().label("facilitator_id"), sa.null().label("facilitator"))
        return (sa.literal(None, Word(Priority)).label("priority"), *nobody)
    name = Person.name.label("facilitator")
    return (PolicyQuestion.priority, PolicyQuestion.facilitator_id, name)


def _stage(table: Any, moment: datetime, voting: Any, published_at: Any) -> sa.Case[str]:
    """`stage_of` and `deliberation_phase` as the database works them out."""
    is_opened = Deliberation.id.is_not(None)
    cases = [
        (published_at.is_not(None), Stage.SUMMARISED.value),
        (voting == 1, Stage.VOTING.value),
        (Deliberation.opens_at > moment, Stage.SCHEDULED.value),
        (Deliberation.closes_at > moment, Stage.OPEN.value),
        (is_opened, Stage.CLOSED.value),
    ]
    if table is PolicyQuestion:
        cases += [
            (PolicyQuestion.state == state, stage.value) for state, stage in STATE_STAGES.items()
        ]
    return sa.case(*cases, else_=Stage.WAITING.value)


def _since(stage: Any, acts: sa.Subquery, published_at: Any) -> sa.Case[datetime]:
    """When the stage began; what no act of curation explains began with the import."""
    imported = ForumSession.imported_at
    return sa.case(
        (stage == Stage.SUMMARISED.value, published_at),
        (stage == Stage.CLOSED.value, Deliberation.closes_at),
        (stage == Stage.SCHEDULED.value, Deliberation.opened_at),
        (stage.in_([Stage.OPEN.value, Stage.VOTING.value]), Deliberation.opens_at),
        (stage == Stage.IN_REVIEW.value, sa.func.coalesce(acts.c.review_at, imported)),
        (stage == Stage.ACCEPTED.value, sa.func.coalesce(acts.c.accept_at, imported)),
        else_=sa.func.coalesce(acts.c.any_at, imported),
    )


def _acts(table: Any) -> sa.Subquery:
    """When curators last did something, by question or output; a split counts for its parts."""
    decided = CurationDecision
    own = decided.output_id if table is Output else decided.question_id
    done: Any = sa.select(own.label("subject_id"), decided.kind, decided.decided_at)
    if table is PolicyQuestion:
        parts = (
            sa.select(QuestionLineage.child_id, decided.kind, decided.decided_at)
            .join(decided, decided.question_id == QuestionLineage.parent_id)
            .where(QuestionLineage.kind == LineageKind.SPLIT, decided.kind == CurationKind.SPLIT)
        )
        done = sa.union_all(done.where(own.is_not(None)), parts)
    acts = done.subquery()

    def last(kind: CurationKind) -> Any:
        return sa.func.max(sa.case((acts.c.kind == kind, acts.c.decided_at)))

    return (
        sa.select(
            acts.c.subject_id,
            sa.func.max(acts.c.decided_at).label("any_at"),
            last(CurationKind.REVIEW).label("review_at"),
            last(CurationKind.ACCEPT).label("accept_at"),
        )
        .group_by(acts.c.subject_id)
        .subquery()
    )


def _polls(moment: datetime) -> sa.Subquery:
    """Whether a poll is open, and since when an uncounted one has been over, by deliberation."""
    uncounted = Poll.closed_at.is_(None)
    is_open = sa.and_(uncounted, Poll.opens_at <= moment, Poll.closes_at > moment)
    is_over = sa.and_(uncounted, Poll.closes_at <= moment)
    return (
        sa.select(
            Poll.deliberation_id,
            sa.func.max(sa.case((is_open, 1), else_=0)).label("voting"),
            sa.func.min(sa.case((is_over, Poll.closes_at))).label("uncounted_since"),
        )
        .group_by(Poll.deliberation_id)
        .subquery()
    )


def _summaries() -> sa.Subquery:
    """When the first edition of a summary was published, by deliberation."""
    return (
        sa.select(Summary.deliberation_id, sa.func.min(Edition.published_at).label("published_at"))
        .join(Edition, Edition.summary_id == Summary.id)
        .group_by(Summary.deliberation_id)
        .subquery()
    )


def _comments() -> sa.Subquery:
    """When somebody last commented, by deliberation."""
    return (
        sa.select(Comment.deliberation_id, sa.func.max(Comment.written_at).label("written_at"))
        .group_by(Comment.deliberation_id)
        .subquery()
    )


def _conditions(filters: Filters, found: sa.Subquery) -> list[Any]:
    """Every filter but those of stage and lateness."""
    if filters.kind not in KINDS:
        return [sa.false()]
    conditions = [_says(found, word) for word in filters.q.split()[:MOST_WORDS]]
    own = Label.output_id if filters.kind in OUTPUT_KINDS else Label.question_id
    for kind in LabelKind:
        value = getattr(filters, kind.value)
        if value:
            given = sa.select(Label.id).where(own == found.c.id, Label.kind == kind)
            conditions.append(given.where(Label.value == value).exists())
    if filters.year:
        conditions.append(_is_number(found.c.year, filters.year))
    if filters.type:
        conditions.append(found.c.type == filters.type)
    if filters.facilitator:
        conditions.append(_is_number(found.c.facilitator_id, filters.facilitator))
    if filters.priority:
        known = filters.priority in set(Priority)
        conditions.append(found.c.priority == filters.priority if known else sa.false())
    return conditions


def _position(filters: Filters, found: sa.Subquery, moment: datetime) -> list[Any]:
    """The filters of stage and lateness."""
    conditions: list[Any] = []
    if filters.stage:
        conditions.append(found.c.stage == filters.stage)
    if filters.overdue:
        conditions.append(_overdue(found, moment) if filters.overdue == "yes" else sa.false())
    if filters.stuck:
        conditions.append(_stuck(found, moment) if filters.stuck == "yes" else sa.false())
    return conditions


def _says(found: sa.Subquery, word: str) -> Any:
    columns = (found.c.text, found.c.title)
    return sa.or_(*(column.icontains(word, autoescape=True) for column in columns))


def _is_number(column: Any, text: str) -> Any:
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return column == int(text) if is_number else sa.false()


def _overdue(found: sa.Subquery, moment: datetime) -> Any:
    return sa.or_(
        sa.and_(found.c.stage == Stage.CLOSED.value, found.c.since < moment - SUMMARY_DUE),
        sa.and_(found.c.uncounted_since.is_not(None), found.c.uncounted_since < moment - COUNT_DUE),
    )


def _stuck(found: sa.Subquery, moment: datetime) -> Any:
    return sa.or_(
        *(
            sa.and_(found.c.stage == stage.value, found.c.since < moment - limit)
            for stage, limit in STUCK_AFTER.items()
        )
    )


def _order(found: sa.Subquery, sort: str) -> Sequence[Any]:
    if sort == "waiting":
        is_finished = found.c.stage.in_([stage.value for stage in FINISHED])
        return (sa.case((is_finished, 1), else_=0), found.c.since, found.c.id)
    if sort == "title":
        return (sa.func.lower(found.c.text), found.c.id)
    return (found.c.activity.desc(), found.c.id.desc())


def _row(row: Any, moment: datetime) -> PortfolioRow:
    standing = Standing(Stage(row.stage), row.since, row.uncounted_since)
    return PortfolioRow(
        id=row.id,
        text=row.text,
        session_slug=row.slug,
        session_title=row.title,
        year=row.year,
        type=row.type,
        is_demo=row.is_demo,
        priority=row.priority,
        facilitator_id=row.facilitator_id,
        facilitator=row.facilitator,
        deliberation_id=row.deliberation_id,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        activity=row.activity,
        standing=standing,
        delay=delay_of(standing, moment),
    )
