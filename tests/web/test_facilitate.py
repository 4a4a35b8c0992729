"""Opening polls, writing summaries and reading editions, as a browser without scripts does it."""

import pytest
from flask import Flask

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Role
from deliberate.domain.positions import Position
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.polls import list_polls
from deliberate.storage.summaries import find_summary_of
from tests.factories import (
    PASSWORD,
    make_deliberation,
    make_person,
    make_poll,
    make_proposals,
    respond,
)
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.pages import Page

TEXT = "Every group that took part wants the places of lanterns to be published."
DRAFT = {"body": TEXT, "level": "consensus", "level_reason": "Nobody objected to it."}


def sign_in(app: Flask, db: Database, role: Role | None = None) -> PageChecker:
    """A browser in which somebody with this role is signed in."""
    client = app.test_client()
    assert isinstance(client, PageChecker)
    person = f"{role or 'stakeholder'}-{make_person(db).id}@example.org"
    make_person(db, role=role, email=person)
    response = client.submit("/sign-in", data={"email": person, "password": PASSWORD})
    assert response.status_code == 303
    return client


@pytest.fixture
def facilitator(app: Flask, db: Database) -> PageChecker:
    """A facilitator's browser."""
    return sign_in(app, db, Role.FACILITATOR)


@pytest.fixture
def closed_call(db: Database, clock: FakeClock) -> Deliberation:
    """A call to action that six people endorsed, closed."""
    deliberation = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    for _ in range(6):
        respond(db, deliberation, make_person(db), Position.ENDORSE)
    clock.advance(days=31)
    return deliberation


def test_a_facilitator_opens_a_poll(db: Database, facilitator: PageChecker) -> None:
    """Ensure the poll opens with the chosen proposals and leads to its page."""
    deliberation = make_deliberation(db)
    made = make_proposals(db, deliberation.id)

    response = facilitator.submit(
        f"/deliberations/{deliberation.id}/polls/new?kind=ranked",
        f"/deliberations/{deliberation.id}/polls",
        {"closes_at": "2026-03-10T12:00", "proposal_ids": [str(each.id) for each in made[:2]]},
    )

    assert response.status_code == 303
    with db.reading() as reader:
        polls = list_polls(reader, deliberation.id)
    assert [f"/polls/{poll.id}" for poll in polls] == [response.headers["Location"]]
    assert [option["proposal"] for option in polls[0].frozen["options"]] == [
        each.id for each in made[:2]
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"closes_at": ""}, "Enter a date and time"),
        ({"closes_at": "2026-03-01T00:00"}, "Choose a time after the opening."),
        ({"title": "Sort \u202ethis now"}, "invisible direction marks"),
        ({"title": "x" * 161}, "Shorten this to 160"),
        ({"minimum": "many"}, "Enter a whole number"),
    ],
)
def test_a_poll_that_cannot_open_is_explained_and_kept(
    db: Database, facilitator: PageChecker, fields: dict[str, str], message: str
) -> None:
    """Ensure each fault is named at its field, what was typed stays, and nothing is stored."""
    deliberation = make_deliberation(db)
    make_proposals(db, deliberation.id)
    typed = {"title": "Which one do we try first?", "closes_at": "2026-03-10T12:00"} | fields

    response = facilitator.submit(
        f"/deliberations/{deliberation.id}/polls/new?kind=ranked",
        f"/deliberations/{deliberation.id}/polls",
        typed,
    )

    assert response.status_code == 422
    assert message in Page(response.text).text
    assert typed["title"] in response.text
    with db.reading() as reader:
        assert not list_polls(reader, deliberation.id)


@pytest.mark.parametrize("role", [None, Role.MAG_MEMBER, Role.SECRETARIAT])
def test_only_facilitators_reach_their_desk(app: Flask, db: Database, role: Role | None) -> None:
    """Ensure other roles are refused with a sentence."""
    deliberation = make_deliberation(db)
    client = sign_in(app, db, role)

    for path in ("polls/new", "summary"):
        page = client.page(f"/deliberations/{deliberation.id}/{path}", 403)
        assert "Only facilitators may do this." in page.text


def test_the_desk_shows_no_figures_before_closing(db: Database, facilitator: PageChecker) -> None:
    """Ensure a facilitator sees no running results while writing."""
    deliberation = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    respond(db, deliberation, make_person(db), Position.CONTEST)

    page = facilitator.page(f"/deliberations/{deliberation.id}/summary")

    assert "Until then nobody sees them" in page.text
    assert "What was computed" not in page.text


def test_from_draft_to_edition(
    db: Database, closed_call: Deliberation, facilitator: PageChecker
) -> None:
    """Ensure a figure is put in, the draft saved, and an edition published with its value."""
    address = f"/deliberations/{closed_call.id}/summary"
    desk = facilitator.get(address).text
    figure = desk.split('name="insert" value="')[2].split('"')[0]
    with_figure = facilitator.submit(address, data=DRAFT | {"insert": figure})
    assert f"[[{figure}]]" in with_figure.text

    body = f"{TEXT} [[{figure}]]"
    saved = facilitator.submit(address, data=DRAFT | {"body": body, "step": "save"})
    assert saved.status_code == 303
    with db.reading() as reader:
        summary = find_summary_of(reader, closed_call.id)
    assert summary is not None
    published = facilitator.submit(address, f"/summaries/{summary.id}/publication")

    assert published.headers["Location"] == f"/summaries/{summary.id}/editions/1"
    edition = facilitator.page(f"/summaries/{summary.id}/editions/1")
    assert "6 of 6 (100%)" in edition.text
    assert "Designated: Consensus" in edition.text
    assert "Not a decision or position of the IGF or the UN." in edition.text


def test_an_edition_is_offered_as_data(
    app: Flask, db: Database, closed_call: Deliberation, facilitator: PageChecker
) -> None:
    """Ensure a visitor gets the document and its digest, and 304 the second time."""
    address = f"/deliberations/{closed_call.id}/summary"
    facilitator.submit(address, data=DRAFT | {"step": "save"})
    with db.reading() as reader:
        summary = find_summary_of(reader, closed_call.id)
    assert summary is not None
    facilitator.submit(address, f"/summaries/{summary.id}/publication")
    visitor = app.test_client()

    first = visitor.get(f"/summaries/{summary.id}/editions/1.json")
    again = visitor.get(first.request.path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.get_json()["document"]["body"] == TEXT
    assert again.status_code == 304
    assert visitor.get(f"/summaries/{summary.id}/editions/2").status_code == 404


def test_two_editors_see_both_texts(app: Flask, db: Database, closed_call: Deliberation) -> None:
    """Ensure the slower of two facilitators loses nothing and sees the saved text."""
    address = f"/deliberations/{closed_call.id}/summary"
    fast, slow = (sign_in(app, db, Role.FACILITATOR) for _ in range(2))
    form = slow.page(address).form(address).fields
    fast.submit(address, data=DRAFT | {"body": "The faster text.", "step": "save"})

    response = slow.post(address, data=form | DRAFT | {"body": "The slower text."})

    assert response.status_code == 409
    assert "The faster text." in response.text
    assert "The slower text." in response.text


def test_an_incomplete_summary_is_explained_when_publishing(
    db: Database, closed_call: Deliberation, facilitator: PageChecker
) -> None:
    """Ensure the missing designation is named at its field and no edition appears."""
    address = f"/deliberations/{closed_call.id}/summary"
    facilitator.submit(address, data={"body": TEXT, "step": "save"})
    with db.reading() as reader:
        summary = find_summary_of(reader, closed_call.id)
    assert summary is not None

    response = facilitator.submit(address, f"/summaries/{summary.id}/publication")

    assert response.status_code == 422
    assert "Designate a level." in Page(response.text).text


def test_hostile_text_is_harmless_in_a_preview(
    closed_call: Deliberation, facilitator: PageChecker
) -> None:
    """Ensure markup in a draft is shown as text and scripts never become elements."""
    address = f"/deliberations/{closed_call.id}/summary"
    hostile = '<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror="alert(1)">'

    response = facilitator.submit(address, data={"body": hostile, "step": "preview"})

    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "javascript:alert" not in response.text.split('<textarea id="field-body"')[0]


def test_a_poll_never_outlasts_its_discussion(db: Database, facilitator: PageChecker) -> None:
    """Ensure nothing stays open after the moment at which results are shown."""
    deliberation = make_deliberation(db, days=2)
    make_proposals(db, deliberation.id)

    response = facilitator.submit(
        f"/deliberations/{deliberation.id}/polls/new?kind=ranked",
        f"/deliberations/{deliberation.id}/polls",
        {"closes_at": "2026-03-05T09:00"},
    )

    assert response.status_code == 422
    assert "A poll closes no later than its discussion does." in Page(response.text).text


def test_no_poll_opens_after_the_discussion(app: Flask, db: Database, clock: FakeClock) -> None:
    """Ensure a closed discussion is not reopened by a poll."""
    deliberation = make_deliberation(db, days=1)
    make_proposals(db, deliberation.id)
    clock.advance(days=2)

    page = sign_in(app, db, Role.FACILITATOR).page(
        f"/deliberations/{deliberation.id}/polls/new", 403
    )

    assert "This discussion is not open for contributions now." in page.text


def test_an_uncounted_poll_stops_publishing(app: Flask, db: Database, clock: FakeClock) -> None:
    """Ensure a summary waits for the count of every poll."""
    deliberation = make_deliberation(db, days=1)
    make_poll(db, deliberation.id, hours=24)
    clock.advance(days=2)
    facilitator = sign_in(app, db, Role.FACILITATOR)
    address = f"/deliberations/{deliberation.id}/summary"
    facilitator.submit(address, data=DRAFT | {"step": "save"})
    with db.reading() as reader:
        summary = find_summary_of(reader, deliberation.id)
    assert summary is not None

    response = facilitator.submit(address, f"/summaries/{summary.id}/publication")

    assert response.status_code == 409
    assert "A poll is not counted yet." in response.text
