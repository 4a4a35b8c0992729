"""Storing a session again: what people answer keeps its place, whatever its page says now."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deliberate.actions.curation import merge_questions, reword_question, split_question
from deliberate.actions.forum import Upload, import_session
from deliberate.domain.errors import Conflict
from deliberate.domain.forum import CurationKind, OutputKind, QuestionState
from deliberate.domain.people import Actor, Role
from deliberate.domain.positions import Position
from deliberate.importing import read_page
from deliberate.importing.corrections import Correction, Corrections
from deliberate.inputs.curation import QuestionMerger, QuestionSplit, Rewording
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database
from deliberate.storage.forum import (
    ForumSession,
    Output,
    PolicyQuestion,
    get_original,
    list_outputs,
    list_points,
    list_questions,
)
from deliberate.storage.imports import find_revision_file, list_revisions
from tests.factories import PAGE, make_deliberation, make_person, respond
from tests.support.rows import count_rows

REASON = "The organisers published their report."
OIL = "Who should pay for the oil that keeps the lanterns burning?"
PUBLIC = "How should public lanterns be connected to community networks?"
CHANGED = PAGE.replace("pay for the oil", "pay for the light")
SHORTER = PAGE.replace(f"2. {OIL}\n", "")


def store(
    db: Database,
    actor: Actor,
    text: str = PAGE,
    reason: str | None = REASON,
    corrections: Corrections | None = None,
) -> tuple[ForumSession, bool]:
    """Import a page's text in a transaction of its own."""
    upload = Upload("page.txt", text, corrections=corrections)
    with db.writing() as tx:
        return import_session(tx, actor, read_page(text), upload, reason=reason)


def questions(db: Database, session: ForumSession) -> dict[str, PolicyQuestion]:
    """The session's questions by their original words."""
    with db.reading() as reader:
        return {each.original: each for each in list_questions(reader, session.id)}


def outputs(db: Database, session: ForumSession) -> dict[str, Output]:
    """The session's outputs by their words."""
    with db.reading() as reader:
        return {each.text: each for each in list_outputs(reader, session.id)}


def test_a_question_that_left_the_page_is_marked_and_a_new_one_added(db: Database) -> None:
    """Ensure nothing is deleted, the mark says since when, and the log says why."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session, _ = store(db, curator)
    before = questions(db, session)

    revised, is_stored = store(db, curator, CHANGED)

    after = questions(db, session)
    new = OIL.replace("oil", "light")
    assert (is_stored, revised.id, revised.revision) == (True, session.id, 2)
    assert after[OIL].id == before[OIL].id
    assert after[OIL].withdrawn_in == 2
    assert after[PUBLIC].id == before[PUBLIC].id
    assert after[PUBLIC].withdrawn_at is None
    assert (after[new].state, after[new].position) == (QuestionState.IMPORTED, 2)
    with db.reading() as reader:
        entry = list_decisions(reader, session.id)[0][0]
    assert (entry.kind, entry.reason) == (CurationKind.REVISE, REASON)
    assert (entry.before, entry.after) == ([OIL], [new])


def test_every_import_keeps_its_own_original(db: Database) -> None:
    """Ensure each revision's file can still be fetched, byte for byte."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session, _ = store(db, curator)
    store(db, curator, CHANGED)

    with db.reading() as reader:
        found = [revision.number for revision, _person in list_revisions(reader, session.id)]
        files = [find_revision_file(reader, session.id, number) for number in (1, 2, 3)]
        assert get_original(reader, session.id) == CHANGED.encode()
    assert found == [2, 1]
    assert files == [("page.txt", PAGE.encode()), ("page.txt", CHANGED.encode()), None]


def test_without_a_reason_nothing_is_overwritten(db: Database) -> None:
    """Ensure a script that imports a changed page has to say why."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    store(db, curator)
    before = count_rows(db)

    with pytest.raises(Conflict):
        store(db, curator, CHANGED, reason=None)

    assert count_rows(db) == before


def test_an_answered_output_is_withdrawn_with_its_responses_and_comes_back(db: Database) -> None:
    """Ensure responses survive both, and a point that people answer is never reworded."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session, _ = store(db, curator)
    deliberation = make_deliberation(db, session, output=OutputKind.CALL_TO_ACTION)
    respond(db, deliberation, make_person(db), Position.ENDORSE)
    [call] = [text for text, one in outputs(db, session).items() if "Cities" in text]
    gone = PAGE.replace(call, "Cities should count their lamp posts.")
    rows = count_rows(db)

    store(db, curator, gone)
    withdrawn = outputs(db, session)[call]
    store(db, curator, PAGE.replace("repair records.", "Repair Records"))

    back = outputs(db, session)[call]
    assert (withdrawn.withdrawn_in, back.withdrawn_in, back.id) == (2, None, withdrawn.id)
    with db.reading() as reader:
        assert [point.text for point in list_points(reader, [back.id])] == [call]
    assert count_rows(db)["responses"] == rows["responses"] == 1


def test_what_curators_made_of_questions_stays(db: Database) -> None:
    """Ensure wording, states and parts survive; a part goes only when all it came from has."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session, _ = store(db, curator)
    first, second = questions(db, session)[PUBLIC], questions(db, session)[OIL]
    text = "How should lanterns that belong to all be connected?"
    with db.writing() as tx:
        form = Rewording(text=text, reason=REASON, version=first.version)
        reword_question(tx, curator, first.id, form)
        parts = ["Who should pay for the oil?", "Who should pay for the wicks?"]
        split = split_question(tx, curator, second.id, QuestionSplit(parts=parts, reason=REASON))
    with db.writing() as tx:
        form_of_merger = QuestionMerger(
            question_ids=[first.id, split[0].id],
            text="What becomes of all lanterns?",
            reason=REASON,
        )
        merged = merge_questions(tx, curator, form_of_merger)

    store(db, curator, SHORTER)

    after = {each.id: each for each in questions(db, session).values()}
    assert after[first.id].text == text
    assert after[second.id].withdrawn_in == 2
    assert [after[part.id].withdrawn_in for part in split] == [2, 2]
    assert after[merged.id].withdrawn_in is None


def test_another_spelling_is_taken_over_where_nobody_answers_yet(db: Database) -> None:
    """Ensure a mended comma makes no new question, and an open one keeps its words."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session, _ = store(db, curator)
    make_deliberation(db, session)

    store(db, curator, PAGE.replace("community networks?", "Community Networks?")
          .replace("the oil that", "the oil, that"))  # fmt: skip

    with db.reading() as reader:
        texts = [(each.original, each.text) for each in list_questions(reader, session.id)]
    spelt = OIL.replace("oil that", "oil, that")
    assert texts == [(PUBLIC, PUBLIC), (spelt, spelt)]


def test_corrections_of_a_stored_session_are_kept(db: Database) -> None:
    """Ensure a page imported again says what was corrected, or the importer is told."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    right = {"room": Correction("Room 12", "Room 3")}
    session, _ = store(db, curator, corrections=right)

    again, is_stored = store(db, curator)
    revised, _ = store(db, curator, CHANGED)

    assert (again.id, is_stored) == (session.id, False)
    assert (revised.record["room"], session.record["room"]) == ("Room 12", "Room 12")
    with pytest.raises(Conflict, match="do not fit"):
        store(db, curator, CHANGED.replace("Room 3", "Room 4"))


def test_a_session_is_known_by_the_page_as_it_was_read(db: Database) -> None:
    """Ensure a corrected number does not make the same page another session."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    right = {"reference": Correction("WS #770", "WS #77")}
    session, _ = store(db, curator, corrections=right)

    again, is_stored = store(db, curator, reason=None)

    assert (again.id, is_stored, session.slug) == (session.id, False, "2024-ws-770")


def test_a_theme_that_curators_chose_stays_unless_the_page_names_one(db: Database) -> None:
    """Ensure columns that curators may change follow the page only where it changed."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session, _ = store(db, curator)
    with db.writing() as tx:
        tx.get_one(ForumSession, session.id).theme = "Light for all"

    revised, _ = store(db, curator, CHANGED)

    assert revised.theme == "Light for all"


VARIANTS = [
    PAGE,
    CHANGED,
    SHORTER,
    PAGE.replace("Key Takeaways\n", "Key Takeaways\nSomebody has to fill the lanterns.\n"),
    PAGE[: PAGE.index("Call to Action")],
]


@pytest.mark.parametrize("first", range(len(VARIANTS)))
def test_back_and_forth_gives_the_first_values_and_ids_again(db: Database, first: int) -> None:
    """Ensure A, B, A is A with three revisions, for every B."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session, _ = store(db, curator, VARIANTS[first])
    asked, reported = questions(db, session), outputs(db, session)

    for other in [each for each in VARIANTS if each != VARIANTS[first]]:
        store(db, curator, other)
        back, _ = store(db, curator, VARIANTS[first])

        assert back.record == session.record
        kept = {text: q.id for text, q in questions(db, session).items() if not q.withdrawn_at}
        assert kept == {text: one.id for text, one in asked.items()}
        left = {text: o.id for text, o in outputs(db, session).items() if not o.withdrawn_at}
        assert left == {text: one.id for text, one in reported.items()}
    assert back.revision == 1 + 2 * (len(VARIANTS) - 1)


@given(st.lists(st.integers(0, len(VARIANTS) - 1), min_size=1, max_size=5))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_importing_twice_equals_importing_once(db: Database, order: list[int]) -> None:
    """Ensure repeating any import of a row of imports changes no row at all."""
    curator = make_person(db, role=Role.MAG_MEMBER)

    for place in order:
        store(db, curator, VARIANTS[place])
        before = count_rows(db)
        session, is_stored = store(db, curator, VARIANTS[place])
        assert not is_stored
        assert count_rows(db) == before
    shown = {text for text, one in questions(db, session).items() if not one.withdrawn_at}
    assert shown == {one.text for one in read_page(VARIANTS[order[-1]]).policy_questions}
