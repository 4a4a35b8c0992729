"""Claims about tending threads, on both databases."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deliberate.actions.gardening import undo
from deliberate.domain.errors import Conflict, DomainError, Invalid, Refused
from deliberate.domain.forum import OutputKind
from deliberate.domain.gardening import GardenAct
from deliberate.domain.people import Actor, Role
from deliberate.domain.threads import Anchor
from deliberate.storage.audit import AuditEvent
from deliberate.storage.comments import Comment, find_comment
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.gardening import list_acts, list_stubs
from tests.factories import make_comment, make_deliberation, make_person, make_proposals
from tests.support.arguing import make_argument
from tests.support.clock import FakeClock
from tests.support.rows import count_rows
from tests.support.tending import REASON, assert_whole, do, rows_of

SPLIT, MERGE, MOVE = GardenAct.SPLIT, GardenAct.MERGE, GardenAct.MOVE
PLACES = st.lists(
    st.tuples(
        st.sampled_from([SPLIT, MERGE, MERGE, MOVE, None]), st.integers(0, 8), st.integers(0, 8)
    ),
    max_size=8,
)


@pytest.fixture
def facilitator(db: Database) -> Actor:
    """A facilitator."""
    return make_person(db, role=Role.FACILITATOR)


@pytest.fixture
def home(db: Database) -> Deliberation:
    """A discussion."""
    return make_deliberation(db)


@pytest.fixture
def other(db: Database) -> Deliberation:
    """Another discussion."""
    return make_deliberation(db, output=OutputKind.CALL_TO_ACTION)


def make_thread(db: Database, home_id: int, steps: int, **fields: int) -> list[int]:
    """A comment, a reply to it, a reply to that one, and so on; their ids."""
    author = make_person(db)
    ids = [make_comment(db, home_id, author, **fields).id]
    while len(ids) < steps:
        ids.append(make_comment(db, home_id, author, parent_id=ids[-1], **fields).id)
    return ids


def place_of(db: Database, comment_id: int) -> tuple[int, int | None, int]:
    """The discussion, the parent and the depth of a comment."""
    with db.reading() as reader:
        found = find_comment(reader, comment_id)
    assert found is not None
    return found.deliberation_id, found.parent_id, found.depth


def take_back(db: Database, actor: Actor, act_id: int) -> None:
    """Undo an act in a transaction of its own."""
    with db.writing() as tx:
        undo(tx, actor, act_id)


def test_a_reply_becomes_a_thread_with_all_that_is_under_it(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure a split takes the branch along, stays about the same proposal, and can be undone."""
    proposal = make_proposals(db, home.id, 1)[0]
    root, reply, deep = make_thread(db, home.id, 3, proposal_id=proposal.id)
    before = rows_of(db)

    act = do(db, facilitator, reply, SPLIT)

    assert place_of(db, reply) == (home.id, None, 0)
    assert place_of(db, deep) == (home.id, reply, 1)
    assert_whole(db)
    with db.reading() as reader:
        split = reader.get_one(Comment, deep)
        assert (split.anchor, split.proposal_id) == (Anchor.PROPOSAL, proposal.id)
        (line,) = list_acts(reader, home.id, 10)
        event = reader.scalars(sa.select(AuditEvent).where(AuditEvent.act == "split")).one()
    assert (line.act, line.reason, line.from_parent_id, line.is_last) == (SPLIT, REASON, root, True)
    assert event.actor_id == facilitator.id
    assert act is not None
    take_back(db, facilitator, act.id)
    assert rows_of(db) == before


def test_a_thread_goes_under_a_comment_and_is_about_what_that_is_about(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure a merge renumbers a whole branch, and replies written since go back with it."""
    proposal = make_proposals(db, home.id, 1)[0]
    target = make_thread(db, home.id, 2, proposal_id=proposal.id)[-1]
    root, reply = make_thread(db, home.id, 2)
    before = rows_of(db)

    act = do(db, facilitator, root, MERGE, parent=target)
    late = make_comment(db, home.id, parent_id=reply)

    assert place_of(db, late.id) == (home.id, reply, 4)
    assert {row[6] for row in rows_of(db)} == {proposal.id}
    assert_whole(db)
    assert act is not None
    take_back(db, facilitator, act.id)
    assert rows_of(db)[:-1] == before
    assert place_of(db, late.id) == (home.id, reply, 2)
    assert_whole(db)


def test_a_thread_goes_to_another_discussion_and_leaves_a_line(
    db: Database, facilitator: Actor, home: Deliberation, other: Deliberation
) -> None:
    """Ensure both discussions log the move, the old one says where, and undoing clears that."""
    proposal = make_proposals(db, home.id, 1)[0]
    root, reply, deep = make_thread(db, home.id, 3, proposal_id=proposal.id)
    before = rows_of(db)

    act = do(db, facilitator, reply, MOVE, home=other.id)

    assert act is not None
    assert place_of(db, deep) == (other.id, reply, 1)
    assert_whole(db)
    with db.reading() as reader:
        moved = reader.get_one(Comment, deep)
        assert (moved.anchor, moved.proposal_id) == (Anchor.SUBJECT, None)
        (stub,) = list_stubs(reader, home.id)
        logs = [[line.act for line in list_acts(reader, each.id, 9)] for each in (home, other)]
        assert list_stubs(reader, other.id) == []
    assert (stub.comment_id, stub.parent_id, stub.home_id) == (reply, root, other.id)
    assert logs == [[MOVE], [MOVE]]
    take_back(db, facilitator, act.id)
    assert rows_of(db) == before
    with db.reading() as reader:
        assert list_stubs(reader, home.id) == []


def test_what_was_done_last_is_undone_first(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure an act waits for later ones on the same comment, and no undoing makes a circle."""
    root, reply = make_thread(db, home.id, 2)
    first = do(db, facilitator, reply, SPLIT)
    second = do(db, facilitator, root, MERGE, parent=reply)
    assert first is not None
    assert second is not None

    with pytest.raises(Conflict, match="stands under it now"):
        take_back(db, facilitator, first.id)
    third = do(db, facilitator, root, SPLIT)
    with pytest.raises(Conflict, match="done to this thread since"):
        take_back(db, facilitator, second.id)

    assert third is not None
    for act in (third, second, first, first):
        take_back(db, facilitator, act.id)
    assert place_of(db, reply) == (home.id, root, 1)
    assert_whole(db)


def test_impossible_places_are_refused(
    db: Database,
    facilitator: Actor,
    home: Deliberation,
    other: Deliberation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ensure circles, depths, strangers and comments under arguments stay where they are."""
    monkeypatch.setattr("deliberate.storage.gardening.DEEPEST", 2)
    root, reply = make_thread(db, home.id, 2)
    long, _answer = make_thread(db, home.id, 2)
    (elsewhere,) = make_thread(db, other.id, 1)
    (cited,) = make_thread(db, home.id, 1)
    make_argument(db, facilitator, home.id, [cited])
    written, places = count_rows(db), rows_of(db)

    for parent in (root, reply, elsewhere, 9_999):
        with pytest.raises(Invalid):
            do(db, facilitator, root, MERGE, parent=parent)
    with pytest.raises(Invalid, match="too deep"):
        do(db, facilitator, long, MERGE, parent=reply)
    with pytest.raises(Conflict, match="Arguments of this discussion"):
        do(db, facilitator, cited, MOVE, home=other.id)
    with pytest.raises(Invalid):
        do(db, facilitator, root, MOVE, home=9_999)
    with pytest.raises(Invalid):
        do(db, facilitator, reply, GardenAct.PIN)
    with pytest.raises(Invalid):
        do(db, facilitator, root, GardenAct.SETTLE, answer=root)

    assert count_rows(db) == written
    assert rows_of(db) == places


@pytest.mark.one_database
def test_only_facilitators_tend_and_only_what_is_open(
    db: Database, clock: FakeClock, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure nobody else moves a thread, not even its author, and nobody into the past."""
    _root, reply = make_thread(db, home.id, 2)
    short = make_deliberation(db, days=2, output=OutputKind.KEY_TAKEAWAY)
    author = make_person(db)

    with pytest.raises(Refused):
        do(db, author, reply, SPLIT)
    clock.advance(days=3)
    with pytest.raises(Refused):
        do(db, facilitator, reply, MOVE, home=short.id)

    assert place_of(db, reply)[0] == home.id


def test_a_locked_thread_takes_no_replies_anywhere(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure locking reaches the whole branch, moves with its place, and ends by unlocking."""
    root, reply = make_thread(db, home.id, 2)
    (open_thread,) = make_thread(db, home.id, 1)
    lock = do(db, facilitator, root, GardenAct.LOCK)

    with pytest.raises(Refused, match="takes no more replies"):
        make_comment(db, home.id, parent_id=reply)
    do(db, facilitator, reply, MERGE, parent=open_thread)
    make_comment(db, home.id, parent_id=reply)
    with pytest.raises(Refused, match="takes no more replies"):
        make_comment(db, home.id, parent_id=root)

    assert lock is not None
    take_back(db, facilitator, lock.id)
    make_comment(db, home.id, parent_id=root)
    assert_whole(db)


def test_marks_are_set_once_and_come_back(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure a second click does nothing, and undoing a reopening names the same answer again."""
    root, answer = make_thread(db, home.id, 2)
    do(db, facilitator, root, GardenAct.PIN)

    assert do(db, facilitator, root, GardenAct.PIN) is None
    do(db, facilitator, root, GardenAct.SETTLE, answer=answer)
    reopened = do(db, facilitator, root, GardenAct.REOPEN)
    with db.reading() as reader:
        opened = reader.get_one(Comment, root)
        state = (opened.pinned_at is not None, opened.settled_at, opened.answer_id)
    assert reopened is not None
    take_back(db, facilitator, reopened.id)

    with db.reading() as reader:
        settled = reader.get_one(Comment, root)
        kinds = [line.act for line in list_acts(reader, home.id, 10)]
    assert state == (True, None, None)
    assert (settled.settled_at is not None, settled.answer_id) == (True, answer)
    assert kinds == [GardenAct.REOPEN, GardenAct.SETTLE, GardenAct.PIN]


@pytest.mark.one_database
def test_a_facilitators_words_are_told_apart_for_good(
    db: Database, facilitator: Actor, home: Deliberation
) -> None:
    """Ensure a comment keeps whether a facilitator wrote it."""
    own = make_comment(db, home.id, facilitator)
    others = make_comment(db, home.id)

    assert (own.by_facilitator, others.by_facilitator) == (True, False)


def attempt(
    db: Database, actor: Actor, ids: Sequence[int], homes: Sequence[int],
    step: tuple[GardenAct | None, int, int], done: list[int],
) -> None:  # fmt: skip
    """Do one step of a story, or take the last one back; what is refused changes nothing."""
    act, one, two = step
    try:
        if act is None:
            if done:
                take_back(db, actor, done.pop())
            return
        target = {MERGE: {"parent": ids[two % len(ids)]}, MOVE: {"home": homes[two % 2]}}
        made = do(db, actor, ids[one % len(ids)], act, **target.get(act, {}))
        if made is not None:
            done.append(made.id)
    except DomainError:
        assert act is not None, "the last act can always be taken back"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=PLACES)
@pytest.mark.one_database
def test_any_story_keeps_threads_whole_and_can_be_taken_back(
    db: Database,
    facilitator: Actor,
    home: Deliberation,
    other: Deliberation,
    steps: list[tuple[GardenAct | None, int, int]],
) -> None:
    """Ensure paths, depths and parents agree after any acts, and that undoing all restores all."""
    homes = [home.id, other.id]
    ids = [each for home_id in homes for each in make_thread(db, home_id, 3)]
    ids.append(make_comment(db, home.id, parent_id=ids[0]).id)
    before = rows_of(db)
    done: list[int] = []

    for step in steps:
        attempt(db, facilitator, ids, homes, step, done)
        assert_whole(db)

    while done:
        take_back(db, facilitator, done.pop())
    assert rows_of(db) == before
