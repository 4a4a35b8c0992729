"""Amendments in a browser without scripts: suggesting, answering, and both texts on conflict."""

import pytest
from flask import Flask

from deliberate.actions.proposals import revise_proposal
from deliberate.domain.people import Actor
from deliberate.storage.database import Database
from deliberate.storage.people import find_actor
from deliberate.storage.proposals import ProposalLine
from tests.cases.hostile_texts import HOSTILE, LINES, dangers
from tests.factories import make_deliberation, make_person, make_proposals
from tests.support.amending import NOTE, read, suggest, version_form
from tests.support.client import PageChecker
from tests.support.queries import recorded
from tests.support.signed_in import browser_of

pytestmark = pytest.mark.one_database


@pytest.fixture
def line(db: Database) -> ProposalLine:
    """A proposal that can be changed."""
    return read(db, make_proposals(db, make_deliberation(db).id, 1)[0].id)


@pytest.fixture
def author(db: Database, line: ProposalLine) -> Actor:
    """Who wrote it."""
    with db.reading() as reader:
        actor = find_actor(reader, line.author_id)
    assert actor is not None
    return actor


@pytest.fixture
def writer(app: Flask, db: Database, author: Actor) -> PageChecker:
    """The author's browser."""
    return browser_of(app, db, author)


@pytest.fixture
def amender(app: Flask, db: Database) -> PageChecker:
    """The browser of somebody who would have other words."""
    return browser_of(app, db, make_person(db, name="Amal Amender"))


def send(amender: PageChecker, line: ProposalLine, **fields: str) -> str:
    """Suggest an amendment from the proposal's page, and give its address."""
    path = f"/proposals/{line.id}/amendments"
    assert f"{path}/new" in amender.page(f"/proposals/{line.id}").links
    answer = amender.submit(
        f"{path}/new", path, {"body": "The city pays for lamps.", "note": NOTE} | fields
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def test_an_amendment_goes_from_the_form_to_a_version(
    amender: PageChecker, writer: PageChecker, client: PageChecker, line: ProposalLine
) -> None:
    """Ensure everybody reads what it changes and why, and the story names who suggested it."""
    address, home = send(amender, line), f"/proposals/{line.id}"
    assert address in client.page(home).links
    page = client.get(address).text
    assert NOTE in page
    assert "The city pays for lamps." in page
    assert "<ins>" in page
    assert "Accept it" not in page
    assert "Accept it" in writer.get(address).text

    accepted = writer.submit(f"{address}/acceptance")

    assert accepted.headers["Location"] == home
    page = client.get(home).text
    assert "The city pays for lamps." in page
    assert "From an amendment by Amal Amender" in page
    assert "Accepted by" in client.get(address).text
    assert "From an amendment by Amal Amender" in client.get(f"{home}/versions/2").text
    assert writer.get(f"{address}/acceptance").status_code == 409


def test_a_changed_text_is_joined_or_shown_beside_the_amendment(
    writer: PageChecker, db: Database, author: Actor, line: ProposalLine
) -> None:
    """Ensure nothing that was published in the meantime is lost by accepting."""
    other = make_person(db)
    retitled = suggest(db, other, line.id, body=line.body, title="Lamps that all can afford").id
    rewritten = suggest(db, other, line.id, body="Only the amended body.").id
    with db.writing() as tx:
        revise_proposal(tx, author, line.id, version_form(line, body="The body of version two."))

    conflict = writer.page(f"/amendments/{rewritten}/acceptance")
    assert "The body of version two." in conflict.text
    assert "Only the amended body." in conflict.text
    assert "Both changed the same lines." in conflict.text
    joined = f"/amendments/{retitled}/acceptance"
    stale = writer.page(joined).form(joined).fields
    assert stale["body"] == ["The body of version two."]
    with db.writing() as tx:
        form = version_form(read(db, line.id), body="The body of version three.")
        revise_proposal(tx, author, line.id, form)
    refused = writer.post(joined, data=stale)
    assert refused.status_code == 409
    assert "The body of version three." in refused.text
    assert "The body of version two." in refused.text

    assert writer.submit(joined).status_code == 303
    now = read(db, line.id)
    assert (now.title, now.body) == ("Lamps that all can afford", "The body of version three.")


def test_an_amendment_begun_on_an_earlier_version_shows_both_texts(
    amender: PageChecker, db: Database, author: Actor, line: ProposalLine
) -> None:
    """Ensure who was slow sees what was published and sends the form once more."""
    path = f"/proposals/{line.id}/amendments"
    form = amender.page(f"{path}/new").form(path).fields
    with db.writing() as tx:
        revise_proposal(tx, author, line.id, version_form(line, body="The body of version two."))

    slow = amender.post(path, data={**form, "body": "My own words.", "note": NOTE})

    assert slow.status_code == 409
    assert "The body of version two." in slow.text
    assert "My own words." in slow.text
    assert 'name="version" value="2"' in slow.text


def test_a_rejection_needs_a_reason_and_leaves_a_way_on(
    amender: PageChecker, writer: PageChecker, client: PageChecker, line: ProposalLine
) -> None:
    """Ensure the reason is public and the amender may let the text stand beside the proposal."""
    address = send(amender, line)
    silent = writer.submit(address, f"{address}/rejection")
    assert silent.status_code == 422
    assert "This is needed." in silent.text

    writer.submit(address, f"{address}/rejection", {"reason": "Cities have no money."})
    assert "Cities have no money." in client.get(address).text
    made = amender.submit(address, f"{address}/alternative").headers["Location"]

    page = client.page(made)
    assert "Amal Amender" in page.text
    assert address in page.links
    assert made in client.page(address).links
    assert amender.get(address).text.count("Publish it as a proposal") == 0


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": ""}, "This is needed."),
        ({"body": "x" * 5_001}, "Shorten this to 5000 characters."),
        ({"note": "short"}, "Write at least 10 characters."),
        ({"body": "turned \u202e around"}, "invisible direction marks"),
        ({}, "Change it first."),
    ],
)
def test_a_wrong_amendment_comes_back_with_its_text(
    amender: PageChecker, line: ProposalLine, fields: dict[str, str], message: str
) -> None:
    """Ensure what is wrong stands at its field and nothing typed is lost."""
    path = f"/proposals/{line.id}/amendments"

    answer = amender.submit(f"{path}/new", path, {"note": NOTE, **fields})

    assert answer.status_code == 422
    assert message in answer.text
    assert all(text in answer.text for text in fields.values())
    assert "There are no amendments." in amender.get(path).text


def test_hostile_amendments_are_text_and_nothing_else(
    writer: PageChecker, db: Database, line: ProposalLine
) -> None:
    """Ensure titles, texts and reasons are harmless in lists, differences and forms."""
    titles = [text for text in LINES.values() if 10 < len(text.strip()) < 160]
    made = []
    for number, text in enumerate([*HOSTILE.values()][::4]):
        title = titles[number % len(titles)]
        person = make_person(db, name=f"<b>{number}</b>")
        made.append(suggest(db, person, line.id, title=title, body=text, note=f"{text} and so on"))

    assert dangers(writer.get(f"/proposals/{line.id}/amendments").text) == []
    assert dangers(writer.get(f"/proposals/{line.id}").text) == []
    for amendment in made[::3]:
        for path in (f"/amendments/{amendment.id}", f"/amendments/{amendment.id}/acceptance"):
            assert dangers(writer.get(path).text) == []


def test_pages_of_amendments_ask_little_of_the_database(
    writer: PageChecker, db: Database, line: ProposalLine
) -> None:
    """Ensure many amendments cost no more statements, on the proposal's page either."""
    made = [suggest(db, make_person(db), line.id) for _ in range(22)]
    home, own = f"/proposals/{line.id}", f"/amendments/{made[0].id}"
    assert writer.get(f"{home}/amendments").text.count('href="/amendments/') == 20
    assert writer.get(f"{home}/amendments?page=2").text.count('href="/amendments/') == 2

    for path in (home, f"{home}/amendments", own, f"{own}/acceptance"):
        with recorded(db) as sent:
            writer.get(path)
        assert len(sent) <= 8, path
