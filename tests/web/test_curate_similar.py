"""The same question in several sessions, and what curators add by hand, in a browser."""

from collections.abc import Sequence

import pytest
from flask import Flask

from deliberate.actions.curation import (
    accept_question,
    decline_question,
    merge_questions,
    reword_question,
)
from deliberate.actions.deliberations import open_question
from deliberate.actions.undoing import undo_decision
from deliberate.domain.forum import CurationKind, QuestionState
from deliberate.domain.people import Actor, Role
from deliberate.inputs.curation import Opening, QuestionMerger, Rewording
from deliberate.storage.curation import list_decisions
from deliberate.storage.database import Database, now
from deliberate.storage.forum import (
    ForumSession,
    PolicyQuestion,
    list_outputs,
    list_questions,
)
from tests.factories import PAGE, make_deliberation, make_person, make_session
from tests.support.client import PageChecker
from tests.support.pages import Page
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

REASON = "Both sessions ask the same."
WORDING = "How can lanterns and community networks share their poles?"
MOST_QUERIES = 8
AGENDA = """
Agenda
The panel begins with a round of names. What do lamps cost in a valley? Who has seen the bills?
"""


@pytest.fixture
def sessions(db: Database, mag_member: Actor) -> list[ForumSession]:
    """Three sessions with the same two questions."""
    titles = ("Lanterns on the network", "Lamps in the harbour", "Candles on the pier")
    return [
        make_session(
            db,
            mag_member,
            PAGE.replace("Lanterns on the network", title).replace("#77", f"#{77 + number}"),
        )
        for number, title in enumerate(titles)
    ]


def load(db: Database, session: ForumSession) -> Sequence[PolicyQuestion]:
    """The session's questions as stored, in page order."""
    with db.reading() as reader:
        return list_questions(reader, session.id)


def merge_all(db: Database, actor: Actor, sessions: Sequence[ForumSession]) -> PolicyQuestion:
    """The first questions of all sessions as one, begun from the first."""
    ids = [load(db, session)[0].id for session in sessions]
    form = QuestionMerger(question_ids=ids, text=WORDING, reason=REASON)
    with db.writing() as tx:
        return merge_questions(tx, actor, form, begun_from=ids[0])


def test_the_desk_says_where_else_a_question_is_asked(
    db: Database, curator: PageChecker, sessions: list[ForumSession]
) -> None:
    """Ensure curators see the sessions, how alike it is, and the way to compare."""
    question = load(db, sessions[0])[0]

    page = curator.page(f"/sessions/{sessions[0].slug}/curation")

    assert f"/questions/{question.id}/similar" in page.links
    assert f"Also asked in: {sessions[1].title} 2024 (nearly the same words)" in page.text


def test_twins_of_all_sessions_are_merged_into_one(
    db: Database, curator: PageChecker, sessions: list[ForumSession]
) -> None:
    """Ensure the merged question belongs to where it was begun and is seen from everywhere."""
    questions = [load(db, session)[0] for session in sessions]
    address = f"/questions/{questions[0].id}/similar"
    shown = curator.page(address)
    assert {session.title for session in sessions[1:]} <= {*shown.text_parts}
    twins = [str(question.id) for question in questions[1:]]
    form = {"question_ids": [str(questions[0].id), *twins], "text": WORDING, "reason": REASON}

    response = curator.submit(address, f"/questions/{questions[0].id}/merger", form)

    merged = next(each for each in load(db, sessions[0]) if each.text == WORDING)
    assert response.status_code == 303
    assert response.location == f"/sessions/{sessions[0].slug}/curation#question-{merged.id}"
    assert merged.text == WORDING
    for session in sessions:
        public = curator.page(f"/sessions/{session.slug}")
        assert WORDING in public.text
        assert "Merged" in public.text
        assert load(db, session)[0].state is QuestionState.REPLACED
    assert f"/questions/{merged.id}" in curator.page(f"/sessions/{sessions[2].slug}").links
    other = curator.page(f"/sessions/{sessions[2].slug}/curation")
    assert f"/sessions/{sessions[0].slug}/curation#question-{merged.id}" in other.links
    for question in questions:
        location = curator.get(f"/questions/{question.id}").location
        assert location == f"/sessions/{sessions[0].slug}#question-{merged.id}"


def test_a_discussion_names_the_sessions_its_question_came_from(
    db: Database, client: PageChecker, mag_member: Actor, sessions: list[ForumSession]
) -> None:
    """Ensure participants of every session find their question, from old addresses too."""
    old = load(db, sessions[2])[0]
    merged = merge_all(db, mag_member, sessions)
    with db.writing() as tx:
        accept_question(tx, mag_member, merged.id, REASON)
        closes_at = now(tx).replace(year=2027)
        opened = open_question(tx, mag_member, merged.id, Opening(closes_at=closes_at))

    page = client.page(f"/deliberations/{opened.id}")

    assert "Merged from questions of 3 sessions" in page.text
    assert f"/sessions/{sessions[2].slug}#question-{old.id}" in page.links
    assert client.get(f"/questions/{old.id}").location == f"/deliberations/{opened.id}"


def test_a_question_whose_making_was_taken_back_leads_to_what_it_was_made_of(
    db: Database, client: PageChecker, mag_member: Actor, sessions: list[ForumSession]
) -> None:
    """Ensure no address that was ever shown ends nowhere."""
    question = load(db, sessions[0])[0]
    merged = merge_all(db, mag_member, sessions)
    with db.writing() as tx:
        undo_decision(tx, mag_member, list_decisions(tx, limit=1)[0][0].id, REASON)

    location = client.get(f"/questions/{merged.id}").location

    assert location == f"/sessions/{sessions[0].slug}#question-{question.id}"
    assert WORDING not in client.page(f"/sessions/{sessions[0].slug}").text.split("log")[0]


def test_what_is_open_is_shown_and_not_merged(
    db: Database, curator: PageChecker, sessions: list[ForumSession]
) -> None:
    """Ensure a twin that people answer cannot be chosen, and the way there is shown."""
    question, twin = load(db, sessions[0])[0], load(db, sessions[1])[0]
    opened = make_deliberation(db, sessions[1])

    page = curator.page(f"/questions/{question.id}/similar")

    assert f"/deliberations/{opened.id}" in page.links
    offered = {control.get("value") for control in page.controls}
    assert str(twin.id) not in offered


def test_a_merger_across_sessions_needs_a_second_question(
    db: Database, curator: PageChecker, sessions: list[ForumSession]
) -> None:
    """Ensure the text is kept and explained at its field when no twin is chosen."""
    question = load(db, sessions[0])[0]
    before = count_rows(db)

    response = curator.submit(
        f"/questions/{question.id}/similar",
        f"/questions/{question.id}/merger",
        {"text": WORDING, "reason": REASON},
    )

    assert response.status_code == 422
    page = Page(response.text)
    assert page.form(f"/questions/{question.id}/merger").fields["text"] == [WORDING]
    assert "field-question_ids-error" in page.ids
    assert count_rows(db) == before


def test_a_merger_of_what_changed_meanwhile_is_a_conflict(
    db: Database, curator: PageChecker, mag_member: Actor, sessions: list[ForumSession]
) -> None:
    """Ensure nobody merges a text they have not seen, and late forms lead to where it is."""
    question, twin = load(db, sessions[0])[0], load(db, sessions[1])[0]
    action = f"/questions/{question.id}/merger"
    shown = curator.page(f"/questions/{question.id}/similar").form(action).fields
    mine = shown | {
        "question_ids": [str(question.id), str(twin.id)],
        "text": [WORDING],
        "reason": [REASON],
    }
    with db.writing() as tx:
        form = Rewording(text=f"{twin.text} Really?", reason=REASON, version=twin.version)
        reword_question(tx, mag_member, twin.id, form)

    changed = curator.post(action, data=mine)
    merged = merge_all(db, mag_member, sessions)
    replaced = curator.post(action, data=mine)

    assert (changed.status_code, replaced.status_code) == (409, 409)
    assert f"{twin.text} Really?" in Page(changed.text).text
    assert Page(changed.text).form(action).fields["text"] == [WORDING]
    assert WORDING in replaced.text
    way = f"/sessions/{sessions[0].slug}/curation#question-{merged.id}"
    assert way in Page(replaced.text).links


def test_the_page_of_twins_keeps_to_the_query_budget(
    db: Database, curator: PageChecker, sessions: list[ForumSession]
) -> None:
    """Ensure the number of queries does not grow with the number of twins."""
    address = f"/questions/{load(db, sessions[0])[0].id}/similar"
    curator.page(address)

    with recorded(db) as queries:
        curator.page(address)

    assert 0 < len(queries) <= MOST_QUERIES


def test_a_question_left_out_is_added_from_its_line(
    db: Database, app: Flask, curator: PageChecker, mag_member: Actor
) -> None:
    """Ensure the source page leads to a form with its words, and all pages say who added it."""
    session = make_session(db, mag_member, PAGE + AGENDA)
    source = f"/sessions/{session.slug}/source"
    links = [link for link in curator.page(source).links if "/questions/new" in link]
    visitor = browser_of(app, db, None).page(source)
    assert not [link for link in visitor.links if "/questions/new" in link]
    assert len(links) == 2
    shown = curator.page(links[0]).form(f"/sessions/{session.slug}/questions").fields
    assert shown["text"] == ["What do lamps cost in a valley?"]

    action = f"/sessions/{session.slug}/questions"
    response = curator.submit(links[0], action, {"reason": REASON})

    added = load(db, session)[-1]
    assert response.location == f"/sessions/{session.slug}/curation#question-{added.id}"
    assert (added.is_added, str(added.source_line)) == (True, shown["line"][0])
    for address in (f"/sessions/{session.slug}/curation", f"/sessions/{session.slug}"):
        assert "Added by a curator." in curator.page(address).text
    again = curator.post(action, data=shown | {"reason": [REASON]})
    assert again.status_code == 409
    assert "already" in again.text


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("questions", {"text": "Short", "reason": REASON}, "text"),
        ("questions", {"text": WORDING, "reason": ""}, "reason"),
        ("questions", {"text": WORDING, "reason": REASON, "line": "many"}, "line"),
        ("outputs", {"text": WORDING, "reason": REASON}, "kind"),
        ("outputs", {"text": "Short", "reason": REASON, "kind": "call_to_action"}, "text"),
    ],
)
def test_a_faulty_addition_comes_back_with_its_text(
    db: Database,
    curator: PageChecker,
    sessions: list[ForumSession],
    kind: str,
    data: dict[str, str],
    field: str,
) -> None:
    """Ensure the error stands at its field, the text is kept and nothing is written."""
    address, before = f"/sessions/{sessions[0].slug}/{kind}", count_rows(db)

    response = curator.submit(f"{address}/new", address, data)

    assert response.status_code == 422
    page = Page(response.text)
    assert any(name.startswith(f"field-{field}") and name.endswith("-error") for name in page.ids)
    assert page.form(address).fields["text"] == [data["text"]]
    assert count_rows(db) == before


def test_a_call_is_added_to_a_session_without_a_report(
    db: Database, curator: PageChecker, mag_member: Actor
) -> None:
    """Ensure it can be opened like those of a report, is marked, and can be taken back."""
    session = make_session(db, mag_member, PAGE.split("Key Takeaways")[0])
    address, text = f"/sessions/{session.slug}/outputs", "Cities should count their lamps."
    form = {"kind": "call_to_action", "text": text, "reason": REASON}

    curator.submit(f"{address}/new", address, form)

    with db.reading() as reader:
        [output] = list_outputs(reader, session.id)
        decision = list_decisions(reader, limit=1)[0][0]
    assert (output.text, output.is_added, decision.kind) == (text, True, CurationKind.ADD)
    desk = f"/sessions/{session.slug}/curation"
    assert "Added by a curator." in curator.page(f"/sessions/{session.slug}").text
    curator.submit(desk, f"/decisions/{decision.id}/undoing", {"reason": REASON})
    assert text not in curator.page(desk).text
    assert curator.get(f"/outputs/{output.id}").location == f"/sessions/{session.slug}#curation"


def test_the_log_is_read_by_session_kind_and_person(
    db: Database, client: PageChecker, mag_member: Actor, sessions: list[ForumSession]
) -> None:
    """Ensure filters stand in the address, hold across pages, and take in mergers elsewhere."""
    other = make_person(db, role=Role.MAG_MEMBER)
    merge_all(db, mag_member, sessions)
    with db.writing() as tx:
        decline_question(tx, other, load(db, sessions[2])[1].id, "Not a question for the IGF.")
    log = "/curation-log"

    here = client.page(f"{log}?session={sessions[2].slug}").text
    kind = client.page(f"{log}?kind=decline").text
    person = client.page(f"{log}?person={mag_member.id}&kind=decline").text

    assert WORDING in here
    assert "Not a question for the IGF." in here
    assert WORDING not in kind
    assert "Not a question for the IGF." in kind
    assert "No such act." in person
    assert client.get(f"{log}?session=none").status_code == 404
    assert client.get(f"{log}?person=999").status_code == 404
    assert client.get(f"{log}?kind=none").status_code == 200
