"""References in a summary's text."""

import pytest

from deliberate.domain.errors import Invalid
from deliberate.domain.summaries import Figure, check_references, comment_ids, figure_keys

FIGURE = Figure("poll-3.ballots", "Poll: ballots", "41", "/polls/3/results")


def test_references_are_found_in_order_and_once() -> None:
    """Ensure a figure named twice is listed once, where it first stands."""
    text = "[[figure:b.all]] and [[comment:7]], [[figure:a.all]], [[figure:b.all]] [[comment:3]]"

    assert figure_keys(text) == ["b.all", "a.all"]
    assert comment_ids(text) == [7, 3]


def test_a_known_reference_is_accepted() -> None:
    """Ensure a text that names an existing figure and comment passes."""
    check_references("See [[figure:poll-3.ballots]], [[comment:7]].", {FIGURE.key: FIGURE}, {7})


@pytest.mark.parametrize(
    "text", ["[[figure:poll-4.ballots]]", "[[comment:8]]", "[[figure:Poll 3]]", "[[comment:x]]"]
)
def test_a_reference_that_leads_nowhere_is_named(text: str) -> None:
    """Ensure publishing stops at an unknown, misspelt or malformed reference."""
    with pytest.raises(Invalid) as refusal:
        check_references(f"As {text} shows.", {FIGURE.key: FIGURE}, {7})

    assert text in refusal.value.fields["body"]
