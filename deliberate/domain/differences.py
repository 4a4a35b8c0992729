"""How two lists of texts differ: what came, what went, what was changed, word by word.

Texts are the same when only letter case, spacing or punctuation tells them apart, so that a
comma does not make a new question.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

ALIKE = 0.5
"""From this share of equal words on, a text that came is the changed form of one that went."""
MOST_WORDS = 1_500
"""Longer texts are shown whole: comparing takes time that grows with the square of length."""
MOST_PAIRS = 900
MOST_STEPS = 2_000_000
"""Pairs of equal words that are looked at before the rest of two texts counts as different."""
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LETTERS = re.compile(r"\w+")


class Mark(StrEnum):
    """What became of a stretch of text."""

    SAME = "same"
    ADDED = "added"
    GONE = "gone"


Stretch = tuple[Mark, str]
Part = tuple[bool, tuple[int, int], tuple[int, int]]
"""Whether it is the same in both, and where it begins and ends in each."""


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
    """Two texts as one, stretch by stretch: what is in both, in the first, in the second.

    What both begin and end with is left out of the comparing, so that a long text with a small
    change is compared word by word as well.
    """
    return _compare(_WORDS.findall(before), _WORDS.findall(after))


def compare_prose(before: str, after: str) -> list[Stretch]:
    """The same for texts of several lines: lines first, then the words of those that differ."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Stretch] = []
    for is_same, (low, high), (start, end) in _parts(old, new):
        if is_same:
            found.append((Mark.SAME, "".join(old[low:high])))
        else:
            found += compare_texts("".join(old[low:high]), "".join(new[start:end]))
    return _joined(found)


def merge_prose(base: str, ours: str, theirs: str) -> str | None:
    """Two changes of one text in one text; None where both changed the same lines differently.

    The lines that all three texts share part them into pieces, and of each piece the one that
    was changed is taken (Khanna, Kunal and Pierce, A Formal Investigation of Diff3, 2007).
    """
    texts = [text.split("\n") for text in (base, ours, theirs)]
    old, one, other = texts
    in_one, in_other = _places(old, one), _places(old, other)
    shared = [(at, in_one[at], in_other[at]) for at in sorted(in_one.keys() & in_other.keys())]
    merged: list[str] = []
    start = (0, 0, 0)
    for place in [*shared, (len(old), len(one), len(other))]:
        piece = _changed(
            *(text[low:high] for text, low, high in zip(texts, start, place, strict=True))
        )
        if piece is None:
            return None
        merged += piece + old[place[0] : place[0] + 1]
        start = (place[0] + 1, place[1] + 1, place[2] + 1)
    return "\n".join(merged)


def _places(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """For each line that stayed, where it stood and where it stands."""
    return {
        at + step: first + step for at, first, size in _matches(old, new) for step in range(size)
    }


def _changed(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    """Of three forms of a piece the one to go on with; None when both changed it."""
    if theirs in (base, ours):
        return ours
    return theirs if ours == base else None


def _compare(old: Sequence[str], new: Sequence[str]) -> list[Stretch]:
    """Two lists of words, joined to stretches."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    found: list[Stretch] = [(Mark.SAME, "".join(old[:head]))]
    for is_same, (low, high), (start, end) in _parts(old[head:old_end], new[head:new_end]):
        gone, added = (
            "".join(old[head + low : head + high]),
            "".join(new[head + start : head + end]),
        )
        found += [(Mark.SAME, gone)] if is_same else [(Mark.GONE, gone), (Mark.ADDED, added)]
    found.append((Mark.SAME, "".join(old[old_end:])))
    return _joined(found)


def _parts(old: Sequence[str], new: Sequence[str]) -> Iterator[Part]:
    """Where two lists are the same and where not, from the first to the last."""
    at = start = 0
    for low, first, size in [*_matches(old, new), (len(old), len(new), 0)]:
        if low > at or first > start:
            yield False, (at, low), (start, first)
        if size:
            yield True, (low, low + size), (first, first + size)
        at, start = low + size, first + size


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """What two lists have in common, in order: the longest stretch, then so on either side of it.

    As `SequenceMatcher` does it, but with an end: a text of one word a thousand times would take
    it minutes. What is not compared by then counts as different.
    """
    if max(len(old), len(new)) > MOST_WORDS:
        return []
    matcher = SequenceMatcher(None, old, new, False)
    times, left = Counter(new), MOST_STEPS
    waiting, found = [(0, len(old), 0, len(new))], []
    while waiting:
        low, high, start, end = waiting.pop()
        steps = sum(times[word] for word in old[low:high])
        if steps > left:
            continue
        left -= steps
        at, first, size = matcher.find_longest_match(low, high, start, end)
        if size:
            found.append((at, first, size))
            waiting += [(at + size, high, first + size, end), (low, at, start, first)]
    return sorted(found)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words both begin with."""
    return next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right),
        min(len(one), len(other)),
    )


def _joined(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Neighbours of one mark as one, without empty ones."""
    found: list[Stretch] = []
    for mark, text in stretches:
        if found and found[-1][0] is mark:
            found[-1] = mark, found[-1][1] + text
        elif text:
            found.append((mark, text))
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
