"""The inbox, following and feeds in a browser without scripts."""

import xml.etree.ElementTree as ET

import pytest
from flask import Flask

from deliberate.domain.mail import Rhythm
from deliberate.domain.people import Actor
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.comments import Comment
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.follows import list_follows
from deliberate.storage.forum import ForumSession
from deliberate.storage.mailboxes import get_mailbox
from tests.factories import make_comment, make_deliberation, make_person, make_poll
from tests.support.client import PageChecker
from tests.support.queries import recorded
from tests.support.signed_in import browser_of

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def deliberation(db: Database) -> Deliberation:
    """A discussion under way."""
    return make_deliberation(db)


@pytest.fixture
def person(db: Database) -> Actor:
    """Somebody who reads."""
    return make_person(db)


@pytest.fixture
def browser(app: Flask, db: Database, person: Actor) -> PageChecker:
    """That person's browser."""
    return browser_of(app, db, person)


def answer(
    db: Database, deliberation: Deliberation, person: Actor, body: str = "So it is."
) -> Comment:
    """An answer to a comment of this person."""
    own = make_comment(db, deliberation.id, person)
    reply = make_comment(db, deliberation.id, parent_id=own.id, body=body)
    run_due_jobs(db)
    return reply


def followed(db: Database, person: Actor) -> dict[str, bool]:
    """What somebody follows, and whether it is muted."""
    with db.reading() as reader:
        return {str(line.subject): line.muted for line in list_follows(reader, person.id or 0)}


def test_an_answer_waits_in_the_inbox_until_it_is_read(
    db: Database, browser: PageChecker, deliberation: Deliberation, person: Actor
) -> None:
    """Ensure the header counts it, the page leads to it, and looking alone reads nothing."""
    reply = answer(db, deliberation, person)

    page = browser.page("/inbox")
    assert "answered you" in page.text
    assert f"/comments/{reply.id}" in page.links
    assert "1 unread" in browser.page("/about").text
    browser.submit("/inbox", "/inbox/reading")

    assert "unread" not in browser.page("/about").text
    assert "New" not in browser.page("/inbox").text.split("News")[1]


@pytest.mark.one_database
def test_nobody_reads_anothers_notices(
    app: Flask, db: Database, deliberation: Deliberation, person: Actor
) -> None:
    """Ensure a notice is marked by its own person only, and shown to nobody else."""
    answer(db, deliberation, person)
    stranger = browser_of(app, db, make_person(db))
    form = stranger.page("/account/mail").form("/account/mail")
    token = {"csrf_token": form.fields["csrf_token"][0]}

    stranger.post("/inbox/reading", data={**token, "notice_id": "1", "until_id": "1"})

    assert "answered you" not in stranger.page("/inbox").text
    assert "1 unread" in browser_of(app, db, person).page("/about").text


@pytest.mark.one_database
def test_a_poll_waits_until_one_has_voted(
    db: Database, browser: PageChecker, deliberation: Deliberation, person: Actor
) -> None:
    """Ensure the inbox asks those who take part, and nobody else."""
    poll = make_poll(db, deliberation.id)
    run_due_jobs(db)
    assert f"/polls/{poll.id}" not in browser.page("/inbox").links

    make_comment(db, deliberation.id, person)

    assert f"/polls/{poll.id}" in browser.page("/inbox").links


@pytest.mark.one_database
def test_the_inbox_is_paged_and_needs_few_queries(
    db: Database, browser: PageChecker, deliberation: Deliberation, person: Actor
) -> None:
    """Ensure a full inbox stays quick, and nothing is lost between its pages."""
    own = make_comment(db, deliberation.id, person)
    for number in range(31):
        make_comment(db, deliberation.id, parent_id=own.id, body=f"Answer {number:02d}")
    run_due_jobs(db)

    with recorded(db) as queries:
        first = browser.page("/inbox?view=direct")
    older = next(link for link in first.links if "before=" in link)
    second = browser.page(older)

    assert len(queries) <= 8
    assert "Answer 30" in first.text
    assert "Answer 01" in first.text
    assert "Answer 00" in second.text
    assert "Answer 01" not in second.text


@pytest.mark.parametrize("kind", ["discussion", "proposal", "thread", "group"])
@pytest.mark.one_database
def test_a_thing_is_followed_muted_and_left(
    db: Database, browser: PageChecker, deliberation: Deliberation, person: Actor, kind: str
) -> None:
    """Ensure each kind of thing can be followed from its page, with words that fit."""
    poll = make_poll(db, deliberation.id)
    assert poll.id
    keys = {"discussion": str(deliberation.id), "proposal": "1", "group": "Government"}
    keys["thread"] = str(make_comment(db, deliberation.id).id)
    address = f"/following/{kind}:{keys[kind]}"

    for act, expected in (
        ("follow", {f"{kind}:{keys[kind]}": False}),
        ("mute", {f"{kind}:{keys[kind]}": True}),
        ("unfollow", {}),
    ):
        assert browser.submit(address, data={"act": act}).status_code == 303
        assert followed(db, person) == expected


@pytest.mark.one_database
@pytest.mark.parametrize(
    "subject",
    ["discussion:999", "thread:999", "proposal:1", "group:Nobody", "thing:1", "discussion:x"],
)
def test_what_is_not_there_cannot_be_followed(browser: PageChecker, subject: str) -> None:
    """Ensure a mistyped address says so."""
    assert browser.get(f"/following/{subject}").status_code == 404


@pytest.mark.one_database
def test_a_visitor_signs_in_to_follow(client: PageChecker, deliberation: Deliberation) -> None:
    """Ensure the link on a discussion leads a visitor to signing in and back."""
    path = f"/following/discussion:{deliberation.id}"

    assert path in client.page(f"/deliberations/{deliberation.id}").links
    assert client.get(path).headers["Location"] == f"/sign-in?next={path}"


@pytest.mark.one_database
def test_mail_is_chosen_on_one_page(db: Database, browser: PageChecker, person: Actor) -> None:
    """Ensure rhythm, clock and language are stored, and nonsense is not."""
    chosen = {"rhythm": "daily", "time_zone": "Africa/Nairobi", "language": "ar"}
    wrong = [{"rhythm": "hourly"}, {"time_zone": "Mars/Olympus"}, {"language": "xx"}]

    statuses = [
        browser.submit("/account/mail", data={**chosen, **slip}).status_code for slip in wrong
    ]
    assert statuses == [422] * 3
    assert browser.submit("/account/mail", data=chosen).status_code == 303

    with db.reading() as reader:
        mailbox = get_mailbox(reader, person.id or 0)
    assert (mailbox.rhythm, mailbox.time_zone) == (Rhythm.DAILY, "Africa/Nairobi")
    assert mailbox.language == "ar"
    assert mailbox.next_digest_at is not None
    assert mailbox.next_digest_at.hour == 5


@pytest.mark.one_database
def test_feeds_are_valid_and_kept(
    db: Database, client: PageChecker, deliberation: Deliberation
) -> None:
    """Ensure a feed reader understands every entry, whatever people write, and may keep it."""
    hostile = "<script>alert(1)</script> & ]]> \ufffe \U0001f5f3"
    comment = make_comment(db, deliberation.id, make_person(db, name="A <b> & C"), body=hostile)
    with db.reading() as reader:
        slug = reader.get_one(ForumSession, deliberation.session_id).slug

    for path in (f"/deliberations/{deliberation.id}", f"/sessions/{slug}"):
        answer = client.get(f"{path}/feed.atom")
        root = ET.fromstring(answer.data)  # noqa: S314 (Made by this very program.)
        (entry,) = root.findall(f"{ATOM}entry")
        for element in (root, entry):
            for name in ("id", "title", "updated"):
                assert element.findtext(f"{ATOM}{name}")
        assert entry.findtext(f"{ATOM}summary") == hostile.replace("\ufffe", "")
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "A <b> & C"
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.attrib["href"] == f"http://localhost/comments/{comment.id}"
        assert answer.mimetype == "application/atom+xml"
        etag = {"If-None-Match": answer.headers["ETag"]}
        assert client.get(f"{path}/feed.atom", headers=etag).status_code == 304
        assert 'type="application/atom+xml"' in client.get(path).text
