"""Taking back what curators did: everything is as before, and nothing is deleted."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from deliberate.actions.additions import add_output, add_question
from deliberate.actions.curation import (
    accept_question,
    decline_question,
    merge_questions,
    reword_question,
    split_output,
    split_question,
)
from deliberate.actions.deliberations import open_output, open_question
from deliberate.actions.undoing import list_undoable, undo_decision
from deliberate.domain.errors import Conflict, NotFound, Refused
from deliberate.domain.forum import CurationKind, OutputKind, QuestionState
from deliberate.domain.people import VISITOR, Actor, Role
from deliberate.inputs.additions import NewOutput, NewQuestion
from deliberate.inputs.curation import (
    Opening,
    OutputSplit,
    QuestionMerger,
    QuestionSplit,
    Rewording,
)
from deliberate.storage.curation import CurationDecision, list_decisions
from deliberate.storage.database import Database, now
from deliberate.storage.forum import (
    ForumSession,
    Output,
    OutputPoint,
    PolicyQuestion,
    QuestionLineage,
    list_lineage,
    list_outputs,
    list_points,
    list_questions,
)
from tests.factories import PAGE, make_person, make_session
from tests.support.rows import count_rows

REASON = "It reads better this way."
BACK = "That was not what the meeting had agreed."
PARTS = ["Who pays for the oil in cities?", "Who pays for the oil in villages?"]
NOWHERE = 99_999
POINTS = ["Cities should publish where lanterns stand.", "Operators should share records."]
Step = Callable[[Session, Actor, Any], object]


@pytest.fixture
def curator(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


@pytest.fixture
def session(db: Database, curator: Actor) -> ForumSession:
    """An imported session with two questions, a takeaway and a call."""
    return make_session(db, curator)


def ids(tx: Session, session: ForumSession) -> list[int]:
    """The session's questions that can be worked on."""
    questions = list_questions(tx, session.id)
    return [each.id for each in questions if each.state is not QuestionState.REPLACED]


def last(tx: Session) -> CurationDecision:
    """The newest entry of the log."""
    tx.flush()
    entry: CurationDecision = list_decisions(tx, limit=1)[0][0]
    return entry


def accept(tx: Session, actor: Actor, session: ForumSession) -> None:
    """Accept the first question."""
    accept_question(tx, actor, ids(tx, session)[0], REASON)


def decline(tx: Session, actor: Actor, session: ForumSession) -> None:
    """Decline the first question."""
    decline_question(tx, actor, ids(tx, session)[0], REASON)


def reword(tx: Session, actor: Actor, session: ForumSession) -> None:
    """Give the first question another wording."""
    question = tx.get_one(PolicyQuestion, ids(tx, session)[0])
    form = Rewording(text=f"{question.text} Really?", reason=REASON, version=question.version)
    reword_question(tx, actor, question.id, form)


def split(tx: Session, actor: Actor, session: ForumSession) -> None:
    """Split the last question into two."""
    split_question(tx, actor, ids(tx, session)[-1], QuestionSplit(parts=PARTS, reason=REASON))


def merge(tx: Session, actor: Actor, session: ForumSession) -> None:
    """Merge all questions of the session into one."""
    chosen = [*ids(tx, session)[:9], NOWHERE]
    form = QuestionMerger(
        question_ids=chosen[: max(2, len(chosen) - 1)], text=PARTS[0], reason=REASON
    )
    merge_questions(tx, actor, form)


def cut(tx: Session, actor: Actor, session: ForumSession) -> None:
    """Split the call to action into points."""
    output = list_outputs(tx, session.id)[1]
    split_output(tx, actor, output.id, OutputSplit(parts=POINTS, reason=REASON))


def ask(tx: Session, actor: Actor, session: ForumSession) -> None:
    """Add a question by hand."""
    add_question(tx, actor, session.slug, NewQuestion(text="What do lamps cost?", reason=REASON))


def report(tx: Session, actor: Actor, session: ForumSession) -> None:
    """Add a takeaway by hand."""
    form = NewOutput(kind=OutputKind.KEY_TAKEAWAY, text="Lamps are dear.", reason=REASON)
    add_output(tx, actor, session.slug, form)


ACTS: list[Step] = [accept, decline, reword, split, merge, cut, ask, report]


def state_of(tx: Session) -> dict[str, Any]:
    """Everything curation changes: texts, states, lineage and points, what was taken back out.

    Versions only count changes, and count the undoing too.
    """
    tx.flush()
    tx.expire_all()
    alive = tx.scalars(
        sa.select(PolicyQuestion).where(PolicyQuestion.taken_back_at.is_(None))
    ).all()
    return {
        "questions": {
            each.id: (each.session_id, each.position, each.heading, each.source_line)
            for each in alive
        },
        "texts": {each.id: (each.text, each.original, each.state) for each in alive},
        "lineage": {
            (link.parent_id, link.child_id, link.kind)
            for link in list_lineage(tx, [each.id for each in alive])
        },
        "outputs": {
            each.id: (each.kind, each.position, each.text, each.source_line)
            for each in tx.scalars(sa.select(Output).where(Output.taken_back_at.is_(None)))
        },
        "points": {
            each.id: (each.output_id, each.position, each.text)
            for each in tx.scalars(
                sa.select(OutputPoint)
                .join(Output, Output.id == OutputPoint.output_id)
                .where(OutputPoint.replaced_at.is_(None), Output.taken_back_at.is_(None))
            )
        },
    }


class RolledBackError(Exception):
    """Ends a transaction that is not to be kept."""


@contextlib.contextmanager
def trial(db: Database) -> Iterator[Session]:
    """A transaction that leaves nothing, so that many sequences start from the same rows."""
    with contextlib.suppress(RolledBackError), db.writing() as tx:
        yield tx
        raise RolledBackError


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(ACTS), min_size=1, max_size=7))
def test_undoing_everything_in_reverse_gives_the_beginning(
    db: Database, curator: Actor, session: ForumSession, steps: list[Step]
) -> None:
    """Ensure texts, states, lineage and points come back exactly, whatever was done."""
    with trial(db) as tx:
        beginning = state_of(tx)
        made = []
        for step in steps:
            before = last(tx).id
            try:
                step(tx, curator, session)
            except (Conflict, NotFound):
                continue
            # The same judgement twice is one act.
            if last(tx).id != before:
                made.append(last(tx).id)
        for decision_id in reversed(made):
            assert decision_id in list_undoable(tx, session.id)
            undo_decision(tx, curator, decision_id, BACK)

        assert state_of(tx) == beginning
        assert list_undoable(tx, session.id) == {}


@pytest.mark.parametrize("act", ACTS)
def test_an_undo_is_public_and_linked_to_what_it_undid(
    db: Database, curator: Actor, session: ForumSession, act: Step
) -> None:
    """Ensure the log keeps both acts, with texts the other way round and a reason of its own."""
    with db.writing() as tx:
        act(tx, curator, session)
        undone = last(tx)

    with db.writing() as tx:
        undo_decision(tx, curator, undone.id, BACK)

    with db.reading() as reader:
        entry = last(reader)
    assert (entry.kind, entry.undoes_id, entry.reason) == (CurationKind.UNDO, undone.id, BACK)
    assert (entry.before, entry.after) == (undone.after, undone.before)
    assert (entry.question_id, entry.output_id) == (undone.question_id, undone.output_id)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_undone_once(
    db: Database, curator: Actor, session: ForumSession, act: Step
) -> None:
    """Ensure a second click changes nothing, and an undo itself cannot be undone."""
    with db.writing() as tx:
        act(tx, curator, session)
        undo = undo_decision(tx, curator, last(tx).id, BACK)
    before = count_rows(db)

    for decision_id in (undo.undoes_id or 0, undo.id):
        with pytest.raises(Conflict), db.writing() as tx:
            undo_decision(tx, curator, decision_id, BACK)

    assert count_rows(db) == before


@pytest.mark.parametrize(
    ("act", "later"),
    [
        (accept, decline),
        (accept, reword),
        (reword, merge),
        (split, merge),
        (split, split),
        (merge, accept),
        (ask, split),
        (cut, cut),
    ],
)
def test_what_was_built_on_stays_until_that_is_taken_back(
    db: Database, curator: Actor, session: ForumSession, act: Step, later: Step
) -> None:
    """Ensure nobody pulls away what others have worked on, and can once they take it back."""
    with db.writing() as tx:
        act(tx, curator, session)
        first = last(tx).id
        later(tx, curator, session)
        second = last(tx).id
        assert list(list_undoable(tx, session.id)) == [second]

    with pytest.raises(Conflict), db.writing() as tx:
        undo_decision(tx, curator, first, BACK)

    with db.writing() as tx:
        undo_decision(tx, curator, second, BACK)
        undo_decision(tx, curator, first, BACK)


def test_what_was_opened_is_not_taken_back(
    db: Database, curator: Actor, session: ForumSession
) -> None:
    """Ensure what people answer does not change under them."""
    with db.writing() as tx:
        accept(tx, curator, session)
        accepted = last(tx).id
        cut(tx, curator, session)
        divided = last(tx).id
        form = Opening(closes_at=now(tx) + timedelta(days=14))
        open_question(tx, curator, ids(tx, session)[0], form)
        open_output(tx, curator, list_outputs(tx, session.id)[1].id, form)
        assert list_undoable(tx, session.id) == {}
    before = count_rows(db)

    for decision_id in (accepted, divided):
        with pytest.raises(Conflict), db.writing() as tx:
            undo_decision(tx, curator, decision_id, BACK)

    assert count_rows(db) == before


def test_parts_taken_back_stay_with_their_lineage(
    db: Database, curator: Actor, session: ForumSession
) -> None:
    """Ensure nothing is deleted: the parts remain, replaced and in no list."""
    with db.writing() as tx:
        split(tx, curator, session)
        made = list((last(tx).restores or {})["made"])
        undo_decision(tx, curator, last(tx).id, BACK)

    with db.reading() as reader:
        for question_id in made:
            question = reader.get_one(PolicyQuestion, question_id)
            assert question.state is QuestionState.REPLACED
            assert question.taken_back_at is not None
        links = reader.scalars(sa.select(QuestionLineage.child_id)).all()
        assert list(links) == made
        assert not set(made) & {each.id for each in list_questions(reader, session.id)}
        assert list_lineage(reader, made) == []


def test_parts_taken_back_are_not_curated(
    db: Database, curator: Actor, session: ForumSession
) -> None:
    """Ensure a form that was shown before the undo is refused."""
    with db.writing() as tx:
        split(tx, curator, session)
        made = (last(tx).restores or {})["made"][0]
        report(tx, curator, session)
        output_id = last(tx).output_id or 0
        for decision_id in reversed(list(list_undoable(tx, session.id))):
            undo_decision(tx, curator, decision_id, BACK)

    with pytest.raises(Conflict), db.writing() as tx:
        accept_question(tx, curator, made, REASON)
    with pytest.raises(Conflict), db.writing() as tx:
        split_output(tx, curator, output_id, OutputSplit(parts=POINTS, reason=REASON))
    with pytest.raises(NotFound), db.writing() as tx:
        open_output(tx, curator, output_id, Opening(closes_at=now(tx) + timedelta(days=1)))


def test_points_can_be_one_again(db: Database, curator: Actor, session: ForumSession) -> None:
    """Ensure a call that was split for nothing is answered as a whole once more."""
    with db.writing() as tx:
        call = list_outputs(tx, session.id)[1]
        before = [point.id for point in list_points(tx, [call.id])]
        cut(tx, curator, session)
        undo_decision(tx, curator, last(tx).id, BACK)

    with db.reading() as reader:
        [point] = list_points(reader, [call.id])
        assert ([point.id], point.text) == (before, call.text)


def test_a_merger_across_sessions_is_undone_in_all_of_them(
    db: Database, curator: Actor, session: ForumSession
) -> None:
    """Ensure the questions of the other sessions come back too."""
    other = make_session(db, curator, PAGE.replace("#77", "#78"))
    with db.writing() as tx:
        beginning = state_of(tx)
        chosen = [ids(tx, session)[0], ids(tx, other)[0]]
        form = QuestionMerger(question_ids=chosen, text=PARTS[0], reason=REASON)
        merged = merge_questions(tx, curator, form, begun_from=chosen[1])
        assert merged.session_id == other.id

        undo_decision(tx, curator, last(tx).id, BACK)

        assert state_of(tx) == beginning


@pytest.mark.parametrize("role", [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT])
def test_only_mag_members_take_back(
    db: Database, curator: Actor, session: ForumSession, role: Role | None
) -> None:
    """Ensure everybody else is refused, and nothing changes."""
    actor = make_person(db, role=role) if role else VISITOR
    with db.writing() as tx:
        accept(tx, curator, session)
        decision_id = last(tx).id
    before = count_rows(db)

    with pytest.raises(Refused), db.writing() as tx:
        undo_decision(tx, actor, decision_id, BACK)

    assert count_rows(db) == before


def test_only_acts_on_questions_and_outputs_can_be_taken_back(
    db: Database, curator: Actor, session: ForumSession
) -> None:
    """Ensure an import is not undone, and a wrong number is told from a refusal."""
    with db.reading() as reader:
        imported = last(reader)
        assert (imported.kind, imported.session_id) == (CurationKind.IMPORT, session.id)

    with pytest.raises(Conflict), db.writing() as tx:
        undo_decision(tx, curator, imported.id, BACK)
    with pytest.raises(NotFound), db.writing() as tx:
        undo_decision(tx, curator, 999, BACK)
