"""Combining and splitting in a browser without scripts: forms, consent, and the way back."""

import pytest
from flask import Flask

from deliberate.actions.moderation import hide_item
from deliberate.actions.recastings import consent
from deliberate.domain.moderation import ItemKind, Rule
from deliberate.domain.people import Actor, Role
from deliberate.inputs.moderation import Hiding
from deliberate.storage.database import Database
from tests.cases.hostile_texts import HOSTILE, dangers
from tests.factories import make_deliberation, make_person
from tests.support.amending import suggest
from tests.support.client import PageChecker
from tests.support.queries import recorded
from tests.support.recasting import propose, suggest_recasting
from tests.support.signed_in import browser_of

pytestmark = pytest.mark.one_database
REASON = "They ask for the same lamps."


@pytest.fixture
def place(db: Database) -> int:
    """An open deliberation."""
    return make_deliberation(db).id


@pytest.fixture
def authors(db: Database) -> list[Actor]:
    """Two people with a proposal each."""
    return [make_person(db, name="Olu Oil"), make_person(db, name="Wen Wick")]


@pytest.fixture
def pair(db: Database, place: int, authors: list[Actor]) -> list[int]:
    """Their proposals."""
    titles = ("Oil for every lamp", "Wicks for every lamp")
    return [propose(db, *each) for each in zip(authors, [place] * 2, titles, strict=True)]


def test_a_facilitator_combines_what_two_authors_consent_to(
    app: Flask, db: Database, client: PageChecker, authors: list[Actor], pair: list[int]
) -> None:
    """Ensure both texts stand beside the form, and every page says what waits and what came."""
    first, second = (f"/proposals/{number}" for number in pair)
    shepherd = browser_of(app, db, make_person(db, role=Role.FACILITATOR))
    assert "Wicks for every lamp" in shepherd.get(f"{first}/combination").text
    chosen = f"{first}/combination?with={pair[1]}"
    assert "Wicks for every lamp, everywhere." in shepherd.get(chosen).text

    empty = shepherd.submit(chosen, f"{first}/recasting", {"title": "", "reason": REASON})
    assert empty.status_code == 422
    assert "This is needed." in empty.text
    assert "Wicks for every lamp, everywhere." in empty.text
    asked = shepherd.submit(chosen, f"{first}/recasting", {"reason": REASON})
    address = asked.headers["Location"]
    assert address in client.page(second).links
    for author in authors:
        browser = browser_of(app, db, author)
        assert "Has not consented" in browser.get(address).text
        browser.submit(address, f"{address}/consent")

    page = client.page(address)
    assert "Every author consented." in page.text
    made = next(link for link in page.links if link.startswith("/proposals/") and "ver" not in link)
    assert {first, second} <= set(client.page(made).links)
    for original in (first, second):
        shown = client.page(original)
        assert made in shown.links
        assert "This proposal was combined with others." in shown.text
        assert "Rate what was made of it." in shown.text


def test_an_author_splits_their_own_and_another_declines(
    app: Flask, db: Database, client: PageChecker, authors: list[Actor], pair: list[int]
) -> None:
    """Ensure nobody else is asked for a split, and a refusal needs its reason."""
    own, home = browser_of(app, db, authors[0]), f"/proposals/{pair[0]}"
    waiting = suggest_recasting(db, make_person(db, role=Role.FACILITATOR), pair, "Oil and wicks")
    address = f"/recastings/{waiting.id}"
    silent = own.submit(address, f"{address}/refusal")
    assert silent.status_code == 422
    own.submit(address, f"{address}/refusal", {"reason": "Oil comes first."})
    assert "Oil comes first." in client.get(address).text

    form = own.page(f"{home}/split?parts=2").form(f"{home}/recasting").fields
    titles = ["Oil in the north", "Oil in the south"]
    made = own.post(f"{home}/recasting", data={**form, "title": titles, "reason": REASON})

    assert made.status_code == 303
    page = client.page(home)
    assert "This proposal was split." in page.text
    assert all(title in page.text for title in titles)


def test_pages_of_recastings_are_sound_and_ask_little(
    app: Flask, db: Database, place: int, authors: list[Actor]
) -> None:
    """Ensure hostile texts do no harm on them, within eight statements a page."""
    ids = [propose(db, person, place, f"<b>{person.name}</b>") for person in authors]
    text = "".join(HOSTILE.values())[:140]
    recasting = suggest_recasting(db, authors[0], ids, text.replace("\n", " ").strip())
    browser = browser_of(app, db, authors[1])
    chosen = f"/proposals/{ids[1]}/combination?with={ids[0]}"
    for path in (f"/recastings/{recasting.id}", f"/proposals/{ids[0]}", chosen):
        browser.get(path)
        with recorded(db) as sent:
            page = browser.get(path)

        assert dangers(page.text) == []
        assert len(sent) <= 8, path


def test_what_a_moderator_hid_is_read_nowhere_around_it(
    db: Database, client: PageChecker, authors: list[Actor], pair: list[int]
) -> None:
    """Ensure amendments, recastings and relatives of a hidden proposal do not repeat its text."""
    amendment = suggest(db, make_person(db), pair[0])
    recasting = suggest_recasting(db, authors[0], pair, "Oil and wicks for every lamp")
    moderator = make_person(db, role=Role.FACILITATOR)
    form = Hiding(seen=0, rule=Rule.ATTACK, words="Please answer the argument.")
    with db.writing() as tx:
        consent(tx, authors[1], recasting.id)
        hide_item(tx, moderator, ItemKind.PROPOSAL, pair[0], form)

    assert client.get(f"/amendments/{amendment.id}").status_code == 302
    assert client.get(f"/proposals/{pair[0]}/amendments").status_code == 302
    page = client.get(f"/recastings/{recasting.id}").text
    assert "A moderator hid one of these proposals." in page
    assert "Oil for every lamp" not in page
    made = client.get(f"/proposals/{pair[1]}").text
    assert "Oil for every lamp" not in made
