"""Writing in a discussion and taking back what one wrote."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from deliberate.actions.comments import add_comment, retract_comment
from deliberate.domain.errors import Conflict, NotFound, Refused
from deliberate.domain.people import VISITOR, Actor, Role, StakeholderGroup
from deliberate.domain.threads import DEEPEST, CommentKind, path_depth
from deliberate.inputs.contributions import NewComment
from deliberate.storage.audit import AuditEvent
from deliberate.storage.comments import find_comment
from deliberate.storage.database import Database
from deliberate.storage.deliberations import find_deliberation
from deliberate.storage.places import find_place
from deliberate.storage.threads import list_around, list_branch, list_thread
from tests.factories import make_comment, make_deliberation, make_person, make_proposals
from tests.support.clock import FakeClock
from tests.support.rows import count_rows


def new(**fields: object) -> NewComment:
    """A valid form with a key of its own."""
    values = {"body": "A remark.", "submission_key": str(uuid.uuid4())} | fields
    return NewComment.model_validate(values)


def revision(db: Database, deliberation_id: int) -> int:
    """The deliberation's revision as stored."""
    with db.reading() as reader:
        found = find_deliberation(reader, deliberation_id)
        assert found is not None
        return found.revision


def bodies(db: Database, deliberation_id: int) -> list[str]:
    """The texts of the discussion in the order shown."""
    with db.reading() as reader:
        return [line.body_html for line in list_thread(reader, deliberation_id).comments]


def test_a_comment_keeps_who_wrote_it_and_as_what(db: Database, clock: FakeClock) -> None:
    """Ensure author, group, kind and moment are stored, and the act is recorded beside it."""
    deliberation = make_deliberation(db)
    author = make_person(db, StakeholderGroup.TECHNICAL, organisation="Wicks Ltd")
    before = revision(db, deliberation.id)

    with db.writing() as tx:
        made = add_comment(tx, author, deliberation.id, new(kind=CommentKind.QUESTION))

    with db.reading() as reader:
        (line,) = list_thread(reader, deliberation.id).comments
        query = sa.select(AuditEvent.act).where(AuditEvent.subject_type == "comment")
        acts = reader.scalars(query).all()
    assert line.id == made.id
    assert line.author_name == author.name
    assert (line.group, line.organisation) == (StakeholderGroup.TECHNICAL, "Wicks Ltd")
    assert (line.kind, line.written_at) == (CommentKind.QUESTION, clock.now)
    assert acts == ["commented"]
    assert revision(db, deliberation.id) == before + 1


def test_replies_follow_their_comment_in_order(db: Database) -> None:
    """Ensure a discussion reads as a tree, whatever the order in which it was written."""
    deliberation = make_deliberation(db)
    first = make_comment(db, deliberation.id, body="first")
    make_comment(db, deliberation.id, body="second")
    answer = make_comment(db, deliberation.id, body="answer", parent_id=first.id)
    make_comment(db, deliberation.id, body="late answer", parent_id=first.id)

    deep = make_comment(db, deliberation.id, body="deep", parent_id=answer.id)

    expected = ["first", "answer", "deep", "late answer", "second"]
    assert bodies(db, deliberation.id) == [f"<p>{text}</p>\n" for text in expected]
    assert deep.depth == 2


def test_one_rendering_of_a_form_makes_one_comment(db: Database) -> None:
    """Ensure copies sent at the same time end as one comment and one record."""
    deliberation, author, form = make_deliberation(db), make_person(db), new()
    barrier = threading.Barrier(4)

    def send() -> int:
        barrier.wait()
        with db.writing() as tx:
            return add_comment(tx, author, deliberation.id, form).id

    with ThreadPoolExecutor(4) as pool:
        made = {future.result() for future in [pool.submit(send) for _ in range(4)]}

    assert len(made) == 1
    assert len(bodies(db, deliberation.id)) == 1


def test_two_people_may_hold_the_same_key(db: Database) -> None:
    """Ensure a key says something about its own author's forms only."""
    deliberation, form = make_deliberation(db), new()

    for _ in range(2):
        person = make_person(db)
        with db.writing() as tx:
            add_comment(tx, person, deliberation.id, form)

    assert len(bodies(db, deliberation.id)) == 2


@pytest.mark.parametrize("days", [-1, 30])
def test_writing_is_refused_outside_the_dates(db: Database, clock: FakeClock, days: int) -> None:
    """Ensure nothing is written before opening, nor from the very second of closing on."""
    deliberation, author = make_deliberation(db), make_person(db)
    clock.advance(days=days)
    before = count_rows(db)

    with pytest.raises(Refused, match="not open"), db.writing() as tx:
        add_comment(tx, author, deliberation.id, new())

    assert count_rows(db) == before


def test_the_last_second_counts(db: Database, clock: FakeClock) -> None:
    """Ensure a comment a second before closing is taken."""
    deliberation, author = make_deliberation(db), make_person(db)
    clock.advance(days=30, seconds=-1)

    with db.writing() as tx:
        add_comment(tx, author, deliberation.id, new())

    assert len(bodies(db, deliberation.id)) == 1


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_comment_and_a_visitor_may_not(db: Database, role: Role) -> None:
    """Ensure discussing is open to all who have an account, staff included."""
    deliberation, person = make_deliberation(db), make_person(db, role=role)

    with db.writing() as tx:
        add_comment(tx, person, deliberation.id, new())
    with pytest.raises(Refused, match="Sign in"), db.writing() as tx:
        add_comment(tx, VISITOR, deliberation.id, new())

    assert len(bodies(db, deliberation.id)) == 1


def test_a_reply_is_about_what_its_comment_is_about(db: Database) -> None:
    """Ensure a reply under a comment on a proposal belongs to the proposal, whatever it says."""
    deliberation = make_deliberation(db)
    first, second = make_proposals(db, deliberation.id, 2)
    parent = make_comment(db, deliberation.id, proposal_id=first.id)

    reply = make_comment(db, deliberation.id, parent_id=parent.id, proposal_id=second.id)

    assert reply.proposal_id == first.id


@pytest.mark.parametrize("field", ["parent_id", "proposal_id"])
def test_nothing_hangs_on_what_does_not_exist(db: Database, field: str) -> None:
    """Ensure unknown comments and proposals are named as missing."""
    deliberation, author = make_deliberation(db), make_person(db)

    with pytest.raises(NotFound), db.writing() as tx:
        add_comment(tx, author, deliberation.id, new(**{field: 999_999}))

    assert bodies(db, deliberation.id) == []


def test_a_chain_of_four_hundred_replies_is_kept_and_read(db: Database) -> None:
    """Ensure no chain is too long for the index, and each reply says what it answers."""
    deliberation_id, author = make_deliberation(db).id, make_person(db, name="Ada Long")
    chain: list[int] = []
    with db.writing() as tx:
        for _ in range(400):
            form = new(parent_id=chain[-1] if chain else None)
            chain.append(add_comment(tx, author, deliberation_id, form).id)

    with db.reading() as reader:
        read, after = list(chain[:1]), None
        while page := list_branch(reader, chain[0], after):
            read += [line.id for line in page.comments]
            if page.next_after is None:
                break
            after = int(page.next_after)
        last = find_comment(reader, chain[-1])
        place = find_place(reader, chain[-1])
        assert last is not None
        assert place is not None
        around = list_around(reader, place).comments
    assert read == chain
    assert (last.depth, path_depth(last.path), last.parent_id) == (DEEPEST, DEEPEST, chain[-2])
    (shown,) = (line for line in around if line.id == chain[-1])
    assert shown.answered == "Ada Long"


def retract(db: Database, actor: Actor, comment_id: int) -> None:
    """Take a comment back in a transaction of its own."""
    with db.writing() as tx:
        retract_comment(tx, actor, comment_id)


def test_a_retracted_comment_leaves_its_place_and_no_text(db: Database) -> None:
    """Ensure the text is out of every reader's reach, and doing it twice changes nothing."""
    deliberation, author = make_deliberation(db), make_person(db)
    comment = make_comment(db, deliberation.id, author, body="regretted")
    make_comment(db, deliberation.id, parent_id=comment.id, body="kept")

    retract(db, author, comment.id)
    after_first = revision(db, deliberation.id)
    retract(db, author, comment.id)

    assert bodies(db, deliberation.id) == ["", "<p>kept</p>\n"]
    assert revision(db, deliberation.id) == after_first


def test_only_the_author_takes_back_and_only_in_time(db: Database, clock: FakeClock) -> None:
    """Ensure neither staff nor a late author changes the record."""
    deliberation, author = make_deliberation(db), make_person(db)
    comment = make_comment(db, deliberation.id, author)

    for role in Role:
        with pytest.raises(Refused, match="author"):
            retract(db, make_person(db, role=role), comment.id)
    clock.advance(days=31)
    with pytest.raises(Refused, match="not open"):
        retract(db, author, comment.id)

    with db.reading() as reader:
        stored = find_comment(reader, comment.id)
        assert stored is not None
        assert stored.retracted_at is None
    with pytest.raises(NotFound):
        retract(db, author, 999_999)


def test_a_retracted_comment_takes_no_replies(db: Database) -> None:
    """Ensure nobody answers words that are gone."""
    deliberation, author = make_deliberation(db), make_person(db)
    comment = make_comment(db, deliberation.id, author)
    retract(db, author, comment.id)

    with pytest.raises(Conflict, match="no longer shown"), db.writing() as tx:
        add_comment(tx, author, deliberation.id, new(parent_id=comment.id))
