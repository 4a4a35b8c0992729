"""Claims about the pages on which facilitators tend threads, as a browser without scripts."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from deliberate.domain.forum import OutputKind
from deliberate.domain.people import Role
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.gardening import list_acts
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.client import PageChecker
from tests.support.queries import recorded
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of
from tests.support.tending import REASON

pytestmark = pytest.mark.one_database


@pytest.fixture
def facilitator(app: Flask, db: Database) -> PageChecker:
    """A facilitator's browser."""
    return browser_of(app, db, make_person(db, role=Role.FACILITATOR))


@pytest.fixture
def home(db: Database) -> Deliberation:
    """A discussion."""
    return make_deliberation(db)


def send(browser: PageChecker, comment_id: int, **entered: str) -> TestResponse:
    """Fill in one of the forms for a comment and send it."""
    path = f"/comments/{comment_id}/gardening"
    values = {**browser.page(path).form(path).fields, "reason": REASON, **entered}
    return browser.post(path, data=values)


def test_a_thread_is_put_under_a_comment_found_by_its_words(
    db: Database, facilitator: PageChecker, home: Deliberation
) -> None:
    """Ensure choosing a result fills in its number, and the log says what was done and why."""
    target = make_comment(db, home.id, body="Lanterns want oil.")
    make_comment(db, home.id, body="Something else.")
    stray = make_comment(db, home.id, body="And who pays for it?")
    path = f"/comments/{stray.id}/gardening"

    found = facilitator.page(f"{path}?act=merge&q=WANT+oil")
    chosen = facilitator.page(f"{path}?act=merge&under={target.id}")
    answer = send(facilitator, stray.id, act="merge", parent=f"#{target.id}")

    assert "Lanterns want oil." in found.text
    assert "Something else." not in found.text
    assert f'value="{target.id}"' in facilitator.get(f"{path}?act=merge&under={target.id}").text
    assert "Put it under another comment" in chosen.text
    assert (answer.status_code, answer.location) == (303, f"/comments/{stray.id}")
    log = facilitator.page(f"/deliberations/{home.id}/gardening").text
    assert REASON in log
    assert f"went under comment {target.id}." in log


def test_everybody_reads_the_log_and_facilitators_undo(
    app: Flask, db: Database, facilitator: PageChecker, home: Deliberation
) -> None:
    """Ensure the button to undo is the facilitators', and the log keeps what was undone."""
    other = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    stray = make_comment(db, home.id)
    send(facilitator, stray.id, act="move", home=str(other.id))
    with db.reading() as reader:
        (act,) = list_acts(reader, home.id, 9)
    undoing = f"/thread-acts/{act.id}/undoing"
    visitor = browser_of(app, db, None)

    seen = [visitor.get(f"/deliberations/{each.id}/gardening").text for each in (home, other)]
    answer = facilitator.submit(f"/deliberations/{other.id}/gardening", undoing)

    assert all(REASON in text and undoing not in text for text in seen)
    assert answer.status_code == 303
    after = facilitator.get(f"/deliberations/{home.id}/gardening").text
    assert "Undone by" in after
    assert undoing not in after


def test_a_form_that_cannot_be_done_stays_open_with_what_was_typed(
    db: Database, facilitator: PageChecker, home: Deliberation
) -> None:
    """Ensure each mistake is told at its field, and nothing is written."""
    stray = make_comment(db, home.id)
    written = count_rows(db)

    for entered, told in (
        ({"act": "merge", "parent": "the one above"}, "Enter the number or the address"),
        ({"act": "merge", "parent": str(stray.id)}, "cannot stand under itself"),
        ({"act": "merge", "parent": "99999"}, "no such comment in this discussion"),
        ({"act": "merge"}, "Name the comment"),
        ({"act": "move", "home": "99999"}, "There is no such discussion."),
        ({"act": "lock", "reason": "\u202eno"}, "invisible direction marks"),
    ):
        answer = send(facilitator, stray.id, **entered)
        assert answer.status_code == 422, entered
        assert told in answer.text
        assert entered.get("parent", "") in answer.text

    assert count_rows(db) == written


def test_tending_pages_ask_little_of_the_database(
    db: Database, facilitator: PageChecker, home: Deliberation
) -> None:
    """Ensure neither page asks more than eight times, whatever there is to show."""
    stray = make_comment(db, home.id)
    for act in ("pin", "settle", "lock"):
        send(facilitator, stray.id, act=act)

    for path in (f"/comments/{stray.id}/gardening", f"/deliberations/{home.id}/gardening"):
        with recorded(db) as sent:
            facilitator.page(path)
        assert len(sent) <= 8, path


def test_a_discussion_says_what_facilitators_did(
    app: Flask, db: Database, facilitator: PageChecker, home: Deliberation
) -> None:
    """Ensure readers see marks, labels and where threads went; only facilitators see the tool."""
    other = make_deliberation(db, output=OutputKind.CALL_TO_ACTION)
    root = make_comment(db, home.id)
    reply = make_comment(db, home.id, make_person(db, role=Role.FACILITATOR), parent_id=root.id)
    strays = [make_comment(db, home.id).id, make_comment(db, home.id, parent_id=root.id).id]
    for stray in strays:
        send(facilitator, stray, act="move", home=str(other.id))
    send(facilitator, root.id, act="settle", answer=f"/comments/{reply.id}")
    send(facilitator, root.id, act="lock")

    seen = browser_of(app, db, None).get(f"/deliberations/{home.id}").text
    page = facilitator.get(f"/deliberations/{home.id}?reply={reply.id}").text

    assert all(f'id="c{stray}"' in seen for stray in strays)
    assert f"Answered in #{reply.id}" in seen
    assert 'class="tag facilitator"' in seen
    assert "Facilitators tended 3 threads" in seen
    assert (f"/comments/{root.id}/gardening" in seen, "?reply=" in seen) == (False, False)
    assert f"/comments/{root.id}/gardening" in page
    assert "it takes no more replies" in page
    assert 'name="parent_id"' not in page
