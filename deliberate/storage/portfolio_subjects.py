"""The query under the portfolio: every question or output with its stage and since when."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from deliberate.domain.classification import Priority
from deliberate.domain.forum import CurationKind, LineageKind, OutputKind
from deliberate.domain.portfolio import STATE_STAGES, Stage
from deliberate.storage.comments import Comment
from deliberate.storage.curation import CurationDecision
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import ForumSession, Output, PolicyQuestion, QuestionLineage
from deliberate.storage.people import Person
from deliberate.storage.polls import Poll, awaits_count
from deliberate.storage.summaries import Edition, Summary
from deliberate.storage.types import UtcTime, Word

OUTPUT_KINDS = {"takeaway": OutputKind.KEY_TAKEAWAY, "call": OutputKind.CALL_TO_ACTION}


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


def subjects_of(kind: str, moment: datetime) -> sa.Subquery:
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
        .where(table.taken_back_at.is_(None))
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
    uncounted = awaits_count()
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
