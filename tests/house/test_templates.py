"""Claims about the templates as they are written, before anything is rendered."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.house.sources import TEMPLATES, relative

ALL = sorted(path for path in TEMPLATES.rglob("*") if path.is_file())
HTML = [path for path in ALL if path.suffix == ".html"]
PARTS = ("_", "base", "mail")
PAGES = [
    path
    for path in HTML
    if not any(part.startswith(PARTS) for part in path.relative_to(TEMPLATES).parts)
]
INLINE = re.compile(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|\shx-on\b|javascript:", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>")
UNWANTED_WORDS = re.compile(r"\b(?:winners?|users?)\b", re.IGNORECASE)


def parse(path: Path) -> nodes.Template:
    """The syntax tree of a template, with the extensions that the app uses."""
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    return environment.parse(path.read_text(encoding="utf-8"), filename=str(path))


def test_there_are_pages() -> None:
    """Ensure the tests below have something to look at."""
    assert len(PAGES) >= 10


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_a_page_extends_the_base(path: Path) -> None:
    """Ensure every page has the same header, footer and language attributes."""
    parents = [node.template for node in parse(path).find_all(nodes.Extends)]

    assert [isinstance(p, nodes.Const) and Path(p.value).name for p in parents] == ["base.html"]


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_a_page_sets_and_imports_nothing_outside_its_blocks(path: Path) -> None:
    """Ensure each block can be rendered alone, where names from outside do not exist."""
    outside = (nodes.Assign, nodes.AssignBlock, nodes.Import, nodes.FromImport)

    found = [node.lineno for node in parse(path).body if isinstance(node, outside)]

    assert found == []


@pytest.mark.parametrize("path", ALL, ids=relative)
def test_nothing_is_exempt_from_escaping(path: Path) -> None:
    """Ensure no template declares a value safe; only the code that cleaned it may."""
    tree = parse(path)

    filters = [node.lineno for node in tree.find_all(nodes.Filter) if node.name == "safe"]
    switches = [node.lineno for node in tree.find_all(nodes.EvalContextModifier)]

    assert filters + switches == []


@pytest.mark.parametrize("path", HTML, ids=relative)
def test_nothing_is_inline(path: Path) -> None:
    """Ensure no template holds what the content security policy would refuse."""
    source = path.read_text(encoding="utf-8")

    found = [match[0] for match in INLINE.finditer(source)]
    found += [match[0] for match in INLINE_SCRIPT.finditer(source)]

    assert found == []


@pytest.mark.parametrize("path", HTML, ids=relative)
def test_words_on_screen_are_the_glossarys(path: Path) -> None:
    """Ensure nobody is called a user, and nothing a winner."""
    prose = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert UNWANTED_WORDS.findall(prose) == []
