"""Curators who act at the same moment: one effect each, and never a half."""

from datetime import timedelta

import pytest

from deliberate.actions.curation import accept_question
from deliberate.actions.designs import find_design, find_subject, save_design
from deliberate.domain.forum import CurationKind, QuestionState
from deliberate.domain.people import Actor, Role
from deliberate.inputs.curation import Opening
from deliberate.inputs.process import Freezing
from deliberate.storage.curation import find_newest_by, list_decisions
from deliberate.storage.database import Database
from deliberate.storage.deliberation_pages import list_pages
from deliberate.storage.deliberations import list_rounds
from deliberate.storage.forum import find_question, list_lineage, list_questions
from tests.factories import PAGE, make_person, make_session
from tests.races.curators import REASON, fix_or_save, merge, open_or_undo, undo
from tests.support.clock import FakeClock
from tests.support.designing import as_form, ranked
from tests.support.processes import run_together

PROCESSES = 8


@pytest.fixture
def curator(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


def accepted(db: Database, curator: Actor) -> tuple[int, int]:
    """A question that was accepted, and the act."""
    session = make_session(db, curator)
    with db.writing() as tx:
        question = list_questions(tx, session.id)[0]
        accept_question(tx, curator, question.id, REASON)
        tx.flush()
        decision = find_newest_by(tx, curator)
        assert decision is not None
        return question.id, decision.id


def test_an_act_is_undone_once_by_many(
    db: Database, database_url: str, clock: FakeClock, curator: Actor
) -> None:
    """Ensure of all who take one act back at once a single one does, and one entry says so."""
    question_id, decision_id = accepted(db, curator)

    done = run_together(undo, [(database_url, clock, curator, decision_id)] * PROCESSES)

    assert sorted(done) == [False] * (PROCESSES - 1) + [True]
    with db.reading() as reader:
        kinds = [entry.kind for entry, *_rest in list_decisions(reader)]
        question = find_question(reader, question_id)
    assert kinds.count(CurationKind.UNDO) == 1
    assert question is not None
    assert question.state is QuestionState.IMPORTED


def test_opening_and_undoing_take_turns(
    db: Database, database_url: str, clock: FakeClock, curator: Actor
) -> None:
    """Ensure a question is never open and yet no longer accepted."""
    question_id, decision_id = accepted(db, curator)
    form = Opening(closes_at=clock.now + timedelta(days=14))

    shared = (database_url, clock, curator, decision_id, question_id)
    done = run_together(open_or_undo, [(*shared, form), (*shared, None)])

    assert sorted(done) == [False, True]
    with db.reading() as reader:
        question = find_question(reader, question_id)
        assert question is not None
        pages = list_pages(reader, question.session_id)
    assert (len(pages), question.state) in {
        (1, QuestionState.ACCEPTED),
        (0, QuestionState.IMPORTED),
    }


def test_what_is_fixed_is_what_was_looked_at(
    db: Database, database_url: str, clock: FakeClock, curator: Actor
) -> None:
    """Ensure a design is not saved anew while it is opened: one of both is told."""
    question_id, _decision = accepted(db, curator)
    looked_at, other = ranked(clock()), ranked(clock(), minimum=7)
    with db.writing() as tx:
        save_design(tx, curator, find_subject(tx, question_id=question_id), as_form(looked_at))

    shared = (database_url, clock, curator, question_id)
    opened, saved = run_together(
        fix_or_save, [(*shared, Freezing(version=1)), (*shared, as_form(other, 1))]
    )

    assert opened != saved
    with db.reading() as reader:
        found = find_design(reader, find_subject(reader, question_id=question_id))
        rounds = list_rounds(reader, question_id=question_id)
    assert found == ((looked_at, 1) if opened else (other, 2))
    assert [each.frozen["minimum"] for each in rounds] == ([looked_at.minimum] if opened else [])


def test_a_question_is_merged_once(
    db: Database, database_url: str, clock: FakeClock, curator: Actor
) -> None:
    """Ensure mergers from both sides at once wait for each other, and one of them is told."""
    sessions = [make_session(db, curator, PAGE.replace("#77", f"#{77 + n}")) for n in range(2)]
    with db.reading() as reader:
        ids = [list_questions(reader, session.id)[0].id for session in sessions]
    shared = (database_url, clock, curator)

    done = run_together(merge, [(*shared, ids, ids[0]), (*shared, ids[::-1], ids[1])] * 2)

    assert sorted(done) == [False, False, False, True]
    with db.reading() as reader:
        links = list_lineage(reader, ids)
    assert sorted(link.parent_id for link in links) == sorted(ids)
    assert len({link.child_id for link in links}) == 1
