"""Claims about parts of pages: each named block can be sent alone, as htmx asks for it."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, template_rendered
from jinja2 import Template
from jinja2_fragments.flask import render_block

from deliberate.storage.database import Database
from tests.house.access import TABLE
from tests.support.pages import check_fragment
from tests.support.queries import recorded
from tests.support.visits import open_browser
from tests.support.world import World

# Both databases make every page in `test_authorization` and `test_hostile_addresses`.
pytestmark = pytest.mark.one_database
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
# What `base.html` puts around a page: not parts of their own, and never swapped.
FRAME = {"title", "description", "head", "main", "aside"}
ROLES = ("visitor", "stakeholder", "mag_member", "facilitator", "secretariat")
LIMIT = 8
"""The statements a page may need, those that find out who asks included."""
PUBLIC = [key for key, access in TABLE.items() if key.startswith("GET") and access.answer == 200]
Rendering = tuple[Template, dict[str, Any]]


@contextlib.contextmanager
def renderings(app: Flask) -> Iterator[list[Rendering]]:
    """Every template that is rendered in the block, with what it was given."""
    seen: list[Rendering] = []

    def note(_sender: Flask, template: Template, context: dict[str, Any], **_rest: Any) -> None:
        seen.append((template, context))

    with template_rendered.connected_to(note, app):
        yield seen


def paths(world: World, role: str, method: str = "GET") -> Iterator[str]:
    """The addresses this role may reach by this method."""
    for key, access in TABLE.items():
        if key.startswith(method) and role in access.who:
            yield world.address(access.path)


@pytest.mark.parametrize("role", ROLES)
def test_every_block_of_every_page_stands_alone(
    app: Flask, db: Database, world: World, role: str
) -> None:
    """Ensure a block needs nothing that only the rest of its page would have given it.

    Names that were not given are errors in these templates, not blanks.
    """
    browser = open_browser(app, db, world.people.get(role))

    problems = []
    tried = set()
    for path in paths(world, role):
        with app.test_request_context(path), renderings(app) as seen:
            browser.get(path)
            for template, context in list(seen):
                for block in set(template.blocks) - FRAME:
                    html = render_block(str(template.name), block, **context)
                    tried.add((template.name, block))
                    problems += [f"{template.name} {block}: {p}" for p in check_fragment(html)]

    assert tried
    assert problems == []


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_htmx(app: Flask, db: Database, world: World, role: str) -> None:
    """Ensure each address and each empty form is answered soundly when htmx asks.

    The client itself checks that what comes is a sound page or a sound part of one, and that
    the answer names the headers that made the difference.
    """
    browser = open_browser(app, db, world.people.get(role))

    for path in paths(world, role):
        whole, part = browser.get(path), browser.get(path, headers=PART)
        assert part.status_code == whole.status_code, path
        if part.status_code == 200 and part.mimetype == "text/html":
            assert "HX-Request" in part.headers["Vary"], path
            assert "HX-Request" in whole.headers["Vary"], path
    for path in paths(world, role, "POST"):
        response = browser.post(path, headers=PART)
        assert response.status_code < 500, path


@pytest.mark.parametrize("role", ["visitor", "stakeholder"])
def test_no_page_asks_the_database_too_much(
    app: Flask, db: Database, world: World, role: str
) -> None:
    """Ensure a page is made from a handful of statements, whoever asks."""
    browser = open_browser(app, db, world.people.get(role))

    counts = {}
    for key in PUBLIC:
        if role in TABLE[key].who:
            # A process answers its first request before macros and caches are warm.
            browser.get(world.address(TABLE[key].path))
            with recorded(db) as statements:
                browser.get(world.address(TABLE[key].path))
            counts[key] = len(statements)

    assert {key: count for key, count in counts.items() if count > LIMIT} == {}
