"""Where questions end: not inside quotation marks, brackets or addresses."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from deliberate.importing.lines import Piece

OPENERS = {"“": "”", "«": "»", "‘": "’", "(": ")", "[": "]", "„": "“”", "'": "'"}
MARK = re.compile("[\"“”«»‘’„()\\[\\]]|'")
END = re.compile(r"[?？؟]+!*[?]*")  # A French space before the mark belongs to the question.
STOP = re.compile(r"[.!…]['\"”’)»]?\s+(?=[\"“‘«(¿]?[^\W\d_a-zà-ÿ])")
SHORTENED = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|[A-Za-z]\.[A-Za-z]|e\.?g|i\.?e|cf|vs|etc|Mr|Mrs|Ms|Dr|Prof|Hon|No|St|"
    r"Art|approx|incl|Inc|Ltd|fig|pp?)$"
)
ADDRESS = re.compile(r"(?:[a-z]{2,12}://|www\.)\S{1,2000}", re.IGNORECASE)
ASKING = re.compile(
    r"[\"“‘«(¿]?(?:(?:and|but|or|so|then|also|if so|if not|if yes|finally|et|mais|y)\b,? )?"
    r"(?:(?:to|in|at|for|from|by|on|under|with|of|through) )?"
    r"(?:who|whom|whose|what|which|how|why|when|where|whether|is|are|was|were|am|do|does|did|can|"
    r"could|should|shall|will|would|may|might|must|has|have|had|isn[’']t|aren[’']t|don[’']t|"
    r"comment|quel\w*|qui|pourquoi|combien|quand|est-ce|cómo|qué|quién\w*|cuál\w*|"
    r"por qué|como|qual|quais|quem)\b",
    re.IGNORECASE,
)
JOINT = re.compile(r"(?:\s*;)?(?:\s+[–—•▪/|-](?=\s))?")  # What stands between two questions.
CLOSED = re.compile(r"[?？؟]\s?[\"”’»)\]]+$")
OPEN_DEPTH = 12


def inner_spans(text: str) -> list[tuple[int, int]]:
    """Stretches within quotation marks or brackets, as (start, end) offsets, in order of end.

    An opening mark without its partner protects nothing. A straight mark may close a curly one
    and the reverse, because pages mix them. An apostrophe closes only an open single quote.
    """
    found: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for match in MARK.finditer(text):
        mark, at = match.group(), match.start()
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        depth = _partner(stack, mark, after)
        if depth is not None:
            found.append((stack[depth][1], at + 1))
            del stack[depth:]
        elif _opens(mark, before) and (mark != "'" or after.isalpha()):
            stack.append((mark, at))
            del stack[:-OPEN_DEPTH]
    return found


def _opens(mark: str, before: str) -> bool:
    """Whether a mark may open: brackets and curly marks do, straight ones after a space."""
    if mark in "\"‘'":
        return not before.isalnum()
    return mark in OPENERS


def _partner(stack: list[tuple[str, int]], mark: str, after: str) -> int | None:
    """Which open mark this one closes, counted from the outermost."""
    if mark in "’'" and after.isalnum():
        return None
    for depth in range(len(stack) - 1, -1, -1):
        opener = stack[depth][0]
        if mark in OPENERS.get(opener, '"”') or (mark == '"' and opener == "“"):
            return depth
    return None


@lru_cache(maxsize=16)
def protected(text: str) -> tuple[tuple[int, int], ...]:
    """Stretches where nothing is split: quotations, brackets, addresses; sorted, not nested."""
    stretches = [match.span() for match in ADDRESS.finditer(text)] + inner_spans(text)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def outside(points: Iterable[int], stretches: Sequence[tuple[int, int]]) -> list[int]:
    """The ascending points that lie in none of the sorted stretches."""
    kept, at = [], 0
    for point in points:
        while at < len(stretches) and stretches[at][1] <= point:
            at += 1
        if at == len(stretches) or point <= stretches[at][0]:
            kept.append(point)
    return kept


def question_ends(text: str) -> list[int]:
    """Offsets just after each question mark that ends a question."""
    stretches = protected(text)
    marks = {match.start(): match.end() for match in END.finditer(text)}
    ends = [marks[point] for point in outside(marks, stretches)]
    kept = [end for end in ends if _may_end(text[end : end + 1])]
    tail = CLOSED.search(text[-8:])
    if tail and (not kept or kept[-1] < len(text)) and ASKING.match(text):
        kept.append(len(text))
    return kept


def _may_end(after: str) -> bool:
    """Whether what follows a question mark lets a question end there."""
    return not after or not (after[0].islower() or after[0] in '=&/.,)]”’"»')


def sentence_starts(text: str) -> list[int]:
    """Offsets where a sentence begins after a full stop or exclamation mark."""
    stops = {match.start(): match for match in STOP.finditer(text)}
    points = outside(stops, protected(text))
    return [
        stops[point].end()
        for point in points
        if not SHORTENED.search(text[max(0, point - 12) : point])
    ]


def asks(text: str) -> bool:
    """Whether words begin as a question does."""
    return text.startswith("¿") or bool(ASKING.match(text[:60]))


def split_questions(piece: Piece) -> tuple[list[Piece], Piece]:
    """A text cut after each of its question marks, and what follows the last one."""
    ends = question_ends(piece.text)
    starts = [0, *(JOINT.match(piece.text, end).end() for end in ends)]  # type: ignore[union-attr]
    parts = [piece.cut(low, high) for low, high in zip(starts, ends, strict=False)]
    return parts, piece.cut(starts[-1])


def questions_in(line: str) -> list[str]:
    """The questions of a line, each from the beginning of its sentence; else the line itself."""
    ends = question_ends(line)
    starts = sorted({0, *sentence_starts(line), *ends})
    found = [line[max(start for start in starts if start < end) : end].strip() for end in ends]
    return found or [line.strip()]
