"""Forum sessions as visitors see them: the list, one session, and its original."""

from pathlib import Path

import pytest
from flask import Flask

from deliberate.actions.curation import (
    decline_question,
    merge_questions,
    reword_question,
    split_output,
    split_question,
)
from deliberate.actions.forum import Upload, import_session
from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, Role
from deliberate.importing import read_page
from deliberate.inputs.curation import OutputSplit, QuestionMerger, QuestionSplit, Rewording
from deliberate.storage.database import Database
from deliberate.storage.forum import (
    ForumSession,
    PolicyQuestion,
    list_outputs,
    list_questions,
)
from tests.factories import PAGE, make_deliberation, make_person, make_session
from tests.support.client import PageChecker
from tests.support.queries import recorded
from tests.support.registered import signed_in

PAGES = Path(__file__).parent.parent / "pages"
ADDRESS = "/sessions/2024-ws-77"
QUESTION = "How should public lanterns be connected to community networks?"


@pytest.fixture
def curator(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


@pytest.fixture
def session(db: Database, curator: Actor) -> ForumSession:
    """The imported session of the factories."""
    return make_session(db, curator)


@pytest.fixture
def questions(db: Database, session: ForumSession) -> list[PolicyQuestion]:
    """The two questions of the session."""
    with db.reading() as reader:
        return list(list_questions(reader, session.id))


def import_file(db: Database, curator: Actor, name: str) -> ForumSession:
    """Import one of the saved pages."""
    text = (PAGES / name).read_text(encoding="utf-8")
    with db.writing() as tx:
        return import_session(tx, curator, read_page(text, name), Upload(name, text))[0]


def test_sessions_are_listed_by_year_with_counts(
    db: Database, client: PageChecker, curator: Actor
) -> None:
    """Ensure the list says how much each session left behind and what was opened of it."""
    make_deliberation(db, make_session(db, curator))
    import_file(db, curator, "seed-2020-ws220.txt")

    page = client.page("/sessions")

    assert ADDRESS in page.links
    assert page.text.index("2024") < page.text.index("2020")
    assert "2 policy questions 2 takeaways and calls 1 discussion opened" in page.text


@pytest.mark.parametrize("text", ["lanterns", "WS #77", "2024 workshop", "LANTERNS network"])
def test_sessions_are_found_by_their_words(
    client: PageChecker, session: ForumSession, text: str
) -> None:
    """Ensure every word of the search has to occur, whatever its case."""
    response = client.get("/sessions", query_string={"q": text})

    assert "1 session found." in response.text
    assert session.title in response.text


@pytest.mark.parametrize("text", ["candles", "<b>lanterns</b>", "%", "lanterns 2023", "\u202e"])
def test_a_search_without_matches_keeps_the_words(
    client: PageChecker, session: ForumSession, text: str
) -> None:
    """Ensure nothing is found by accident and markup in a search is shown as text."""
    response = client.get("/sessions", query_string={"q": text})

    assert "No session has all of these words." in response.text
    assert "<b>lanterns" not in response.text
    assert session.title not in response.text


def test_a_session_shows_what_its_page_says(client: PageChecker, session: ForumSession) -> None:
    """Ensure questions, outputs, time, people and their groups are public."""
    text = client.page(ADDRESS).text

    for words in (
        session.title,
        QUESTION,
        "Lanterns are used more when the people who light them also own them.",
        "Cities should publish where every lantern stands.",
        "16 Dec 2024, 09:00 to 10:00 UTC",
        "Room 3",
        "Ada Example",
        "Technical Community",
        "Name not given",
    ):
        assert words in text


def test_a_session_that_is_not_there_is_not_found(client: PageChecker) -> None:
    """Ensure session, original and download answer 404 for an unknown address."""
    for path in ("/sessions/none", "/sessions/none/source", "/sessions/none/source.txt"):
        assert client.get(path).status_code == 404


def test_an_opened_question_leads_to_its_discussion(
    db: Database, client: PageChecker, session: ForumSession
) -> None:
    """Ensure an open question and an open output link to where they are answered."""
    question = make_deliberation(db, session)
    call = make_deliberation(db, session, output=OutputKind.CALL_TO_ACTION)

    page = client.page(ADDRESS)

    assert f"/deliberations/{question.id}" in page.links
    assert f"/deliberations/{call.id}" in page.links
    assert "Waiting for curation" in page.text
    assert "Not open for responses yet" in page.text


def test_a_declined_question_stays_with_its_reason(
    db: Database, client: PageChecker, curator: Actor, questions: list[PolicyQuestion]
) -> None:
    """Ensure what was left out stays readable, and why."""
    with db.writing() as tx:
        decline_question(tx, curator, questions[0].id, "The session took it back.")

    text = client.page(ADDRESS).text

    assert QUESTION in text
    assert "Declined because: The session took it back." in text


def test_a_reworded_question_keeps_the_sessions_words(
    db: Database, client: PageChecker, curator: Actor, questions: list[PolicyQuestion]
) -> None:
    """Ensure both the new wording and the session's own are shown."""
    form = Rewording(
        text="How should lanterns and networks meet?",
        reason="Shorter and clearer.",
        version=questions[0].version,
    )
    with db.writing() as tx:
        reword_question(tx, curator, questions[0].id, form)

    text = client.page(ADDRESS).text

    assert "How should lanterns and networks meet?" in text
    assert f"Reworded. The words of the session {QUESTION}" in text


def test_a_split_question_leads_to_its_parts_and_back(
    db: Database, client: PageChecker, curator: Actor, questions: list[PolicyQuestion]
) -> None:
    """Ensure lineage can be followed in both directions."""
    parts = ["How should lanterns be connected?", "Which networks are meant?"]
    with db.writing() as tx:
        children = split_question(
            tx, curator, questions[0].id, QuestionSplit(parts=parts, reason="Two in one.")
        )
        ids = [child.id for child in children]

    page = client.page(ADDRESS)

    assert "Replaced" in page.text
    assert "Split into:" in page.text
    assert "Split from:" in page.text
    assert {f"#question-{one}" for one in (*ids, questions[0].id)} <= set(page.links)


def test_merged_questions_lead_to_what_replaced_them(
    db: Database, client: PageChecker, curator: Actor, questions: list[PolicyQuestion]
) -> None:
    """Ensure a merger is told from a split."""
    form = QuestionMerger(
        question_ids=[one.id for one in questions],
        text="How are lanterns connected, and who pays?",
        reason="They belong together.",
    )
    with db.writing() as tx:
        merge_questions(tx, curator, form)

    text = client.page(ADDRESS).text

    assert "Merged with others into:" in text
    assert "Merged from:" in text


def test_an_output_stays_verbatim_beside_its_points(
    db: Database, client: PageChecker, curator: Actor, session: ForumSession
) -> None:
    """Ensure a split changes what people respond to, never the session's words."""
    with db.reading() as reader:
        outputs = list_outputs(reader, session.id)
    call = next(one for one in outputs if one.kind is OutputKind.CALL_TO_ACTION)
    parts = ["Cities should publish places.", "Operators should share records."]
    with db.writing() as tx:
        split_output(tx, curator, call.id, OutputSplit(parts=parts, reason="Two calls in one."))

    text = client.page(ADDRESS).text

    assert call.text in text
    assert "Responses are given to each point:" in text
    assert all(part in text for part in parts)


def test_every_reference_leads_to_the_line_it_names(
    client: PageChecker, questions: list[PolicyQuestion]
) -> None:
    """Ensure the line a question refers to is there and holds its words."""
    page, source = client.page(ADDRESS), client.page(f"{ADDRESS}/source")

    line = questions[0].source_line
    assert f"{ADDRESS}/source#line-{line}" in page.links
    references = [link for link in page.links if "/source#" in link]
    assert {link.split("#")[1] for link in references} <= set(source.ids)
    assert f"{line} 1. {QUESTION}" in source.text


def test_a_saved_web_page_is_shown_as_text(
    db: Database, client: PageChecker, curator: Actor
) -> None:
    """Ensure the markup of an imported page never becomes markup of ours."""
    found = import_file(db, curator, "07-2022-town-hall.html")

    source = client.get(f"/sessions/{found.slug}/source")
    page = client.page(f"/sessions/{found.slug}")

    assert "<article" not in source.text
    assert "<p><strong>" not in source.text
    lines = {link.split("#")[1] for link in page.links if "/source#" in link}
    assert lines
    assert all(f'id="{line}"' in source.text for line in lines)


@pytest.mark.parametrize("name", ["07-2022-town-hall.html", "seed-2020-ws220.txt"])
def test_the_original_can_be_kept_exactly_as_it_came(
    db: Database, client: PageChecker, curator: Actor, name: str
) -> None:
    """Ensure the download is the imported text to the letter, and no browser renders it."""
    found = import_file(db, curator, name)

    response = client.get(f"/sessions/{found.slug}/source.txt")

    assert response.text == (PAGES / name).read_text(encoding="utf-8")
    assert response.mimetype == "text/plain"
    assert response.headers["Content-Disposition"] == f"attachment; filename={found.slug}.txt"


def test_markup_in_a_page_is_escaped(db: Database, client: PageChecker, curator: Actor) -> None:
    """Ensure what a page says cannot become markup on any page about it."""
    text = PAGE.replace("Ada Example", "<img src=x onerror=alert(1)>").replace(
        "Who should pay", "<script>alert(2)</script> Who should pay"
    )
    found = make_session(db, curator, text)

    for path in ("", "/source"):
        body = client.get(f"/sessions/{found.slug}{path}").text
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "alert(2)" in body


def test_only_curators_are_shown_the_way_to_curation(
    app: Flask, db: Database, client: PageChecker, session: ForumSession
) -> None:
    """Ensure visitors and participants are not offered what they may not do."""
    offered = f"/sessions/{session.slug}/curation"

    assert offered not in client.page(ADDRESS).links
    assert offered not in signed_in(app, db).page(ADDRESS).links
    assert offered in signed_in(app, db, role=Role.MAG_MEMBER).page(ADDRESS).links


@pytest.mark.parametrize("path", [ADDRESS, f"{ADDRESS}/source"])
def test_a_session_needs_few_queries(
    app: Flask, db: Database, session: ForumSession, path: str
) -> None:
    """Ensure the number of statements does not grow with what a session left behind."""
    make_deliberation(db, session)
    make_deliberation(db, session, output=OutputKind.CALL_TO_ACTION)
    reader = signed_in(app, db)

    with recorded(db) as queries:
        reader.page(path)

    assert 0 < len(queries) <= 8, queries
