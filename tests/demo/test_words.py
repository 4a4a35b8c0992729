"""Claims about whose words the demonstration uses."""

import json
import re
from pathlib import Path

import pytest

from deliberate.actions.forum import Upload, import_session
from deliberate.demo.scenario import Page, read_scenario
from deliberate.domain.people import Actor, Role
from deliberate.importing import read_page
from deliberate.storage.database import Database

PAGES = Path(__file__).parent.parent / "pages"
SEEDS = sorted(PAGES.glob("seed-*.txt"))
DEMO_PAGES = read_scenario().pages
SHARED_WORDS = 7


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return re.findall(r"[\w’']+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    """Every stretch of so many words that two authors hardly write it independently."""
    found = words(text)
    return {tuple(found[at : at + SHARED_WORDS]) for at in range(len(found) - SHARED_WORDS + 1)}


def seed_texts(seed: Path) -> list[str]:
    """The questions and outputs of a real page."""
    expected = json.loads(seed.with_suffix(".expected.json").read_text(encoding="utf-8"))
    questions = [question["text"] for question in expected["policy_questions"]]
    return [*questions, *expected["key_takeaways"], *expected["calls_to_action"]]


@pytest.mark.parametrize("page", DEMO_PAGES, ids=lambda page: page.name)
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
def test_no_text_of_a_real_page_is_used(page: Page, seed: Path) -> None:
    """Ensure questions and outputs are worded anew: not one sentence, nor a long part of one."""
    texts = seed_texts(seed)

    assert texts
    assert [text for text in texts if text.lower() in page.text.lower()] == []
    assert set().union(*(runs(text) for text in texts)) & runs(page.text) == set()


@pytest.mark.parametrize("page", DEMO_PAGES, ids=lambda page: page.name)
def test_nobody_real_speaks(page: Page) -> None:
    """Ensure no speaker of a real page turns up among the invented ones."""
    real = set()
    for seed in SEEDS:
        expected = json.loads(seed.with_suffix(".expected.json").read_text(encoding="utf-8"))
        real |= {person["name"] for person in expected["speakers"] + expected["moderators"]}
    read = read_page(page.text, page.name)

    assert read.speakers
    assert real & {person.name for person in (*read.speakers, *read.moderators)} == set()
    assert read.doubts == ()


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
def test_the_real_pages_can_still_be_imported(demo: Database, seed: Path) -> None:
    """Ensure who tries the importer on a page they know is not told that it was imported."""
    curator = Actor(1, "", frozenset({Role.MAG_MEMBER}))
    text = seed.read_text(encoding="utf-8")

    with demo.writing() as tx:
        _, is_new = import_session(tx, curator, read_page(text), Upload(seed.name, text))

    assert is_new
