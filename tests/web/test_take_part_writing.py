"""Comments about a point, a line or nothing yet; previews; editing; on whose behalf."""

import re

import pytest
from flask import Flask

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Actor, Role
from deliberate.domain.threads import Anchor, Capacity
from deliberate.storage.comments import Comment, find_comment
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.threads import list_thread
from tests.factories import PAGE, make_comment, make_deliberation, make_person
from tests.support.client import PageChecker
from tests.support.signed_in import browser_of

TEXT = "We have tried this for *two* winters."
LINE = PAGE.splitlines().index("Key Takeaways") + 1


@pytest.fixture
def call(db: Database) -> Deliberation:
    """A call to action that is being discussed."""
    return make_deliberation(db, output=OutputKind.CALL_TO_ACTION)


@pytest.fixture
def ada(db: Database) -> Actor:
    """Somebody who takes part, and names an organisation."""
    return make_person(db, name="Ada Example", organisation="Lamplighters' Union")


@pytest.fixture
def writer(app: Flask, db: Database, ada: Actor) -> PageChecker:
    """Ada's browser."""
    return browser_of(app, db, ada)


def newest(db: Database, deliberation: Deliberation) -> Comment:
    """The newest comment of a discussion."""
    with db.reading() as reader:
        lines = list_thread(reader, deliberation.id).comments
        found = find_comment(reader, max(line.id for line in lines))
        assert found is not None
        return found


def point_form(writer: PageChecker, page: str) -> str:
    """Where one writes about the first point."""
    found = re.search(r'"(/deliberations/\d+/comments/new\?point_id=\d+)"', writer.get(page).text)
    assert found is not None
    return found[1]


def test_a_comment_on_a_point_stands_there(
    writer: PageChecker, db: Database, call: Deliberation
) -> None:
    """Ensure the point is quoted beside the form, and comment and point lead to each other."""
    page = f"/deliberations/{call.id}"
    form = point_form(writer, page)
    assert "Cities should publish" in writer.get(form).text

    writer.submit(form, f"{page}/comments", {"body": TEXT, "kind": "support"})

    made = newest(db, call)
    assert (made.anchor, made.point_id) == (Anchor.POINT, int(form.split("=")[-1]))
    text = writer.get(page).text
    assert f'href="#point-{made.point_id}"' in text
    assert "1 comment" in text


def test_a_comment_on_a_line_quotes_it(
    writer: PageChecker, db: Database, call: Deliberation
) -> None:
    """Ensure the words of the line are kept, for the page may be imported again."""
    source = f"/sessions/2024-ws-77/source?discussion={call.id}"
    form = f"/deliberations/{call.id}/comments/new?source_line={LINE}"
    assert form in writer.get(source).text

    writer.submit(form, f"/deliberations/{call.id}/comments", {"body": TEXT})

    made = newest(db, call)
    assert (made.anchor, made.source_line, made.quote) == (Anchor.SOURCE, LINE, "Key Takeaways")
    assert "1 comment" in writer.get(source).text
    assert f"discussion={call.id}#line-{LINE}" in writer.get(f"/deliberations/{call.id}").text


@pytest.mark.one_database
@pytest.mark.parametrize("asked", ["point_id=9999", "source_line=2", "source_line=4000"])
def test_a_comment_is_about_something_there_is(
    writer: PageChecker, call: Deliberation, asked: str
) -> None:
    """Ensure a wrong point, an empty line and one behind the last are no page."""
    assert writer.get(f"/deliberations/{call.id}/comments/new?{asked}").status_code == 404


def test_a_missing_point_is_about_nothing_yet(
    writer: PageChecker, db: Database, call: Deliberation
) -> None:
    """Ensure what no text says has a place of its own."""
    form = f"/deliberations/{call.id}/comments/new?kind=missing"

    writer.submit(form, f"/deliberations/{call.id}/comments", {"body": "Who repairs them?"})

    assert newest(db, call).anchor is Anchor.NOTHING


@pytest.mark.one_database
def test_a_preview_stores_nothing_and_keeps_the_text(
    writer: PageChecker, db: Database, call: Deliberation
) -> None:
    """Ensure one sees the words as they will look, with and without scripts."""
    action = f"/deliberations/{call.id}/comments/preview"
    values = writer.page(f"/deliberations/{call.id}").form(f"/deliberations/{call.id}/comments")
    typed = {**values.fields, "body": TEXT, "language": "fr"}
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}

    whole = writer.post(action, data=typed)
    alone = writer.post(action, data=typed, headers=part)

    assert "<em>two</em>" in whole.text
    assert TEXT in whole.text
    assert 'lang="fr"' in alone.text
    assert "<form" not in alone.text
    with db.reading() as reader:
        assert list_thread(reader, call.id).comments == []


@pytest.mark.one_database
def test_a_refused_comment_on_a_point_keeps_everything(
    writer: PageChecker, call: Deliberation
) -> None:
    """Ensure the message stands at the field, beside the same point."""
    form = point_form(writer, f"/deliberations/{call.id}")

    answer = writer.submit(form, f"/deliberations/{call.id}/comments", {"body": "x" * 5001})

    assert answer.status_code == 422
    assert "Shorten this to 5000 characters." in answer.text
    assert "x" * 5001 in answer.text
    assert "Cities should publish" in answer.text


def test_only_with_a_mandate_one_writes_for_an_organisation(
    writer: PageChecker, app: Flask, db: Database, ada: Actor, call: Deliberation
) -> None:
    """Ensure the secretariat confirms first, and leaving the organisation ends it."""
    page, action = f"/deliberations/{call.id}", f"/deliberations/{call.id}/comments"
    form = writer.page(page).form(action)
    assert "capacity" not in form.names
    forged = {**form.fields, "body": TEXT, "capacity": "organisation"}
    assert writer.post(action, data=forged).status_code == 403
    secretariat = browser_of(app, db, make_person(db, role=Role.SECRETARIAT))

    secretariat.submit("/people", f"/people/{ada.id}/mandate")
    writer.submit(page, action, {"body": TEXT, "capacity": "organisation"})

    assert newest(db, call).capacity is Capacity.ORGANISATION
    assert "on behalf of the organisation" in writer.get(page).text
    writer.submit("/account/organisation", data={"organisation": "Gas Works"})
    assert "capacity" not in writer.page(page).form(action).names


@pytest.mark.one_database
def test_what_is_taken_back_shows_no_earlier_wording(
    writer: PageChecker, db: Database, ada: Actor, call: Deliberation
) -> None:
    """Ensure the history does not keep what its author no longer wants to be read."""
    comment = make_comment(db, call.id, ada, body="A secret told too early.")
    writer.submit(f"/comments/{comment.id}/revision", data={"body": "Nothing to see."})
    writer.submit(f"/deliberations/{call.id}", f"/comments/{comment.id}/retraction")

    history = writer.get(f"/comments/{comment.id}/history")

    assert "secret" not in history.text
    assert writer.get(f"/comments/{comment.id}/revision").status_code == 409
