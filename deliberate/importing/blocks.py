"""A page cut into blocks: the lines below each label, or below a line of telling shape."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from deliberate.importing import shapes
from deliberate.importing.groups import regional_group, stakeholder_group
from deliberate.importing.labels import REPORTED, Field, Label, find_label, fold_label
from deliberate.importing.lines import LONGEST_JOINED, Line, Piece, marker_end, marker_kind
from deliberate.importing.page import Confidence
from deliberate.importing.themes import year_theme
from deliberate.importing.title import Title
from deliberate.importing.when import is_slot

PEOPLE = frozenset(
    [Field.ORGANIZER, Field.SPEAKER, Field.REMARKS, Field.MODERATOR, Field.ONSITE, Field.ONLINE,
     Field.RAPPORTEUR, Field.COALITION, Field.PROPOSER, Field.CO_PROPOSER]
)  # fmt: skip
ONE_LINE = frozenset(
    [Field.ROOM, Field.FORMAT, Field.DURATION, Field.GROUP, Field.REGION, Field.COUNTRY,
     Field.PROPOSER_BODY, Field.CO_PROPOSER_BODY, Field.PROPOSER, Field.TIME, Field.DATE,
     Field.TITLE, Field.THEME, Field.TRACK, Field.SUBTHEME]
)  # fmt: skip
ROLES = frozenset([Field.MODERATOR, Field.ONSITE, Field.ONLINE, Field.RAPPORTEUR])
ROLE_LINE = re.compile(r"[^:,|]{2,40}: \S")
NAMED_LIKE_TITLE = frozenset([Field.ORGANIZER, Field.COALITION])
"""Fields whose first line may be the title's own words: a coalition holds a session by its name."""
RUNNING = frozenset([Field.PROSE, Field.TARGETS, Field.RELEVANCE])
OUTPUTS = frozenset([Field.TAKEAWAYS, Field.CALLS])
FARTHEST_ENTRY = 6
LONGEST_ENTRY = 150
BRIEF = 60
ONE_PARAGRAPH = frozenset([Field.TARGETS, Field.RELEVANCE])


@dataclass(slots=True)
class Block:
    """Lines of one field. `number` is the label's own; `head` tells that no prose came before."""

    kind: Field
    label: int
    confidence: Confidence
    number: int | None = None
    outline: int | None = None
    reported: bool = False
    head: bool = False
    inline: bool = False
    name: str = ""
    pieces: list[Piece] = field(default_factory=list)
    gaps: set[int] = field(default_factory=set)

    def first(self) -> Piece | None:
        """The first words of the block."""
        return self.pieces[0] if self.pieces else None


@dataclass(slots=True)
class Reader:
    """Walks the lines once and files each under a block."""

    lines: tuple[Line, ...]
    title: Title | None
    blocks: list[Block] = field(default_factory=list)
    opened: set[Field] = field(default_factory=set)
    filled: set[Field] = field(default_factory=set)
    reported: bool = False
    head: bool = True
    gap: bool = False

    @property
    def current(self) -> Block:
        """The block that takes the next line."""
        return self.blocks[-1]

    def open(self, kind: Field, number: int, confidence: Confidence) -> Block:
        """Begin a block at a line."""
        block = Block(kind, number, confidence, reported=self.reported, head=self.head)
        self.blocks.append(block)
        self.opened.add(kind)
        return block

    def take(self, number: int) -> None:
        """File one line."""
        line = self.lines[number - 1]
        label = find_label(line, number, reported=self.reported)
        if label and (self._is_heading(label, number) or self._is_role(label)):
            label = None
        if self._repeats_title(line):
            self.reported = self.reported or any(block.pieces for block in self.blocks)
            self.open(Field.PROSE, number, Confidence.STATED)
        elif label:
            self._labelled(label, number)
        else:
            self._unlabelled(line, number)
        self.gap = False

    def _labelled(self, label: Label, number: int) -> None:
        """Begin the block of a label, with the words behind its colon."""
        if label.field in REPORTED and (label.outline or label.field not in OUTPUTS):
            self.reported = True
        if label.field in {Field.QUESTIONS, Field.PROSE, Field.AGENDA, Field.REPORT}:
            self.head = False
        block = self.open(label.field, number, Confidence.STATED)
        block.number, block.outline, block.name = label.number, label.outline, label.name
        if label.rest.text:
            block.inline = True
            block.pieces.append(label.rest)
            self.filled.add(label.field)

    def _unlabelled(self, line: Line, number: int) -> None:
        """File a line by its shape, or under the block above it."""
        kind = self._shape(line, number)
        if kind is not self.current.kind or self.current.label == number:
            self.open(kind, number, Confidence.SHAPE)
        if self.gap and self.current.pieces:
            self.current.gaps.add(len(self.current.pieces))
        self.current.pieces.append(Piece(line.text, number))
        self.filled.add(kind)
        if kind is Field.LOOSE and shapes.is_prose(line.text):
            self.head = False

    def _shape(self, line: Line, number: int) -> Field:
        """The field a line without a label belongs to."""
        here = self.current.kind
        if here not in OUTPUTS and (here not in RUNNING or self._may_leave_prose()):
            told = self._telling(line.text, number)
            if told:
                return told
        if here in OUTPUTS and self._next_outline(line.text):
            return Field.PROSE
        if here in ROLES and self.current.inline and ROLE_LINE.match(line.text):
            return Field.SPEAKER if Field.SPEAKER in self.opened else here
        return Field.LOOSE if self._is_closed(line, number) else here

    def _may_leave_prose(self) -> bool:
        """Whether a list may begin here although its label is lost: apart from prose above it."""
        block = self.current
        if self.gap:
            return not self.reported and bool(block.pieces or block.kind is Field.PROSE)
        brief = block.inline and len(block.pieces) == 1 and len(block.pieces[0].text) < BRIEF
        return brief and not self.reported and not shapes.SENTENCE_END.search(block.pieces[0].text)

    def _telling(self, text: str, number: int) -> Field | None:
        """The field that a line's own form gives away."""
        if self.current.kind is Field.AGENDA:
            return Field.AGENDA if not shapes.is_goal(text) or shapes.is_timed_item(text) else None
        if shapes.is_format(text) or shapes.is_full_layout(text):
            return Field.FORMAT
        if self.current.kind is Field.SDGS or shapes.is_goal(text):
            return Field.SDGS if shapes.is_goal(text) else None
        if is_slot(text) and Field.TIME not in self.filled:
            return Field.TIME
        if self.current.kind is Field.QUESTIONS and shapes.is_timed_item(text):
            return Field.AGENDA
        if self._lone_layout(text, number):
            return Field.FORMAT
        return None

    def _lone_layout(self, text: str, number: int) -> bool:
        """Whether a layout without minutes stands above its duration."""
        below = self.lines[number : number + 2]
        return shapes.is_bare_layout(text) and any(
            fold_label(line.text.split(":")[0]) == "duration" for line in below
        )

    def _next_outline(self, text: str) -> bool:
        """Whether a numbered line is the report's next heading rather than an item."""
        outline = self.current.outline
        end = marker_end(text, letters=False)
        if outline is None or marker_kind(text) != "number" or len(text) > 90:
            return False
        digits = "".join(letter for letter in text[:end] if letter.isdigit())
        words = [word for word in text[end:].split() if len(word) > 3]
        titled = sum(word[0].isupper() for word in words) * 2 > len(words)
        return int(digits) > outline and titled and not shapes.SENTENCE_END.search(text.rstrip(":"))

    def _is_closed(self, line: Line, number: int) -> bool:
        """Whether the block above is complete, so that this line stands alone."""
        block = self.current
        if block.kind in PEOPLE:
            numbered = block.number is not None and bool(block.pieces)
            single = block.inline and block.kind in ROLES and self.gap
            return numbered or single or self._ends_list(line, number)
        if block.kind in ONE_LINE:
            return bool(block.pieces) and (self.gap or block.inline or block.kind is not Field.TIME)
        if block.kind in ONE_PARAGRAPH:
            return self.gap and bool(block.pieces)
        year = self.title.year if self.title else None
        return block.kind is Field.SDGS or bool(self.gap and year_theme(line.text, year))

    def _ends_list(self, line: Line, number: int) -> bool:
        """Whether prose ends a list of people, and is no note on the person above it."""
        if not is_running_text(line.text) or introduced(line.text):
            return False
        for below in range(number, min(number + FARTHEST_ENTRY, len(self.lines))):
            text = self.lines[below].text
            if text and find_label(self.lines[below], below + 1, reported=self.reported):
                return True
            if text and names_somebody(text):
                return False
        return True

    def _repeats_title(self, line: Line) -> bool:
        if self.title is None:
            return False
        if self.current.kind in NAMED_LIKE_TITLE and not self.current.pieces:
            return False
        first = self.lines[self.title.lines[0] - 1].text
        return line.text == first or (len(line.text) > 12 and line.text == self.title.words.text)

    def _is_role(self, label: Label) -> bool:
        """Whether words such as `Introduction: Name` stand in a list of speakers as a role."""
        if label.field is not Field.PROSE or self.current.kind is not Field.SPEAKER:
            return False
        first = label.rest.text.partition(",")[0]
        return len(first.split()) > 1 and shapes.is_name(first) and not shapes.is_body(first)

    def _is_heading(self, label: Label, number: int) -> bool:
        """Whether a word such as `Diversity` heads a list of questions instead of ending them."""
        if self.current.kind is not Field.QUESTIONS or label.field not in {
            Field.PROSE,
            Field.THEME,
            Field.TARGETS,
        }:
            return False
        if label.rest.text or self.lines[number - 1].label:
            return False
        below = next((line.text for line in self.lines[number : number + 2] if line.text), "")
        return bool(marker_kind(below)) and "?" in below and not shapes.is_timed_item(below)


def is_running_text(text: str) -> bool:
    """Whether a line among people is prose and no list of names and groups."""
    last = text.rsplit(",", 1)[-1].strip(" .")
    if "," in text and len(text) < 250 and (stakeholder_group(last) or regional_group(last)):
        return False
    return shapes.is_prose(text)


def names_somebody(text: str) -> bool:
    """Whether a line has the shape `Name, more`."""
    first, _, more = text[marker_end(text, letters=False) :].partition(",")
    full = len(first.split()) > 1 and shapes.is_name(first.strip()) and not shapes.is_body(first)
    return bool(more) and full and not is_running_text(text)


def introduced(text: str) -> int:
    """Where `Name, affiliation` ends in front of a colon and a note; 0 in any other text."""
    colon = text.find(": ", 0, LONGEST_ENTRY)
    return colon if colon > 0 and names_somebody(text[:colon]) else 0


def cut_blocks(lines: tuple[Line, ...], title: Title | None) -> list[Block]:
    """All blocks of a page in its order; the first takes what stands above any label."""
    reader = Reader(lines, title)
    reader.open(Field.LOOSE, 0, Confidence.SHAPE)
    begin = title.lines[-1] if title else 0
    for number in range(begin + 1, len(lines) + 1):
        if lines[number - 1].text:
            reader.take(number)
        else:
            reader.gap = True
    return reader.blocks


def of(blocks: list[Block], *fields: Field) -> Iterator[Block]:
    """Blocks of these fields: those of the proposal, or those of the report if it has none."""
    found = [block for block in blocks if block.kind in fields and block.pieces]
    proposed = [block for block in found if not block.reported]
    yield from proposed or found


def rejoined(block: Block, lines: tuple[Line, ...]) -> Block:
    """A block in which lines that only continue the one above are joined to it."""
    pieces: list[Piece] = []
    gaps: set[int] = set()
    for at, piece in enumerate(block.pieces):
        if pieces and _continues(pieces[-1].text, piece, lines, at in block.gaps):
            pieces[-1] = pieces[-1].and_(piece)
            continue
        if at in block.gaps:
            gaps.add(len(pieces))
        pieces.append(piece)
    return replace(block, pieces=pieces, gaps=gaps)


def _continues(above: str, piece: Piece, lines: tuple[Line, ...], gap: bool) -> bool:
    """Whether a line is a further paragraph of a list item, or goes on in mid-sentence."""
    if marker_kind(piece.text) or len(above) > LONGEST_JOINED:
        return False
    open_end = above[:1].isupper() or bool(marker_kind(above))
    broken = open_end and not gap and not above.endswith((".", "?", "!", ":", ";", "…"))
    return lines[piece.line - 1].inner or (broken and piece.text[:1].islower())
