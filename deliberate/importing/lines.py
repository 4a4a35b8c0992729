"""Lines of a page and pieces cut from them without losing their place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from deliberate.domain.errors import Invalid
from deliberate.importing.page import Confidence, Source, Span
from deliberate.importing.text import normalise

MOST_LINES = 5_000
MOST_LETTERS = 300_000
LONGEST_LINE = 40_000
LONGEST_JOINED = 1_000
TOO_LONG = "Paste only the page of one session."
BULLETS = "•▪◦‣·●○■□*➢►✓✔⁃∙→⇒➔➤▶◆◇♦★☆✦✅➡▸▹❖⮚\uf0b7\uf0a7\uf0d8\uf0fc🔹🔸🔵🔷🔶"
BULLET = re.compile(
    rf"(?:(?:[{BULLETS}]\ufe0f?\s?){{1,4}}|[-–—](?:\s+|(?=[^\W\d_]))|"
    r"[o§Øü]\s+(?=[A-Z¿“\"]))"
)
NUMBER = re.compile(
    r"(?:\(\d{1,2}\)|\d{1,2}(?:[.)](?!\d)|\s[-–—](?=\s)|[-–—](?=\s[A-Z¿“\"])|:(?=\s)))"
    r"\s*(?=[^\d\s])"
)
LETTER = re.compile(
    r"(?:P?Q(?:uestion)?\s?#?\d{1,2}\s?[.:)–—-]|\([A-Za-z]\)|[A-Za-z][.)]|\(?[ivx]{1,4}[.)])\s+",
    re.IGNORECASE,
)
ENUMERATING = frozenset("QPqpiIvVxX")  # First letters of `Q1.`, `Question 2:` and `iv)`.


@dataclass(frozen=True, slots=True)
class Piece:
    """Words cut from a line: `line` counts from 1, `start` is the offset of the first letter.

    Words that run on over several lines have `joints`: for each further line the offset in `text`
    where its words begin, the line, and the offset there.
    """

    text: str
    line: int
    start: int = 0
    joints: tuple[tuple[int, int, int], ...] = ()

    def cut(self, start: int, stop: int | None = None) -> "Piece":
        """The words from `start` to `stop`, without spaces at either end."""
        inner = self.text[start:stop]
        begun = inner.lstrip()
        low = start + len(inner) - len(begun)
        words = begun.rstrip()
        if not self.joints:
            return Piece(words, self.line, self.start + low)
        (offset, line, begin), *_ = [edge for edge in self._edges() if edge[0] <= low][-1:]
        later = [edge for edge in self.joints if low < edge[0] < low + len(words)]
        joints = tuple((edge - low, number, at) for edge, number, at in later)
        return Piece(words, line, begin + low - offset, joints)

    def and_(self, below: "Piece") -> "Piece":
        """These words and those that continue them on a line below."""
        shift = len(self.text) + 1
        moved = ((offset + shift, line, start) for offset, line, start in below._edges())
        return replace(self, text=f"{self.text} {below.text}", joints=(*self.joints, *moved))

    def _edges(self) -> list[tuple[int, int, int]]:
        """Where the words of each line begin: offset in the text, line, offset in the line."""
        return [(0, self.line, self.start), *self.joints]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where these words stand, line by line."""
        edges = self._edges()
        ends = [offset - 1 for offset, _, _ in self.joints] + [len(self.text)]
        return tuple(
            Span(line, start, start + end - offset)
            for (offset, line, start), end in zip(edges, ends, strict=True)
        )

    def source(self, confidence: Confidence) -> Source:
        """This place as the source of a value."""
        return Source(self.spans, confidence)


@dataclass(frozen=True, slots=True)
class Line:
    """A normalised line; the marks say how a saved web page showed it.

    `strong`: bold or a heading. `label`: the label of a field. `top`: the first-level heading.
    `soft`: begun by a line break inside a paragraph. `inner`: a further paragraph of a list item.
    """

    text: str
    strong: bool = False
    label: bool = False
    top: bool = False
    soft: bool = False
    inner: bool = False

    def saying(self, text: str) -> "Line":
        """This line with other words."""
        return Line(text, self.strong, self.label, self.top, self.soft, self.inner)


def tidy(raw: Iterable[Line]) -> tuple[Line, ...]:
    """Normalise lines, join those that begin with a comma or a pipe, keep one blank of several.

    Raises Invalid when there are more or longer lines than any session page has.
    """
    kept: list[Line] = []
    letters = 0
    for line in raw:
        text = normalise(line.text)
        letters += len(text)
        if len(text) > LONGEST_LINE or letters > MOST_LETTERS or len(kept) > MOST_LINES:
            raise Invalid("This page holds more text than a session page.", TOO_LONG)
        _append(kept, line if text == line.text else line.saying(text))
    while kept and not kept[-1].text:
        kept.pop()
    return tuple(kept)


def _append(kept: list[Line], line: Line) -> None:
    """Add a line unless it only continues or repeats emptiness."""
    if not line.text:
        if kept and kept[-1].text:
            kept.append(Line(""))
    elif line.text.startswith((",", "|")) and any(old.text for old in kept[-2:]):
        if not kept[-1].text:
            kept.pop()
        if len(kept[-1].text) < LONGEST_JOINED:
            space = " " * line.text.startswith("|")
            kept[-1] = kept[-1].saying(kept[-1].text + space + line.text)
        else:
            kept.append(line)
    else:
        kept.append(line)


def marker_end(text: str, *, letters: bool = True) -> int:
    """Where the words after a bullet or enumerator begin; 0 without one.

    A bullet may be followed by a number. With `letters` false, `A.` is an initial.
    """
    if text[:2].isalpha() and text[0] not in ENUMERATING:
        return 0
    bullet = BULLET.match(text)
    end = bullet.end() if bullet else 0
    number = NUMBER.match(text, end) or (LETTER.match(text, end) if letters else None)
    return number.end() if number else end


def marker_kind(text: str) -> str:
    """`bullet`, `number`, `letter` or nothing: how an item is marked."""
    if text[:2].isalpha() and text[0] not in ENUMERATING:
        return ""
    for kind, pattern in (("bullet", BULLET), ("number", NUMBER), ("letter", LETTER)):
        if pattern.match(text):
            return kind
    return ""


def marker_style(text: str) -> str:
    """The kind of an item's mark, a bullet by its sign: a list in another has its own."""
    kind = marker_kind(text)
    return text[0] if kind == "bullet" else kind


def unmarked(piece: Piece, *, letters: bool = True) -> Piece:
    """The piece without its bullet or enumerator."""
    return piece.cut(marker_end(piece.text, letters=letters))


def joined(pieces: Iterable[Piece]) -> str:
    """Paragraphs as one text."""
    return " ".join(piece.text for piece in pieces)


def spans(pieces: Iterable[Piece]) -> tuple[Span, ...]:
    """The places of several pieces."""
    return tuple(span for piece in pieces for span in piece.spans)


def split_at(piece: Piece, cuts: Iterable[tuple[int, int]]) -> Iterator[Piece]:
    """The stretches between cuts; what lies inside a cut (start, end) is dropped."""
    low = 0
    for start, end in cuts:
        yield piece.cut(low, start)
        low = end
    yield piece.cut(low)
