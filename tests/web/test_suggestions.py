"""Suggesting questions and answering suggestions, as a browser without scripts does it."""

import pytest
from flask import Flask

from deliberate.domain.people import Actor, Role
from deliberate.storage.database import Database
from deliberate.storage.forum import ForumSession
from tests.factories import make_person, make_session
from tests.support.client import PageChecker
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of
from tests.support.world_review import SUGGESTED, add_suggestion

REASON = "Oil was short last winter."
ANSWER = "The MAG asks this in another session."


@pytest.fixture
def author(db: Database) -> Actor:
    """Whoever suggests."""
    return make_person(db)


@pytest.fixture
def session(db: Database) -> ForumSession:
    """A session to suggest questions for."""
    return make_session(db)


def test_a_suggestion_is_public_and_in_the_authors_account(
    app: Flask, db: Database, client: PageChecker, author: Actor, session: ForumSession
) -> None:
    """Ensure it shows with its state, and that the author alone can withdraw it."""
    browser = browser_of(app, db, author)
    address = f"/sessions/{session.slug}/suggestions"

    sent = browser.submit(address, data={"text": SUGGESTED, "reason": REASON})

    assert sent.status_code == 303
    for page in (browser.page(f"/sessions/{session.slug}"), browser.page("/account")):
        assert SUGGESTED in page.text
        assert "Received" in page.text
    public = client.page(address)
    assert SUGGESTED in public.text
    assert not any("/suggestions/" in (form.action or "") for form in public.forms)
    actions = [form.action or "" for form in browser.page(address).forms]
    withdrawal = next(action for action in actions if "withdrawal" in action)
    assert browser.submit(address, withdrawal).status_code == 303
    assert SUGGESTED not in client.page(address).text
    assert "Withdrawn" in browser.page("/account").text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": ""}, "This is needed."),
        ({"text": "Why?"}, "Write at least 10 characters."),
        ({"text": "x" * 1001}, "Shorten this to 1000 characters."),
        ({"reason": "Because"}, "Write at least 10 characters."),
        ({"text": "Who pays\u202e for the oil?"}, "invisible direction marks"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    app: Flask, db: Database, author: Actor, session: ForumSession, fields: dict[str, str],
    message: str,
) -> None:  # fmt: skip
    """Ensure texts are kept and nothing is stored."""
    browser = browser_of(app, db, author)
    before = count_rows(db)
    typed = {"text": SUGGESTED, "reason": REASON} | fields

    answer = browser.submit(f"/sessions/{session.slug}/suggestions", data=typed)

    assert answer.status_code == 422
    assert message in answer.text
    kept = REASON if "reason" not in fields else SUGGESTED
    assert kept in answer.text
    assert count_rows(db) == before


def test_one_person_cannot_flood_a_session(
    app: Flask, db: Database, author: Actor, session: ForumSession
) -> None:
    """Ensure the sixth suggestion in an hour is refused with its text kept."""
    browser = browser_of(app, db, author)
    address = f"/sessions/{session.slug}/suggestions"
    form = {"text": SUGGESTED, "reason": REASON}

    statuses = [browser.submit(address, data=form).status_code for _ in range(6)]

    assert statuses == [303] * 5 + [429]


@pytest.mark.parametrize("verdict", ["take_up", "leave"])
def test_an_answer_reaches_its_author(
    app: Flask, db: Database, author: Actor, session: ForumSession, verdict: str
) -> None:
    """Ensure members find it first, acknowledge it, and answer it in public."""
    made = add_suggestion(db, author, session.id)
    member = browser_of(app, db, make_person(db, role=Role.MAG_MEMBER))
    action = f"/suggestions/{made.id}/answer"
    assert "suggestion to answer" in member.page("/curate").text
    member.submit("/suggestions", f"/suggestions/{made.id}/acknowledgement")
    assert "Acknowledged" in member.page("/suggestions").text
    empty = member.submit("/suggestions", action, {"answer": ANSWER})
    assert empty.status_code == 422
    assert ANSWER in empty.text

    member.submit("/suggestions", action, {"verdict": verdict, "answer": ANSWER})

    assert "Nothing waits for an answer." in member.page("/suggestions").text
    assert ANSWER in member.page("/suggestions?answered").text
    own = browser_of(app, db, author).page("/account").text
    assert ANSWER in own
    public = app.test_client().get(f"/sessions/{session.slug}").text
    assert ("Suggested by " in public.replace("Suggested by participants", "")) == (
        verdict == "take_up"
    )
