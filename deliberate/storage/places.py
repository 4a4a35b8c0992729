"""Where a comment stands among the threads of its discussion, in the usual order of reading."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from deliberate.domain.threads import comment_path, path_ids
from deliberate.storage.comments import Comment

ROOTS_A_PAGE = 30
CHILDREN_SHOWN = 5
PINNED_ON_TOP = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comment stands: its discussion, its path, and how many roots are read before.

    `before` counts roots without those pinned on top; it is None for a comment that stands under
    one of these.
    """

    id: int
    deliberation_id: int
    proposal_id: int | None
    path: str
    before: int | None
    pinned: int
    children: tuple[int, ...]

    @property
    def root_id(self) -> int:
        """The comment that the thread began with."""
        return path_ids(self.path)[0]

    @property
    def offset(self) -> int:
        """How many roots, pinned ones left out, stand on the pages before that of this comment."""
        first = ROOTS_A_PAGE - self.pinned
        if self.before is None or self.before < first:
            return 0
        return first + (self.before - first) // ROOTS_A_PAGE * ROOTS_A_PAGE


def find_place(session: Session, comment_id: int, *, of_proposal: bool = False) -> Place | None:
    """Where a comment that everybody may see stands; None for one that is held or not there."""
    row = session.execute(_place(of_proposal), {"comment_id": comment_id}).one_or_none()
    if row is None:
        return None
    id_, deliberation_id, proposal_id, path, before, pinned, on_top, *children = row
    return Place(
        id=id_,
        deliberation_id=deliberation_id,
        proposal_id=proposal_id,
        path=path,
        before=None if on_top else before,
        pinned=pinned,
        children=tuple(child for child in children if child is not None),
    )


def is_root(table: Any) -> sa.ColumnElement[bool]:
    """Whether a comment begins a thread."""
    # Written out: a partial index serves only what the database can see to be within it.
    condition: sa.ColumnElement[bool] = table.depth == sa.literal_column("0")
    return condition


def pinned_on_top(deliberation_id: Any) -> sa.Select[Any]:
    """The ids of the threads pinned last."""
    pinned = aliased(Comment)
    return (
        sa.select(pinned.id)
        .where(
            pinned.deliberation_id == deliberation_id,
            pinned.pinned_at.is_not(None),
            is_root(pinned),
            pinned.held_at.is_(None),
        )
        .order_by(pinned.pinned_at.desc(), pinned.id)
        .limit(PINNED_ON_TOP)
    )


@cache
def _place(of_proposal: bool) -> sa.Select[Any]:
    """Where one comment stands, among the roots of its discussion or of its proposal."""
    root_id = sa.cast(sa.func.substr(Comment.path, 1, len(comment_path(None, 0))), sa.Integer)
    pinned = pinned_on_top(Comment.deliberation_id).correlate(Comment)
    earlier, child = aliased(Comment), aliased(Comment)
    conditions = [
        earlier.deliberation_id == Comment.deliberation_id,
        is_root(earlier),
        earlier.held_at.is_(None),
        earlier.id < root_id,
    ]
    if of_proposal:
        conditions.append(earlier.proposal_id == Comment.proposal_id)
    before: Any = _count(earlier, *conditions)
    top = pinned.subquery()
    if not of_proposal:
        # Subtracted, so that an index alone counts the many roots that are not pinned.
        before -= _count(top, top.c.id < root_id)
    children = (
        sa.select(child.id)
        .where(child.parent_id == Comment.id, child.held_at.is_(None))
        .order_by(child.id)
        .limit(1)
        .correlate(Comment)
    )
    on_top = sa.literal_column("0") if of_proposal else sa.case((root_id.in_(pinned), 1), else_=0)
    return sa.select(
        Comment.id,
        Comment.deliberation_id,
        Comment.proposal_id,
        Comment.path,
        before,
        sa.literal_column("0") if of_proposal else _count(top),
        on_top,
        *(children.offset(place).scalar_subquery() for place in range(CHILDREN_SHOWN)),
    ).where(Comment.id == sa.bindparam("comment_id"), Comment.held_at.is_(None))


def _count(table: Any, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    """How many rows there are for the comment of the query around."""
    query = sa.select(sa.func.count()).select_from(table).where(*conditions)
    return query.correlate(Comment).scalar_subquery()
