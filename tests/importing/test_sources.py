"""Every value says where it stands: the marked words of the page really hold it."""

import re
from typing import Any

import pytest

from deliberate.importing import Confidence, SessionPage
from deliberate.importing.groups import regional_group, stakeholder_group
from tests.importing.test_cases import NAMES, marked_text, read_case

VERBATIM = ("title", "room", "format")
LISTS = ("sdgs", "policy_questions", "key_takeaways", "calls_to_action")
ROLES = ("organizers", "speakers", "moderators", "rapporteurs")
SINGLE = ("reference", "year", "type", "duration_minutes", "date", "start_utc", "end_utc", "theme")
CLOCK = re.compile(r"\d\s?[:.h]\s?\d\d|\d\s?[ap]\.?m", re.IGNORECASE)


def words(text: str) -> set[str]:
    """The words of a text without case."""
    return set(re.findall(r"\w+", text.casefold().replace("&", " and ")))


def marked_spans(page: SessionPage, path: str) -> list[str]:
    """The words under each span of a value's source."""
    spans = page.sources[path].spans
    return [page.lines[span.line - 1][span.start : span.end] for span in spans]


def held_values(page: SessionPage) -> dict[str, Any]:
    """Every value of a page that is known, by the name of its source."""
    values = {name: getattr(page, name) for name in (*VERBATIM, *SINGLE)}
    for name in (*LISTS, *ROLES):
        values |= {f"{name}/{at}": one for at, one in enumerate(getattr(page, name))}
    asked = enumerate(page.policy_questions)
    headings = {f"policy_questions/{at}/heading": one.heading for at, one in asked}
    return {name: value for name, value in (values | headings).items() if value is not None}


@pytest.mark.parametrize("name", NAMES)
def test_every_value_has_a_source_within_its_lines_and_nothing_else_has(name: str) -> None:
    """Ensure the curator can mark each value, and no mark points at nothing."""
    page = read_case(name)

    assert set(page.sources) == set(held_values(page))
    for source in page.sources.values():
        assert source.spans
        for span in source.spans:
            assert 1 <= span.line <= len(page.lines)
            assert 0 <= span.start <= span.end <= len(page.lines[span.line - 1])


@pytest.mark.parametrize("name", NAMES)
def test_the_marked_words_of_a_text_are_the_text(name: str) -> None:
    """Ensure titles, rooms, questions, headings and outputs are marked letter by letter."""
    page = read_case(name)

    for path, value in held_values(page).items():
        text = getattr(value, "text", value)
        field = path.partition("/")[0]
        if field in VERBATIM or field in {"policy_questions", "key_takeaways", "calls_to_action"}:
            assert marked_text(page, path) == text
        if field == "theme":
            assert words(marked_text(page, path)) == words(text)


@pytest.mark.parametrize("name", NAMES)
def test_the_marked_words_of_a_person_hold_name_body_and_groups(name: str) -> None:
    """Ensure each detail of a person is in what is marked, also one that another line told."""
    page = read_case(name)

    for role in ROLES:
        for at, person in enumerate(getattr(page, role)):
            marked = marked_text(page, f"{role}/{at}")
            body = getattr(person, "affiliation", None) or ""
            assert words(person.name or "") | words(body) <= words(marked)
            spans = marked_spans(page, f"{role}/{at}")
            parts = [*spans, *(p.strip() for one in spans for p in re.split(r"[,|:;–()]", one))]
            group, region = person.stakeholder_group, person.regional_group
            assert group is None or any(group is stakeholder_group(part) for part in parts)
            assert region is None or any(region is regional_group(part) for part in parts)


@pytest.mark.parametrize("name", NAMES)
def test_the_marked_words_of_a_number_or_time_hold_it(name: str) -> None:
    """Ensure references, years, goals, lengths, dates and times come from the marked words."""
    page = read_case(name)
    values = held_values(page)

    for path, value in values.items():
        field, marked = path.partition("/")[0], marked_text(page, path)
        stated = page.sources[path].confidence is not Confidence.DERIVED
        if field in {"sdgs", "year"} or (field == "duration_minutes" and stated):
            assert re.search(rf"(?<!\d){value}(?!\d)", marked)
        elif field == "reference":
            assert value.rpartition("#")[2] in re.sub(r"#\s?0*", "", marked)
        elif field in {"start_utc", "end_utc"}:
            assert CLOCK.search(marked)
        elif field == "date":
            days = {int(value[8:]) + step for step in (-1, 0, 1)} | {1, 28, 29, 30, 31}
            assert any(re.search(rf"(?<!\d)0?{day}(?!\d)", marked) for day in days)
