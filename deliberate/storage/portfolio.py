"""All questions, or all outputs of a kind, with where they stand: filtered, counted, in pages.

The stage is worked out by the database, so that it can be filtered by and counted; it follows
`deliberate.domain.portfolio`, with which a test compares it case by case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.classification import LabelKind, Priority
from deliberate.domain.portfolio import (
    COUNT_DUE,
    FINISHED,
    STUCK_AFTER,
    SUMMARY_DUE,
    Delay,
    Stage,
    Standing,
    delay_of,
)
from deliberate.storage.database import now
from deliberate.storage.forum import ForumSession, PolicyQuestion
from deliberate.storage.labels import Label
from deliberate.storage.people import Person
from deliberate.storage.portfolio_subjects import OUTPUT_KINDS, subjects_of

KINDS = ("question", *OUTPUT_KINDS)
SORTS = ("activity", "waiting", "title")
MOST_WORDS = 6


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
    found = subjects_of(filters.kind, moment)
    query = sa.select(found).where(*_conditions(filters, found), *_position(filters, found, moment))
    query = query.order_by(*_order(found, sort)).limit(limit).offset(start)
    return [_row(row, moment) for row in session.execute(query)]


def count_stages(session: Session, filters: Filters) -> dict[Stage, StageCount]:
    """How many stand at each stage, by all filters but those of stage and lateness."""
    moment = now(session)
    found = subjects_of(filters.kind, moment)
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
