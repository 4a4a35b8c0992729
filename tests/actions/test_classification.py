"""Classifying questions and outputs: what is stored, what is logged, what is refused."""

import pytest
import sqlalchemy as sa

from deliberate.actions.classification import (
    classify_output,
    classify_question,
    classify_session,
)
from deliberate.actions.curation import merge_questions, reword_question, split_question
from deliberate.domain.classification import Classification, LabelKind, Priority
from deliberate.domain.errors import Conflict, Invalid, NotFound, Refused
from deliberate.domain.forum import CurationKind
from deliberate.domain.people import Actor, Role
from deliberate.inputs.classification import Classifying, SessionLabelling
from deliberate.inputs.curation import QuestionMerger, QuestionSplit, Rewording
from deliberate.storage.curation import CurationDecision
from deliberate.storage.database import Database
from deliberate.storage.deliberations import find_revision
from deliberate.storage.forum import ForumSession, find_question, list_outputs, list_questions
from deliberate.storage.labels import Label, find_classification
from tests.factories import PAGE, make_deliberation, make_person, make_session
from tests.support.world_portfolio import classify

THEMED = PAGE.replace("Room 3", "Room 3\n\nSDGs\n9. Industry, Innovation and Infrastructure\n")
REASON = "The two halves are answered by different people."


@pytest.fixture
def curator(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


@pytest.fixture
def session(db: Database, curator: Actor) -> ForumSession:
    """A session with two questions, a takeaway and a call."""
    return make_session(db, curator, THEMED)


@pytest.fixture
def question_id(db: Database, session: ForumSession) -> int:
    """Its first question."""
    with db.reading() as reader:
        return list_questions(reader, session.id)[0].id


def stored(db: Database, question_id: int) -> Classification:
    """How a question is classified in the database."""
    with db.reading() as reader:
        question = find_question(reader, question_id)
        assert question is not None
        return find_classification(reader, question)


def decisions(db: Database) -> list[CurationDecision]:
    """What the log holds of classifying."""
    with db.reading() as reader:
        query = sa.select(CurationDecision).where(CurationDecision.kind == CurationKind.CLASSIFY)
        return list(reader.scalars(query.order_by(CurationDecision.id)))


def test_questions_and_outputs_take_over_the_goals_of_their_session(
    db: Database, session: ForumSession
) -> None:
    """Ensure nobody types again what the page says, and that it is marked as taken over."""
    with db.reading() as reader:
        questions, outputs = list_questions(reader, session.id), list_outputs(reader, session.id)
        labels = [find_classification(reader, each).labels for each in questions]
        labels += [find_classification(reader, each).labels for each in outputs]
        marks = set(reader.scalars(sa.select(Label.is_from_session)))

    assert labels == [frozenset({(LabelKind.GOAL, "9")})] * 4
    assert marks == {True}


def test_a_classification_is_stored_and_logged_in_words(
    db: Database, curator: Actor, question_id: int
) -> None:
    """Ensure everybody can read what changed, without the labels that stayed."""
    facilitator = make_person(db, role=Role.FACILITATOR, name="Fa Cilitator")
    classify(db, curator, question_id, goals=[9], tags="Oil,  oil ; Harbours", language="fr")

    changed = classify(
        db,
        curator,
        question_id,
        goals=[3],
        tags="oil",
        language="fr",
        other_theme="Light",
        other_actors="Harbour masters",
        actors=["MAG"],
        priority="high",
        facilitator_id=facilitator.id,
        reason="Read again with the organisers.",
    )

    assert changed
    now = stored(db, question_id)
    assert (now.priority, now.facilitator_id) == (Priority.HIGH, facilitator.id)
    assert {kind: now.values(kind) for kind in LabelKind} == {
        LabelKind.THEME: ["Light"],
        LabelKind.GOAL: ["3"],
        LabelKind.TAG: ["oil"],
        LabelKind.LANGUAGE: ["fr"],
        LabelKind.ACTOR: ["Harbour masters", "MAG"],
    }
    entry = decisions(db)[-1]
    assert (entry.question_id, entry.reason) == (question_id, "Read again with the organisers.")
    assert entry.before == ["Goal: 9 Industry, Innovation and Infrastructure", "Tag: harbours"]
    assert entry.after == [
        "Theme: Light",
        "Goal: 3 Good Health and Well-being",
        "Addressed to: Harbour masters",
        "Addressed to: MAG",
        "Priority: High",
        "Facilitator: Fa Cilitator",
    ]


def test_the_same_classification_again_changes_nothing(
    db: Database, curator: Actor, question_id: int
) -> None:
    """Ensure a second click leaves no second entry in the log."""
    form = Classifying(goals=[2, 4], version=stored(db, question_id).version)
    for expected in (True, False):
        with db.writing() as tx:
            assert classify_question(tx, curator, question_id, form) is expected

    assert len(decisions(db)) == 1


def test_a_classification_made_meanwhile_is_not_overwritten(
    db: Database, curator: Actor, question_id: int
) -> None:
    """Ensure the form that is older than somebody else's is refused, and nothing is stored."""
    old = stored(db, question_id).version
    classify(db, curator, question_id, tags="theirs")

    with pytest.raises(Conflict), db.writing() as tx:
        classify_question(tx, curator, question_id, Classifying(tags="mine", version=old))

    assert stored(db, question_id).values(LabelKind.TAG) == ["theirs"]


def test_classifying_does_not_make_a_rewording_obsolete(
    db: Database, curator: Actor, question_id: int
) -> None:
    """Ensure a colleague's open form on the wording can still be sent."""
    with db.reading() as reader:
        shown = find_question(reader, question_id)
    assert shown is not None
    classify(db, curator, question_id, tags="oil", priority="low")

    with db.writing() as tx:
        form = Rewording(text="Who lights the lanterns?", reason=REASON, version=shown.version)
        reword_question(tx, curator, question_id, form)

    assert stored(db, question_id).priority is Priority.LOW


def test_only_facilitators_can_be_named(db: Database, curator: Actor, question_id: int) -> None:
    """Ensure nobody is made responsible who was not trusted with it."""
    with pytest.raises(Invalid) as refused:
        classify(db, curator, question_id, facilitator_id=curator.id)

    assert "facilitator_id" in refused.value.fields


@pytest.mark.parametrize("role", [None, Role.FACILITATOR, Role.SECRETARIAT])
def test_only_curators_classify(
    db: Database, session: ForumSession, question_id: int, role: Role | None
) -> None:
    """Ensure nobody else labels anything, one by one or at once."""
    person = make_person(db, role=role)
    form = Classifying(tags="mine", version="")

    for act in (classify_question, classify_output):
        with pytest.raises(Refused), db.writing() as tx:
            act(tx, person, question_id, form)
    with pytest.raises(Refused), db.writing() as tx:
        classify_session(tx, person, session.slug, SessionLabelling(tags="mine"))


def test_what_does_not_exist_cannot_be_classified(db: Database, curator: Actor) -> None:
    """Ensure a form for a text that is gone is answered as missing."""
    for act in (classify_question, classify_output):
        with pytest.raises(NotFound), db.writing() as tx:
            act(tx, curator, 10**6, Classifying(tags="mine", version=""))


def test_a_whole_session_is_classified_at_once(
    db: Database, curator: Actor, session: ForumSession, question_id: int
) -> None:
    """Ensure labels are added to all questions, replaced ones left out, and none is lost."""
    classify(db, curator, question_id, tags="oil", language="en", priority="low")
    form = SessionLabelling(tags="light", language="fr", priority="high", with_outputs=True)

    with db.writing() as tx:
        changed = classify_session(tx, curator, session.slug, form)
        again = classify_session(tx, curator, session.slug, form)

    assert (changed, again) == (4, 0)
    now = stored(db, question_id)
    assert now.values(LabelKind.TAG) == ["light", "oil"]
    assert now.values(LabelKind.LANGUAGE) == ["fr"]
    assert now.priority is Priority.HIGH
    assert [entry.question_id for entry in decisions(db)].count(None) == 2


def test_what_replaces_a_question_keeps_its_labels(
    db: Database, curator: Actor, question_id: int
) -> None:
    """Ensure splitting and merging lose no classification."""
    classify(db, curator, question_id, tags="oil", priority="high")
    with db.writing() as tx:
        parts = ["Who should pay for the oil?", "Who should pay for the wicks?"]
        form = QuestionSplit(parts=parts, reason=REASON)
        first, second = (each.id for each in split_question(tx, curator, question_id, form))
    assert stored(db, first) == stored(db, question_id)

    classify(db, curator, second, tags="wicks", priority="low")
    with db.writing() as tx:
        merger = QuestionMerger(
            question_ids=[first, second], text="Who should pay for all of it?", reason=REASON
        )
        merged = merge_questions(tx, curator, merger).id

    assert stored(db, merged).values(LabelKind.TAG) == ["oil", "wicks"]
    assert stored(db, merged).priority is None


def test_kept_pages_of_the_discussion_fall(db: Database, curator: Actor) -> None:
    """Ensure new labels are seen at once on the discussion's page."""
    opened = make_deliberation(db)
    assert opened.question_id is not None

    classify(db, curator, opened.question_id, tags="oil")

    with db.reading() as reader:
        assert find_revision(reader, opened.id) == opened.revision + 1
