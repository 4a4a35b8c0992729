"""What pages of arguments read: citations, spread over groups, answers, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from deliberate.domain.people import StakeholderGroup
from deliberate.domain.synthesis import Sorted, Spread, Voice
from deliberate.domain.threads import CommentKind, CommentState
from deliberate.storage.arguments import Answer, Argument, Citation, Waiver, is_live
from deliberate.storage.comments import Comment, is_shown
from deliberate.storage.people import Person
from deliberate.storage.types import Word

COMMENTS_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class CitedComment:
    """A citation with its comment; one that is not shown any more has neither text nor excerpt.

    A comment that waits for a moderator counts as hidden.
    """

    id: int
    argument_id: int
    comment_id: int
    kind: CommentKind
    excerpt: str
    excerpt_version: int
    body_html: str
    language: str | None
    author_name: str
    group: StakeholderGroup
    organisation: str | None
    written_at: datetime
    version: int
    state: CommentState
    cited_by: str
    cited_at: datetime


@dataclass(frozen=True, slots=True)
class SortedComment:
    """A comment on the facilitator's bench, with whom it answers and, if waived, why."""

    id: int
    kind: CommentKind
    body_html: str
    language: str | None
    author_name: str
    group: StakeholderGroup
    organisation: str | None
    written_at: datetime
    answers: str | None
    waiver_id: int | None
    reason: str | None
    waived_by: str | None
    waived_at: datetime | None


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What asks and what answers it; `stands` unless the answering comment is not shown any more.

    Where a comment asks, there is a line for each argument that cites it: `cited_in`.
    """

    id: int
    asking_argument_id: int | None
    asking_comment_id: int | None
    asking_group: StakeholderGroup | None
    cited_in: int | None
    argument_id: int | None
    argument_text: str | None
    comment_id: int | None
    author_name: str | None
    group: StakeholderGroup | None
    stands: bool
    marked_by: str
    marked_at: datetime


_STATE = sa.type_coerce(
    sa.case(
        (Comment.retracted_at.is_not(None), CommentState.RETRACTED.value),
        (is_shown(), CommentState.SHOWN.value),
        else_=CommentState.HIDDEN.value,
    ),
    Word(CommentState),
)


def count_spread(
    session: Session, deliberation_id: int, argument_id: int | None = None
) -> dict[int, Spread]:
    """How many people of each group stand behind each argument, or behind one.

    Those are the authors of cited comments that are shown. People who agreed with such a comment
    are to join them here, and nowhere else.
    """
    shown = sa.case((is_shown(), Comment.author_id))
    query = (
        sa.select(
            Citation.argument_id,
            Comment.group,
            sa.func.count(shown.distinct()),
            sa.func.count(shown),
            sa.func.count(),
        )
        .join(Argument, Argument.id == Citation.argument_id)
        .join(Comment, Comment.id == Citation.comment_id)
        .where(Argument.deliberation_id == deliberation_id, is_live())
        .group_by(Citation.argument_id, Comment.group)
        .order_by(Citation.argument_id, Comment.group)
    )
    if argument_id is not None:
        query = query.where(Argument.id == argument_id)
    found: dict[int, Spread] = {}
    for number, group, people, comments, citations in session.execute(query):
        other = found.get(number, Spread({}, 0, 0))
        own = {group: people} if people else {}
        gone = other.gone + citations - comments
        found[number] = Spread({**other.people, **own}, other.comments + comments, gone)
    return found


def count_voices(session: Session, deliberation_id: int) -> dict[StakeholderGroup, Voice]:
    """What each group wrote in a deliberation, and how much of it is sorted; shown comments only.

    A comment that is cited and was waived before counts as cited. One that was moved here from
    another discussion is to be sorted again.
    """
    cited = _cited_in(deliberation_id).distinct().subquery()
    query = (
        sa.select(
            Comment.group,
            sa.func.count(Comment.author_id.distinct()),
            sa.func.count(),
            sa.func.count(cited.c.comment_id),
            sa.func.count(sa.case((cited.c.comment_id.is_(None), Waiver.id))),
        )
        .outerjoin(cited, cited.c.comment_id == Comment.id)
        .outerjoin(Waiver, Waiver.comment_id == Comment.id)
        .where(Comment.deliberation_id == deliberation_id, is_shown())
        .group_by(Comment.group)
    )
    return {group: Voice(*numbers) for group, *numbers in session.execute(query)}


def list_citations(
    session: Session, argument_ids: Sequence[int], limit: int, first: int = 0
) -> dict[int, list[CitedComment]]:
    """Citations of each argument, `limit` of them after the `first`.

    The groups take turns, so that the beginning of a long list is no one group's; of each group
    excerpts come first. What is not shown any more comes last.
    """
    places = _places(argument_ids)
    facilitator = aliased(Person)
    query = (
        sa.select(
            Citation.id,
            Citation.argument_id,
            Citation.comment_id,
            Comment.kind,
            sa.case((is_shown(), Citation.excerpt), else_=""),
            Citation.comment_version,
            sa.case((is_shown(), Comment.body_html), else_=""),
            Comment.language,
            Person.name,
            Comment.group,
            Comment.organisation,
            Comment.written_at,
            Comment.version,
            _STATE,
            facilitator.name,
            Citation.cited_at,
        )
        .join(places, places.c.id == Citation.id)
        .join(Comment, Comment.id == Citation.comment_id)
        .join(Person, Person.id == Comment.author_id)
        .join(facilitator, facilitator.id == Citation.cited_by)
        .where(places.c.place > first, places.c.place <= first + limit)
        .order_by(Citation.argument_id, places.c.place)
    )
    found: dict[int, list[CitedComment]] = {}
    for row in session.execute(query):
        line = CitedComment(*row)
        found.setdefault(line.argument_id, []).append(line)
    return found


def list_sorted(
    session: Session,
    deliberation_id: int,
    state: Sorted,
    group: StakeholderGroup | None = None,
    kind: CommentKind | None = None,
    after: int = 0,
) -> Sequence[SortedComment]:
    """A page of the comments in this state behind another one, in the order of the discussion.

    One more than a page holds, if there are more.
    """
    parent, parent_author, facilitator = aliased(Comment), aliased(Person), aliased(Person)
    last = aliased(Comment)
    start = sa.select(last.path).where(last.id == after).scalar_subquery()
    query = (
        sa.select(
            Comment.id,
            Comment.kind,
            Comment.body_html,
            Comment.language,
            Person.name,
            Comment.group,
            Comment.organisation,
            Comment.written_at,
            parent_author.name,
            Waiver.id,
            Waiver.reason,
            facilitator.name,
            Waiver.waived_at,
        )
        .join(Person, Person.id == Comment.author_id)
        .outerjoin(parent, parent.id == Comment.parent_id)
        .outerjoin(parent_author, parent_author.id == parent.author_id)
        .outerjoin(Waiver, Waiver.comment_id == Comment.id)
        .outerjoin(facilitator, facilitator.id == Waiver.waived_by)
        .where(Comment.deliberation_id == deliberation_id, is_shown())
        .where(*_in_state(state, deliberation_id))
        .order_by(Comment.path)
        .limit(COMMENTS_A_PAGE + 1)
    )
    if after:
        query = query.where(Comment.path > start)
    if group is not None:
        query = query.where(Comment.group == group)
    if kind is not None:
        query = query.where(Comment.kind == kind)
    rows: Sequence[Any] = session.execute(query).all()
    return [SortedComment(*row) for row in rows]


def list_answers(session: Session, deliberation_id: int) -> Sequence[AnswerLine]:
    """Every answer marked in a deliberation, in the order of marking."""
    asking, facilitator = aliased(Comment), aliased(Person)
    query = (
        sa.select(
            Answer.id,
            Answer.asking_argument_id,
            Answer.asking_comment_id,
            asking.group,
            Citation.argument_id,
            Answer.argument_id,
            Argument.text,
            Answer.comment_id,
            Person.name,
            Comment.group,
            sa.or_(Answer.argument_id.is_not(None), is_shown()),
            facilitator.name,
            Answer.marked_at,
        )
        .join(facilitator, facilitator.id == Answer.marked_by)
        .outerjoin(asking, asking.id == Answer.asking_comment_id)
        .outerjoin(Citation, Citation.comment_id == Answer.asking_comment_id)
        .outerjoin(Argument, Argument.id == Answer.argument_id)
        .outerjoin(Comment, Comment.id == Answer.comment_id)
        .outerjoin(Person, Person.id == Comment.author_id)
        .where(Answer.deliberation_id == deliberation_id)
        .order_by(Answer.id, Citation.id)
    )
    rows: Sequence[Any] = session.execute(query).all()
    return [AnswerLine(*row) for row in rows]


def _places(argument_ids: Sequence[int]) -> sa.Subquery:
    """The place of each citation in its argument, counted from 1."""
    turn = sa.func.row_number().over(
        partition_by=(Citation.argument_id, Comment.group, is_shown()),
        order_by=(Citation.excerpt == "", Citation.id),
    )
    turns = (
        sa.select(
            Citation.id,
            Citation.argument_id,
            Comment.group.label("voice"),
            is_shown().label("shown"),
            turn.label("turn"),
        )
        .join(Comment, Comment.id == Citation.comment_id)
        .where(Citation.argument_id.in_(argument_ids))
        .subquery()
    )
    place = sa.func.row_number().over(
        partition_by=turns.c.argument_id,
        order_by=(sa.desc(turns.c.shown), turns.c.turn, turns.c.voice, turns.c.id),
    )
    return sa.select(turns.c.id, place.label("place")).subquery()


def _cited_in(deliberation_id: int) -> sa.Select[int]:
    """The comments that a deliberation's arguments cite."""
    return (
        sa.select(Citation.comment_id)
        .join(Argument, Argument.id == Citation.argument_id)
        .where(Argument.deliberation_id == deliberation_id)
    )


def _in_state(state: Sorted, deliberation_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    cited = Comment.id.in_(_cited_in(deliberation_id))
    if state is Sorted.CITED:
        return (cited,)
    if state is Sorted.WAIVED:
        return (Waiver.id.is_not(None), ~cited)
    return (Waiver.id.is_(None), ~cited)
