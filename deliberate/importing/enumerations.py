"""Enumerations inside a paragraph: `… three questions: 1. Who …? 2. How …?`."""

import re

from deliberate.importing.lines import Piece
from deliberate.importing.sentences import asks, outside, protected

MARK = re.compile(
    r"(?:(?<=\s)|(?<=[?.;:])|^)(?:"
    r"\((?P<ringed>\d{1,2}|[a-hA-H]|[ivx]{1,4})\)|"
    r"(?P<dashed>\d{1,2})\s[-–—](?=\s)|"
    r"P?Q(?:uestion)?\s?(?P<asked>\d{1,2})\s?[.:)–-]|"
    r"(?P<plain>\d{1,2}|[a-hA-H]|[ivx]{1,4})(?P<end>[.)])(?!\d)"
    r")\s*(?=[^\s\d])"
)
DOT = re.compile(r"(?:(?<=\s)|(?<=[?.;:])|^)[•▪◦‣●➢]\s*")
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


def inline_items(piece: Piece) -> tuple[Piece, list[Piece]] | None:
    """The words before an inline enumeration and its items, or None without one.

    An enumeration counts up from one in a single style and has two items at least. Marks inside
    quotations and brackets, and letters within one sentence, `(a) access, (b) trust`, are none.
    """
    dots = [match.span() for match in DOT.finditer(piece.text)]
    cuts = _longest(piece.text) or (dots if len(dots) > 1 else [])
    if not cuts:
        return None
    ends = [start for start, _ in cuts[1:]] + [len(piece.text)]
    items = [piece.cut(low, high) for (_, low), high in zip(cuts, ends, strict=True)]
    return piece.cut(0, cuts[0][0]), [item for item in items if item.text]


def _longest(text: str) -> list[tuple[int, int]]:
    """The longest run of marks that counts up from one."""
    marks = {match.start(): match for match in MARK.finditer(text)}
    runs: dict[str, list[re.Match[str]]] = {}
    for point in outside(marks, protected(text)):
        for style, value in _readings(marks[point]):
            run = runs.setdefault(style, [])
            if value == len(run) + 1 and _fits(text, marks[point], style, run):
                run.append(marks[point])
    best = max(runs.values(), key=len, default=[])
    return [match.span() for match in best] if len(best) > 1 else []


def _readings(match: re.Match[str]) -> list[tuple[str, int]]:
    """The styles a mark may belong to, each with the mark's value."""
    shape = str(match.lastgroup if match.lastgroup != "end" else "plain" + match["end"])
    value = next(match[group] for group in ("ringed", "dashed", "asked", "plain") if match[group])
    if value.isdigit():
        return [(shape + "1", int(value))]
    found = [(shape + "i", ROMAN.index(value) + 1)] if value in ROMAN else []
    if len(value) == 1 and value.lower() <= "h":
        found.append((shape + ("a" if value.islower() else "A"), ord(value.lower()) - 96))
    return found


def _fits(text: str, match: re.Match[str], style: str, run: list[re.Match[str]]) -> bool:
    """Whether the words around a mark let an item begin there."""
    before = text[max(0, match.start() - 2) : match.start()].rstrip()[-1:]
    after = text[match.end() : match.end() + 60]
    if not before or before in "?:;.!؟？":
        return True
    if style[-1] != "1":
        return False
    opened = bool(run) and text[: run[0].start()].rstrip()[-1:] in {"", ":"}
    return (opened or asks(after)) and not after[:1].islower()
