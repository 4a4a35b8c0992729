"""Storing session pages: once, verbatim, with their places, by those who may."""

import pytest

from deliberate.actions.forum import Upload, get_session, import_session
from deliberate.domain.errors import Conflict, NotFound, Refused
from deliberate.domain.forum import CurationKind, OutputKind, QuestionState
from deliberate.domain.people import VISITOR, Actor, Role
from deliberate.importing import read_page
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.forum import (
    ForumSession,
    list_outputs,
    list_points,
    list_questions,
    list_sessions,
)
from tests.factories import PAGE, make_person, make_session
from tests.support.rows import count_rows


def store(db: Database, actor: Actor, page: str = PAGE) -> tuple[ForumSession, bool]:
    """Import a page's text in a transaction of its own."""
    with db.writing() as tx:
        return import_session(tx, actor, read_page(page), Upload("page.txt", page))


def test_a_session_is_stored_with_its_questions_and_outputs(db: Database) -> None:
    """Ensure everything discussable is stored verbatim with the line it was read from."""
    session = make_session(db)

    with db.reading() as reader:
        questions = list_questions(reader, session.id)
        outputs = list_outputs(reader, session.id)
    lines = PAGE.splitlines()
    assert [question.position for question in questions] == [1, 2]
    assert {question.state for question in questions} == {QuestionState.IMPORTED}
    assert [output.kind for output in outputs] == [
        OutputKind.KEY_TAKEAWAY,
        OutputKind.CALL_TO_ACTION,
    ]
    places = [(each.source_line, each.text) for each in questions]
    places += [(each.source_line, each.text) for each in outputs]
    for number, text in places:
        assert number is not None
        assert text in lines[number - 1]
    assert all(question.original == question.text for question in questions)


def test_an_output_begins_as_one_point(db: Database) -> None:
    """Ensure people can respond to a whole output before anybody splits it."""
    session = make_session(db)

    with db.reading() as reader:
        for output in list_outputs(reader, session.id):
            assert [point.text for point in list_points(reader, [output.id])] == [output.text]


def test_the_record_and_the_page_are_kept(db: Database) -> None:
    """Ensure the values, their digest and the text they came from are stored as they were."""
    session = make_session(db)

    page = read_page(PAGE)
    assert session.record == page.as_json()
    assert session.digest == page.digest
    assert session.source_text == PAGE
    assert read_page(session.source_text, session.source_name).lines == page.lines


def test_the_import_is_in_the_curation_log(db: Database) -> None:
    """Ensure everybody can see who imported a session."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session = make_session(db, curator)

    with db.reading() as reader:
        [(entry, person, logged)] = list_decisions(reader, session.id)
    assert logged is not None
    assert (entry.kind, person.id, logged.id) == (CurationKind.IMPORT, curator.id, session.id)


def test_importing_twice_equals_importing_once(db: Database) -> None:
    """Ensure the same page again changes no row and says that it is not new."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    first, was_new = store(db, curator)
    before = count_rows(db)

    again, is_new = store(db, curator)

    assert (was_new, is_new) == (True, False)
    assert again.id == first.id
    assert count_rows(db) == before


def test_other_spacing_is_the_same_page(db: Database) -> None:
    """Ensure a copy with other line ends and blank lines is not taken for another page."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    store(db, curator)

    _session, is_new = store(db, curator, PAGE.replace("\n\n", "\r\n\r\n\r\n"))

    assert not is_new


def test_a_page_that_says_something_else_does_not_overwrite(db: Database) -> None:
    """Ensure what people may already answer stays, and the curator is told."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    store(db, curator)
    before = count_rows(db)

    with pytest.raises(Conflict):
        store(db, curator, PAGE.replace("pay for the oil", "pay for the light"))

    assert count_rows(db) == before
    with db.reading() as reader:
        [session] = list_sessions(reader)
        assert session.digest == read_page(PAGE).digest


@pytest.mark.parametrize("role", [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT])
def test_only_mag_members_import(db: Database, role: Role | None) -> None:
    """Ensure visitors and every other role are refused, and nothing is stored."""
    actor = make_person(db, role=role) if role else VISITOR
    before = count_rows(db)

    with pytest.raises(Refused):
        store(db, actor)

    assert count_rows(db) == before


def test_a_session_is_found_by_its_address_alone(db: Database) -> None:
    """Ensure an address leads to its session, and an unknown one nowhere."""
    session = make_session(db)

    with db.reading() as reader:
        assert get_session(reader, session.slug).id == session.id
        with pytest.raises(NotFound):
            get_session(reader, "no-such-session")
