"""Texts meant to do harm, wherever they go from a discussion: mail, feeds, search, and the maps."""

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from pydantic import ValidationError

from deliberate.actions.follows import choose_mail, follow
from deliberate.domain.mail import Rhythm
from deliberate.domain.notices import Subject
from deliberate.domain.people import Actor, Role
from deliberate.inputs.contributions import NewComment
from deliberate.inputs.people import MailChoices
from deliberate.inputs.synthesis import NewArgument
from deliberate.jobs.digests import write_due_digests
from deliberate.jobs.letters import compose
from deliberate.jobs.worker import run_due_jobs
from deliberate.mailing.messages import build_message
from deliberate.storage.arguments import Argument, Citation
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.outbox import Mail
from tests.cases.hostile_texts import HOSTILE, HUGE, LINES, dangers
from tests.factories import make_comment, make_deliberation, make_person
from tests.support.arguing import make_argument
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.post import office_at
from tests.support.signed_in import browser_of

pytestmark = pytest.mark.one_database
ATOM = "{http://www.w3.org/2005/Atom}"
OFFICE = office_at(25)
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
    "Content-Language", "Auto-Submitted", "List-Id", "List-Unsubscribe",
    "List-Unsubscribe-Post", "Precedence", "MIME-Version", "Content-Type",
}  # fmt: skip
LONGEST_NAME = 80


@dataclass(frozen=True)
class Reach:
    """A discussion full of hostile texts, and somebody who is told of each at once."""

    question: Deliberation
    listener: Actor
    comment_ids: list[int]


def bodies() -> Iterator[str]:
    """The texts that a comment takes."""
    for text in (HOSTILE | LINES | HUGE).values():
        try:
            yield NewComment(body=text, submission_key=str(uuid.uuid4())).body
        except ValidationError:
            continue


def choose(db: Database, person: Actor, rhythm: Rhythm) -> None:
    """Let somebody choose how often mail comes."""
    form = MailChoices(rhythm=rhythm, language="en", time_zone="", official=True, follows_own=True)
    with db.writing() as tx:
        choose_mail(tx, person, form)


@pytest.fixture
def reach(db: Database, clock: FakeClock) -> Reach:
    """Every text as a comment, by people with hostile names, told at once and in a digest."""
    question, listener = make_deliberation(db), make_person(db)
    names = [text for text in LINES.values() if len(text) <= LONGEST_NAME]
    authors = [make_person(db, name=name, organisation=name) for name in names]
    # Links of new accounts would wait for a moderator.
    clock.advance(days=2)
    subject = Subject.parse(f"discussion:{question.id}")
    assert subject is not None
    for person, rhythm in ((listener, Rhythm.INSTANT), (make_person(db), Rhythm.DAILY)):
        choose(db, person, rhythm)
        with db.writing() as tx:
            follow(tx, person, subject)
    ids = [
        make_comment(db, question.id, authors[number % len(authors)], body=body).id
        for number, body in enumerate(bodies())
    ]
    run_due_jobs(db)
    return Reach(question, listener, ids)


def read_mail(db: Database) -> Iterator[EmailMessage]:
    """Every mail in the outbox, as the mail program of its reader takes it apart."""
    with db.reading() as reader:
        for mail in reader.scalars(sa.select(Mail).order_by(Mail.id)):
            composed = compose(reader, OFFICE, mail)
            assert composed is not None
            envelope, letter = composed
            sent = build_message(OFFICE, envelope, letter).as_bytes()
            yield message_from_bytes(sent, policy=default)


def assert_harmless(message: EmailMessage) -> None:
    """Check headers and both parts of a mail."""
    assert set(message.keys()) <= HEADERS
    assert len(message.keys()) == len(set(message.keys()))
    assert message["To"].addresses[0].addr_spec.endswith("@example.org")
    assert len(message["To"].addresses) == 1
    plain = message.get_body(("plain",))
    html = message.get_body(("html",))
    assert plain is not None
    assert html is not None
    for text in (message["Subject"], plain.get_content().replace("\r\n", "\n")):
        assert all(each.isprintable() or each in "\n\u200b\ufeff\u00a0" for each in text), text
    assert dangers(html.get_content()) == []


def test_mail_carries_hostile_texts_as_text(db: Database, reach: Reach, clock: FakeClock) -> None:
    """Ensure no text, name or title adds a header, a recipient, or anything that acts."""
    messages = list(read_mail(db))
    for message in messages:
        assert_harmless(message)
    assert len(messages) == len(reach.comment_ids)

    with db.writing() as tx:
        tx.execute(sa.delete(Mail).where(Mail.id > 1))
    for title in LINES.values():
        with db.writing() as tx:
            tx.get_one(Deliberation, reach.question.id).title = title
        (message,) = read_mail(db)
        assert_harmless(message)
        assert "\n" not in message["Subject"]

    clock.advance(days=1)
    with db.writing() as tx:
        tx.execute(sa.delete(Mail))
    write_due_digests(db)
    run_due_jobs(db)
    (digest,) = read_mail(db)
    assert_harmless(digest)


def test_feeds_of_hostile_texts_are_sound(db: Database, client: PageChecker, reach: Reach) -> None:
    """Ensure feed readers get a document that says the words and nothing more."""
    for title in LINES.values():
        with db.writing() as tx:
            tx.get_one(Deliberation, reach.question.id).title = title
        feed = ET.fromstring(client.get(f"/deliberations/{reach.question.id}/feed.atom").data)  # noqa: S314

        assert feed.findtext(f"{ATOM}title") == title
        assert {each.tag for each in feed.iter()} <= {
            f"{ATOM}{name}"
            for name in (
                "feed", "id", "title", "updated", "link", "author", "name", "rights", "entry",
                "summary",
            )
        }  # fmt: skip
        links = {link.get("href", "") for link in feed.iter(f"{ATOM}link")}
        assert all(link.startswith("http://localhost/") for link in links)
    assert feed.findall(f"{ATOM}entry")


def test_search_marks_hits_in_hostile_texts_and_nothing_else(
    client: PageChecker, reach: Reach
) -> None:
    """Ensure excerpts and the query itself stay text, whatever is searched for."""
    assert reach.comment_ids
    for text in [*(HOSTILE | LINES).values(), "script", "alert", "x", "evil.example", "onerror"]:
        html = client.get(f"/search?{urlencode({'q': text})}").text
        assert dangers(html) == [], text
    assert "<mark>" in html


def test_inbox_and_maps_of_hostile_texts_are_harmless(
    app: Flask, db: Database, reach: Reach
) -> None:
    """Ensure the inbox, the outbox, arguments and their synthesis show text and nothing else."""
    facilitator = make_person(db, role=Role.FACILITATOR)
    for number, text in enumerate((HOSTILE | LINES).values()):
        try:
            NewArgument(comment_ids=[1], kind="for", text=text, submission_key=str(uuid.uuid4()))
        except ValidationError:
            continue
        cited = reach.comment_ids[number % len(reach.comment_ids)]
        make_argument(db, facilitator, reach.question.id, [cited], text=text)
    with db.reading() as reader:
        arguments = reader.scalars(sa.select(Argument.id)).all()
        citations = reader.scalars(sa.select(Citation.id)).all()
    home = f"/deliberations/{reach.question.id}"
    addresses = {
        facilitator: [
            f"{home}/arguments",
            f"{home}/synthesis",
            *(f"/arguments/{number}" for number in arguments[::5]),
            *(f"/citations/{number}/excerpt" for number in citations[::3]),
        ],
        reach.listener: ["/inbox", "/account", home],
    }

    for person, paths in addresses.items():
        browser = browser_of(app, db, person)
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code == 200, path
            assert dangers(answer.text) == [], path
    assert len(arguments) > 20
