"""Every case page reads as its expectation says, and every value can be found on its page."""

import json
from pathlib import Path

import pytest

from deliberate.importing import Confidence, SessionPage, read_page

PAGES = Path(__file__).parent.parent / "pages"
MORE_PAGES = Path(__file__).parent.parent / "cases" / "sessions-more"


def case_names(folder: Path) -> list[str]:
    """The cases of a folder, in its order."""
    return sorted(
        path.name.removesuffix(".expected.json") for path in folder.glob("*.expected.json")
    )


FIRST_NAMES = case_names(PAGES)
NAMES = [*FIRST_NAMES, *case_names(MORE_PAGES)]


def folder_of(name: str) -> Path:
    """Where the page of a case and its expectation lie."""
    return PAGES if name in FIRST_NAMES else MORE_PAGES


def page_path(name: str) -> Path:
    """The page of a case, plain text or saved web page."""
    return next(
        path for path in folder_of(name).glob(f"{name}.*") if path.suffix in {".txt", ".html"}
    )


def read_case(name: str) -> SessionPage:
    """A case's page as read."""
    path = page_path(name)
    return read_page(path.read_bytes(), path.name)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_page_reads_exactly_as_expected(name: str) -> None:
    """Ensure all fields equal the expectation, in its order of keys."""
    expected = json.loads((folder_of(name) / f"{name}.expected.json").read_text("utf-8"))

    page = read_case(name)

    assert page.as_json() == expected
    assert list(page.as_json()) == list(expected)


def test_no_case_is_missing() -> None:
    """Ensure the two pages the project began from and the twelve public cases are all here."""
    seeds = [name for name in FIRST_NAMES if name.startswith("seed-")]

    assert len(seeds) == 2
    assert len([name for name in FIRST_NAMES if name[:2].isdigit()]) == 12


def test_a_value_behind_a_label_is_stated_and_one_by_form_is_not() -> None:
    """Ensure the curator can tell a labelled room from a format that lost its label."""
    page = read_case("04-2021-open-forum")

    assert page.sources["room"].confidence is Confidence.STATED
    assert page.sources["format"].confidence is Confidence.SHAPE
    assert page.sources["theme"].confidence is Confidence.SHAPE


def marked_text(page: SessionPage, path: str) -> str:
    """The words that a value's source marks."""
    spans = page.sources[path].spans
    return " ".join(page.lines[span.line - 1][span.start : span.end] for span in spans)
