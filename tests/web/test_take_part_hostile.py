"""Texts meant to do harm, as they come out on the page."""

import re

import pytest
from flask import Flask

from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from tests.factories import make_deliberation, make_person
from tests.support.client import PageChecker
from tests.support.signed_in import browser_of

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "handler": "<img src=x onerror=alert(1)>",
    "javascript link": "[click](javascript:alert(1))",
    "encoded javascript link": "[click](&#106;avascript:alert(1))",
    "data link": "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "protocol-relative link": "[click](//evil.example/page)",
    "backslash link": "[click](https:/\\evil.example)",
    "relative link": "[click](/sign-out)",
    "image": "![beacon](https://example.org/beacon.png)",
    "htmx": '<a hx-get="/sign-out" hx-trigger="load">x</a>',
    "ids": '<p id="main">x</p>',
    "end of the comment": "</div></article></li></ol></section><h1>Taken over</h1>",
    "template": "{{ config }}{% raw %}",
    "heading": "# A heading\n\nUnder\n=====",
    "form": '<form action="https://evil.example"><input name="password"></form>',
    "deep quotes": "> " * 400 + "deep",
    "deep lists": "\n".join("  " * depth + "- x" for depth in range(40)),
    "brackets": "[" * 2_000 + "](" * 1_000,
    "emphasis": "*a **b " * 600,
}


@pytest.fixture
def question(db: Database) -> Deliberation:
    """An open policy question."""
    return make_deliberation(db)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_comment_is_text_and_nothing_else(
    app: Flask, db: Database, client: PageChecker, question: Deliberation, name: str
) -> None:
    """Ensure the page stays sound, runs nothing, loads nothing and leads nowhere by surprise."""
    path = f"/deliberations/{question.id}"
    writer = browser_of(app, db, make_person(db))

    sent = writer.submit(path, f"{path}/comments", {"body": HOSTILE[name]})

    assert sent.status_code == 303
    page, html = client.page(path), client.get(path).text
    assert page.tags["script"] == 2
    assert page.tags["img"] == 0
    assert page.tags["h1"] == 1
    assert not re.search(r"<[^>]+\son\w+\s*=", html)
    assert not [link for link in page.links if "evil" in link or "sign-out" in link]
    assert not [link for link in page.links if link.lower().startswith(("javascript:", "data:"))]
    prose = html.split('class="prose"')[1].split(">", 1)[1].split("<footer>")[0]
    assert not re.search(r"<[^>]+\s(?:hx-|id=|style=|class=)", prose)


@pytest.mark.parametrize("field", ["title", "body"])
def test_a_hostile_proposal_is_text_and_nothing_else(
    app: Flask, db: Database, client: PageChecker, question: Deliberation, field: str
) -> None:
    """Ensure a title and a text are escaped on the card, on the page and in the form."""
    path = f"/deliberations/{question.id}/proposals"
    fields = {"title": "A proposal like any other", "body": "With a text."}
    fields[field] = "<script>alert(1)</script>\"><b onmouseover='x'>"
    writer = browser_of(app, db, make_person(db))

    address = writer.submit(f"{path}/new", path, fields).headers["Location"]

    for place in (address, f"/deliberations/{question.id}"):
        page = client.page(place)
        assert page.tags["script"] == 2
        assert page.tags["b"] == 0


def test_a_link_in_a_comment_is_marked_as_somebody_elses(
    app: Flask, db: Database, client: PageChecker, question: Deliberation
) -> None:
    """Ensure links to other sites work and give the author no standing with search engines."""
    path = f"/deliberations/{question.id}"
    writer = browser_of(app, db, make_person(db))

    writer.submit(path, f"{path}/comments", {"body": "See <https://example.org/a?b=1&c=2>."})

    html = client.get(path).text
    assert 'href="https://example.org/a?b=1&amp;c=2" rel="nofollow ugc noopener"' in html
