"""Claims about arguments, their spread over groups, and what they leave uncovered."""

import pytest

from deliberate.domain.people import StakeholderGroup as Group
from deliberate.domain.synthesis import (
    Progress,
    Spread,
    Voice,
    coverage,
    is_excerpt,
    progress,
    visible_text,
)

HTML = (
    "<p>Wor<em>ds</em> of\n<a href='https://x.example'>ours</a>.</p>\n"
    "<ul>\n<li>5 &lt; 6</li>\n</ul>"
)


def test_a_comment_is_read_without_its_markup() -> None:
    """Ensure words stay whole, blocks stay apart, and what looked like a tag stays text."""
    assert visible_text(HTML) == "Words of ours. 5 < 6"


@pytest.mark.parametrize(
    ("excerpt", "stands"),
    [
        ("Words of ours.", True),
        ("Words  of\nours", True),
        ("", True),
        ("5 < 6", True),
        ("words of ours", False),
        ("Words ours", False),
        ("<em>ds</em>", False),
    ],
)
def test_an_excerpt_stands_word_for_word(excerpt: str, *, stands: bool) -> None:
    """Ensure nobody is quoted with words that are not theirs."""
    assert is_excerpt(excerpt, HTML) is stands


def test_progress_adds_up_the_groups() -> None:
    """Ensure what is left is what is neither cited nor waived."""
    voices = {Group.GOVERNMENT: Voice(2, 30, 20, 3), Group.TECHNICAL: Voice(1, 14, 11, 2)}

    found = progress(voices)

    assert found == Progress(44, 31, 5)
    assert found.left == 8


def test_coverage_tells_apart_silence_oversight_and_missing_answers() -> None:
    """Ensure each group sees what it raised, and an answer to one group's comment is its own."""
    voices = {
        Group.CIVIL_SOCIETY: Voice(3, 5, 4, 0),
        Group.GOVERNMENT: Voice(1, 1, 0, 0),
        Group.TECHNICAL: Voice(2, 2, 2, 0),
    }
    spread = {
        1: Spread({Group.CIVIL_SOCIETY: 2, Group.TECHNICAL: 1}, 3, 0),
        2: Spread({Group.CIVIL_SOCIETY: 1}, 1, 0),
        3: Spread({}, 0, 1),
    }

    rows = {
        row.group: row
        for row in coverage(voices, spread, answered={2}, answered_for={(1, Group.CIVIL_SOCIETY)})
    }

    assert tuple(rows) == Group.registrable()
    assert (rows[Group.CIVIL_SOCIETY].raised, rows[Group.CIVIL_SOCIETY].unanswered) == ((1, 2), ())
    assert (rows[Group.TECHNICAL].raised, rows[Group.TECHNICAL].unanswered) == ((1,), (1,))
    assert rows[Group.GOVERNMENT].is_heard
    assert rows[Group.GOVERNMENT].raised == ()
    assert not rows[Group.PRIVATE_SECTOR].is_heard
