"""Format, duration, room, theme and goals of a session."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deliberate.importing import shapes
from deliberate.importing.blocks import Block, of
from deliberate.importing.labels import Field, find_label
from deliberate.importing.lines import Line, Piece, marker_kind, unmarked
from deliberate.importing.page import Confidence, Doubt, DoubtKind
from deliberate.importing.themes import printed_theme, theme_start, year_theme
from deliberate.importing.when import Slot, is_slot, read_minutes, read_slot

MINUTES = re.compile(
    r"\s*[-–—,(]*\s*(?:\d{1,3}\s*[-–]?\s*min(?:ute)?s?|\d(?:\.5)?\s*h(?:ours?)?)\b.*$",
    re.IGNORECASE,
)
QUOTED = re.compile(r"\bthe [‘“\"'«]\s?([^‘’“”\"«»]{2,120}?)\s?[’”\"'»] theme\b", re.IGNORECASE)
ROOM_WORDS = re.compile(
    r"\b(?:room|salle|sala|saal|raum|salon|aula|estrado|hall|plenary|ballroom|auditorium|stage|theat(?:er|re)|"
    r"CR ?\d|WS ?\d|studio|tent|arena|lounge|amphi\w*|floor|pavilion)\b",
    re.IGNORECASE,
)
IN_PROSE = re.compile(r"\bS[DG]{2}s?[\s#:-]{0,3}(\d{1,2})|\bgoals?\s#?(\d{1,2})", re.IGNORECASE)
MORE = re.compile(r"(?:\.[\da-d]{1,2})?(?:,\s?|\s?(?:and|&)\s|,\sand\s)(\d{1,2})\b")
TARGET = re.compile(r"(?<![\d.])(\d{1,2})\.(?:\d{1,2}|[a-d])\b(?!\s?(?:%|per ?cent|m|b)|\.\d)")
LISTED = re.compile(r"(?:GOAL|SDG)?\s?#?(\d{1,2})\b", re.IGNORECASE)
NAMED_GOAL = re.compile(r"\b(?:GOAL|SDG)\s?#?(\d{1,2})\b", re.IGNORECASE)
NUMBER = re.compile(r"(?<![\d.])(\d{1,2})(?:\.\w{1,2})?")
TOKENS = re.compile(
    r"(?:(?:SDGs?|goals?|targets?|and|&)\s*|\d{1,2}(?:\.\w{1,2})?|[\s,;:#/])+$", re.IGNORECASE
)
LONGEST_FORMAT = 80
LONGEST_ROOM = 60


@dataclass(frozen=True, slots=True)
class Read:
    """A value with the words it was read from."""

    value: str
    piece: Piece
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal's number and where it stands."""

    number: int
    piece: Piece
    confidence: Confidence


def read_format(blocks: list[Block]) -> tuple[Read | None, tuple[int, Piece] | None]:
    """The layout without its minutes, and the stated minutes."""
    layout: Read | None = None
    minutes: tuple[int, Piece] | None = None
    for block in of(blocks, Field.FORMAT, Field.DURATION):
        piece = block.pieces[0]
        bare = block.kind is Field.DURATION
        stated = read_minutes(piece.text, bare=bare)
        short = len(piece.text) <= LONGEST_FORMAT or shapes.is_format(piece.text)
        if block.kind is Field.FORMAT and layout is None and short:
            words = piece.cut(0, _layout_end(piece.text))
            layout = Read(words.text, words, block.confidence) if words.text else None
        if minutes is None and stated and (bare or short):
            minutes = (stated, piece)
    return layout, minutes


def _layout_end(text: str) -> int:
    match = MINUTES.search(text)
    return match.start() if match else len(text)


def read_when(blocks: list[Block], year: int | None) -> tuple[Slot, Piece | None, Confidence]:
    """The time slot, from one line or from separate lines for date and time."""
    found = [block for block in of(blocks, Field.TIME, Field.DATE) if block.name != "updated"]
    if not found:
        return Slot(), None, Confidence.STATED
    pieces = [piece for block in found for piece in block.pieces[:2]]
    zone = " UTC" * any(block.name.endswith(" utc") for block in found)
    for piece in pieces:
        if is_slot(piece.text):
            return read_slot(piece.text, year, zone), piece, found[0].confidence
    text = ", ".join(piece.text for piece in pieces[:2])
    whole = pieces[0].and_(pieces[1]) if len(pieces) > 1 else pieces[0]
    return read_slot(text, year, zone), whole, found[0].confidence


def read_room(blocks: list[Block], lines: tuple[Line, ...]) -> Read | None:
    """The room by its label, else a short line directly below the time."""
    for block in of(blocks, Field.ROOM):
        return Read(block.pieces[0].text, block.pieces[0], Confidence.STATED)
    for block in of(blocks, Field.TIME):
        below = block.pieces[0].line
        for number in (below + 1, below + 2):
            if number <= len(lines) and _may_be_room(lines, number, number == below + 1):
                piece = Piece(lines[number - 1].text, number)
                return Read(piece.text, piece, Confidence.SHAPE)
    return None


def _may_be_room(lines: tuple[Line, ...], number: int, near: bool) -> bool:
    """Whether an unlabelled line names a room; further down it must hold a word for one."""
    text = lines[number - 1].text
    if not text or len(text) > LONGEST_ROOM or marker_kind(text) or text.endswith((".", "?")):
        return False
    if find_label(lines[number - 1], number, reported=False) or is_slot(text):
        return False
    if shapes.is_format(text) or ("," in text and not ROOM_WORDS.search(text)):
        return False
    return near or bool(ROOM_WORDS.search(text))


def read_theme(
    blocks: list[Block], lines: tuple[Line, ...], year: int | None, taken: frozenset[int]
) -> Read | None:
    """The theme by its label, else a line that equals a theme of the year, else one quoted.

    `taken` are lines that serve another purpose, such as a heading of questions.
    """
    for kind in (Field.THEME, Field.TRACK, Field.SUBTHEME):
        for block in of(blocks, kind):
            piece = unmarked(block.pieces[0])
            if len(piece.text) <= 200:
                piece = piece.cut(theme_start(piece.text))
                return Read(printed_theme(piece.text, year), piece, Confidence.STATED)
    return _theme_line(lines, year, taken) or _quoted_theme(blocks)


def _theme_line(lines: tuple[Line, ...], year: int | None, taken: frozenset[int]) -> Read | None:
    """A line of its own that equals a theme; the last one, which stands above the report."""
    found = None
    for number, line in enumerate(lines, 1):
        if number not in taken and year_theme(line.text, year):
            found = Piece(line.text, number).cut(theme_start(line.text))
    return Read(printed_theme(found.text, year), found, Confidence.SHAPE) if found else None


def _quoted_theme(blocks: list[Block]) -> Read | None:
    for block in of(blocks, Field.RELEVANCE):
        for piece in block.pieces:
            if match := QUOTED.search(piece.text):
                words = piece.cut(*match.span(1))
                return Read(words.text, words, Confidence.DERIVED)
    return None


def read_goals(blocks: list[Block], doubts: list[Doubt]) -> list[Goal]:
    """Goals 1 to 17 in order, each once; from the prose about targets if no list has any."""
    goals = [goal for block in of(blocks, Field.SDGS) for goal in _listed(block)]
    unknown = [goal for goal in goals if not 1 <= goal.number <= 17]
    if len(unknown) == len(goals):
        goals = [goal for block in of(blocks, Field.TARGETS) for goal in _from_prose(block)]
        doubts += [Doubt(DoubtKind.GOALS_FROM_TARGETS, goal.piece.line) for goal in goals[:1]]
        unknown += [goal for goal in goals if not 1 <= goal.number <= 17]
    doubts += [Doubt(DoubtKind.GOAL_UNKNOWN, goal.piece.line) for goal in unknown]
    known: dict[int, Goal] = {}
    for goal in goals:
        if 1 <= goal.number <= 17:
            known.setdefault(goal.number, goal)
    return [known[number] for number in sorted(known)]


def _listed(block: Block) -> Iterator[Goal]:
    """Goals of a list: each line begins with its number, or holds nothing but numbers."""
    for piece in block.pieces:
        line = unmarked(piece) if marker_kind(piece.text) == "bullet" else piece
        named = [match.group(1) for match in NAMED_GOAL.finditer(line.text)]
        if TOKENS.match(line.text) and len(line.text) < 200:
            named = NUMBER.findall(line.text)
        elif not named and (match := LISTED.match(line.text)):
            named = [match.group(1)]
        for number in named:
            yield Goal(int(number), line, block.confidence)


def _from_prose(block: Block) -> Iterator[Goal]:
    """Goals named in a paragraph, such as `SDG 9.1`, `SDG10` and the typo `SGD17`."""
    for piece in block.pieces:
        for match in IN_PROSE.finditer(piece.text):
            yield Goal(int(match.group(1) or match.group(2)), piece, Confidence.DERIVED)
            at = match.end()
            while more := MORE.match(piece.text, at):
                yield Goal(int(more.group(1)), piece, Confidence.DERIVED)
                at = more.end()
        for match in TARGET.finditer(piece.text):
            yield Goal(int(match.group(1)), piece, Confidence.DERIVED)
