"""Claims about the moderators' queue and its cases, as a browser without scripts."""

import pytest
from flask import Flask

from deliberate.domain.moderation import Rule
from deliberate.domain.people import Actor, Role
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.people import find_actor
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.client import PageChecker
from tests.support.moderating import appeal, hide, report
from tests.support.queries import recorded
from tests.support.signed_in import browser_of

pytestmark = pytest.mark.one_database
BODY = "Whoever sells lamp oil is a crook."
WORDS = "It answers the question after all."


@pytest.fixture
def home(db: Database) -> Deliberation:
    """A discussion."""
    return make_deliberation(db)


@pytest.fixture
def author(db: Database) -> Actor:
    """Who wrote the comment."""
    return make_person(db)


@pytest.fixture
def comment(db: Database, home: Deliberation, author: Actor) -> Comment:
    """What is reported."""
    return make_comment(db, home.id, author, body=BODY)


@pytest.fixture
def moderator(db: Database) -> Actor:
    """A facilitator."""
    return make_person(db, role=Role.FACILITATOR)


@pytest.fixture
def browser(app: Flask, db: Database, moderator: Actor) -> PageChecker:
    """The facilitator's browser."""
    return browser_of(app, db, moderator)


def case_of(comment: Comment) -> str:
    """The address of a comment's case."""
    return f"/moderation/comments/{comment.id}"


def stored(db: Database, comment: Comment) -> Comment:
    """The comment as it is now."""
    with db.reading() as reader:
        return reader.get_one(Comment, comment.id)


def act(browser: PageChecker, comment: Comment, name: str, **entered: str) -> int:
    """Send one of the forms of a case, with the newest act that the page showed; the status."""
    page = browser.page(case_of(comment))
    fields = page.form(case_of(comment)).fields
    kept = [(key, value) for key, value in fields.items() if key in ("csrf_token", "seen")]
    kept += [("version", fields["version"])] if name == "release" else []
    values = {**dict(kept), "act": name, **entered}
    return browser.post(case_of(comment), data=values).status_code


def test_a_report_is_answered_from_the_queue(
    app: Flask, db: Database, browser: PageChecker, comment: Comment
) -> None:
    """Ensure the queue leads to the case, hiding leaves the rule in the thread, not the text."""
    report(db, make_person(db), comment, note="He means me.")

    queue = browser.page("/moderation")
    status = act(browser, comment, "hide", rule="attack", words="Please answer the argument.")

    assert all(words in queue.text for words in (BODY, "He means me.", "Personal attack"))
    assert status == 303
    assert BODY not in browser.page("/moderation").text
    everybody = browser_of(app, db, None)
    thread = everybody.page(f"/deliberations/{comment.deliberation_id}").text
    assert "Hidden by a moderator: personal attack." in thread
    assert BODY not in thread
    log = everybody.page("/moderation/log").text
    assert "personal attack" in log
    assert BODY not in log
    assert BODY not in everybody.get("/moderation/log.csv").text


def test_two_moderators_with_the_same_page_do_not_undo_each_other(
    db: Database, browser: PageChecker, comment: Comment
) -> None:
    """Ensure the slower one is told, with the words kept, and nothing of theirs is stored."""
    report(db, make_person(db), comment)
    page = browser.page(case_of(comment))
    fields = page.form(case_of(comment)).fields
    hide(db, make_person(db, role=Role.FACILITATOR), comment)

    answer = browser.post(
        case_of(comment), data={**fields, "act": "keep", "words": "Kept with these words."}
    )

    assert answer.status_code == 409
    assert "Another moderator was quicker." in answer.text
    assert stored(db, comment).hidden_for is Rule.ATTACK


@pytest.mark.parametrize(
    ("name", "entered"),
    [
        ("hide", {"rule": ""}),
        ("hide", {"rule": "dislike"}),
        ("ask", {"words": " "}),
        ("ask", {"words": "x" * 2001}),
        ("nothing", {}),
    ],
)
def test_a_form_filled_in_wrongly_comes_back(
    db: Database, browser: PageChecker, comment: Comment, name: str, entered: dict[str, str]
) -> None:
    """Ensure nothing is done without a rule that exists, or without words where they are due."""
    report(db, make_person(db), comment)

    assert act(browser, comment, name, **entered) == 422
    assert stored(db, comment).hidden_at is None


def test_an_appeal_is_another_moderators(
    app: Flask, db: Database, browser: PageChecker, comment: Comment, moderator: Actor
) -> None:
    """Ensure who hid the text reads why not, and another's answer shows it again."""
    with db.reading() as reader:
        author = find_actor(reader, comment.author_id)
    assert author is not None
    appeal(db, author, comment, hide(db, moderator, comment))
    other = browser_of(app, db, make_person(db, role=Role.FACILITATOR))

    own = browser.page(case_of(comment)).text
    status = act(other, comment, "answer", granted="yes", words=WORDS)

    assert "You hid this: another moderator answers the appeal." in own
    assert "Answer the appeal" not in own
    assert status == 303
    assert BODY in browser.page(f"/deliberations/{comment.deliberation_id}").text
    assert "Appeal answered: shown again" in browser.page("/moderation/log").text


def test_many_are_hidden_at_once_and_none_without_a_tick(
    db: Database, browser: PageChecker, home: Deliberation
) -> None:
    """Ensure a flood is cleared in one step, and an empty choice is an error at the list."""
    flood = [make_comment(db, home.id, body=f"Buy lamp {number}!") for number in range(3)]
    reporter = make_person(db)
    for each in flood:
        report(db, reporter, each, Rule.SPAM)
    fields = browser.page("/moderation").form("/moderation").fields
    entries = [f"comment-{each.id}-0-1" for each in flood[:2]]

    empty = browser.post("/moderation", data={**fields, "act": "hide", "entries": []})
    answer = browser.post(
        "/moderation", data={**fields, "act": "hide", "rule": "spam", "entries": entries}
    )

    assert empty.status_code == 422
    assert "Tick at least one line." in empty.text
    assert answer.status_code == 303
    assert [stored(db, each).hidden_for for each in flood] == [Rule.SPAM, Rule.SPAM, None]


def test_premoderation_is_announced_and_its_comments_are_released(
    app: Flask, db: Database, browser: PageChecker, home: Deliberation
) -> None:
    """Ensure everybody reads why, the writer sees that it waits, and a release shows it."""
    address = f"/deliberations/{home.id}"
    switched = browser.submit(
        f"{address}/premoderation", data={"on": "yes", "words": "There is a flood."}
    )
    writer = browser_of(app, db, make_person(db))
    sent = writer.submit(address, f"{address}/comments", {"body": BODY})
    (number,) = [part for part in (sent.location or "").split("/") if part.isdecimal()]

    assert switched.status_code == 303
    assert sent.location == f"/comments/{number}/moderation"
    assert "This waits for a moderator." in writer.page(sent.location).text
    visitor = browser_of(app, db, None)
    before = visitor.page(address).text
    assert "There is a flood." in before
    assert BODY not in before
    assert visitor.get(f"/comments/{number}").status_code == 404
    with db.reading() as reader:
        held = reader.get_one(Comment, int(number))
    assert act(browser, held, "release") == 303
    assert BODY in visitor.page(address).text


def test_a_change_waits_and_its_author_is_told_so(
    app: Flask, db: Database, browser: PageChecker, author: Actor, comment: Comment
) -> None:
    """Ensure an edit where comments wait leaves a line in the thread until it is read."""
    address = f"/deliberations/{comment.deliberation_id}"
    browser.submit(f"{address}/premoderation", data={"on": "yes", "words": "There is a flood."})
    writer = browser_of(app, db, author)

    changed = writer.submit(f"/comments/{comment.id}/revision", data={"body": "Lamp oil is dear."})

    assert changed.location == f"/comments/{comment.id}/moderation"
    thread = browser.page(address).text
    assert "A moderator reads it before it appears again." in thread
    assert "Lamp oil is dear." not in thread
    assert BODY not in browser.page(f"/comments/{comment.id}/history").text
    assert act(browser, comment, "release") == 303
    assert "Lamp oil is dear." in browser.page(address).text


@pytest.mark.parametrize("role", [None, Role.MAG_MEMBER, Role.SECRETARIAT])
def test_the_queue_is_the_moderators(
    app: Flask, db: Database, comment: Comment, role: Role | None
) -> None:
    """Ensure nobody else learns what was reported, or by whom."""
    reporter = make_person(db, name="Reporter One")
    report(db, reporter, comment)
    browser = browser_of(app, db, make_person(db, role=role))

    answers = [browser.get(path) for path in ("/moderation", case_of(comment))]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not any("Reporter One" in answer.text for answer in answers)


def test_a_full_queue_costs_no_more_than_eight_queries(
    db: Database, browser: PageChecker, home: Deliberation
) -> None:
    """Ensure twenty reports are read at once, and a second page is offered behind them."""
    reporter = make_person(db)
    for _ in range(27):
        report(db, reporter, make_comment(db, home.id))

    with recorded(db) as queries:
        page = browser.page("/moderation")

    assert len(queries) <= 8
    assert page.text.count("Look at it and answer") == 25
    assert browser.page("/moderation?page=2").text.count("Look at it and answer") == 2
