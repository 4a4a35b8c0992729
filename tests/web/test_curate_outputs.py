"""Curating takeaways and calls to action as a browser without scripts does it."""

from collections.abc import Sequence

import pytest
from flask import Flask

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from deliberate.storage.deliberation_pages import list_pages
from deliberate.storage.forum import ForumSession, Output, list_outputs, list_points
from tests.factories import make_deliberation, make_person
from tests.support.client import PageChecker
from tests.support.pages import Page
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

REASON = "Two things are asked of two different actors."
PARTS = ["Cities should publish where lanterns stand.", "Operators should share repair records."]
SPLIT = {"parts": "\n\n".join(PARTS), "reason": REASON}
OPENING = {"opens_at": "", "closes_at": "2026-03-20T12:00", "minimum": "5"}
OTHERS = [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT]


@pytest.fixture
def call(db: Database, session: ForumSession) -> Output:
    """The session's call to action."""
    with db.reading() as reader:
        return list_outputs(reader, session.id)[1]


def points(db: Database, output: Output) -> Sequence[str]:
    """What people respond to now."""
    with db.reading() as reader:
        return [point.text for point in list_points(reader, [output.id])]


def test_outputs_stand_verbatim_with_their_source(
    curator: PageChecker, session: ForumSession, call: Output, desk: str
) -> None:
    """Ensure each output is quoted and leads to its line on the session's page."""
    page = curator.page(desk)

    assert call.text in page.text
    assert f"/sessions/{session.slug}/source#line-{call.source_line}" in page.links


def test_an_output_is_split_into_points(
    db: Database, curator: PageChecker, call: Output, desk: str
) -> None:
    """Ensure the points are listed while the text stays as reported."""
    response = curator.submit(desk, f"/outputs/{call.id}/split", SPLIT)

    assert (response.status_code, response.location) == (303, f"{desk}#output-{call.id}")
    assert points(db, call) == PARTS
    text = curator.page(desk).text
    assert call.text in text
    assert all(part in text for part in PARTS)


def test_the_form_to_split_begins_with_the_points_as_they_are(
    curator: PageChecker, call: Output, desk: str
) -> None:
    """Ensure a second split starts from the first."""
    action = f"/outputs/{call.id}/split"
    assert curator.page(desk).form(action).fields["parts"] == [call.text]

    curator.submit(desk, action, SPLIT)

    assert curator.page(desk).form(action).fields["parts"] == [SPLIT["parts"]]


@pytest.mark.parametrize("parts", ["", "Only one point of several words.", "Short\n\nShort"])
def test_a_faulty_split_comes_back_open_with_its_text(
    db: Database, curator: PageChecker, call: Output, desk: str, parts: str
) -> None:
    """Ensure the error stands at the field, the text is kept and nothing is written."""
    before = count_rows(db)

    response = curator.submit(desk, f"/outputs/{call.id}/split", SPLIT | {"parts": parts})

    assert response.status_code == 422
    page = Page(response.text)
    assert page.form(f"/outputs/{call.id}/split").fields["parts"][0] == parts
    assert f"output-{call.id}-split-parts-error" in page.ids
    assert count_rows(db) == before


def test_an_output_is_opened_for_responses(
    db: Database, curator: PageChecker, session: ForumSession, call: Output, desk: str
) -> None:
    """Ensure the discussion is linked with its fingerprint, and no form is left."""
    response = curator.submit(desk, f"/outputs/{call.id}/opening", OPENING)

    assert response.status_code == 303
    with db.reading() as reader:
        [page] = list_pages(reader, session.id)
    shown = curator.page(desk)
    assert f"/deliberations/{page.id}" in shown.links
    assert page.deliberation.fingerprint[:4] in shown.text
    assert f"/outputs/{call.id}/opening" not in [form.action for form in shown.forms]


def test_an_opened_output_is_neither_split_nor_opened_again(
    db: Database, curator: PageChecker, session: ForumSession, call: Output, desk: str
) -> None:
    """Ensure forms shown before the opening are refused."""
    shown = curator.page(desk)
    make_deliberation(db, session, output=OutputKind.CALL_TO_ACTION)
    before = count_rows(db)

    for act, form in (("split", SPLIT), ("opening", OPENING)):
        action = f"/outputs/{call.id}/{act}"
        assert curator.post(action, data=shown.form(action).fields | form).status_code == 409

    assert count_rows(db) == before


def test_a_faulty_opening_comes_back_with_its_dates(
    db: Database, curator: PageChecker, session: ForumSession, call: Output, desk: str
) -> None:
    """Ensure an end before the beginning is explained at its field."""
    form = OPENING | {"opens_at": "2026-03-21T12:00"}

    response = curator.submit(desk, f"/outputs/{call.id}/opening", form)

    assert response.status_code == 422
    assert f"output-{call.id}-opening-closes_at-error" in Page(response.text).ids
    with db.reading() as reader:
        assert list_pages(reader, session.id) == []


@pytest.mark.parametrize("role", OTHERS)
def test_only_mag_members_curate_outputs(
    app: Flask, db: Database, call: Output, role: Role | None
) -> None:
    """Ensure everybody else is refused, and nothing changes."""
    client = browser_of(app, db, make_person(db, role=role) if role else None)
    forms = client.page("/about" if role else "/sign-in").forms
    token = next(form.fields["csrf_token"][0] for form in forms if "csrf_token" in form.fields)
    before = count_rows(db)

    for act, form in (("split", SPLIT), ("opening", OPENING), ("split", {}), ("opening", {})):
        data = {"csrf_token": token, **form}
        assert client.post(f"/outputs/{call.id}/{act}", data=data).status_code == 403

    assert count_rows(db) == before


def test_unknown_outputs_are_not_found(curator: PageChecker, desk: str) -> None:
    """Ensure wrong numbers are told from refusals."""
    token = curator.page(desk).forms[0].fields["csrf_token"][0]

    assert curator.get("/outputs/999").status_code == 404
    for act, form in (("split", SPLIT), ("opening", OPENING)):
        response = curator.post(f"/outputs/999/{act}", data={"csrf_token": token, **form})
        assert response.status_code == 404


def test_the_address_of_an_output_leads_to_where_it_is(
    db: Database, client: PageChecker, session: ForumSession, call: Output
) -> None:
    """Ensure a lasting address leads to the discussion once there is one."""
    address = f"/outputs/{call.id}"

    assert client.get(address).location == f"/sessions/{session.slug}#output-{call.id}"
    deliberation = make_deliberation(db, session, output=OutputKind.CALL_TO_ACTION)
    assert client.get(address).location == f"/deliberations/{deliberation.id}"
