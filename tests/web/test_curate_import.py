"""Importing a session page as a browser without scripts does it: send, check, store."""

import io
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from deliberate.domain.people import Role
from deliberate.importing import DoubtKind, read_page
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession, list_sessions
from tests.factories import PAGE, make_person, make_session
from tests.support.client import PageChecker
from tests.support.pages import Page
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

PAGES = Path(__file__).parent.parent / "pages"
CASES = sorted([*PAGES.glob("[0-9]*.txt"), *PAGES.glob("[0-9]*.html"), *PAGES.glob("seed-*.txt")])
CURATION = "/sessions/2024-ws-77/curation"
CHANGED = PAGE.replace("pay for the oil", "pay for the light")
MOST_QUERIES = 8
OTHERS = [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT]


@pytest.fixture
def curator(app: Flask, db: Database) -> PageChecker:
    """A MAG member's browser."""
    return browser_of(app, db, make_person(db, role=Role.MAG_MEMBER))


def send_file(client: PageChecker, content: bytes, name: str = "page.txt") -> TestResponse:
    """Choose a file on the import page and send it."""
    response = client.submit("/import", data={"page": (io.BytesIO(content), name)})
    # The test client keeps a large body in a file of its own and leaves it open.
    response.request.environ["wsgi.input"].close()
    return response


def paste(client: PageChecker, text: str) -> TestResponse:
    """Paste a text on the import page and send it."""
    return client.submit("/import", data={"text": text})


def confirm(client: PageChecker, preview: TestResponse, **changes: str) -> TestResponse:
    """Press the button of a preview, as a browser sends it: line ends as CRLF."""
    fields = Page(preview.text).form("/import/confirmation").fields
    sent = {name: changes.get(name, values[0]) for name, values in fields.items()}
    sent["text"] = sent["text"].replace("\n", "\r\n")
    return client.post("/import/confirmation", data=sent)


def stored(db: Database) -> list[ForumSession]:
    """Every stored session."""
    with db.reading() as reader:
        return list(list_sessions(reader))


def test_a_file_is_previewed_and_nothing_is_written(db: Database, curator: PageChecker) -> None:
    """Ensure reading a page leaves every table as it was."""
    before = count_rows(db)

    response = send_file(curator, PAGE.encode())

    assert response.status_code == 200
    assert "Lanterns on the network" in Page(response.text).text
    assert count_rows(db) == before


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_value_is_shown_beside_its_line(curator: PageChecker, path: Path) -> None:
    """Ensure all questions, outputs and doubts appear, linked to lines that are on the page."""
    response = send_file(curator, path.read_bytes(), path.name)

    assert response.status_code == 200
    page, shown = read_page(path.read_bytes(), path.name), Page(response.text)
    questions = [question.text for question in page.policy_questions]
    for text in [page.title, *questions, *page.key_takeaways, *page.calls_to_action]:
        assert " ".join(text.split()) in shown.text
    for source in page.sources.values():
        assert f"#line-{source.line}" in shown.links
    for doubt in page.doubts:
        assert doubt.sentence in shown.text
        assert f"#line-{doubt.line}" in shown.links


def test_what_was_read_is_marked_in_the_lines(curator: PageChecker) -> None:
    """Ensure the words of a question are marked, and the number before it is not."""
    response = send_file(curator, PAGE.encode())

    assert "1. <mark>How should public lanterns" in response.text
    assert "<mark>Key Takeaways" not in response.text


def test_the_preview_says_how_surely_values_were_read(curator: PageChecker) -> None:
    """Ensure a labelled value, a recognised one and a missing one can be told apart."""
    text = Page(send_file(curator, PAGE.encode()).text).text

    assert "line 1 by its form" in text
    assert "line 11 stated" in text
    assert "Moderators not on this page" in text


def test_a_doubt_is_shown_with_its_line(curator: PageChecker) -> None:
    """Ensure the curator reads what is doubtful in plain words."""
    page = PAGE.replace("(09:00 UTC)", "09:00").replace("(10:00 UTC)", "10:00")
    page = page.replace("burning?", "burning.")
    kinds = {doubt.kind for doubt in read_page(page).doubts}

    shown = Page(paste(curator, page).text).text

    assert DoubtKind.NO_QUESTION_MARK in kinds
    assert all(kind.value in shown for kind in kinds)


def test_a_confirmed_page_is_stored_as_it_was_shown(db: Database, curator: PageChecker) -> None:
    """Ensure the session, its text and its file name are kept, and curation begins."""
    preview = send_file(curator, PAGE.encode(), "pages/lanterns.txt")

    response = confirm(curator, preview)

    assert (response.status_code, response.location) == (303, CURATION)
    [session] = stored(db)
    assert session.record == read_page(PAGE).as_json()
    assert (session.source_text, session.source_name) == (PAGE, "lanterns.txt")
    assert "The session is imported." in curator.page(CURATION).text


def test_a_saved_web_page_can_be_imported(db: Database, curator: PageChecker) -> None:
    """Ensure markup travels through the form and is read the same again."""
    path = PAGES / "07-2022-town-hall.html"

    response = confirm(curator, send_file(curator, path.read_bytes(), path.name))

    assert response.status_code == 303
    [session] = stored(db)
    assert session.record == read_page(path.read_bytes(), path.name).as_json()


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_other_encodings_become_text(db: Database, curator: PageChecker, encoding: str) -> None:
    """Ensure letters beyond ASCII arrive whole from files of older programs."""
    page = PAGE.replace("Ada Example", "Åse Brøgger")

    response = confirm(curator, send_file(curator, page.encode(encoding)))

    assert response.status_code == 303
    [session] = stored(db)
    assert session.record["speakers"][0]["name"] == "Åse Brøgger"
    assert session.source_text == page


def test_the_same_page_again_changes_nothing(db: Database, curator: PageChecker) -> None:
    """Ensure a second confirmation of the same preview says so and stores nothing."""
    preview = send_file(curator, PAGE.encode())
    confirm(curator, preview)
    curator.page(CURATION)
    before = count_rows(db)

    response = confirm(curator, preview)

    assert (response.status_code, response.location) == (303, CURATION)
    assert count_rows(db) == before
    assert "This page was already imported; nothing changed." in curator.page(CURATION).text


def test_the_preview_knows_a_page_that_is_stored(db: Database, curator: PageChecker) -> None:
    """Ensure the curator is led to the stored session instead of a button without effect."""
    make_session(db)

    response = send_file(curator, PAGE.encode())

    shown = Page(response.text)
    assert "Importing it again would change nothing." in shown.text
    assert CURATION in shown.links
    assert "Import this session" not in shown.text


def test_a_changed_page_of_a_stored_session_is_a_conflict(
    db: Database, curator: PageChecker
) -> None:
    """Ensure nothing is overwritten, both versions are shown, and the text is kept."""
    preview = paste(curator, CHANGED)
    make_session(db)
    before = count_rows(db)

    response = confirm(curator, preview)

    assert response.status_code == 409
    assert count_rows(db) == before
    shown = Page(response.text)
    assert "imported before, from a page that differs" in shown.text
    assert "Who should pay for the oil" in shown.text
    assert shown.form("/import/confirmation").fields["text"] == [CHANGED]


def test_a_text_edited_after_the_preview_is_shown_once_more(
    db: Database, curator: PageChecker
) -> None:
    """Ensure nothing is stored that nobody checked."""
    preview = paste(curator, PAGE)
    before = count_rows(db)

    response = confirm(curator, preview, text=CHANGED)

    assert response.status_code == 409
    assert count_rows(db) == before
    assert "reads differently" in Page(response.text).text
    assert confirm(curator, response).status_code == 303
    assert stored(db)[0].source_text == CHANGED


@pytest.mark.parametrize("role", OTHERS)
def test_only_mag_members_import(app: Flask, db: Database, role: Role | None) -> None:
    """Ensure everybody else is told why, on the page and when sending, and nothing is stored."""
    client = browser_of(app, db, make_person(db, role=role) if role else None)
    token = browser_token(client)
    before = count_rows(db)

    assert "Advisory Group" in client.page("/import", 403).text
    data = {"csrf_token": token, "text": PAGE, "digest": read_page(PAGE).digest}
    for address in ("/import", "/import/confirmation"):
        assert client.post(address, data=data).status_code == 403

    assert count_rows(db) == before


def browser_token(client: PageChecker) -> str:
    """The token of this browser's forms; a visitor is shown one for signing in."""
    is_visitor = client.get("/account").status_code != 200
    forms = client.page("/sign-in" if is_visitor else "/about").forms
    return next(form.fields["csrf_token"][0] for form in forms if "csrf_token" in form.fields)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04" + bytes(100), "not a text or web page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a text or web page"),
        (PAGE.encode() + b"\x00", "not a text or web page"),
        (b"", "This page is empty."),
        (b"Dear all,\n\nthank you for coming.\n", "not a session page"),
        (PAGE.encode() + b"\n" * (2 * 1024 * 1024), "larger than 2 MB"),
        (PAGE.encode() + b"\x81", "encoding of this page is not known"),
    ],
    ids=["archive", "picture", "zero", "empty", "letter", "large", "encoding"],
)
def test_a_wrong_file_is_explained_at_its_field(
    db: Database, curator: PageChecker, content: bytes, words: str
) -> None:
    """Ensure each kind of wrong file has its message, and nothing is stored."""
    before = count_rows(db)

    response = send_file(curator, content)

    assert response.status_code == 422
    assert words in Page(response.text).text
    assert 'id="field-page-error"' in response.text
    assert count_rows(db) == before


@pytest.mark.parametrize(
    "text",
    ["Dear all,\n\nthank you for coming.", "<script>alert(1)</script>", "\u202eegap a ton"],
    ids=["letter", "markup", "direction"],
)
def test_a_wrong_text_is_explained_and_kept(db: Database, curator: PageChecker, text: str) -> None:
    """Ensure what was pasted stands in the form again, as text."""
    before = count_rows(db)

    response = paste(curator, text)

    assert response.status_code == 422
    assert 'id="field-text-error"' in response.text
    assert Page(response.text).form("/import").fields["text"] == [text]
    assert count_rows(db) == before


def test_a_wrong_text_in_the_confirmation_is_explained_and_kept(curator: PageChecker) -> None:
    """Ensure a text that was spoilt after the preview leads back to the form with it."""
    response = confirm(curator, paste(curator, PAGE), text="Only a remark.")

    assert response.status_code == 422
    assert Page(response.text).form("/import").fields["text"] == ["Only a remark."]


def test_nothing_sent_is_explained(curator: PageChecker) -> None:
    """Ensure an empty form asks for a file or a text."""
    response = paste(curator, "  \n")

    assert response.status_code == 422
    assert "Choose a file, or paste the text" in Page(response.text).text


def test_a_file_and_a_text_at_once_are_refused(curator: PageChecker) -> None:
    """Ensure nobody wonders which of the two was read."""
    file = (io.BytesIO(PAGE.encode()), "page.txt")

    response = curator.submit("/import", data={"page": file, "text": "also this"})

    assert response.status_code == 422
    assert "not both" in Page(response.text).text


def test_markup_on_a_page_is_shown_as_text(curator: PageChecker) -> None:
    """Ensure a page cannot bring elements of its own into the preview."""
    response = paste(curator, PAGE.replace("burning?", "<b onclick=x()>burning</b>?"))

    assert response.status_code == 200
    assert "<b onclick" not in response.text
    assert "&lt;b onclick" in response.text


def test_the_preview_keeps_to_the_query_budget(db: Database, curator: PageChecker) -> None:
    """Ensure checking a page asks the database little."""
    token = browser_token(curator)

    with recorded(db) as queries:
        curator.post("/import", data={"csrf_token": token, "text": PAGE})

    assert 0 < len(queries) <= MOST_QUERIES


def test_the_form_can_be_sent_for_alone(curator: PageChecker) -> None:
    """Ensure htmx gets the form's part of the page where it asks for a part."""
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}

    response = curator.get("/import", headers=headers)

    assert response.text.lstrip().startswith('<section id="import"')
