"""Forum sessions as lists and their own page show them: with counts, outputs with points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.forum import QuestionState
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.forum import (
    ForumSession,
    Output,
    OutputPoint,
    PolicyQuestion,
    newest_round,
)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One forum session in a list. Questions that others replaced are not counted."""

    slug: str
    title: str
    reference: str | None
    year: int | None
    type: str
    theme: str | None
    is_demo: bool
    question_count: int
    output_count: int
    deliberation_count: int


def list_session_lines(session: Session) -> Sequence[SessionLine]:
    """All forum sessions, the newest year first, without the text of their pages."""
    questions = _count(PolicyQuestion, PolicyQuestion.state != QuestionState.REPLACED)
    query = sa.select(
        ForumSession.slug,
        ForumSession.title,
        ForumSession.reference,
        ForumSession.year,
        ForumSession.type,
        ForumSession.theme,
        ForumSession.is_demo,
        questions,
        _count(Output, Output.taken_back_at.is_(None)),
        _count(Deliberation),
    ).order_by(sa.func.coalesce(ForumSession.year, 0).desc(), ForumSession.title, ForumSession.id)
    return [SessionLine(*row) for row in session.execute(query)]


def count_sessions(session: Session) -> int:
    """How many forum sessions are stored."""
    return session.scalar(sa.select(sa.func.count(ForumSession.id))) or 0


def list_outputs_with_points(
    session: Session, session_id: int
) -> Sequence[tuple[Output, Sequence[OutputPoint]]]:
    """Takeaways, then calls, each with the points people respond to now, in one query."""
    rows = session.execute(
        sa.select(Output, OutputPoint)
        .join(OutputPoint, OutputPoint.output_id == Output.id)
        .where(
            Output.session_id == session_id,
            Output.taken_back_at.is_(None),
            OutputPoint.replaced_at.is_(None),
            OutputPoint.round == newest_round(),
        )
        .order_by(Output.kind.desc(), Output.position, Output.id, OutputPoint.position)
    )
    found: dict[int, tuple[Output, list[OutputPoint]]] = {}
    for output, point in rows:
        found.setdefault(output.id, (output, []))[1].append(point)
    return list(found.values())


def _count(table: Any, *conditions: Any) -> Any:
    query = sa.select(sa.func.count(table.id))
    return query.where(table.session_id == ForumSession.id, *conditions).scalar_subquery()
