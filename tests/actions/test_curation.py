"""What curators do to questions and outputs, and what is no longer possible."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from deliberate.actions import curation
from deliberate.actions.deliberations import open_output, open_question
from deliberate.domain.errors import Conflict, Invalid, NotFound, Refused
from deliberate.domain.forum import CurationKind, LineageKind, QuestionState
from deliberate.domain.people import VISITOR, Actor, Role
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
    PolicyQuestion,
    find_question,
    list_lineage,
    list_outputs,
    list_points,
    list_questions,
)
from tests.factories import PAGE, make_person, make_session
from tests.support.rows import count_rows

REASON = "It reads better this way."
WORDING = "How can lanterns and community networks share their poles?"
PARTS = ["Who pays for the oil in cities?", "Who pays for the oil in villages?"]
Act = Callable[[Session, Actor, int], object]


def accept(tx: Session, actor: Actor, question_id: int) -> object:
    """Accept with a reason."""
    return curation.accept_question(tx, actor, question_id, REASON)


def decline(tx: Session, actor: Actor, question_id: int) -> object:
    """Decline with a reason."""
    return curation.decline_question(tx, actor, question_id, REASON)


def reword(tx: Session, actor: Actor, question_id: int, version: int = 1) -> object:
    """Reword from the version first stored."""
    form = Rewording(text=WORDING, reason=REASON, version=version)
    return curation.reword_question(tx, actor, question_id, form)


def split(tx: Session, actor: Actor, question_id: int) -> list[PolicyQuestion]:
    """Split into two."""
    form = QuestionSplit(parts=PARTS, reason=REASON)
    return curation.split_question(tx, actor, question_id, form)


def merge(tx: Session, actor: Actor, question_id: int) -> PolicyQuestion:
    """Merge with every other question of the session that can still be curated."""
    question = find_question(tx, question_id)
    others = list_questions(tx, question.session_id) if question else []
    ids = {question_id} | {each.id for each in others if each.state is not QuestionState.REPLACED}
    form = QuestionMerger(question_ids=[*ids, 999][: max(2, len(ids))], text=WORDING, reason=REASON)
    return curation.merge_questions(tx, actor, form)


ACTS: list[Act] = [accept, decline, reword, split, merge]


@pytest.fixture
def curator(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


@pytest.fixture
def questions(db: Database, curator: Actor) -> list[int]:
    """The ids of the two questions of an imported session."""
    session = make_session(db, curator)
    with db.reading() as reader:
        return [question.id for question in list_questions(reader, session.id)]


def load(db: Database, question_id: int) -> PolicyQuestion:
    """The question as stored."""
    with db.reading() as reader:
        question = find_question(reader, question_id)
    assert question is not None
    return question


def last_entry(db: Database) -> CurationDecision:
    """The newest entry of the curation log."""
    with db.reading() as reader:
        entry: CurationDecision = list_decisions(reader, limit=1)[0][0]
        return entry


def opening(tx: Session) -> Opening:
    """Dates from now until a fortnight later."""
    return Opening(closes_at=now(tx) + timedelta(days=14))


@pytest.mark.parametrize(
    ("act", "state", "kind"),
    [
        (accept, QuestionState.ACCEPTED, CurationKind.ACCEPT),
        (decline, QuestionState.DECLINED, CurationKind.DECLINE),
    ],
)
def test_a_judgement_is_public_with_its_reason(
    db: Database,
    curator: Actor,
    questions: list[int],
    act: Act,
    state: QuestionState,
    kind: CurationKind,
) -> None:
    """Ensure accepting and declining change the state and say why in the log."""
    with db.writing() as tx:
        act(tx, curator, questions[0])

    assert load(db, questions[0]).state is state
    entry = last_entry(db)
    assert (entry.kind, entry.reason, entry.question_id) == (kind, REASON, questions[0])


def test_a_judgement_can_be_reversed_until_opening(
    db: Database, curator: Actor, questions: list[int]
) -> None:
    """Ensure a declined question can be accepted after all, and the other way round."""
    for act, state in (
        (decline, QuestionState.DECLINED),
        (accept, QuestionState.ACCEPTED),
        (decline, QuestionState.DECLINED),
    ):
        with db.writing() as tx:
            act(tx, curator, questions[0])
        assert load(db, questions[0]).state is state


def test_the_same_judgement_twice_is_one(
    db: Database, curator: Actor, questions: list[int]
) -> None:
    """Ensure a double click leaves one entry in the log."""
    with db.writing() as tx:
        accept(tx, curator, questions[0])
    before = count_rows(db)

    with db.writing() as tx:
        accept(tx, curator, questions[0])

    assert count_rows(db) == before


def test_a_rewording_keeps_the_original(db: Database, curator: Actor, questions: list[int]) -> None:
    """Ensure the session's own words stay beside the curator's."""
    original = load(db, questions[0]).text

    with db.writing() as tx:
        reword(tx, curator, questions[0])

    question = load(db, questions[0])
    assert (question.text, question.original) == (WORDING, original)
    assert (last_entry(db).before, last_entry(db).after) == ([original], [WORDING])


def test_a_rewording_of_an_older_version_is_a_conflict(
    db: Database, curator: Actor, questions: list[int]
) -> None:
    """Ensure nobody's wording is overwritten unseen; the other's is shown."""
    with db.writing() as tx:
        reword(tx, curator, questions[0])

    form = Rewording(text="Something else altogether?", reason=REASON, version=1)
    with pytest.raises(Conflict) as caught, db.writing() as tx:
        curation.reword_question(tx, curator, questions[0], form)

    assert WORDING in caught.value.advice
    assert load(db, questions[0]).text == WORDING


def test_a_split_keeps_its_lineage(db: Database, curator: Actor, questions: list[int]) -> None:
    """Ensure the parts point at the question they came from and stand in its place."""
    parent = load(db, questions[1])

    with db.writing() as tx:
        children = split(tx, curator, parent.id)

    with db.reading() as reader:
        links = list_lineage(reader, [parent.id])
    assert [(link.parent_id, link.child_id, link.kind) for link in links] == [
        (parent.id, child.id, LineageKind.SPLIT) for child in children
    ]
    assert load(db, parent.id).state is QuestionState.REPLACED
    for child, text in zip(children, PARTS, strict=True):
        assert (child.text, child.state) == (text, QuestionState.IMPORTED)
        assert (child.position, child.source_line) == (parent.position, parent.source_line)


def test_a_merger_keeps_its_lineage(db: Database, curator: Actor, questions: list[int]) -> None:
    """Ensure the merged question points at every question it came from, each replaced."""
    texts = [load(db, question_id).text for question_id in questions]

    with db.writing() as tx:
        merged = merge(tx, curator, questions[0])

    with db.reading() as reader:
        links = list_lineage(reader, [merged.id])
    assert {(link.parent_id, link.child_id, link.kind) for link in links} == {
        (question_id, merged.id, LineageKind.MERGE) for question_id in questions
    }
    assert {load(db, question_id).state for question_id in questions} == {QuestionState.REPLACED}
    assert (last_entry(db).before, last_entry(db).after) == (texts, [WORDING])


def test_a_question_is_not_merged_with_itself(
    db: Database, curator: Actor, questions: list[int]
) -> None:
    """Ensure naming one question twice is not taken for two."""
    form = QuestionMerger(question_ids=[questions[0]] * 2, text=WORDING, reason=REASON)

    with pytest.raises(Invalid), db.writing() as tx:
        curation.merge_questions(tx, curator, form)

    assert load(db, questions[0]).state is QuestionState.IMPORTED


def test_questions_of_two_sessions_are_not_merged(
    db: Database, curator: Actor, questions: list[int]
) -> None:
    """Ensure a merged question belongs to one session only."""
    other = make_session(db, curator, PAGE.replace("WS #77", "WS #78"))
    with db.reading() as reader:
        foreign = list_questions(reader, other.id)[0].id
    before = count_rows(db)

    form = QuestionMerger(question_ids=[questions[0], foreign], text=WORDING, reason=REASON)
    with pytest.raises(Invalid), db.writing() as tx:
        curation.merge_questions(tx, curator, form)

    assert count_rows(db) == before
    assert load(db, foreign).state is QuestionState.IMPORTED


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT])
def test_only_mag_members_curate(
    db: Database, questions: list[int], act: Act, role: Role | None
) -> None:
    """Ensure everybody else is refused each act, and nothing changes."""
    actor = make_person(db, role=role) if role else VISITOR
    before = count_rows(db)

    with pytest.raises(Refused), db.writing() as tx:
        act(tx, actor, questions[0])

    assert count_rows(db) == before
    assert load(db, questions[0]).version == 1


@pytest.mark.parametrize("act", ACTS)
def test_an_opened_question_cannot_be_curated(
    db: Database, curator: Actor, questions: list[int], act: Act
) -> None:
    """Ensure what people answer does not change under them."""
    with db.writing() as tx:
        accept(tx, curator, questions[0])
        open_question(tx, curator, questions[0], opening(tx))
    before = count_rows(db)

    with pytest.raises(Conflict), db.writing() as tx:
        act(tx, curator, questions[0])

    assert count_rows(db) == before


@pytest.mark.parametrize("act", ACTS)
def test_a_replaced_question_cannot_be_curated(
    db: Database, curator: Actor, questions: list[int], act: Act
) -> None:
    """Ensure work goes on with the questions that came from it."""
    with db.writing() as tx:
        split(tx, curator, questions[0])
    before = count_rows(db)

    with pytest.raises(Conflict), db.writing() as tx:
        act(tx, curator, questions[0])

    assert count_rows(db) == before


@pytest.mark.parametrize("act", [accept, decline, reword, split])
def test_an_unknown_question_is_not_found(db: Database, curator: Actor, act: Act) -> None:
    """Ensure a wrong number is told from a refusal."""
    with pytest.raises(NotFound), db.writing() as tx:
        act(tx, curator, 999)


def test_an_output_is_split_into_points_and_stays_verbatim(db: Database, curator: Actor) -> None:
    """Ensure people respond to the points while the reported words stay as they were."""
    session = make_session(db, curator)
    with db.reading() as reader:
        output = list_outputs(reader, session.id)[1]
    parts = ["Cities should publish where lanterns stand.", "Operators should share records."]

    with db.writing() as tx:
        form = OutputSplit(parts=parts, reason=REASON)
        curation.split_output(tx, curator, output.id, form)

    with db.reading() as reader:
        assert [point.text for point in list_points(reader, [output.id])] == parts
        assert list_outputs(reader, session.id)[1].text == output.text
    assert (last_entry(db).before, last_entry(db).after) == ([output.text], parts)


def test_an_opened_output_cannot_be_split(db: Database, curator: Actor) -> None:
    """Ensure responses stay attached to the points they were given to."""
    session = make_session(db, curator)
    with db.writing() as tx:
        output = list_outputs(tx, session.id)[0]
        open_output(tx, curator, output.id, opening(tx))
    before = count_rows(db)

    form = OutputSplit(parts=PARTS, reason=REASON)
    with pytest.raises(Conflict), db.writing() as tx:
        curation.split_output(tx, curator, output.id, form)

    assert count_rows(db) == before


@pytest.mark.parametrize("role", [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT])
def test_only_mag_members_split_outputs(db: Database, role: Role | None) -> None:
    """Ensure everybody else is refused, and the points stay."""
    session = make_session(db)
    actor = make_person(db, role=role) if role else VISITOR
    with db.reading() as reader:
        output = list_outputs(reader, session.id)[0]
    before = count_rows(db)

    with pytest.raises(Refused), db.writing() as tx:
        curation.split_output(tx, actor, output.id, OutputSplit(parts=PARTS, reason=REASON))

    assert count_rows(db) == before


def test_an_unknown_output_is_not_found(db: Database, curator: Actor) -> None:
    """Ensure a wrong number is told from a refusal."""
    with pytest.raises(NotFound), db.writing() as tx:
        curation.split_output(tx, curator, 999, OutputSplit(parts=PARTS, reason=REASON))
