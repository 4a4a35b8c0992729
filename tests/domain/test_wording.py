"""Claims about the hints that stand beside a question while it is curated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.domain.wording import HINT_LABELS, HintKind, hints


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Who pays? And for how long?", HintKind.SEVERAL_MARKS, "2"),
        (
            "What do coverage maps leave out, and who gains from it?",
            HintKind.SECOND_QUESTION,
            "who",
        ),
        ("What role should the IGF play (and how) in this?", HintKind.SECOND_QUESTION, "how"),
        ("Should tenders include refurbished units?", HintKind.YES_OR_NO, "Should"),
        ("Is it fair that the only lamp burns?", HintKind.TAKES_FOR_GRANTED, "the only"),
        ("Why are operators unwilling to share?", HintKind.TAKES_FOR_GRANTED, "Why are"),
        ("And who should decide where the valley ends?", HintKind.BEGINS_LINKED, "And"),
        ("What comes from the WSIS in this regard?", HintKind.POINTS_OUTSIDE, "in this regard"),
        ("Which changes do we need for cooperation?", HintKind.WHO_IS_WE, "we"),
        ("What can municipalities offer other than land", HintKind.NO_MARK, ""),
        ("What " + "very " * 60 + "much?", HintKind.LONG, "62"),
        ("谁付费？怎么办？", HintKind.SEVERAL_MARKS, "2"),
        ("من يدفع؟ وكيف؟", HintKind.SEVERAL_MARKS, "2"),
    ],
)  # fmt: skip
def test_what_could_be_better_is_pointed_at(text: str, kind: HintKind, found: str) -> None:
    """Ensure each rule speaks, and names the word or number it rests on."""
    given_hints = {hint.kind: hint.found for hint in hints(text)}

    assert given_hints.get(kind) == found


@pytest.mark.parametrize(
    "text",
    [
        "How should universal service funds be spent when private networks stop at the valley?",
        "What kind of regime can foster alternative business models and ensure diversity?",
        "Who pays when a transfer reaches the wrong person — the trader or the agent?",
        "Which rules apply to “Who may ask? And how?” in a notice?",
        "Qui paie l’accès des villages ?",
        "How can www.example.org/?a=b be read?",
        "In the light of dark patterns, what must be forbidden?",
    ],
)
def test_a_good_question_gets_no_hint(text: str) -> None:
    """Ensure curators are not tired by hints at what is well asked."""
    assert hints(text) == ()


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    """Ensure nothing a page may contain is too strange, and no hint is given twice."""
    kinds = [hint.kind for hint in hints(text)]

    assert len(kinds) == len(set(kinds))


def test_every_hint_has_words() -> None:
    """Ensure each hint reads as a sentence once its finding is put in."""
    assert set(HINT_LABELS) == set(HintKind)
    for sentence in HINT_LABELS.values():
        assert "%(found)s" in sentence or sentence.startswith("No ")
