"""Sending session pages as a browser without scripts does it: one or many, checked, stored."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from deliberate.domain.people import Role
from deliberate.importing import DoubtKind, read_page
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession, get_original, list_sessions
from deliberate.web.curate import uploads
from tests.factories import PAGE, make_person, make_session
from tests.support.client import PageChecker
from tests.support.pages import Page
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

PAGES = Path(__file__).parent.parent / "pages"
CASES = sorted([*PAGES.glob("[0-9]*.txt"), *PAGES.glob("[0-9]*.html"), *PAGES.glob("seed-*.txt")])
CURATION = "/sessions/2024-ws-77/curation"
OTHER = PAGE.replace("#77", "#78").replace("Lanterns on", "Torches on")
CHANGED = PAGE.replace("pay for the oil", "pay for the light")
MOST_QUERIES = 8
DRAFT = re.compile(r"/imports/\d+")
OTHERS = [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT]


@pytest.fixture
def curator(app: Flask, db: Database) -> PageChecker:
    """A MAG member's browser."""
    return browser_of(app, db, make_person(db, role=Role.MAG_MEMBER))


def send_files(client: PageChecker, *files: tuple[bytes, str]) -> TestResponse:
    """Choose files on the import page and send them."""
    chosen = [(io.BytesIO(content), name) for content, name in files]
    response = client.submit("/imports", data={"page": chosen})
    # The test client keeps a large body in a file of its own and leaves it open.
    response.request.environ["wsgi.input"].close()
    return response


def send_file(client: PageChecker, content: bytes, name: str = "page.txt") -> TestResponse:
    """Choose one file and send it."""
    return send_files(client, (content, name))


def paste(client: PageChecker, text: str) -> TestResponse:
    """Paste a text on the import page and send it."""
    return client.submit("/imports", data={"text": text})


def check(client: PageChecker, sent: TestResponse) -> TestResponse:
    """The page of the draft that was just made."""
    assert sent.status_code == 303, sent.text[:2000]
    response = client.get(sent.location)
    assert response.status_code == 200
    return response


def confirm(client: PageChecker, sent: TestResponse, **changes: str) -> TestResponse:
    """Press the button of a preview."""
    return client.submit(sent.location, f"{sent.location}/confirmation", data=changes)


def stored(db: Database) -> list[ForumSession]:
    """Every stored session."""
    with db.reading() as reader:
        return list(list_sessions(reader))


def test_a_file_becomes_a_draft_and_nothing_is_public(db: Database, curator: PageChecker) -> None:
    """Ensure reading a page makes a draft and changes nothing else."""
    before = count_rows(db)

    response = send_file(curator, PAGE.encode())

    assert "Lanterns on the network" in Page(check(curator, response).text).text
    assert {name for name, n in count_rows(db).items() if n != before[name]} == {"import_drafts"}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_value_is_shown_beside_its_line(curator: PageChecker, path: Path) -> None:
    """Ensure all questions, outputs and doubts appear, linked to lines that are on the page."""
    response = check(curator, send_file(curator, path.read_bytes(), path.name))

    page, shown = read_page(path.read_bytes(), path.name), Page(response.text)
    questions = [question.text for question in page.policy_questions]
    for text in [page.title, *questions, *page.key_takeaways, *page.calls_to_action]:
        assert " ".join(text.split()) in shown.text
    for key, source in page.sources.items():
        assert f"#line-{source.line}" in shown.links or key.startswith("sdgs/")
    for doubt in page.doubts:
        assert doubt.sentence in shown.text
        assert f"#line-{doubt.line}" in shown.links


def test_what_was_read_is_marked_in_the_lines(curator: PageChecker) -> None:
    """Ensure the words of a question are marked, and the number before it is not."""
    response = check(curator, send_file(curator, PAGE.encode()))

    assert "1. <mark>How should public lanterns" in response.text
    assert "<mark>Key Takeaways" not in response.text


def test_the_preview_says_how_surely_values_were_read(curator: PageChecker) -> None:
    """Ensure a labelled value, a recognised one and a missing one can be told apart."""
    text = Page(check(curator, send_file(curator, PAGE.encode())).text).text

    assert "line 1 by its form" in text
    assert "line 11 stated" in text
    assert "Moderators not on this page" in text


def test_a_doubt_is_shown_with_its_line_and_its_value(curator: PageChecker) -> None:
    """Ensure the curator reads what is doubtful in plain words, and is led to it."""
    page = PAGE.replace("(09:00 UTC)", "09:00").replace("(10:00 UTC)", "10:00")
    page = page.replace("burning?", "burning.")
    kinds = {doubt.kind for doubt in read_page(page).doubts}

    shown = Page(check(curator, paste(curator, page)).text)

    assert DoubtKind.NO_QUESTION_MARK in kinds
    assert all(kind.value in shown.text for kind in kinds)
    assert "#value-policy-questions-1" in shown.links


def test_a_confirmed_page_is_stored_as_it_was_shown(db: Database, curator: PageChecker) -> None:
    """Ensure the session, its text and its file are kept, and curation begins."""
    data = PAGE.replace("\n", "\r\n").encode()
    sent = send_file(curator, data, "pages/lanterns.txt")

    response = confirm(curator, sent)

    assert (response.status_code, response.location) == (303, CURATION)
    [session] = stored(db)
    assert session.record == read_page(PAGE).as_json()
    assert (session.source_text, session.source_name) == (PAGE, "lanterns.txt")
    with db.reading() as reader:
        assert get_original(reader, session.id) == data
    assert "The session is imported." in curator.page(CURATION).text
    assert curator.get(sent.location).status_code == 404


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_other_encodings_become_text(db: Database, curator: PageChecker, encoding: str) -> None:
    """Ensure letters beyond ASCII arrive whole from files of older programs."""
    page = PAGE.replace("Ada Example", "Åse Brøgger")

    response = confirm(curator, send_file(curator, page.encode(encoding)))

    assert response.status_code == 303
    [session] = stored(db)
    assert session.record["speakers"][0]["name"] == "Åse Brøgger"
    assert session.source_text == page


def test_a_guessed_encoding_is_a_doubt_and_the_file_stays_as_it_came(
    curator: PageChecker,
) -> None:
    """Ensure letters that may be wrong are pointed out, listed, and downloaded untouched."""
    data = PAGE.replace("Ada Example", "Åse Brøgger").replace("\n", "\r\n").encode("cp1252")
    sent = send_file(curator, data)
    shown = Page(check(curator, sent).text)
    listed = curator.page("/imports").text

    confirm(curator, sent)

    assert DoubtKind.ENCODING_GUESSED.value in shown.text
    assert "1 doubt" in listed
    assert curator.get("/sessions/2024-ws-77/original").data == data


def test_many_pages_become_drafts_and_one_bad_file_stops_none(
    db: Database, curator: PageChecker
) -> None:
    """Ensure each page is listed with its state, and copies are named."""
    make_session(db)
    files = [PAGE, CHANGED, OTHER, OTHER.replace("Room 3", "Room 4"), OTHER]
    broken = (b"PK\x03\x04" + bytes(100), "pictures.zip")

    sent = send_files(curator, broken, *((text.encode(), "page.txt") for text in files))

    assert (sent.status_code, sent.location) == (303, "/imports#drafts")
    text = curator.page("/imports").text
    assert "5 pages wait for you" in text
    assert "1 page was left out: its words were here already." in text
    assert "Not readable This is not a text or web page." in text
    assert "Unchanged since import" in text
    assert "Changed: 1 difference" in text
    assert text.count("another page here is of the same session") == 4
    assert "Store the 2 pages without doubts" in text


HOSTILE = {
    "archive.html": (b"PK\x03\x04" + bytes(5_000), "This is an archive or an office document."),
    "picture.html": (b"\x89PNG\r\n\x1a\n" + bytes(5_000), "This is a picture."),
    "zeros.txt": (PAGE.encode() + b"\x00", "This is not a text or web page. Save the session"),
    "line.txt": (PAGE.encode() + b"x" * 10_000_000, "This page is larger than 2 MB."),
    "long-line.txt": (PAGE.encode() + b"x" * 1_000_000, "more text than a session page"),
    "questions.txt": (PAGE.encode() + b"Who pays?\n" * 100_000, "more text than a session page"),
    "asked.txt": (
        PAGE.replace("1. How", "".join(f"Who pays bill {n}?\n" for n in range(300)) + "1. How")
        .encode(),
        "This page has more than 200 policy questions.",
    ),
    "deep.html": (b"<html>" + b"<div>" * 100_000 + PAGE.encode(), "nested too deeply"),
    "tags.html": (b"<html><p>" + b"<b></b>" * 200_000 + PAGE.encode(), "too many tags"),
    "empty.txt": (b"", "This page is empty."),
    "bytes.txt": (PAGE.encode() + b"\x81\x8d", "The encoding of this page is not known."),
    "half.txt": (b"\xff\xfe" + PAGE.encode("utf-16-le") + b"\x00", "encoding of this page is not"),
}  # fmt: skip


def test_hostile_files_are_explained_one_by_one_and_stop_no_other(curator: PageChecker) -> None:
    """Ensure each has its message beside its name, and the good page among them is read."""
    files = [(data, name) for name, (data, _words) in HOSTILE.items()]

    sent = send_files(curator, *files, (PAGE.encode(), "lanterns.txt"))

    assert (sent.status_code, sent.location) == (303, "/imports#drafts")
    shown = curator.page("/imports").text
    assert f"{len(HOSTILE) + 1} pages wait for you" in shown
    assert "Lanterns on the network New no doubts" in shown
    for name, (_data, words) in HOSTILE.items():
        entry = shown.partition(f" {name} Not readable ")[2].partition(" Check")[0]
        assert words in entry, name


def test_pages_without_doubts_are_stored_in_one_act(db: Database, curator: PageChecker) -> None:
    """Ensure every clear page is stored for itself, and what fails says why."""
    doubtful = OTHER.replace("#78", "#79").replace("burning?", "burning.")
    copies = [OTHER, OTHER.replace("Room 3", "Room 4"), doubtful, PAGE]
    send_files(curator, *((text.encode(), "page.txt") for text in copies))

    response = curator.submit("/imports", "/imports/storing")

    text = Page(response.text).text
    assert "2 pages are stored" in text
    assert "This session was imported before, from a page that differs." in text
    assert {session.slug for session in stored(db)} == {"2024-ws-77", "2024-ws-78"}
    assert "2 pages wait for you" in curator.page("/imports").text


def test_a_long_list_is_paged_and_asks_the_database_little(
    db: Database, curator: PageChecker
) -> None:
    """Ensure hundreds of waiting pages are shown a stretch at a time, none read again."""
    files = [PAGE.replace("#77", f"#{number}").encode() for number in range(100, 150)]
    send_files(curator, *((data, "page.txt") for data in files))
    curator.get("/imports")

    with recorded(db) as queries:
        first = curator.page("/imports")
    second = curator.page("/imports?page=2")

    assert 0 < len(queries) <= MOST_QUERIES
    assert "/imports?page=2#drafts" in first.links
    drafts = [{link for link in page.links if DRAFT.fullmatch(link)} for page in (first, second)]
    assert [len(links) for links in drafts] == [40, 10]
    assert not drafts[0] & drafts[1]


def test_the_same_page_again_leads_to_its_draft(db: Database, curator: PageChecker) -> None:
    """Ensure sending twice makes one draft, and a stored page says that it is stored."""
    first = send_file(curator, PAGE.encode())
    assert send_file(curator, PAGE.encode()).location == first.location
    confirm(curator, first)

    again = check(curator, send_file(curator, PAGE.encode()))

    shown = Page(again.text)
    assert "Importing it again would change nothing." in shown.text
    assert "Import this session" not in shown.text
    assert len(stored(db)) == 1


def test_a_changed_page_becomes_a_revision_with_a_reason(
    db: Database, curator: PageChecker
) -> None:
    """Ensure differences are shown, a reason is asked for, and the record is public."""
    make_session(db)
    sent = paste(curator, CHANGED)
    shown = check(curator, sent)

    refused = confirm(curator, sent)
    done = confirm(curator, sent, reason="The organisers corrected the page.")

    assert "<del>oil</del>" in shown.text
    assert "<ins>light</ins>" in shown.text
    assert refused.status_code == 422
    assert "Say why, in at least 10 characters." in Page(refused.text).text
    assert (done.status_code, done.location) == (303, CURATION)
    assert "No longer on the session's page since revision 2" in curator.page(CURATION).text
    assert stored(db)[0].revision == 2


def test_a_page_changed_in_another_window_is_shown_once_more(
    db: Database, curator: PageChecker
) -> None:
    """Ensure nothing is stored that nobody checked."""
    sent = paste(curator, PAGE)
    digest = curator.page(sent.location).form(f"{sent.location}/confirmation").fields["digest"][0]
    data = {"csrf_token": browser_token(curator), "version": "1"}
    data |= {"key": "room", "act": "change", "value": "Room 12"}
    assert curator.post(f"{sent.location}/corrections", data=data).status_code == 303

    response = confirm(curator, sent, digest=digest)

    assert response.status_code == 409
    assert "changed since you were shown it" in Page(response.text).text
    assert stored(db) == []
    assert confirm(curator, sent).status_code == 303


@pytest.mark.parametrize("role", OTHERS)
def test_only_mag_members_import(app: Flask, db: Database, role: Role | None) -> None:
    """Ensure everybody else is told why, on the page and when sending, and nothing is stored."""
    client = browser_of(app, db, make_person(db, role=role) if role else None)
    token = browser_token(client)
    before = count_rows(db)

    assert "Advisory Group" in client.page("/imports", 403).text
    data = {"csrf_token": token, "text": PAGE}
    for address in ("/imports", "/imports/storing"):
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
    """Ensure each kind of wrong file has its message, and nothing is kept."""
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
    assert Page(response.text).form("/imports").fields["text"] == [text]
    assert count_rows(db) == before


def test_nothing_sent_is_explained(curator: PageChecker) -> None:
    """Ensure an empty form asks for a file or a text."""
    response = paste(curator, "  \n")

    assert response.status_code == 422
    assert "Choose files, or paste the text" in Page(response.text).text


def test_a_file_and_a_text_at_once_are_refused(curator: PageChecker) -> None:
    """Ensure nobody wonders which of the two was read."""
    file = (io.BytesIO(PAGE.encode()), "page.txt")

    response = curator.submit("/imports", data={"page": file, "text": "also this"})

    assert response.status_code == 422
    assert "not both" in Page(response.text).text


def test_more_files_than_one_form_takes_are_refused(
    curator: PageChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure the number of files is bounded, and the limit is said."""
    monkeypatch.setattr(uploads, "MOST_FILES", 2)

    response = send_files(curator, *[(PAGE.encode(), "page.txt")] * 3)

    assert response.status_code == 422
    assert "Send at most 2 files at once." in Page(response.text).text


def test_a_page_can_be_fetched_where_the_operator_permits_it(
    app: Flask, curator: PageChecker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ensure the field is shown only then, and a fetched page becomes a draft like others."""
    assert "address" not in curator.page("/imports").form("/imports").names
    app.config["IMPORT_HOSTS"] = ("www.example.org",)
    monkeypatch.setattr(
        "deliberate.web.curate.uploads.fetch_upload", lambda _address: (PAGE.encode(), "page.html")
    )

    sent = curator.submit("/imports", data={"address": "https://www.example.org/page"})

    assert "Lanterns on the network" in Page(check(curator, sent).text).text


def test_markup_on_a_page_is_shown_as_text(curator: PageChecker) -> None:
    """Ensure a page cannot bring elements of its own into the preview."""
    page = PAGE.replace("burning?", "<b onclick=x()>burning</b>?")
    response = check(curator, paste(curator, page))

    assert "<b onclick" not in response.text
    assert "&lt;b onclick" in response.text


def test_the_form_can_be_sent_for_alone(curator: PageChecker) -> None:
    """Ensure htmx gets the form's part of the page where it asks for a part."""
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}

    response = curator.get("/imports", headers=headers)

    assert response.text.lstrip().startswith('<section id="import"')


def test_the_earlier_address_leads_on(curator: PageChecker) -> None:
    """Ensure bookmarks of the import page still work."""
    response = curator.get("/import")

    assert (response.status_code, response.location) == (303, "/imports")
