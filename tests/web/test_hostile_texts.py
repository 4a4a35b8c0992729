"""Texts meant to do harm, in every field of comments and proposals and on the pages they reach."""

import re
import uuid
from collections.abc import Mapping
from html import unescape
from urllib.parse import quote_plus

import pytest
from flask import Flask
from pydantic import BaseModel, ValidationError

from deliberate.actions.proposals import make_proposal
from deliberate.domain.people import Actor, StakeholderGroup
from deliberate.inputs.contributions import NewComment, NewProposal
from deliberate.inputs.people import Registration
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from tests.cases.hostile_texts import HOSTILE, HUGE, LINES, REFUSED, SURROGATE, dangers
from tests.factories import PASSWORD, make_comment, make_deliberation, make_person
from tests.support.client import PageChecker
from tests.support.clock import FakeClock
from tests.support.signed_in import browser_of

pytestmark = pytest.mark.one_database
ALL = HOSTILE | LINES | HUGE
LONGEST_COMMENT = 5_000
INVISIBLE = re.compile("[\x00\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def question(db: Database) -> Deliberation:
    """An open policy question."""
    return make_deliberation(db)


def accepted(model: type[BaseModel], field: str, **others: object) -> Mapping[str, str]:
    """The texts that this field of a form takes."""
    taken = {}
    for name, text in ALL.items():
        try:
            model.model_validate({field: text, "submission_key": str(uuid.uuid4()), **others})
        except ValidationError:
            continue
        taken[name] = text
    return taken


def show_all(client: PageChecker, path: str) -> str:
    """Every stretch of a discussion, one after another."""
    shown = [client.get(path).text]
    while more := re.search(r'id="more">\s*<a[^>]*href="([^"#]+)', shown[-1]):
        shown.append(client.get(unescape(more[1])).text)
    return "\n".join(shown)


def test_hostile_comments_are_text_and_nothing_else(
    app: Flask, db: Database, client: PageChecker, question: Deliberation, clock: FakeClock
) -> None:
    """Ensure pages stay sound, run nothing, load nothing and lead nowhere by surprise."""
    taken = accepted(NewComment, "body")
    author = make_person(db)
    # Links of new accounts would wait for a moderator.
    clock.advance(days=2)
    for text in taken.values():
        make_comment(db, question.id, author, body=text)

    html = show_all(client, f"/deliberations/{question.id}")

    refused = {name for name in ALL if name not in taken}
    too_long = {name for name, text in ALL.items() if len(text) > LONGEST_COMMENT}
    invisible = {name for name, text in ALL.items() if INVISIBLE.search(text)}
    assert refused == too_long | invisible
    assert html.count('<article class="comment') == len(taken)
    assert dangers(html) == []
    assert dangers(browser_of(app, db, author).get("/account").text) == []
    for prose in re.findall(r'class="prose"[^>]*>(.*?)<footer>', html, re.DOTALL):
        assert not re.search(r"<[^>]+\s(?:hx-|id=|style=|class=)", prose)


@pytest.mark.parametrize("text", [*REFUSED.values(), HUGE["words without a space"] + "x"])
def test_what_is_refused_comes_back_harmless(
    app: Flask, db: Database, question: Deliberation, text: str
) -> None:
    """Ensure the form with what is wrong shows the text again, and nothing of it acts."""
    path = f"/deliberations/{question.id}"
    writer = browser_of(app, db, make_person(db))

    answer = writer.submit(path, f"{path}/comments", {"body": f"<script>{text}</script>"})

    assert answer.status_code == 422
    assert "&lt;script&gt;" in answer.text
    assert [each for each in dangers(answer.text) if not each.startswith("U+")] == []


def test_half_a_character_does_no_harm(app: Flask, db: Database, question: Deliberation) -> None:
    """Ensure bytes that are no text are answered, and what is stored can be read again."""
    path = f"/deliberations/{question.id}"
    writer = browser_of(app, db, make_person(db))
    fields = dict(writer.page(path).form(f"{path}/comments").fields)
    values = {name: each[0] for name, each in fields.items()} | {"body": "BODY"}
    body = "&".join(f"{name}={quote_plus(value)}" for name, value in values.items())
    broken = quote_plus(SURROGATE.encode("utf-8", "surrogatepass")) + "%ff%fe"

    answer = writer.post(
        f"{path}/comments",
        data=body.replace("BODY", broken).encode(),
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code == 303
    assert dangers(writer.get(path).text) == []


def test_hostile_proposals_are_text_and_nothing_else(
    db: Database, client: PageChecker, question: Deliberation
) -> None:
    """Ensure titles and texts are harmless on the card, on the page and above comments."""
    titles = accepted(NewProposal, "title", body="A text.")
    author = make_person(db)
    made = [
        propose(db, author, question.id, title, ALL[name] if len(ALL[name]) < 999 else "A text.")
        for name, title in titles.items()
    ]
    for proposal_id in made[:5]:
        make_comment(db, question.id, author, proposal_id=proposal_id)

    overview = client.get(f"/deliberations/{question.id}").text

    assert {name for name, text in ALL.items() if INVISIBLE.search(text)}.isdisjoint(titles)
    assert dangers(overview) == []
    for proposal_id in made[::4]:
        assert dangers(client.get(f"/proposals/{proposal_id}").text) == []


def propose(db: Database, author: Actor, deliberation_id: int, title: str, body: str) -> int:
    """The id of a proposal made of these texts, or of the title alone where the text is refused."""
    key = str(uuid.uuid4())
    try:
        form = NewProposal(title=title, body=body, submission_key=key)
    except ValidationError:
        form = NewProposal(title=title, body="A text.", submission_key=key)
    with db.writing() as tx:
        return make_proposal(tx, author, deliberation_id, form).id


def test_hostile_names_are_text_and_nothing_else(
    app: Flask, db: Database, client: PageChecker, question: Deliberation
) -> None:
    """Ensure a person's name and organisation are harmless wherever they stand."""
    others = {
        "email": "ada@example.org",
        "password": PASSWORD,
        "stakeholder_group": StakeholderGroup.TECHNICAL,
        "regional_group": "African Group",
    }
    for field in ("name", "organisation"):
        for text in REFUSED.values():
            with pytest.raises(ValidationError):
                Registration.model_validate({"name": "Ada", **others, field: text})
    for text in [text for text in LINES.values() if len(text) <= 80]:
        author = make_person(db, name=text, organisation=text)
        make_comment(db, question.id, author)

    html = show_all(client, f"/deliberations/{question.id}")

    assert dangers(html) == []
    assert dangers(browser_of(app, db, author).get("/account").text) == []


def test_a_link_in_a_comment_is_marked_as_somebody_elses(
    db: Database, client: PageChecker, question: Deliberation, clock: FakeClock
) -> None:
    """Ensure links to other sites work and give the author no standing with search engines."""
    author = make_person(db)
    clock.advance(days=2)
    make_comment(db, question.id, author, body="See <https://example.org/a?b=1&c=2>.")

    html = client.get(f"/deliberations/{question.id}").text

    assert 'href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener"' in html


@pytest.mark.parametrize(
    "html",
    [
        LINES["a script"],
        f'<p title="{LINES["a handler"]}</p>',
        '<a href=" java\tscript:alert(1)">x</a>',
        '<a href="//evil.example">x</a>',
        '<form action="https://evil.example"></form>',
        '<div hx-ignore><p><b hx-get="/sign-out">x</b></p></div>',
        f"<p>{7919 * 7907}</p>",
        "<p>a\x00b</p>",
    ],
)
def test_what_acts_is_noticed(html: str) -> None:
    """Ensure the check of these tests would see a text that gets through."""
    assert dangers(html) != []
