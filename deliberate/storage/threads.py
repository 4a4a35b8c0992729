"""Reading a discussion in stretches: no answer holds more than about a page of comments.

A stretch is chosen as ids first, by the indexes alone; the comments of those ids are then read
in one query. Replies are counted to `COUNTED` and no further, so that a page costs the same
under twenty comments and under twenty thousand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from deliberate.domain.threads import (
    Cursor,
    Order,
    Selection,
    path_ids,
)
from deliberate.storage.comments import (
    Comment,
    CommentLine,
    is_shown,
    list_by_ids,
    make_lines,
    read_lines,
    select_lines,
)
from deliberate.storage.places import ROOTS_A_PAGE, Place, is_root, pinned_on_top

REPLIES_SHOWN = 3
BRANCH_A_PAGE = 120
MATCHES_A_PAGE = 30
PARENTS_SHOWN = 12
COUNTED = 100
_END = "a"
"""Behind a path, this sorts after every path below it, whether a database sorts text by bytes
or by a language's rules: digits come before letters in both, and some rules ignore the slash."""


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A stretch of a discussion in the order of reading, and where the next one begins.

    `replies` says of each root here how many replies it has anywhere, counted to `COUNTED` and
    one more. `matches` counts what a filter lets through in the same way. `head` is the comment
    whose branch alone was asked for, and `is_begun` says that earlier ones were left out. Among
    the replies to `gap_in` some may be missing between two, not only behind the last.
    """

    comments: Sequence[CommentLine]
    next_after: str | None = None
    replies: Mapping[int, int] = field(default_factory=dict)
    matches: int | None = None
    head: CommentLine | None = None
    is_begun: bool = False
    gap_in: int | None = None


def list_thread(
    session: Session,
    deliberation_id: int,
    after: Cursor | None = None,
    selection: Selection | None = None,
    proposal_id: int | None = None,
) -> ThreadPage:
    """The next threads behind a cursor, each with its first replies; or the comments that match."""
    chosen = selection or Selection()
    values = {"deliberation_id": deliberation_id, "proposal_id": proposal_id}
    if chosen.is_filtered:
        return _list_matches(session, chosen, after, values)
    values |= _cursor_values(after)
    start = "first" if after is None else "after"
    return _list_roots(session, chosen.order, start, values, is_begun=after is not None)


def list_around(session: Session, place: Place, *, of_proposal: bool = False) -> ThreadPage:
    """The page that a comment stands on, with its parents and first children in their places."""
    values = {
        "deliberation_id": place.deliberation_id,
        "proposal_id": place.proposal_id if of_proposal else None,
        "offset": place.offset,
    }
    start = "offset" if place.offset else "first"
    parents = path_ids(place.path)[1:][-PARENTS_SHOWN:]
    extra = (*parents, *place.children)
    page = _list_roots(session, Order.OLDEST, start, values, extra, is_begun=place.offset > 0)
    return replace(page, gap_in=place.root_id)


def list_branch(session: Session, head_id: int, after_id: int | None = None) -> ThreadPage | None:
    """What stands under one comment, in thread order, a page at a time; None without that comment.

    `after_id` is the last one already shown; one that stands elsewhere means the beginning.
    """
    found = {each.id: each for each in list_by_ids(session, [head_id, after_id or head_id])}
    head, last = found.get(head_id), found.get(after_id or 0)
    if head is None:
        return None
    inside = last is not None and last.path.startswith(f"{head.path}/")
    values = {
        "deliberation_id": head.deliberation_id,
        "after": last.path if last is not None and inside else head.path,
        "end": head.path + _END,
    }
    lines = read_lines(session, _BRANCH, values)
    more = len(lines) > BRANCH_A_PAGE
    return ThreadPage(
        comments=lines[:BRANCH_A_PAGE],
        next_after=str(lines[BRANCH_A_PAGE - 1].id) if more else None,
        head=head,
        is_begun=inside,
    )


def _list_roots(
    session: Session,
    order: Order,
    start: str,
    values: dict[str, Any],
    extra: Sequence[int] = (),
    *,
    is_begun: bool,
) -> ThreadPage:
    """The roots of a page with their first replies, and the comments `extra`, in one query."""
    query = _threads(order, start, values["proposal_id"] is not None)
    rows = session.execute(query, {**values, "extra": list(extra)}).all()
    known = {row[0]: row for row in rows if row.replies is not None}
    order_of = {root_id: row.number for root_id, row in known.items()}
    roots = sorted(known, key=order_of.__getitem__)[:ROOTS_A_PAGE]
    lines = {line.id: line for line in make_lines(row[:-2] for row in rows)}
    branches: dict[int, list[CommentLine]] = {root_id: [] for root_id in roots}
    for line in lines.values():
        branches.get(path_ids(line.path)[0], []).append(line)
    last = lines[roots[-1]] if len(known) > ROOTS_A_PAGE else None
    cursor = Cursor(last.id, last.support if order is Order.SUPPORT else None) if last else None
    return ThreadPage(
        comments=[line for branch in branches.values() for line in sorted(branch, key=_by_path)],
        next_after=str(cursor) if cursor else None,
        replies={root_id: known[root_id].replies for root_id in roots},
        is_begun=is_begun,
    )


def _by_path(line: CommentLine) -> str:
    return line.path


def _list_matches(
    session: Session, selection: Selection, after: Cursor | None, values: dict[str, Any]
) -> ThreadPage:
    """The single comments that match, wherever they stand, and how many there are."""
    conditions = [Comment.deliberation_id == values["deliberation_id"], is_shown()]
    if values["proposal_id"] is not None:
        conditions.append(Comment.proposal_id == values["proposal_id"])
    for column, wanted in (
        (Comment.group, selection.group),
        (Comment.kind, selection.kind),
        (Comment.language, selection.language),
    ):
        if wanted is not None:
            conditions.append(column == wanted)
    if selection.order is Order.UNANSWERED:
        conditions.append(_is_unanswered())
    counted = sa.select(Comment.id).where(*conditions).limit(COUNTED + 1).subquery()
    matches = session.scalar(sa.select(sa.func.count()).select_from(counted))
    query = select_lines().where(*conditions).order_by(*_sorting(selection.order))
    if after is not None:
        query = query.where(_behind(selection.order))
    lines = read_lines(session, query.limit(MATCHES_A_PAGE + 1), _cursor_values(after))
    more = len(lines) > MATCHES_A_PAGE
    cursor = None
    if more:
        last = lines[MATCHES_A_PAGE - 1]
        cursor = Cursor(last.id, last.support if selection.order is Order.SUPPORT else None)
    return ThreadPage(
        comments=lines[:MATCHES_A_PAGE],
        next_after=str(cursor) if cursor else None,
        matches=matches,
        is_begun=after is not None,
    )


def _cursor_values(after: Cursor | None) -> dict[str, Any]:
    return {} if after is None else {"id": after.id, "support": after.support}


def _sorting(order: Order) -> list[sa.ColumnElement[Any]]:
    if order is Order.SUPPORT:
        return [Comment.support.desc(), Comment.id.desc()]
    return [Comment.id.desc() if order is Order.NEWEST else Comment.id.asc()]


def _behind(order: Order) -> sa.ColumnElement[bool]:
    """Whether a comment comes after the cursor."""
    last = sa.bindparam("id", type_=sa.Integer)
    if order is Order.SUPPORT:
        return sa.tuple_(Comment.support, Comment.id) < sa.tuple_(
            sa.bindparam("support", type_=sa.Integer), last
        )
    return Comment.id < last if order is Order.NEWEST else Comment.id > last


def _is_unanswered() -> sa.ColumnElement[bool]:
    reply = aliased(Comment)
    return ~sa.exists().where(reply.parent_id == Comment.id, reply.held_at.is_(None))


def _below(table: Any, above: Any) -> list[sa.ColumnElement[bool]]:
    """Whether a comment stands somewhere under another."""
    return [
        table.deliberation_id == above.deliberation_id,
        table.path > above.path,
        table.path < above.path + _END,
        table.held_at.is_(None),
    ]


@cache
def _threads(order: Order, start: str, of_proposal: bool) -> sa.Select[Any]:
    """The roots of a page and the first replies of each, as lines in any order.

    Behind the columns of a line stand, for roots, the number of replies and the place on the page.
    """
    roots = _roots(order, start, of_proposal).cte("roots")
    nothing = sa.null().label("replies"), sa.null().label("number")
    firsts = [
        sa.select(roots.c[f"reply_{place}"].label("id"), *nothing).where(
            roots.c[f"reply_{place}"].is_not(None)
        )
        for place in range(REPLIES_SHOWN)
    ]
    asked = sa.bindparam("extra", expanding=True, type_=sa.Integer)
    added = sa.select(Comment.id, *nothing).where(Comment.id.in_(asked), Comment.held_at.is_(None))
    wanted = sa.union_all(
        sa.select(roots.c.id, roots.c.replies, roots.c.number), *firsts, added
    ).subquery()
    lines = select_lines().add_columns(wanted.c.replies, wanted.c.number)
    return lines.join(wanted, wanted.c.id == Comment.id)


def _roots(order: Order, start: str, of_proposal: bool) -> sa.Select[Any]:
    """Of the roots of a page: id, number of replies, the ids of the first of these, and place."""
    chosen = _chosen(order, start, of_proposal).limit(ROOTS_A_PAGE + 1).subquery()
    root = aliased(Comment)
    reply = aliased(Comment)
    below = sa.select(reply.id).where(*_below(reply, root)).correlate(root)
    counted = below.limit(COUNTED + 1).subquery()
    sorting = {
        Order.SUPPORT: [root.support.desc(), root.id.desc()],
        Order.NEWEST: [root.id.desc()],
    }
    return sa.select(
        root.id,
        sa.select(sa.func.count()).select_from(counted).scalar_subquery().label("replies"),
        sa.func.row_number()
        .over(order_by=sorting.get(order, [chosen.c.place, root.id]))
        .label("number"),
        *(
            below.order_by(reply.path)
            .limit(1)
            .offset(place)
            .scalar_subquery()
            .label(f"reply_{place}")
            for place in range(REPLIES_SHOWN)
        ),
    ).join(chosen, chosen.c.id == root.id)


def _chosen(order: Order, start: str, of_proposal: bool) -> sa.Select[Any]:
    """The ids of the roots of a page; in the usual order, pinned ones stand on top of the first."""
    deliberation_id = sa.bindparam("deliberation_id", type_=sa.Integer)
    conditions = [
        Comment.deliberation_id == deliberation_id,
        is_root(Comment),
        Comment.held_at.is_(None),
    ]
    if of_proposal:
        conditions.append(Comment.proposal_id == sa.bindparam("proposal_id", type_=sa.Integer))
    if order is Order.UNANSWERED:
        conditions.append(_is_unanswered())
    if start == "after":
        conditions.append(_behind(order))
    pinned = pinned_on_top(deliberation_id)
    pins = order is Order.OLDEST and not of_proposal
    if pins:
        conditions.append(Comment.id.not_in(pinned))
    plain: Any = (
        sa.select(Comment.id, sa.literal_column("1").label("place"))
        .where(*conditions)
        .order_by(*_sorting(order))
        .limit(ROOTS_A_PAGE + 1)
    )
    if start == "offset":
        plain = plain.offset(sa.bindparam("offset", type_=sa.Integer))
    if not pins or start != "first":
        chosen: sa.Select[Any] = plain
        return chosen
    top = pinned.subquery()
    both = sa.union_all(
        sa.select(top.c.id, sa.literal_column("0").label("place")),
        sa.select(plain.subquery()),
    ).subquery()
    return sa.select(both.c.id, both.c.place).order_by(both.c.place, both.c.id)


_BRANCH = (
    select_lines()
    .where(
        Comment.deliberation_id == sa.bindparam("deliberation_id"),
        Comment.path > sa.bindparam("after"),
        Comment.path < sa.bindparam("end"),
        Comment.held_at.is_(None),
    )
    .order_by(Comment.path)
    .limit(BRANCH_A_PAGE + 1)
)
