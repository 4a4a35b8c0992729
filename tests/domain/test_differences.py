"""Claims about comparing texts: both sides can be read off, and small things stay small."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.domain.differences import (
    ChangeKind,
    Mark,
    compare_lists,
    compare_prose,
    compare_texts,
    compare_values,
    match_key,
    merge_prose,
)

TEXTS = st.text(alphabet="abc ?é.", max_size=30)
LISTS = st.lists(TEXTS.filter(bool), max_size=6)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_off_their_comparison_line_by_line(before: str, after: str) -> None:
    """Ensure comparing lines first loses nothing either."""
    found = compare_prose(before.replace(".", "\n"), after.replace(".", "\n"))

    assert "".join(text for mark, text in found if mark is not Mark.ADDED) == before.replace(
        ".", "\n"
    )
    assert "".join(text for mark, text in found if mark is not Mark.GONE) == after.replace(
        ".", "\n"
    )


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_off_their_comparison(before: str, after: str) -> None:
    """Ensure the marks take nothing away from either text."""
    stretches = compare_texts(before, after)

    assert "".join(text for mark, text in stretches if mark is not Mark.ADDED) == before
    assert "".join(text for mark, text in stretches if mark is not Mark.GONE) == after


@given(LISTS, LISTS)
@settings(max_examples=200)
def test_differences_of_lists_add_up(before: list[str], after: list[str]) -> None:
    """Ensure what is not among the differences is in both lists, and the numbers fit."""
    changes = compare_lists(before, after)

    kinds = [change.kind for change in changes]
    grown = kinds.count(ChangeKind.ADDED) - kinds.count(ChangeKind.GONE)
    assert len(after) - len(before) == grown
    assert (not changes) == (sorted(before) == sorted(after))


def test_a_changed_question_is_one_difference() -> None:
    """Ensure another word makes a change, and another question a pair of differences."""
    pay, light = "Who should pay for the oil?", "Who should pay for the light?"

    [change] = compare_lists(["Which way?", pay], ["Which way?", light])
    kinds = [one.kind for one in compare_lists([pay], ["Where does it end, and when?"])]

    assert change.kind is ChangeKind.CHANGED
    assert [text for mark, text in change.stretches if mark is Mark.ADDED] == ["light"]
    assert kinds == [ChangeKind.GONE, ChangeKind.ADDED]


def test_values_that_appear_or_vanish_are_told_apart() -> None:
    """Ensure a room that is named for the first time was not changed."""
    assert compare_values("Room 3", "Room 3") == []
    assert [one.kind for one in compare_values(None, "Room 3")] == [ChangeKind.ADDED]
    assert [one.kind for one in compare_values("Room 3", None)] == [ChangeKind.GONE]
    assert [one.kind for one in compare_values("Room 3", "Room 4")] == [ChangeKind.CHANGED]


def test_case_spacing_and_punctuation_do_not_make_another_text() -> None:
    """Ensure a tidied copy of a page does not withdraw its questions."""
    assert match_key("Who  pays — and why?") == match_key("who pays, and why")
    assert match_key("Who pays?") != match_key("Who paid?")
    assert match_key("???") == "???"


def test_long_texts_are_shown_whole() -> None:
    """Ensure comparing ends soon whatever is compared."""
    long, other = "word " * 5_000, "other " * 5_000

    assert compare_texts(f"a{long}", f"b{other}")[:2] == [
        (Mark.GONE, f"a{long}".rstrip()),
        (Mark.ADDED, f"b{other}".rstrip()),
    ]


def test_a_small_change_of_a_long_text_is_shown_as_such() -> None:
    """Ensure what both texts begin and end with does not count towards their length."""
    start, end = "word " * 5_000, " thing" * 5_000

    assert compare_prose(f"{start}old{end}", f"{start}new{end}") == [
        (Mark.SAME, start),
        (Mark.GONE, "old"),
        (Mark.ADDED, "new"),
        (Mark.SAME, end),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [("a," * 700, "a." * 700), ("a\n" * 399, "a\nb\n" * 199), ("x " * 2_500, "x\n" * 2_500)],
)
def test_repetitive_texts_are_compared_as_far_as_it_is_worth(before: str, after: str) -> None:
    """Ensure a text made to waste time gives a comparison from which both sides can be read."""
    found = compare_prose(before, after)

    assert "".join(text for mark, text in found if mark is not Mark.ADDED) == before
    assert "".join(text for mark, text in found if mark is not Mark.GONE) == after


@given(TEXTS, TEXTS, TEXTS)
def test_two_changes_join_without_losing_either(base: str, ours: str, theirs: str) -> None:
    """Ensure a change joined with no change is that change, and sides make no difference."""
    old, one, other = (text.replace(".", "\n") for text in (base, ours, theirs))

    assert merge_prose(old, old, other) == other
    assert merge_prose(old, one, old) == one
    assert merge_prose(old, one, one) == one
    assert merge_prose(old, one, other) == merge_prose(old, other, one)


def test_changes_in_different_lines_join_and_in_the_same_line_do_not() -> None:
    """Ensure only what both sides changed asks for a person."""
    base = "Lamps.\n\nOil.\n\nWicks."
    ours, theirs = base.replace("Lamps", "All lamps"), base.replace("Wicks", "New wicks")

    assert merge_prose(base, ours, theirs) == "All lamps.\n\nOil.\n\nNew wicks."
    assert merge_prose(base, ours, base.replace("Lamps", "No lamps")) is None
