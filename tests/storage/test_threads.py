"""Reading discussions in stretches: nothing twice, nothing lost, never too much at once."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from deliberate.domain.people import Actor, StakeholderGroup
from deliberate.domain.threads import CommentKind, Cursor, Order, Selection, path_ids
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database, now
from deliberate.storage.places import ROOTS_A_PAGE, find_place
from deliberate.storage.threads import (
    BRANCH_A_PAGE,
    COUNTED,
    PARENTS_SHOWN,
    REPLIES_SHOWN,
    ThreadPage,
    list_around,
    list_branch,
    list_thread,
)
from tests.factories import make_deliberation, make_person
from tests.support.threads import write_many

LARGEST = ROOTS_A_PAGE * (1 + REPLIES_SHOWN)


@pytest.fixture
def people(db: Database) -> list[Actor]:
    """People of all groups."""
    return [make_person(db, group) for group in StakeholderGroup.registrable()]


@pytest.fixture
def long(db: Database, people: list[Actor]) -> int:
    """A discussion of four hundred comments, some threads of it long and deep; its id."""
    deliberation_id = make_deliberation(db).id
    write_many(db, deliberation_id, 400, people, deepest=9)
    return deliberation_id


def walk(reader: Session, deliberation_id: int, selection: Selection) -> Iterator[ThreadPage]:
    """Every stretch from the beginning to the end."""
    after: Cursor | None = None
    while True:
        page = list_thread(reader, deliberation_id, after, selection)
        yield page
        if page.next_after is None:
            return
        after = Cursor.parse(page.next_after, selection.order)
        assert after is not None


def walk_branch(reader: Session, head_id: int) -> Iterator[ThreadPage]:
    """Every stretch of a branch."""
    after: int | None = None
    while True:
        page = list_branch(reader, head_id, after)
        assert page is not None
        yield page
        if page.next_after is None:
            return
        after = int(page.next_after)


def test_every_comment_is_reached_once(db: Database, long: int) -> None:
    """Ensure the threads and the rest of each hold all comments, in order, on both databases."""
    with db.reading() as reader:
        everything = set(reader.scalars(sa.select(Comment.id)))
        pages = list(walk(reader, long, Selection()))
        reached: list[int] = []
        for page in pages:
            assert len(page.comments) <= LARGEST
            for root_id, count in page.replies.items():
                stretches = list(walk_branch(reader, root_id))
                under = [line for each in stretches for line in each.comments]
                shown = [c.id for c in page.comments if path_ids(c.path)[0] == root_id]
                assert [line.path for line in under] == sorted(line.path for line in under)
                assert shown == [root_id, *(line.id for line in under[:REPLIES_SHOWN])]
                assert count == min(len(under), COUNTED + 1)
                assert all(len(each.comments) <= BRANCH_A_PAGE for each in stretches)
                reached += [root_id, *(line.id for line in under)]

    assert len(pages) > 2
    assert sorted(reached) == sorted(everything)


def test_a_comment_is_found_on_its_page_with_parents_and_children(db: Database, long: int) -> None:
    """Ensure a permalink leads to the page that reading on would lead to."""
    with db.writing() as tx:
        roots = tx.scalars(sa.select(Comment).where(Comment.depth == 0).order_by(Comment.id)).all()
        for pinned in (roots[3], roots[70]):
            pinned.pinned_at = now(tx)

    with db.reading() as reader:
        page_of = {
            root_id: list(page.replies)
            for page in walk(reader, long, Selection())
            for root_id in page.replies
        }
        comments = reader.scalars(sa.select(Comment)).all()
        for comment in comments[::7]:
            place = find_place(reader, comment.id)
            assert place is not None
            page = list_around(reader, place)
            shown = {line.id for line in page.comments}
            children = [each.id for each in comments if each.parent_id == comment.id]
            assert list(page.replies) == page_of[place.root_id]
            assert {comment.id, *path_ids(comment.path)[-PARENTS_SHOWN:], *children[:5]} <= shown
            assert len(shown) <= LARGEST + PARENTS_SHOWN + 5


def test_pinned_threads_stand_first_and_once(db: Database, long: int) -> None:
    """Ensure pinning moves a thread to the top of the first page and of no other order."""
    with db.writing() as tx:
        roots = tx.scalars(sa.select(Comment).where(Comment.depth == 0).order_by(Comment.id)).all()
        late = roots[-1]
        late.pinned_at = now(tx)

    with db.reading() as reader:
        read = [line for page in walk(reader, long, Selection()) for line in page.comments]
        newest = list_thread(reader, long, None, Selection(Order.NEWEST))

    assert read[0].id == late.id
    assert read[0].is_pinned
    assert [line.id for line in read].count(late.id) == 1
    assert newest.comments[0].id == late.id


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("is_filtered", [False, True])
def test_each_order_is_kept_over_all_pages(
    db: Database, long: int, order: Order, is_filtered: bool
) -> None:
    """Ensure orders and filters combine, and no page boundary shows."""
    kind = CommentKind.QUESTION if is_filtered else None
    with db.reading() as reader:
        pages = list(walk(reader, long, Selection(order, kind=kind)))
        parents = set(reader.scalars(sa.select(Comment.parent_id)))
    lines = [line for page in pages for line in page.comments]
    tops = lines if is_filtered else [line for line in lines if line.depth == 0]

    by_order: dict[Order, list[tuple[int, ...]]] = {
        Order.OLDEST: [(line.id,) for line in tops],
        Order.NEWEST: [(-line.id,) for line in tops],
        Order.UNANSWERED: [(line.id,) for line in tops],
        Order.SUPPORT: [(-line.support, -line.id) for line in tops],
    }
    keys = by_order[order]
    assert keys == sorted(set(keys))
    assert len(tops) > ROOTS_A_PAGE or order is Order.UNANSWERED
    if order is Order.UNANSWERED:
        assert tops
        assert not {line.id for line in tops} & parents
    if order is Order.SUPPORT:
        assert tops[0].support > tops[-1].support
    if is_filtered:
        assert {line.kind for line in tops} == {CommentKind.QUESTION}
        assert pages[0].matches == min(len(tops), COUNTED + 1)


def test_filters_combine(db: Database, long: int) -> None:
    """Ensure group, kind and language all have to fit, at any depth."""
    selection = Selection(
        group=StakeholderGroup.TECHNICAL, kind=CommentKind.EVIDENCE, language="en"
    )
    other = Selection(group=StakeholderGroup.TECHNICAL, language="ar")

    with db.reading() as reader:
        found = [line for page in walk(reader, long, selection) for line in page.comments]
        none = list_thread(reader, long, None, other)

    assert {(line.group, line.kind) for line in found} == {
        (StakeholderGroup.TECHNICAL, CommentKind.EVIDENCE)
    }
    assert {line.depth for line in found} > {0}
    assert all(line.answered for line in found if line.depth)
    assert (none.comments, none.matches) == ([], 0)


def test_held_comments_stand_nowhere(db: Database, long: int) -> None:
    """Ensure what waits for a moderator is on no page, in no number and at no place."""
    with db.writing() as tx:
        held = tx.scalars(sa.select(Comment).where(Comment.depth.in_((0, 2))).limit(40)).all()
        for comment in held:
            comment.held_at = now(tx)
        ids = {comment.id for comment in held}

    with db.reading() as reader:
        for order in Order:
            for page in walk(reader, long, Selection(order)):
                assert not ids & {line.id for line in page.comments}
        assert not any(find_place(reader, each) for each in ids)
