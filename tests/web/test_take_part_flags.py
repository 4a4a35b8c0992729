"""Claims about reporting, what authors see, and appeals, as a browser without scripts."""

import pytest
from flask import Flask

from deliberate.actions.moderation import hide_item
from deliberate.domain.moderation import ItemKind, Rule
from deliberate.domain.people import Actor, Role
from deliberate.inputs.moderation import Hiding
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.moderation_log import list_own_flags
from deliberate.storage.people import find_actor
from deliberate.storage.proposals import find_proposal
from tests.factories import make_comment, make_deliberation, make_person, make_proposals
from tests.support.client import PageChecker
from tests.support.moderating import APPEAL, hide, report
from tests.support.rows import count_rows
from tests.support.signed_in import browser_of

pytestmark = pytest.mark.one_database
BODY = "Whoever sells lamp oil is a crook."


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
def reporter(db: Database) -> Actor:
    """Somebody who reads."""
    return make_person(db)


@pytest.fixture
def browser(app: Flask, db: Database, reporter: Actor) -> PageChecker:
    """The reader's browser."""
    return browser_of(app, db, reporter)


def test_a_report_is_sent_changed_and_taken_back(
    db: Database, browser: PageChecker, reporter: Actor, comment: Comment
) -> None:
    """Ensure one report a person, whose standing they find on a page of their own."""
    path = f"/comments/{comment.id}/flag"
    assert f'href="{path}"' in browser.get(f"/deliberations/{comment.deliberation_id}").text

    sent = browser.submit(path, data={"rule": "attack", "note": "He means me."})
    changed = browser.submit(path, data={"rule": "spam", "note": "No, he sells oil."})
    with db.reading() as reader:
        (line,) = list_own_flags(reader, reporter.id or 0, 9)
    own = browser.page("/account/moderation").text
    taken_back = browser.submit("/account/moderation", f"/flags/{line.flag.id}/withdrawal")

    assert [each.status_code for each in (sent, changed, taken_back)] == [303, 303, 303]
    assert line.flag.rule is Rule.SPAM
    assert "Spam or advertising" in own
    assert "Withdrawn" in browser.page("/account/moderation").text


@pytest.mark.parametrize(
    ("entered", "told"),
    [({}, "rule"), ({"rule": "dislike"}, "rule"), ({"rule": "spam", "note": "x" * 2001}, "note")],
)
def test_a_report_without_a_rule_is_not_stored(
    db: Database, browser: PageChecker, comment: Comment, entered: dict[str, str], told: str
) -> None:
    """Ensure the form comes back with the error at its field, and nothing is written."""
    path = f"/comments/{comment.id}/flag"
    token = browser.page(path).form(path).fields["csrf_token"]
    before = count_rows(db)

    answer = browser.post(path, data={"csrf_token": token, **entered})

    assert answer.status_code == 422
    assert f'href="#field-{told}"' in answer.text
    assert count_rows(db) == before


def test_a_visitor_signs_in_first_and_an_author_has_no_such_link(
    app: Flask, db: Database, author: Actor, comment: Comment
) -> None:
    """Ensure nobody is led to a page that refuses them."""
    path = f"/comments/{comment.id}/flag"
    visitor, own = browser_of(app, db, None), browser_of(app, db, author)

    thread = own.get(f"/deliberations/{comment.deliberation_id}").text

    assert visitor.get(path).location == f"/sign-in?next={path}"
    assert path not in thread
    assert own.get(path).location == f"/comments/{comment.id}/moderation"


def test_the_author_of_a_hidden_text_reads_the_rule_and_appeals_once(
    app: Flask, db: Database, author: Actor, comment: Comment, browser: PageChecker
) -> None:
    """Ensure inbox and page name the rule, and a second appeal is refused with its text."""
    hide(db, make_person(db, role=Role.FACILITATOR), comment)
    run_due_jobs(db)
    own, path = browser_of(app, db, author), f"/comments/{comment.id}/moderation"

    inbox = own.page("/inbox").text
    form = own.page(path).form(f"/comments/{comment.id}/appeal").fields
    first = own.post(f"/comments/{comment.id}/appeal", data={**form, "text": APPEAL})
    second = own.post(
        f"/comments/{comment.id}/appeal", data={**form, "text": "I was too angry before."}
    )

    assert "A moderator hid what you wrote" in inbox
    assert "By the rule: personal attack." in inbox
    assert BODY not in inbox
    assert (first.status_code, second.status_code) == (303, 409)
    seen = own.page(path).text
    assert BODY in seen
    assert APPEAL in seen
    assert browser.get(path).status_code == 404


def test_reporters_learn_of_the_answer_not_of_each_other(
    db: Database, browser: PageChecker, reporter: Actor, comment: Comment
) -> None:
    """Ensure a report that was answered cannot be changed, and nobody sees who else reported."""
    report(db, make_person(db, name="Reporter Two"), comment)
    report(db, reporter, comment)
    hide(db, make_person(db, role=Role.FACILITATOR, name="Moderator One"), comment)

    text = browser.page("/account/moderation").text

    assert "Upheld" in text
    assert not any(name in text for name in ("Reporter Two", "Moderator One", BODY))
    assert browser.get(f"/comments/{comment.id}/flag").status_code == 404


def test_a_hidden_proposal_leaves_a_line_everywhere(
    app: Flask, db: Database, browser: PageChecker, home: Deliberation
) -> None:
    """Ensure no page shows its text, its author reads how to appeal, and comments on it stay."""
    hidden, _other = make_proposals(db, home.id, 2)
    remark = make_comment(db, home.id, proposal_id=hidden.id)
    with db.reading() as reader:
        line, author = find_proposal(reader, hidden.id), find_actor(reader, hidden.author_id)
    assert line is not None
    assert "Report this proposal" in browser.page(f"/proposals/{hidden.id}").text
    facilitator = make_person(db, role=Role.FACILITATOR)
    with db.writing() as tx:
        form = Hiding(seen=0, rule=Rule.DUPLICATE)
        hide_item(tx, facilitator, ItemKind.PROPOSAL, hidden.id, form)

    pages = {
        path: browser.get(path).text
        for path in (
            f"/proposals/{hidden.id}", f"/proposals/{hidden.id}/mentions",
            f"/deliberations/{home.id}", f"/following/proposal:{hidden.id}",
            f"/deliberations/{home.id}/proposals/new?from={hidden.id}",
            f"/deliberations/{home.id}/feed.atom", "/search?q=proposal+number",
        )
    }  # fmt: skip
    own = browser_of(app, db, author).page(f"/proposals/{hidden.id}").text

    assert [path for path, text in pages.items() if line.title in text] == []
    shown = pages[f"/proposals/{hidden.id}"]
    assert "Hidden by a moderator: a duplicate." in shown
    assert remark.body in shown
    assert "About a hidden proposal" in pages[f"/deliberations/{home.id}"]
    assert "Your text, and how to appeal" in own
    assert browser.get(f"/proposals/{hidden.id}/versions/1").location == f"/proposals/{hidden.id}"


def test_new_accounts_report_a_few_things_an_hour(
    db: Database, browser: PageChecker, home: Deliberation
) -> None:
    """Ensure the sixth report of a new account waits, and says until when the account is new."""
    comments = [make_comment(db, home.id) for _ in range(6)]

    answers = [
        browser.submit(f"/comments/{each.id}/flag", data={"rule": "spam"}) for each in comments
    ]

    assert [each.status_code for each in answers] == [303] * 5 + [429]
    assert "Your account is new until" in answers[-1].text
