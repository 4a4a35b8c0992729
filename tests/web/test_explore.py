"""The front page, the list of discussions, the records and the statements, as visitors see them."""

import re

import pytest
from flask import Flask

from deliberate.actions.curation import decline_question, reword_question
from deliberate.actions.summaries import publish_summary, save_summary
from deliberate.domain.forum import OutputKind
from deliberate.domain.levels import ConsensusLevel
from deliberate.domain.people import Role, StakeholderGroup
from deliberate.domain.positions import Position
from deliberate.inputs.curation import Rewording
from deliberate.inputs.summaries import SummaryDraft
from deliberate.storage.database import Database
from deliberate.storage.forum import list_questions
from tests.factories import (
    PAGE,
    make_comment,
    make_deliberation,
    make_person,
    make_poll,
    make_session,
    respond,
)
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded
from tests.support.registered import signed_in


def other_page(number: int) -> str:
    """The page of another session, so that several can be stored."""
    return PAGE.replace("WS #77 Lanterns on the network", f"WS #{number} Session {number}")


def publish(db: Database, clock: FakeClock) -> str:
    """Close a call to action with six endorsements; the address of its summary's edition."""
    deliberation = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    for _ in range(6):
        respond(db, deliberation, make_person(db), Position.ENDORSE)
    clock.advance(days=31)
    facilitator = make_person(db, role=Role.FACILITATOR)
    draft = SummaryDraft(
        body="Every group that took part wants the places of lanterns to be published.",
        minority_views="",
        level=ConsensusLevel.CONSENSUS,
        level_reason="Nobody objected to it.",
        version=0,
    )
    with db.writing() as tx:
        summary = save_summary(tx, facilitator, deliberation.id, draft)
    with db.writing() as tx:
        edition = publish_summary(tx, facilitator, summary.id, summary.version)
    return f"/summaries/{summary.id}/editions/{edition.number}"


def test_the_front_page_invites_before_there_is_anything(client: PageChecker) -> None:
    """Ensure the first visitor of an empty place is told what will be here."""
    text = client.page("/").text

    assert "Nothing is open for discussion at the moment." in text


def test_the_front_page_shows_what_is_open_and_the_totals(
    db: Database, client: PageChecker
) -> None:
    """Ensure an open discussion, an open poll and the totals are on the front page."""
    deliberation = make_deliberation(db)
    make_poll(db, make_deliberation(db, make_session(db, page=other_page(78))).id)
    make_comment(db, deliberation.id, make_person(db, StakeholderGroup.GOVERNMENT))

    page = client.page("/")

    assert f"/deliberations/{deliberation.id}" in page.links
    assert "Polls open now" in page.text
    assert re.search(r"deliberations? 2", page.text)
    assert re.search(r"forum sessions? 2", page.text)


def test_the_front_page_moves_what_has_closed(
    db: Database, client: PageChecker, clock: FakeClock
) -> None:
    """Ensure a discussion changes its place with the clock alone."""
    make_deliberation(db, days=3)
    assert "summary to follow" not in client.page("/").text

    clock.advance(days=4)

    assert "summary to follow" in client.page("/").text


def test_the_front_page_shows_a_new_summary(
    db: Database, client: PageChecker, clock: FakeClock
) -> None:
    """Ensure what was summarised is found from the front page and in the list of summaries."""
    address = publish(db, clock)

    assert "Recently summarised" in client.page("/").text
    summaries = client.page("/summaries")
    assert address in summaries.links
    assert "Designated: Consensus" in summaries.text


def test_an_output_is_listed_with_its_words(db: Database, client: PageChecker) -> None:
    """Ensure a list says what a takeaway says, not only its number."""
    make_deliberation(db, output=OutputKind.KEY_TAKEAWAY)

    assert "Key takeaway 1: Lanterns are used more" in client.page("/deliberations").text


def test_discussions_are_filtered_by_phase(
    db: Database, client: PageChecker, clock: FakeClock
) -> None:
    """Ensure each tab holds the discussions of its phase and the others say how many."""
    closed = make_deliberation(db, days=1)
    clock.advance(days=2)
    opened = make_deliberation(db, make_session(db, page=other_page(78)))

    everything = client.page("/deliberations")
    only_open = client.page("/deliberations?phase=open")

    assert {f"/deliberations/{one.id}" for one in (closed, opened)} <= set(everything.links)
    assert "All (2)" in everything.text
    assert "Closed (1)" in everything.text
    assert f"/deliberations/{opened.id}" in only_open.links
    assert f"/deliberations/{closed.id}" not in only_open.links


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "There are no discussions yet."),
        ("?phase=open", "There are no discussions yet."),
        ("?phase=nonsense", "There are no discussions yet."),
        ("?page=7", "There are no discussions yet."),
    ],
)
def test_an_empty_list_says_how_it_will_fill(client: PageChecker, query: str, words: str) -> None:
    """Ensure no tab and no odd address shows an empty page."""
    assert words in client.page(f"/deliberations{query}").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?phase=closed", "No discussion is in this phase now."),
        ("?page=2", "The list ends before this page."),
        ("?page=-3", "All (1)"),
        ("?page=999999999999999999999", "The list ends before this page."),
    ],
)
def test_a_list_without_matches_leads_back(
    db: Database, client: PageChecker, query: str, words: str
) -> None:
    """Ensure a phase or page without entries says so and links to all discussions."""
    make_deliberation(db)

    assert words in client.page(f"/deliberations{query}").text


def test_a_long_list_goes_on_on_the_next_page(db: Database, client: PageChecker) -> None:
    """Ensure 26 discussions need two pages, and none is on both."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    for number in range(100, 126):
        make_deliberation(db, make_session(db, curator, other_page(number)))

    first, second = client.page("/deliberations"), client.page("/deliberations?page=2")

    listed = [
        {link for link in page.links if re.search(r"ns/\d+$", link)} for page in (first, second)
    ]
    assert [len(each) for each in listed] == [25, 1]
    assert not listed[0] & listed[1]
    assert "/deliberations?page=2" in first.links
    assert "/deliberations?page=1" in second.links


def test_the_log_tells_what_curators_did_and_why(db: Database, client: PageChecker) -> None:
    """Ensure before, after, reason and curator of each act are public, the newest first."""
    curator = make_person(db, role=Role.MAG_MEMBER, name="Cleo Curator")
    session = make_session(db, curator)
    with db.writing() as tx:
        first, second = list_questions(tx, session.id)
        form = Rewording(
            text="Who pays for the oil?", reason="Shorter and clearer.", version=first.version
        )
        reword_question(tx, curator, first.id, form)
        decline_question(tx, curator, second.id, "The session withdrew it.")

    text = client.page("/curation-log").text

    assert "How should public lanterns be connected" in text
    assert "Who pays for the oil?" in text
    assert "Reason: Shorter and clearer." in text
    assert "Cleo Curator" in text
    assert text.index("The session withdrew it.") < text.index("Shorter and clearer.")


def test_the_log_goes_on_behind_its_first_page(db: Database, client: PageChecker) -> None:
    """Ensure older entries follow without gaps or repetitions while new ones arrive."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    for number in range(200, 232):
        make_session(db, curator, other_page(number))
    first = client.page("/curation-log")
    older = next(link for link in first.links if "before=" in link)
    make_session(db, curator, other_page(240))

    second = client.page(older)

    entries = [{name for name in page.ids if name.startswith("entry-")} for page in (first, second)]
    assert [len(each) for each in entries] == [30, 2]
    assert not entries[0] & entries[1]


@pytest.mark.parametrize("before", ["0", "-5", "x", "99999999999999999999"])
def test_a_damaged_place_in_the_log_is_its_beginning(
    db: Database, client: PageChecker, before: str
) -> None:
    """Ensure a mistyped address shows the newest entries instead of failing."""
    make_session(db)

    assert "Read from the session's page." in client.page(f"/curation-log?before={before}").text


def test_markup_in_the_log_is_shown_as_text(db: Database, client: PageChecker) -> None:
    """Ensure a reason is never read as HTML."""
    curator = make_person(db, role=Role.MAG_MEMBER)
    session = make_session(db, curator)
    with db.writing() as tx:
        question = list_questions(tx, session.id)[0]
        decline_question(tx, curator, question.id, "<script>alert(1)</script> because")

    response = client.get("/curation-log")

    assert "<script>alert" not in response.text
    assert "&lt;script&gt;alert(1)" in response.text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/about", "never a vote of the IGF or of the United Nations"),
        ("/about", "the operator of the server could link ballots to people"),
        ("/about", "E-mail addresses are not verified yet"),
        ("/accessibility", "Nobody from outside has audited this site."),
        ("/accessibility", "With people who use screen readers"),
        ("/summaries", "No summary has been published yet."),
        ("/curation-log", "Nothing has been curated yet."),
        ("/sessions", "No session has been imported yet."),
    ],
)
def test_a_page_says_what_matters(client: PageChecker, path: str, words: str) -> None:
    """Ensure limits are stated plainly and empty lists explain themselves."""
    assert words in client.page(path).text


@pytest.mark.parametrize(
    "path", ["/", "/deliberations", "/sessions", "/curation-log", "/summaries"]
)
def test_a_page_needs_few_queries(app: Flask, db: Database, clock: FakeClock, path: str) -> None:
    """Ensure the number of statements does not grow with what is listed."""
    publish(db, clock)
    curator = make_person(db, role=Role.MAG_MEMBER)
    for number in range(300, 304):
        make_deliberation(db, make_session(db, curator, other_page(number)))
    client = signed_in(app, db)

    with recorded(db) as queries:
        client.page(path)

    assert 0 < len(queries) <= 8, queries


def test_pages_are_not_kept_by_shared_caches(client: PageChecker) -> None:
    """Ensure nobody is shown a page that was rendered for somebody else."""
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"
