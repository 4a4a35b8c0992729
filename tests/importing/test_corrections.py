"""Claims about corrections: data beside the page, applied and taken back without a trace."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.importing import Confidence, DoubtKind, SessionPage, read_page
from deliberate.importing.corrections import (
    LISTS,
    NEEDED,
    Correction,
    apply,
    as_json,
    entries,
    find_entry,
    from_json,
    next_key,
    refit,
)
from deliberate.importing.doubts import Settled, State, count_open, standings
from tests.factories import PAGE

PAGES = Path(__file__).parent.parent / "pages"
READ = [
    read_page((PAGES / name).read_bytes(), name)
    for name in ("seed-2021-main.txt", "seed-2020-ws220.txt", "08-2023-ws-midnight.html")
]
WORDS = st.text(alphabet="abcdeé ", min_size=1, max_size=12).filter(str.strip)
PERSON = st.fixed_dictionaries(
    {
        "name": WORDS,
        "affiliation": st.none() | WORDS,
        "stakeholder_group": st.sampled_from([None, "Civil Society", "Government"]),
        "regional_group": st.sampled_from([None, "African Group"]),
    }
)
QUESTION = st.fixed_dictionaries({"heading": st.none() | WORDS, "text": WORDS})


def value_of(name: str) -> st.SearchStrategy[Any]:
    """A value that a field may be corrected to."""
    if name == "organizers":
        return PERSON.map(lambda one: {k: v for k, v in one.items() if k != "affiliation"})
    if name in ("speakers", "moderators", "rapporteurs"):
        return PERSON
    special = {
        "policy_questions": QUESTION,
        "year": st.integers(2006, 2030),
        "duration_minutes": st.integers(1, 600),
        "type": st.sampled_from(["Workshop", "Town Hall"]),
        "sdgs": st.lists(st.integers(1, 17), unique=True, min_size=1).map(sorted),
    }
    return special.get(name, WORDS)


@st.composite
def corrected(draw: st.DrawFn) -> tuple[SessionPage, dict[str, Correction]]:
    """A page with corrections of some of its values, and some that are added."""
    page = draw(st.sampled_from(READ))
    made: dict[str, Correction] = {}
    names = draw(st.lists(st.sampled_from(sorted(page.as_json())), min_size=1, max_size=6))
    for name in names:
        found = entries(page, name, made)
        if name in LISTS and (not found or draw(st.booleans())):
            made[next_key(name, made)] = Correction(draw(value_of(name)), None, 1)
            continue
        entry = draw(st.sampled_from(found))
        is_removed = name not in NEEDED and not entry.is_added and draw(st.booleans())
        value = None if is_removed else draw(value_of(name))
        if value != entry.was:
            made[entry.key] = Correction(value, entry.was, 1)
    return page, made


@given(corrected())
@settings(deadline=None, max_examples=150)
def test_every_value_is_the_corrected_one_or_as_read(
    given_page: tuple[SessionPage, dict[str, Correction]],
) -> None:
    """Ensure nothing but what was corrected differs, and that it says so with its origin."""
    page, made = given_page

    shown = apply(page, made)

    for name, values in shown.as_json().items():
        wanted = [one.value for one in entries(page, name, made) if one.value is not None]
        assert (values if name in LISTS else [values] if values else []) == wanted
    kept = {key for name in LISTS for key in _places(page, name, made)}
    for key, place in kept:
        assert (shown.sources[place].confidence is Confidence.CORRECTED) == (key in made)
        if key in page.sources:
            assert shown.sources[place].spans == page.sources[key].spans
    assert (shown.lines, shown.doubts) == (page.lines, page.doubts)


def _places(page: SessionPage, name: str, made: dict[str, Correction]) -> list[tuple[str, str]]:
    """The key of each entry that is left, with its place after corrections, if it has a source."""
    kept = [one for one in entries(page, name, made) if one.value is not None]
    named = [(one.key, f"{name}/{at}") for at, one in enumerate(kept)]
    return [(key, place) for key, place in named if key in made or key in page.sources]


@given(corrected())
@settings(deadline=None, max_examples=100)
def test_corrections_survive_storing_and_another_reading_of_the_same_text(
    given_page: tuple[SessionPage, dict[str, Correction]],
) -> None:
    """Ensure neither JSON nor reading the page again changes or loses a correction."""
    page, made = given_page

    kept, lost = refit(from_json(as_json(made)), page, 1)

    assert lost == []
    assert apply(page, kept).as_json() == apply(page, made).as_json()
    assert apply(page, {}) is page


@given(corrected(), st.sampled_from(READ))
@settings(deadline=None, max_examples=100)
def test_no_correction_is_lost_without_a_word(
    given_page: tuple[SessionPage, dict[str, Correction]], other: SessionPage
) -> None:
    """Ensure on another text each is kept, reported, or said by the page itself."""
    _page, made = given_page

    kept, lost = refit(made, other)

    shown = apply(other, kept).as_json()
    reported = {key for key, _one in lost}
    for key, one in made.items():
        name = key.partition("/")[0]
        values = shown[name] if name in LISTS else [shown[name] or None]
        assert key in reported or one.value in values or one.value is None
    for key, one in kept.items():
        entry = find_entry(other, key, kept)
        assert entry is not None
        assert entry.is_added or entry.was == one.was


def test_removing_one_entry_leaves_the_others_in_place() -> None:
    """Ensure keys do not move, so two corrections of one list do not meet."""
    page = read_page(PAGE)
    first, second = page.as_json()["speakers"]
    other = {**second, "name": "Bo Sample"}
    made = {"speakers/0": Correction(None, first), "speakers/1": Correction(other, second)}

    shown = apply(page, made)

    assert [one.name for one in shown.speakers] == ["Bo Sample"]
    assert shown.sources["speakers/0"].spans == page.sources["speakers/1"].spans
    assert find_entry(page, "speakers/0", made) is not None
    assert find_entry(page, "speakers/7", made) is None
    assert find_entry(page, "no_such_field", made) is None


def test_a_moved_entry_takes_its_correction_along() -> None:
    """Ensure a correction finds its value where another line was put before it."""
    page = read_page(PAGE)
    was = page.as_json()["speakers"][1]
    made = {"speakers/1": Correction({**was, "affiliation": "Lamp Works"}, was)}
    later = read_page(
        PAGE.replace("Speaker 1: Ada", "Speaker 0: Cy Example, Government\nSpeaker 1: Ada")
    )

    kept, lost = refit(made, later, 5)

    assert (list(kept), lost) == (["speakers/2"], [])
    assert kept["speakers/2"].version == 5
    assert apply(later, kept).speakers[2].affiliation == "Lamp Works"


def test_what_is_changed_twice_over_is_reported() -> None:
    """Ensure a correction of words that the new text does not have is given back."""
    page = read_page(PAGE)
    made = {"title": Correction("Lanterns on networks", page.title)}
    other = read_page(PAGE.replace("Lanterns on the network", "Lamps on the network"))
    right = read_page(PAGE.replace("Lanterns on the network", "Lanterns on networks"))

    assert refit(made, other) == ({}, [("title", made["title"])])
    assert refit(made, right) == ({}, [])


@pytest.mark.parametrize("key", ["title", "policy_questions/1"])
def test_a_doubt_is_answered_by_correcting_what_was_read_from_its_line(key: str) -> None:
    """Ensure only corrections of the very line count."""
    page = read_page(PAGE.replace("burning?", "burning."))
    entry = find_entry(page, key, {})
    assert entry is not None

    left = count_open(page, {key: Correction(entry.was, entry.was)})

    assert (count_open(page, {}), left) == (1, 0 if key == "policy_questions/1" else 1)


def test_no_correction_answers_a_doubt_about_the_whole_page() -> None:
    """Ensure letters that may be wrong elsewhere stay pointed out when one name is put right."""
    page = read_page(PAGE.replace("Ada Example", "Åse Brøgger").encode("cp1252"))
    made = {"speakers/0": Correction({}, {})}

    left = standings(page, made)

    assert [(one.doubt.kind, one.keys, one.state) for one in left] == [
        (DoubtKind.ENCODING_GUESSED, ["speakers/0"], State.OPEN)
    ]
    fine = [Settled(one.doubt, page.lines[one.doubt.line - 1]) for one in left]
    assert count_open(page, made, fine) == 0
