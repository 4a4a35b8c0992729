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


@pytest.mark.parametrize("name", NAMES)
def test_every_source_lies_within_its_line(name: str) -> None:
    """Ensure no source points outside the lines shown to the curator."""
    page = read_case(name)

    for source in page.sources.values():
        assert source.spans
        for span in source.spans:
            assert 1 <= span.line <= len(page.lines)
            assert 0 <= span.start <= span.end <= len(page.lines[span.line - 1])


@pytest.mark.parametrize("name", NAMES)
def test_the_source_of_a_verbatim_value_is_that_value(name: str) -> None:
    """Ensure titles, rooms, questions and outputs can be marked on the page letter by letter."""
    page = read_case(name)
    values = {
        "title": page.title,
        "room": page.room,
        "format": page.format,
        **{f"policy_questions/{n}": one.text for n, one in enumerate(page.policy_questions)},
        **{
            f"policy_questions/{n}/heading": one.heading
            for n, one in enumerate(page.policy_questions)
        },
        **{f"key_takeaways/{n}": text for n, text in enumerate(page.key_takeaways)},
        **{f"calls_to_action/{n}": text for n, text in enumerate(page.calls_to_action)},
    }

    for path, value in values.items():
        assert (path in page.sources) == (value is not None)
        if value is not None:
            assert marked_text(page, path) == value


@pytest.mark.parametrize("name", NAMES)
def test_the_source_of_a_person_holds_the_name(name: str) -> None:
    """Ensure each person has a source, and that its line names the person."""
    page = read_case(name)

    for role in ("organizers", "speakers", "moderators", "rapporteurs"):
        for at, person in enumerate(getattr(page, role)):
            source = page.sources[f"{role}/{at}"]
            words = page.lines[source.line - 1]
            if person.name and source.confidence is not Confidence.DERIVED:
                assert person.name in words


@pytest.mark.parametrize("name", NAMES)
def test_the_source_of_a_goal_holds_its_number(name: str) -> None:
    """Ensure each goal points at a line with its number."""
    page = read_case(name)

    for at, goal in enumerate(page.sdgs):
        assert str(goal) in page.lines[page.sources[f"sdgs/{at}"].line - 1]


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
