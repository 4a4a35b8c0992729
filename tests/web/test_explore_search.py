"""Claims about the page of search: what it finds, marks, filters and answers to anything typed."""

import re

import pytest
from bs4 import BeautifulSoup

from deliberate.domain.people import StakeholderGroup
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession
from tests import factories
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.queries import recorded

HOSTILE = (
    '"', "*", "a*b*c", "NEAR(lanterns oil)", "words:lanterns", "^lanterns", "lanterns OR oil AND",
    "(((((", "' OR 1=1 --", "lanterns:*", "!&|<->", "\\'", "\x00lanterns", "(a+)+$" * 30,
    "\u202elanterns\u2066", "<script>alert(1)</script>", "%", "_", "x" * 10_000, '"' * 3_000,
    "-" * 3_000, "灯" * 5_000, "{{ 7*7 }}", "'':1", "g=government",
)  # fmt: skip


def page_of(client: PageChecker, path: str) -> BeautifulSoup:
    """The page at an address."""
    return BeautifulSoup(client.get(path).text, "html.parser")


def test_what_is_found_is_marked_in_the_words_as_written(db: Database, client: PageChecker) -> None:
    """Ensure the excerpt is the author's own text, safe, with nothing marked but what was meant."""
    discussion = factories.make_deliberation(db)
    author = factories.make_person(db, StakeholderGroup.TECHNICAL, name="Ada Keeper")
    body = (
        f"{'So much before. ' * 30}Les **Modèles** de <b>réparation</b> & l'école. {'After. ' * 60}"
    )
    comment = factories.make_comment(db, discussion.id, author, body=body)

    page = page_of(client, "/search?q=modele+reparation")

    hit = page.select_one("#hits .hit")
    assert hit is not None
    assert [mark.text for mark in hit.select("mark")] == ["Modèles", "réparation"]
    text = hit.select_one(".hit-text")
    assert text is not None
    assert text.text.startswith("… ")
    assert "<b>réparation</b> & l'école." in text.text
    assert text.select("b") == []
    assert len(text.text) < 340
    assert f"/comments/{comment.id}" in [link["href"] for link in hit.select("a")]
    assert f"/deliberations/{discussion.id}" in [link["href"] for link in hit.select("a")]
    assert "Ada Keeper" in hit.text
    assert "Technical Community" in hit.text


@pytest.mark.one_database
def test_filters_stand_in_the_address_and_can_be_cleared(db: Database, client: PageChecker) -> None:
    """Ensure kinds are counted, filters narrow, and each is taken out by a link."""
    discussion = factories.make_deliberation(db)
    state = factories.make_person(db, StakeholderGroup.GOVERNMENT)
    factories.make_comment(db, discussion.id, state, body="Lanterns of the state.")
    factories.make_comment(db, discussion.id, body="Lanterns of the people.")

    everything = page_of(client, "/search?q=lanterns")
    address = "/search?q=lanterns&kind=comment&group=Government&language=en&year=2024"
    address += f"&discussion={discussion.id}"
    narrow = page_of(client, address)

    tabs = [" ".join(link.text.split()) for link in everything.select(".tabs a")]
    assert tabs == ["Everything 5", "Questions 2", "Takeaways and calls 1", "Comments 2"]
    assert [hit.text for hit in narrow.select(".hit mark")] == ["Lanterns"]
    chips = [str(link["href"]) for link in narrow.select(".chips a")]
    assert len(chips) == 4
    assert all("kind=comment" in href for href in chips)
    assert "group=" not in next(href for href in chips if "group" not in href)
    assert "Nothing found with these filters" in client.get(address.replace("2024", "2020")).text


@pytest.mark.one_database
def test_results_go_on_with_and_without_scripts(
    db: Database, client: PageChecker, clock: FakeClock
) -> None:
    """Ensure each result is shown once over all pages, and htmx gets only what is new."""
    discussion = factories.make_deliberation(db)
    author = factories.make_person(db)
    for number in range(45):
        clock.advance(minutes=number % 2)
        factories.make_comment(db, discussion.id, author, body=f"Beacon {number}")

    shown: list[str] = []
    path: str | None = "/search?q=beacon"
    while path:
        page = page_of(client, path)
        shown += [hit.text.strip() for hit in page.select(".hit-text")]
        more = page.select_one("#more a")
        path = str(more["href"]) if more else None
        if more:
            part = client.get(
                path or "", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
            ).text
            assert "<html" not in part
            assert part.count('class="entry hit"') <= 20
    assert shown == [f"Beacon {number}" for number in reversed(range(45))]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_can_be_searched(db: Database, client: PageChecker, text: str) -> None:
    """Ensure what is typed is never read as a language of the database, and comes back as text.

    No address of this site may hold a NUL.
    """
    factories.make_deliberation(db)

    answer = client.get("/search", query_string={"q": text})

    assert answer.status_code == (400 if "\0" in text else 200)
    assert "<script>alert" not in answer.text


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "All words must occur"),
        ("?q=a", "One letter is too short"),
        ("?q=-oil", "Add a word that should occur"),
        ("?q=zeppelin", "Try fewer words"),
        ("?q=oil&after=1", "The results end here"),
        (
            "?q=oil&kind=nonsense&group=x&language=%7F&year=-1&session=none&discussion=99999999999",
            "",
        ),
        ("?q=oil&after=99999999999999999999&year=x", ""),
    ],
)
def test_a_page_without_results_says_why(
    db: Database, client: PageChecker, query: str, words: str
) -> None:
    """Ensure there is advice for every way of finding nothing, and odd filters are passed over."""
    factories.make_deliberation(db)

    page = client.get(f"/search{query}")

    assert page.status_code == 200
    assert words in page.text


def test_a_search_needs_few_queries(db: Database, client: PageChecker) -> None:
    """Ensure a page of results of every kind with every filter asks at most eight times."""
    discussion = factories.make_deliberation(db)
    factories.make_comment(db, discussion.id, body="The lanterns of the state.")
    with db.reading() as reader:
        slug = reader.get_one(ForumSession, discussion.session_id).slug

    with recorded(db) as sent:
        page = client.get(
            f"/search?q=lanterns&language=en&session={slug}&discussion={discussion.id}&year=2024"
        )

    assert page.status_code == 200
    assert re.search(r"<mark>lanterns</mark>", page.text)
    assert len(sent) <= 8
