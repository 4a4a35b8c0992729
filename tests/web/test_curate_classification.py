"""Classifying as a browser without scripts does it."""

import pytest
from flask import Flask

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, Role
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession, PolicyQuestion, list_outputs, list_questions
from deliberate.storage.labels import find_classification
from tests.factories import make_deliberation, make_person
from tests.support.client import PageChecker
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of
from tests.support.world_portfolio import classify


@pytest.fixture
def question_id(db: Database, session: ForumSession) -> int:
    """Its first question."""
    with db.reading() as reader:
        return list_questions(reader, session.id)[0].id


def test_labels_lead_from_every_page_into_the_portfolio(
    app: Flask, db: Database, curator: PageChecker, session: ForumSession
) -> None:
    """Ensure desk, session and discussion name the labels as links, and the facilitator sees it."""
    facilitator = make_person(db, role=Role.FACILITATOR, name="Fa Cilitator")
    opened = make_deliberation(db, session)
    address = f"/questions/{opened.question_id}/classification"

    response = curator.submit(
        address,
        data={
            "themes": ["Improving digital governance for the Internet We Want"],
            "goals": ["9", "17"],
            "tags": "Lamps, =2+3",
            "language": "en",
            "actors": ["MAG"],
            "other_actors": "Harbour masters",
            "priority": "high",
            "facilitator_id": str(facilitator.id),
        },
    )

    desk = f"/sessions/{session.slug}/curation"
    assert (response.status_code, response.location) == (
        303,
        f"{desk}#question-{opened.question_id}",
    )
    expected = {"/questions?goal=9", "/questions?tag=lamps", "/questions?actor=Harbour+masters"}
    for page in (desk, f"/sessions/{session.slug}", f"/deliberations/{opened.id}"):
        with recorded(db) as sent:
            found = curator.page(page)
        assert expected <= set(found.links)
        assert len(sent) <= 8 + (page == desk)
    assert "9 Industry, Innovation and Infrastructure" in curator.page(desk).text
    assert (
        f"/questions/{opened.question_id}"
        in browser_of(app, db, facilitator).page("/account").links
    )
    assert "Goal: 17 Partnerships for the Goals" in curator.page("/curation-log").text


def test_an_output_is_classified_on_its_own(
    db: Database, curator: PageChecker, session: ForumSession
) -> None:
    """Ensure calls carry labels too, without the fields that only questions have."""
    with db.reading() as reader:
        call = next(
            each
            for each in list_outputs(reader, session.id)
            if each.kind is OutputKind.CALL_TO_ACTION
        )
    address = f"/outputs/{call.id}/classification"
    assert "priority" not in curator.page(address).form(address).names

    curator.submit(address, data={"tags": "repairs"})

    assert "/questions?kind=call&tag=repairs" in curator.page(f"/sessions/{session.slug}").links


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("tags", "x" * 61, "Shorten this to 60 characters."),
        ("tags", ",".join(f"tag {number}" for number in range(21)), "Give at most 20."),
        ("tags", "a\u202eb", "invisible direction marks"),
        ("other_theme", "x" * 161, "Shorten this"),
        ("language", "tlh", "Choose one of the options."),
        ("facilitator_id", "2147483647", "Choose somebody from the list."),
        ("reason", "y" * 1_001, "Shorten this"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(
    db: Database, curator: PageChecker, question_id: int, field: str, value: str, message: str
) -> None:
    """Ensure a refused form comes back as it was sent, boxes included."""
    address = f"/questions/{question_id}/classification"
    form = curator.page(address).form(address)
    sent = {**form.fields, "goals": ["4"], "other_actors": "Harbour masters", field: value}

    response = curator.post(address, data=sent)

    assert response.status_code == 422
    assert message in response.text
    assert 'value="Harbour masters"' in response.text
    assert 'name="goals" value="4" checked' in response.text
    assert count_rows(db)["labels"] == 0


def test_two_curators_do_not_overwrite_each_other(
    db: Database, curator: PageChecker, mag_member: Actor, question_id: int
) -> None:
    """Ensure both versions are shown, and sending once more puts mine in place."""
    address = f"/questions/{question_id}/classification"
    form = curator.page(address).form(address).fields
    classify(db, mag_member, question_id, tags="theirs")

    refused = curator.post(address, data={**form, "tags": "mine"})

    assert refused.status_code == 409
    assert "Tag: theirs" in refused.text
    assert 'value="mine"' in refused.text
    with db.reading() as reader:
        question = reader.get_one(PolicyQuestion, question_id)
        version = find_classification(reader, question).version
    assert f'value="{version}"' in refused.text
    assert (
        curator.post(address, data={**form, "tags": "mine", "version": version}).status_code == 303
    )


def test_all_questions_of_a_session_are_classified_at_once(
    db: Database, curator: PageChecker, session: ForumSession
) -> None:
    """Ensure one form serves a session with many questions."""
    address = f"/sessions/{session.slug}/classification"

    response = curator.submit(address, data={"tags": "lamps", "with_outputs": "yes"})

    assert response.status_code == 303
    assert "4 texts got new labels." in curator.page(response.location or "").text
    assert count_rows(db)["labels"] == 4
    refused = curator.submit(address, data={"tags": "x" * 61})
    assert refused.status_code == 422
    assert "x" * 61 in refused.text


def test_the_language_is_suggested_and_not_chosen(curator: PageChecker, question_id: int) -> None:
    """Ensure the hint names a language while the field stays empty."""
    address = f"/questions/{question_id}/classification"

    page = curator.page(address)

    assert "The text looks like: English" in page.text
    assert page.form(address).fields["language"] in ([], [""])
