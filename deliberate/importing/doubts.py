"""What becomes of a page's doubts: answered by a correction, settled by a curator, or open.

A doubt is settled when a curator finds the reading fine as it is. That is kept beside the page
and survives another reading of it as long as the line says the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from deliberate.importing.corrections import Corrections
from deliberate.importing.page import Doubt, DoubtKind, SessionPage

PAGE_WIDE = frozenset([DoubtKind.ENCODING_GUESSED])
"""Doubts about more than the line they stand at, which no correction of one value answers."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A doubt that a curator settled, with the words of its line at the time."""

    doubt: Doubt
    text: str


class State(Enum):
    """What became of a doubt."""

    OPEN = auto()
    ANSWERED = auto()  # Something read from its line was corrected.
    SETTLED = auto()  # A curator found it fine as it is.


@dataclass(frozen=True, slots=True)
class Standing:
    """A doubt with its state and the keys of the values that were read from its line."""

    doubt: Doubt
    state: State
    keys: Sequence[str]


def standings(
    page: SessionPage, corrections: Corrections, settled: Iterable[Settled] = ()
) -> list[Standing]:
    """Every doubt of a page as read, in its order, with what became of it."""
    keys = _keys_by_line(page)
    fine = {one.doubt for one in settled}
    return [
        Standing(doubt, _state(doubt, keys[doubt.line], corrections, fine), keys[doubt.line])
        for doubt in page.doubts
    ]


def count_open(page: SessionPage, corrections: Corrections, settled: Iterable[Settled] = ()) -> int:
    """How many doubts still wait for somebody."""
    return sum(one.state is State.OPEN for one in standings(page, corrections, settled))


def as_json(settled: Iterable[Settled]) -> list[dict[str, Any]]:
    """Settled doubts as they are stored: by the name of the kind, which never changes."""
    return [
        {"kind": one.doubt.kind.name, "line": one.doubt.line, "text": one.text} for one in settled
    ]


def from_json(stored: Iterable[dict[str, Any]]) -> list[Settled]:
    """Settled doubts as they were stored."""
    return [Settled(Doubt(DoubtKind[one["kind"]], one["line"]), one["text"]) for one in stored]


def refit(settled: Iterable[Settled], page: SessionPage) -> list[Settled]:
    """Those that another reading of the page raises again, at a line that says the same."""
    known = {(one.doubt.kind, one.text) for one in settled}
    found = [Settled(doubt, page.lines[doubt.line - 1]) for doubt in page.doubts]
    return [one for one in found if (one.doubt.kind, one.text) in known]


def _keys_by_line(page: SessionPage) -> defaultdict[int, list[str]]:
    """The keys under which what was read from a line is corrected, each once."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for place, source in page.sources.items():
        key = "sdgs" if place.startswith("sdgs/") else place.removesuffix("/heading")
        for span in source.spans:
            if key not in found[span.line]:
                found[span.line].append(key)
    return found


def _state(
    doubt: Doubt, keys: Sequence[str], corrections: Corrections, settled: set[Doubt]
) -> State:
    if doubt.kind not in PAGE_WIDE and any(key in corrections for key in keys):
        return State.ANSWERED
    return State.SETTLED if doubt in settled else State.OPEN
