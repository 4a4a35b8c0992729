"""The portfolio as visitors see it: stages, filters, lateness, pages, the table."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from deliberate.actions.curation import accept_question, decline_question
from deliberate.domain.forum import OutputKind, QuestionState
from deliberate.domain.people import Actor, Role
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession, PolicyQuestion, list_questions
from deliberate.web.explore.portfolio_table import COLUMNS
from tests.factories import PAGE, make_deliberation, make_person, make_session
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.world_portfolio import classify

REASON = "It is clear, open and within our mandate."
FIRST = "How should public lanterns be connected to community networks?"
SECOND = "Who should pay for the oil that keeps the lanterns burning?"
OLDER = (
    PAGE.replace("2024 WS #77 Lanterns", "2022 WS #12 Lighthouses")
    .replace("2024", "2022")
    .replace("lanterns", "beacons")
)
OLD = [FIRST.replace("lanterns", "beacons"), SECOND.replace("lanterns", "beacons")]
HOSTILE = ["'", "%", "_", "<script>", "\u202e", "x" * 3_000, "-1", "9" * 40, "٣", "\ud7ff", "%s%n"]
FILTERS = [
    "kind",
    "stage",
    "overdue",
    "stuck",
    "year",
    "type",
    "theme",
    "goal",
    "tag",
    "language",
    "actor",
    "priority",
    "facilitator",
    "q",
    "sort",
]


@pytest.fixture
def curator(db: Database) -> Actor:
    """A MAG member."""
    return make_person(db, role=Role.MAG_MEMBER)


@pytest.fixture
def session(db: Database, curator: Actor) -> ForumSession:
    """A session of 2024 with two questions, a takeaway and a call."""
    return make_session(db, curator)


@pytest.fixture
def ids(db: Database, session: ForumSession) -> list[int]:
    """Its questions."""
    with db.reading() as reader:
        return [question.id for question in list_questions(reader, session.id)]


def table(client: PageChecker, address: str = "/questions.csv") -> list[dict[str, str]]:
    """The rows of the table, cells as a spreadsheet gets them."""
    response = client.get(address)
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def test_an_empty_forum_says_what_will_be_here(client: PageChecker) -> None:
    """Ensure the page invites and the table has its columns before anything was imported."""
    assert "Nothing has been imported yet." in client.page("/questions").text
    assert table(client) == []
    assert client.get("/questions.csv").text.strip("\ufeff\r\n").split(",") == list(COLUMNS)


def test_stages_are_counted_and_lead_to_their_lists(
    db: Database, client: PageChecker, curator: Actor, ids: list[int]
) -> None:
    """Ensure the numbers come first and each is a link to what it counts."""
    with db.writing() as tx:
        accept_question(tx, curator, ids[0], REASON)
        decline_question(tx, curator, ids[1], REASON)

    with recorded(db) as sent:
        page = client.page("/questions")

    assert len(sent) <= 8
    assert {"/questions?stage=accepted", "/questions?stage=declined"} <= set(page.links)
    accepted = client.page("/questions?stage=accepted")
    assert FIRST in accepted.text
    assert SECOND not in accepted.text
    assert [row["stage"] for row in table(client, "/questions.csv?sort=title")] == [
        "accepted",
        "declined",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("theme=Light", [FIRST]),
        ("goal=9", [FIRST]),
        ("tag=oil", [SECOND]),
        ("language=fr", [SECOND]),
        ("actor=MAG", [FIRST]),
        ("priority=high", [FIRST]),
        ("q=OIL+lanterns", [SECOND]),
        ("q=lighthouses", OLD),
        ("year=2022", OLD),
        ("year=2024&type=Workshop", [FIRST, SECOND]),
        ("tag=oil&goal=9", []),
        ("tag=Oil", []),
        ("stage=nonsense", []),
        ("kind=nonsense", []),
        ("overdue=maybe", []),
        ("year=two", []),
        ("unknown=x&sort=nonsense&page=nonsense", [FIRST, SECOND, *OLD]),
    ],
)
def test_filters_in_the_address_find_what_they_say(
    db: Database, client: PageChecker, curator: Actor, ids: list[int], query: str, found: list[str]
) -> None:
    """Ensure page and table agree on what a filter finds, and a strange value finds nothing."""
    make_session(db, curator, OLDER)
    classify(db, curator, ids[0], themes=["Light"], goals=[9], actors=["MAG"], priority="high")
    classify(db, curator, ids[1], tags="oil", language="fr")

    page, rows = client.page(f"/questions?{query}"), table(client, f"/questions.csv?{query}")

    texts = [row["text"] for row in rows]
    assert sorted(texts) == sorted(found)
    assert all(text in page.text for text in texts)
    assert f"{len(rows)} found" in page.text
    if not found:
        assert "Nothing matches all of these filters." in page.text
        assert "Clear the filter:" in page.text


def test_a_filter_is_cleared_by_a_link_that_keeps_the_others(
    client: PageChecker, session: ForumSession
) -> None:
    """Ensure nobody has to begin again because one filter was too many."""
    page = client.page(f"/questions?year={session.year}&tag=nothing+has+it&sort=title")

    assert "/questions?year=2024&sort=title" in page.links
    assert "/questions?tag=nothing+has+it&sort=title" in page.links


def test_rows_say_why_they_are_late(
    db: Database, client: PageChecker, clock: FakeClock, session: ForumSession
) -> None:
    """Ensure overdue and stuck are named with their days, and can be listed alone."""
    make_deliberation(db, session, days=5)
    clock.advance(days=31)

    overdue = client.page("/questions?overdue=yes")
    stuck = client.page("/questions?stuck=yes")

    assert "Closed 26 days ago, no summary yet" in overdue.text
    assert "Nobody has acted on it for 31 days" in stuck.text
    assert FIRST not in stuck.text
    late = {row["text"]: (row["late"], row["days_in_stage"]) for row in table(client)}
    assert late == {FIRST: ("no_summary", "26"), SECOND: ("no_act", "31")}


def test_calls_are_followed_across_years(
    db: Database, client: PageChecker, curator: Actor, session: ForumSession
) -> None:
    """Ensure calls of different years stand in one list with what became of them."""
    make_session(db, curator, OLDER)
    make_deliberation(db, session, output=OutputKind.CALL_TO_ACTION)

    rows = table(client, "/questions.csv?kind=call")

    assert {(row["year"], row["stage"]) for row in rows} == {("2024", "open"), ("2022", "waiting")}
    assert client.page("/questions?kind=call&stage=open").text.count("Cities should publish") == 1


def test_long_lists_come_in_pages(db: Database, client: PageChecker, session: ForumSession) -> None:
    """Ensure every question is on one page exactly, whatever the order, within the budget."""
    with db.writing() as tx:
        new = [
            {
                "session_id": session.id, "position": 9, "original": f"Why {number}?",
                "text": f"Why {number}?", "state": QuestionState.IMPORTED, "version": 1,
            }
            for number in range(118)
        ]  # fmt: skip
        tx.execute(sa.insert(PolicyQuestion), new)

    seen: list[str] = []
    for number in (1, 2, 3):
        with recorded(db) as sent:
            page = client.page(f"/questions?stage=waiting&sort=waiting&page={number}")
        assert len(sent) <= 8
        seen += [link for link in page.links if link.rsplit("/", 1)[0] == "/questions"]

    assert len(seen) == len(set(seen)) == 120
    assert "/questions?stage=waiting&sort=waiting" in page.links or number == 3
    assert "The list ends before this page." in client.page("/questions?page=4").text


@pytest.mark.parametrize("value", HOSTILE, ids=ascii)
def test_no_value_of_a_filter_breaks_the_page(
    client: PageChecker, session: ForumSession, value: str
) -> None:
    """Ensure what nobody types finds nothing, and is shown as the text it is."""
    assert session.title in client.page("/questions").text
    for name in FILTERS:
        query = urlencode({name: value})
        assert client.get(f"/questions?{query}").status_code == 200
        assert client.get(f"/questions.csv?{query}").status_code == 200
    assert "<script>" not in client.get(f"/questions?{urlencode({'tag': '<script>'})}").text


@pytest.mark.parametrize(
    "start", ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=cmd|' /C calc'!A0"]
)
def test_no_cell_of_the_table_runs_as_a_formula(
    db: Database, client: PageChecker, curator: Actor, ids: list[int], start: str
) -> None:
    """Ensure questions, titles, labels and names open as text in a spreadsheet."""
    facilitator = make_person(db, role=Role.FACILITATOR, name=f"x{start.strip()}")
    classify(db, curator, ids[0], tags="first", facilitator_id=facilitator.id)
    with db.writing() as tx:
        tx.execute(sa.text("UPDATE policy_questions SET text = :text"), {"text": start})
        tx.execute(sa.text("UPDATE forum_sessions SET title = :text"), {"text": start})
        tx.execute(sa.text("UPDATE labels SET value = :text"), {"text": start})
        tx.execute(
            sa.text("UPDATE people SET name = :text WHERE id = :id"),
            {"text": start, "id": facilitator.id},
        )

    rows = table(client)

    assert {row["text"] for row in rows} == {f"'{start}"}
    risky = [
        cell
        for row in rows
        for cell in row.values()
        if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    ]
    assert risky == []


def test_htmx_gets_the_list_alone(client: PageChecker, session: ForumSession) -> None:
    """Ensure a swap carries the part that changed, and the same address the whole page."""
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}

    part = client.get("/questions?q=oil", headers=headers)

    assert part.text.lstrip().startswith('<div id="portfolio"')
    assert SECOND in part.text
    assert f"/sessions/{session.slug}" in part.text
    assert "<html" not in part.text
    assert 'hx-push-url="true"' in part.text


def test_sessions_are_found_by_year_and_type(
    db: Database, client: PageChecker, curator: Actor, session: ForumSession
) -> None:
    """Ensure the list of sessions narrows by year and type and leads to its questions."""
    make_session(db, curator, OLDER)

    page = client.page("/sessions?year=2022")

    assert "Lighthouses" in page.text
    assert session.title not in page.text
    assert "/questions?year=2022" in page.links
    assert "No session has all of these words." in client.page("/sessions?type=Nonsense").text


def test_lateness_moves_with_the_clock(
    client: PageChecker, clock: FakeClock, session: ForumSession
) -> None:
    """Ensure nothing is late at the limit itself."""
    clock.now = session.imported_at + timedelta(days=30)
    assert table(client, "/questions.csv?stuck=yes") == []
    clock.now += timedelta(seconds=1)
    assert len(table(client, "/questions.csv?stuck=yes")) == 2
