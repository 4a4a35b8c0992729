"""How two lists of texts differ: what came, what went, what was changed, word by word.

Texts are the same when only letter case, spacing or punctuation tells them apart, so that a
comma does not make a new question.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

ALIKE = 0.5
"""From this share of equal words on, a text that came is the changed form of one that went."""
MOST_WORDS = 1_500
"""Longer texts are shown whole: comparing takes time that grows with the square of length."""
MOST_PAIRS = 900
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LETTERS = re.compile(r"\w+")


class Mark(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    ADDED = "added"
    GONE = "gone"


Stretch = tuple[Mark, str]


class ChangeKind(StrEnum):
    """What became of a text of a list."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, as stretches that read one after the other."""

    kind: ChangeKind
    stretches: Sequence[Stretch]


def match_key(text: str) -> str:
    """What two texts share when they say the same: their words in lower case (NFKC)."""
    words = _LETTERS.findall(unicodedata.normalize("NFKC", text).casefold())
    return " ".join(words) or text.strip()


def compare_lists(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """What changed between two lists; texts that only moved are not differences."""
    if list(before) == list(after):
        return []
    old, new = _unmatched(before, after), _unmatched(after, before)
    pairs = _pair(old, new)
    paired = {second for _first, second in pairs}
    changes = []
    for at, text in enumerate(old):
        other = next((second for first, second in pairs if first == at), None)
        if other is None:
            changes.append(Change(ChangeKind.GONE, [(Mark.GONE, text)]))
        else:
            changes.append(Change(ChangeKind.CHANGED, compare_texts(text, new[other])))
    return changes + [
        Change(ChangeKind.ADDED, [(Mark.ADDED, text)])
        for at, text in enumerate(new)
        if at not in paired
    ]


def compare_values(before: str | None, after: str | None) -> list[Change]:
    """What changed between two values of a field that has one at most."""
    if before == after:
        return []
    if before and after:
        return [Change(ChangeKind.CHANGED, compare_texts(before, after))]
    return compare_lists([before] if before else [], [after] if after else [])


def compare_texts(before: str, after: str) -> list[Stretch]:
    """Two texts as one, stretch by stretch: what is in both, in the first, in the second."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > MOST_WORDS:
        return [(Mark.GONE, before), (Mark.ADDED, after)]
    found: list[Stretch] = []
    for kind, low, high, start, end in SequenceMatcher(None, old, new, False).get_opcodes():
        if kind == "equal":
            found.append((Mark.SAME, "".join(old[low:high])))
            continue
        if high > low:
            found.append((Mark.GONE, "".join(old[low:high])))
        if end > start:
            found.append((Mark.ADDED, "".join(new[start:end])))
    return found


def _unmatched(texts: Sequence[str], others: Sequence[str]) -> list[str]:
    """The texts that have no equal among the others; each of the others serves once."""
    left = [text for text in others]
    found = []
    for text in texts:
        if text in left:
            left.remove(text)
        else:
            found.append(text)
    return found


def _pair(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Which text that went is which that came: the most alike first, each used once."""
    if len(old) * len(new) > MOST_PAIRS:
        return []
    bags = [set(match_key(text).split()) for text in (*old, *new)]
    scored = [
        (_likeness(bags[first], bags[len(old) + second]), -first, -second)
        for first in range(len(old))
        for second in range(len(new))
    ]
    pairs: list[tuple[int, int]] = []
    for likeness, first, second in sorted(scored, reverse=True):
        used = any(-first == one or -second == other for one, other in pairs)
        if likeness >= ALIKE and not used:
            pairs.append((-first, -second))
    return pairs


def _likeness(one: set[str], other: set[str]) -> float:
    """The share of words in both, of the words in either (Jaccard's index)."""
    return len(one & other) / len(one | other) if one | other else 1.0
