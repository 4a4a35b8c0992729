"""Claims about finding the same question in other sessions."""

from deliberate.actions.curation import reword_question, split_question
from deliberate.domain.people import Role
from deliberate.domain.similarity import Likeness
from deliberate.inputs.curation import QuestionSplit, Rewording
from deliberate.storage.database import Database
from deliberate.storage.forum import list_questions
from deliberate.storage.similar import list_similar, list_similar_to_all
from tests.factories import PAGE, make_person, make_session
from tests.support.queries import recorded

ASKED = "How should public lanterns be connected to community networks?"
REASON = "It reads better this way."


def other_page(number: int) -> str:
    """The same questions on the page of another session."""
    return PAGE.replace("Lanterns on the network", f"Lamps, part {number}").replace(
        "#77", f"#{number}"
    )


def test_a_question_is_found_in_other_sessions_only(db: Database) -> None:
    """Ensure the session at hand can be left out, and the others are named."""
    here, there = make_session(db), make_session(db, page=other_page(78))

    with db.reading() as reader:
        everywhere = list_similar(reader, ASKED)
        elsewhere = list_similar(reader, ASKED, exclude_session_id=here.id)
        limited = list_similar(reader, ASKED, limit=1)

    assert {each.session_id for each in everywhere} == {here.id, there.id}
    [found] = elsewhere
    assert (found.slug, found.session_title, found.text) == (there.slug, there.title, ASKED)
    assert found.likeness is Likeness.ALMOST_EQUAL
    assert len(limited) == 1


def test_what_curators_changed_counts_at_once(db: Database) -> None:
    """Ensure a rewording, a split and an import are seen although the index is kept."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session = make_session(db, curator)
    with db.reading() as reader:
        first, second = list_questions(reader, session.id)
        assert [each.id for each in list_similar(reader, ASKED)] == [first.id]

    with db.writing() as tx:
        wording = Rewording(text="Who lights the harbour at night?", reason=REASON, version=1)
        reword_question(tx, curator, first.id, wording)
        parts = ["Who should pay for the oil?", "Who should burn the lanterns' oil?"]
        split_question(tx, curator, second.id, QuestionSplit(parts=parts, reason=REASON))
    make_session(db, curator, other_page(78))

    with db.reading() as reader:
        assert first.id not in {each.id for each in list_similar(reader, ASKED)}
        assert len(list_similar(reader, ASKED)) == 1
        assert [each.id for each in list_similar(reader, "Who lights the harbour?")] == [first.id]
        assert second.id not in {each.id for each in list_similar(reader, second.text)}


def test_many_texts_are_compared_in_one_query(db: Database) -> None:
    """Ensure a page with many questions asks the database once."""
    session = make_session(db)
    texts = dict.fromkeys(range(12), ASKED)

    with db.reading() as reader, recorded(db) as queries:
        found = list_similar_to_all(reader, texts)

    assert len(queries) == 1
    assert {each.session_id for some in found.values() for each in some} == {session.id}
    assert set(found) == set(texts)
