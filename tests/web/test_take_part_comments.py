"""Writing, finding and taking back comments, as a browser without scripts does it."""

import threading

import pytest
from flask import Flask

from deliberate.domain.people import Actor, Role
from deliberate.storage.comments import Comment, find_comment
from deliberate.storage.database import Database, now
from deliberate.storage.deliberations import Deliberation, touch
from deliberate.storage.forum import ForumSession
from deliberate.storage.places import ROOTS_A_PAGE
from deliberate.storage.threads import list_thread
from deliberate.storage.visits import find_newest
from tests.factories import (
    PAGE,
    make_comment,
    make_deliberation,
    make_person,
    make_proposals,
    make_session,
)
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.pages import parse
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
TEXT = "We have tried this for two winters."


@pytest.fixture
def question(db: Database) -> Deliberation:
    """An open policy question."""
    return make_deliberation(db)


@pytest.fixture
def ada(db: Database) -> Actor:
    """Somebody who takes part."""
    return make_person(db, name="Ada Example")


@pytest.fixture
def writer(app: Flask, db: Database, ada: Actor) -> PageChecker:
    """Ada's browser."""
    return browser_of(app, db, ada)


def paths(question: Deliberation) -> tuple[str, str]:
    """The page, and where its form is sent."""
    page = f"/deliberations/{question.id}"
    return page, f"{page}/comments"


def make_second_session(db: Database) -> ForumSession:
    """Another forum session than that of the question."""
    return make_session(db, page=PAGE.replace("#77", "#78").replace("Lanterns on", "Lamps off"))


def count_comments(db: Database, question: Deliberation) -> int:
    """How many comments the discussion has."""
    with db.reading() as reader:
        return len(list_thread(reader, question.id).comments)


def last_comment(db: Database, question: Deliberation) -> int:
    """The id of the newest comment."""
    with db.reading() as reader:
        return max(line.id for line in list_thread(reader, question.id).comments)


def test_a_comment_appears_in_its_place(
    writer: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure sending the form leads to the new comment, with its kind and author."""
    path, action = paths(question)

    answer = writer.submit(path, action, {"body": TEXT, "kind": "question"})

    comment = f"c{last_comment(db, question)}"
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{path}?around={comment[1:]}#{comment}"
    page = writer.page(path)
    assert "Your comment is published." in page.text
    assert TEXT in page.text
    assert "Ada Example" in page.text
    assert "Asks" in page.text
    assert comment in page.ids


def test_htmx_gets_the_discussion_alone(
    writer: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure a form sent in place is answered by the discussion with the focus on what is new."""
    path, action = paths(question)

    answer = writer.submit(path, action, {"body": TEXT}, headers=PART)

    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="thread"')
    fresh = f'id="c{last_comment(db, question)}" tabindex="-1" data-focus'
    assert fresh in answer.text
    assert "data-announce" in answer.text


@pytest.mark.parametrize("part", [False, True])
def test_a_reply_form_comes_under_its_comment(
    writer: PageChecker, db: Database, question: Deliberation, part: bool
) -> None:
    """Ensure the link "Reply" works without scripts and gives htmx the form alone."""
    comment = make_comment(db, question.id)
    path, action = paths(question)

    answer = writer.get(f"{path}?reply={comment.id}", headers=PART if part else {})

    assert ("<h1" in answer.text) is not part
    assert f'name="parent_id" value="{comment.id}"' in answer.text
    sent = writer.submit(f"{path}?reply={comment.id}", action, {"body": TEXT})
    assert sent.status_code == 303
    with db.reading() as reader:
        assert [line.depth for line in list_thread(reader, question.id).comments] == [0, 1]


def test_a_visitor_is_told_to_sign_in(
    client: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure a visitor finds the way to sign in and back, at the end and at each reply."""
    comment = make_comment(db, question.id)
    path, action = paths(question)

    page = client.page(path)
    reply = client.page(f"{path}?reply={comment.id}")

    assert f"/sign-in?next={path}" in page.links
    assert f"/sign-in?next=/comments/{comment.id}" in reply.links
    assert not [form for form in page.forms + reply.forms if form.action == action]


def test_two_copies_of_a_form_make_one_comment(
    app: Flask, db: Database, ada: Actor, question: Deliberation
) -> None:
    """Ensure a double click, even on two connections at once, publishes once."""
    path, action = paths(question)
    browsers = [browser_of(app, db, ada) for _ in range(2)]
    form = browsers[0].page(path).form(action).fields
    barrier = threading.Barrier(2)
    answers: list[int] = []

    def send(browser: PageChecker) -> None:
        own = browser.page(path).form(action).fields
        fields = {**form, "csrf_token": own["csrf_token"], "body": TEXT}
        barrier.wait()
        answers.append(browser.post(action, data=fields).status_code)

    threads = [threading.Thread(target=send, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [303, 303]
    assert count_comments(db, question) == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"body": "  \n "}, "This is needed."),
        ({"body": "x" * 5_001}, "Shorten this to 5000 characters."),
        ({"body": "left \u202e right"}, "invisible direction marks"),
        ({"body": "bell \x07 rings"}, "control characters"),
        ({"body": TEXT, "kind": "shout"}, "Choose one of the options."),
    ],
)
@pytest.mark.parametrize("headers", [{}, PART])
def test_a_wrong_form_comes_back_with_its_text(
    writer: PageChecker,
    db: Database,
    question: Deliberation,
    fields: dict[str, str],
    message: str,
    headers: dict[str, str],
) -> None:
    """Ensure nothing is stored and nothing lost, in a page and in a part."""
    path, action = paths(question)

    answer = writer.submit(path, action, fields, headers=headers)

    assert answer.status_code == 422
    assert message in answer.text
    assert fields["body"].strip() in answer.text
    assert count_comments(db, question) == 0


def test_a_wrong_reply_comes_back_under_its_comment(
    writer: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure a reply to be corrected stands where it was, with one form on the page."""
    comment = make_comment(db, question.id)
    path, action = paths(question)

    answer = writer.submit(f"{path}?reply={comment.id}", action, {"body": "\u202e"})

    assert answer.status_code == 422
    assert answer.text.count('name="parent_id"') == 1
    assert answer.text.count(f'action="{action}"') == 1


def test_a_closed_deliberation_refuses_and_keeps_the_text(
    writer: PageChecker, db: Database, clock: FakeClock, question: Deliberation
) -> None:
    """Ensure who wrote past the deadline is told so and can still copy the text."""
    path, action = paths(question)
    form = writer.page(path).form(action).fields
    clock.advance(days=31)

    answer = writer.post(action, data={**form, "body": TEXT})

    assert answer.status_code == 403
    assert "This discussion is not open for contributions now." in answer.text
    assert TEXT in answer.text
    assert count_comments(db, question) == 0
    assert not [form for form in writer.page(path).forms if form.action == action]


def test_a_deliberation_not_yet_open_refuses(
    writer: PageChecker, db: Database, clock: FakeClock
) -> None:
    """Ensure the form of one discussion is of no use in another that opens later."""
    now_open = make_deliberation(db)
    form = writer.page(f"/deliberations/{now_open.id}").form(
        f"/deliberations/{now_open.id}/comments"
    )
    page = make_second_session(db)
    later = make_deliberation(db, page, opens_at=clock.now.replace(month=3, day=9))

    answer = writer.post(f"/deliberations/{later.id}/comments", data={**form.fields, "body": TEXT})

    assert answer.status_code == 403
    assert count_comments(db, later) == 0


@pytest.mark.parametrize("valid", [True, False])
def test_a_visitor_cannot_write(
    client: PageChecker, db: Database, question: Deliberation, valid: bool
) -> None:
    """Ensure without an account nothing is stored, whatever the form holds."""
    token = client.page("/sign-in").form("/sign-in").fields["csrf_token"]
    fields = {"csrf_token": token, "body": TEXT if valid else "", "submission_key": "0" * 32}
    before = count_rows(db)

    answer = client.post(paths(question)[1], data=fields)

    assert answer.status_code == 403
    assert "Sign in to take part." in answer.text
    assert count_rows(db) == before


@pytest.mark.parametrize("column", ["retracted_at", "hidden_at", "locked_at"])
def test_a_reply_that_comes_too_late_can_be_sent_as_a_comment(
    writer: PageChecker, db: Database, question: Deliberation, column: str
) -> None:
    """Ensure nobody answers what is gone or closed, and the text stands in a form to send."""
    comment = make_comment(db, question.id)
    path, action = paths(question)
    form = writer.page(f"{path}?reply={comment.id}").form(action).fields
    with db.writing() as tx:
        touch(tx, question.id)
        setattr(tx.get_one(Comment, comment.id), column, now(tx))

    answer = writer.post(action, data={**form, "body": TEXT})

    assert answer.status_code == 409
    assert "Your text is kept: send it as a new comment." in answer.text
    offered = parse(answer.text).form(action).fields
    assert "parent_id" not in offered
    assert offered["body"] == [TEXT]
    assert writer.post(action, data=offered).status_code == 303
    with db.reading() as reader:
        newest = find_comment(reader, find_newest(reader, question.id))
    assert newest is not None
    assert (newest.body, newest.parent_id) == (TEXT, None)


@pytest.mark.parametrize("field", ["parent_id", "proposal_id"])
def test_a_comment_stays_in_its_discussion(
    writer: PageChecker, db: Database, question: Deliberation, field: str
) -> None:
    """Ensure a form changed by hand cannot hang a comment on something of another discussion."""
    other = make_deliberation(db, make_second_session(db))
    foreign = {
        "parent_id": make_comment(db, other.id).id,
        "proposal_id": make_proposals(db, other.id, 1)[0].id,
    }
    path, action = paths(question)
    form = writer.page(path).form(action).fields

    answer = writer.post(action, data={**form, "body": TEXT, field: foreign[field]})

    assert answer.status_code == 404
    assert count_comments(db, question) == 0


def test_an_author_takes_a_comment_back(
    writer: PageChecker, db: Database, ada: Actor, question: Deliberation
) -> None:
    """Ensure the text is gone for everybody, the replies stay, and nobody else could do it."""
    comment = make_comment(db, question.id, ada, body="Words I regret.")
    make_comment(db, question.id, parent_id=comment.id, body="A calm answer.")
    path, _ = paths(question)

    answer = writer.submit(path, f"/comments/{comment.id}/retraction")

    assert answer.headers["Location"] == f"{path}?around={comment.id}#c{comment.id}"
    page = writer.page(path)
    assert "Words I regret." not in page.text
    assert "Taken back by its author." in page.text
    assert "A calm answer." in page.text
    assert not [form for form in page.forms if "retraction" in (form.action or "")]


@pytest.mark.parametrize("role", [None, Role.STAKEHOLDER, Role.FACILITATOR, Role.SECRETARIAT])
def test_nobody_takes_anothers_comment_back(
    app: Flask, db: Database, ada: Actor, question: Deliberation, role: Role | None
) -> None:
    """Ensure neither the button nor the act is there for others, staff included."""
    comment = make_comment(db, question.id, ada)
    client = browser_of(app, db, make_person(db, role=role) if role else None)
    page = client.page(paths(question)[0])
    token = client.page("/sign-in" if role is None else "/account").forms[0].fields["csrf_token"]

    answer = client.post(f"/comments/{comment.id}/retraction", data={"csrf_token": token})

    assert not [form for form in page.forms if "retraction" in (form.action or "")]
    assert answer.status_code == 403
    with db.reading() as reader:
        stored = find_comment(reader, comment.id)
        assert stored is not None
        assert stored.retracted_at is None


def test_a_permanent_address_finds_its_stretch(
    client: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure a link to a late comment leads to the part of the discussion it stands in."""
    author = make_person(db)
    written = [make_comment(db, question.id, author) for _ in range(ROOTS_A_PAGE + 2)]
    reply = make_comment(db, question.id, parent_id=written[-1].id)

    addresses = [
        client.get(f"/comments/{comment.id}").headers["Location"] for comment in (written[0], reply)
    ]

    assert addresses[0] == f"/deliberations/{question.id}?around={written[0].id}#c{written[0].id}"
    assert addresses[1].endswith(f"#c{reply.id}")
    assert f"c{reply.id}" in client.page(addresses[1].split("#")[0]).ids
    assert client.get("/comments/999999").status_code == 404


def test_a_reply_far_down_is_written_where_its_comment_is(
    writer: PageChecker, db: Database, question: Deliberation
) -> None:
    """Ensure the short link "Reply" opens the form in the right stretch."""
    author = make_person(db)
    late = [make_comment(db, question.id, author) for _ in range(ROOTS_A_PAGE + 1)][-1]
    path, action = paths(question)

    answer = writer.submit(f"{path}?reply={late.id}", action, {"body": TEXT})

    assert "?around=" in answer.headers["Location"]
    assert TEXT in writer.page(answer.headers["Location"].split("#")[0]).text


def test_too_many_comments_are_slowed_down(
    writer: PageChecker, db: Database, clock: FakeClock, question: Deliberation
) -> None:
    """Ensure the eleventh comment within ten minutes waits, with its text kept."""
    clock.advance(hours=25)  # New accounts wait longer.
    path, action = paths(question)
    for _ in range(10):
        assert writer.submit(path, action, {"body": TEXT}).status_code == 303

    refused = writer.submit(path, action, {"body": "The eleventh one."})
    clock.advance(seconds=61)
    later = writer.submit(path, action, {"body": "The eleventh one."})

    assert refused.status_code == 429
    assert "The eleventh one." in refused.text
    assert int(refused.headers["Retry-After"]) == 61
    assert later.status_code == 303
    assert count_comments(db, question) == 11
