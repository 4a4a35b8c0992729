"""Policy questions: one entry for each, with the heading it stands under."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from deliberate.domain.errors import Invalid
from deliberate.importing.blocks import Block, of, rejoined
from deliberate.importing.enumerations import inline_items
from deliberate.importing.labels import Field
from deliberate.importing.lines import Line, Piece, marker_end, marker_kind, marker_style, unmarked
from deliberate.importing.page import Confidence, Doubt, DoubtKind
from deliberate.importing.sentences import (
    asks,
    outside,
    protected,
    question_ends,
    sentence_starts,
    split_questions,
)

MOST_QUESTIONS = 200
LONGEST_HEADING = 200
LONGEST_CONTEXT = 240
LONGEST_LEAD = 300
LONGEST_ENTRY = 5000
SUBJECT = r"(?:we|i|it|they|there|this|these|our|members|participants|speakers|panell?ists|"
SUBJECT += r"(?:the|this|our|each)\s\w+(?:\s\w+)?|\w+(?:\s\w+){0,2})"
VERB = (
    r"(?:am|is|are|was|were|will|shall|would|can|could|may|might|should|must|has|have|had|"
    r"asks?|invites?|discuss(?:es)?|address(?:es)?|considers?|examines?|explores?|seeks?|aims?|"
    r"looks?|focus(?:es)?|covers?|tackles?|intends?|wants?|needs?|begins?|starts?|debates?)"
)
SENTENCE = re.compile(rf"{SUBJECT}\s{VERB}\b", re.IGNORECASE)
RELATIVE = re.compile(r"\b(?:who|that|which|where|when|whose)\b|^\w+ing\b", re.IGNORECASE)
NAMES_QUESTIONS = re.compile(r"\bquestions?\b", re.IGNORECASE)
CONDITION = re.compile(r"(?:when|where|while|if)\b", re.IGNORECASE)
NAMED = re.compile(r"questions?:\s", re.IGNORECASE)
LETTER = re.compile(r"\w")
COLON = re.compile(r":(?=\s)")


@dataclass(frozen=True, slots=True)
class Found:
    """A question and its heading, both as cut from the page."""

    text: Piece
    heading: Piece | None
    confidence: Confidence


@dataclass(slots=True)
class QuestionReader:
    """Reads the blocks of the policy-question field one after the other."""

    lines: tuple[Line, ...]
    found: list[Found] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    heading: Piece | None = None
    heading_kind: str = ""
    heads_list: bool = False
    read_lines: set[int] = field(default_factory=set)
    has_items: bool = False

    def read(self, block: Block) -> None:
        """Read one block. Raises Invalid beyond 200 questions."""
        block = rejoined(block, self.lines)
        self.heading = None
        self.has_items = any(
            marker_kind(piece.text) or inline_items(piece) for piece in block.pieces
        )
        for at, piece in enumerate(block.pieces):
            kind = marker_style(piece.text)
            if self._heading_ends(kind, at in block.gaps, block, at):
                self.heading = None
            if self._is_list_heading(block, at):
                bare = unmarked(piece)
                self.heading = bare.cut(0, len(bare.text.rstrip(" :")))
                self.heading_kind = kind
                self.heads_list = bool(marker_kind(block.pieces[at + 1].text))
            else:
                self._read_piece(piece, kind)
            if len(self.found) > MOST_QUESTIONS:
                raise Invalid("This page has more than 200 policy questions.")

    def _heading_ends(self, kind: str, gap: bool, block: Block, at: int) -> bool:
        """Whether the list below a heading is over."""
        if self.heading is None:
            return False
        if self.heads_list:
            return not kind or kind == self.heading_kind
        return gap and block.pieces[at - 1].line != self.heading.line

    def _is_list_heading(self, block: Block, at: int) -> bool:
        """Whether a line without a question heads the questions directly below it."""
        if at + 1 >= len(block.pieces):
            return False
        piece, below = block.pieces[at], block.pieces[at + 1]
        kind, kind_below = marker_style(piece.text), marker_style(below.text)
        body = unmarked(piece).text.rstrip(" :")
        if "?" in piece.text or body.endswith((".", ";")) or not _is_phrase(body):
            return False
        listed = kind_below not in {"", kind} and _list_asks(block, at + 1)
        bare = not kind and not kind_below and "?" in below.text and asks(below.text)
        strong = self.lines[piece.line - 1].strong and not kind and "?" in below.text
        return listed or bare or strong

    def _read_piece(self, piece: Piece, kind: str) -> None:
        """Read a paragraph, an item, or a paragraph of inline items."""
        body = unmarked(piece) if kind else piece
        inline = inline_items(piece) or inline_items(body)
        if inline:
            lead, items = inline
            self._doubt_questions(lead)
            for item in items:
                self._item(item, self.heading)
        elif kind:
            heading, rest = _colon_heading(body)
            self._item(rest, heading or self.heading)
        else:
            self._paragraph(piece)

    def _item(self, item: Piece, heading: Piece | None) -> None:
        """An item counts even without a question mark; context stays before its question."""
        parts, tail = split_questions(item)
        if not parts:
            self._add(item, heading, Confidence.STATED)
            return
        for part in parts:
            self._add(part, heading, Confidence.STATED)
        self._tail(tail, heading)

    def _paragraph(self, piece: Piece) -> None:
        """Unnumbered text: a lead-in goes, and prose after the first question is no question."""
        heading, rest = _colon_heading(piece)
        heading = heading or self.heading
        parts, tail = split_questions(rest)
        if not parts:
            self._unasked(rest, heading)
            return
        lead = _lead_end(parts[0].text)
        known = bool(self.found) or self.has_items
        if lead and known and not self._is_context(parts, tail, lead):
            self._doubt_questions(piece)
            return
        if not known or (lead and _is_lead_in(parts[0].text[:lead])):
            parts[0] = parts[0].cut(lead)
        for part in parts:
            self._add(part, heading, Confidence.STATED)
        self._tail(tail, heading)

    def _is_context(self, parts: list[Piece], tail: Piece, lead: int) -> bool:
        """Whether the words before a question are a short remark that belongs to it."""
        short = lead <= LONGEST_CONTEXT and not tail.text
        single = len(sentence_starts(parts[0].text)) <= 2
        return _is_lead_in(parts[0].text[:lead]) or (short and single and not self.has_items)

    def _unasked(self, piece: Piece, heading: Piece | None) -> None:
        """A line without a question mark counts if it is worded as one question."""
        single = not sentence_starts(piece.text) and len(piece.text) < LONGEST_HEADING * 2
        comma = CONDITION.match(piece.text)
        if single and asks(piece.text) and not comma:
            self._add(piece, heading, Confidence.SHAPE)

    def _tail(self, tail: Piece, heading: Piece | None) -> None:
        """Words after the last question mark: a question if worded as one."""
        if asks(tail.text):
            self._add(tail, heading, Confidence.SHAPE)
        elif LETTER.search(tail.text):
            self.doubts.append(Doubt(DoubtKind.AFTER_QUESTION, tail.line))

    def _add(self, text: Piece, heading: Piece | None, confidence: Confidence) -> None:
        """Keep a question once."""
        if not LETTER.search(text.text) or len(text.text) > LONGEST_ENTRY:
            return
        self.read_lines.add(text.line)
        key = (text.text, heading.text if heading else "")
        if any(
            (old.text.text, old.heading.text if old.heading else "") == key for old in self.found
        ):
            return
        if not question_ends(text.text) and not text.text.endswith(("?", "？", "؟", "?)")):
            self.doubts.append(Doubt(DoubtKind.NO_QUESTION_MARK, text.line))
        self.found.append(Found(text, heading, confidence))
        if len(self.found) > MOST_QUESTIONS:
            raise Invalid("This page has more than 200 policy questions.")

    def _doubt_questions(self, piece: Piece) -> None:
        if question_ends(piece.text):
            self.doubts.append(Doubt(DoubtKind.QUESTION_IN_PROSE, piece.line))


def read_questions(blocks: list[Block], lines: tuple[Line, ...]) -> tuple[list[Found], list[Doubt]]:
    """The policy questions of a page; those of the report only if the proposal has none."""
    reader = QuestionReader(lines)
    for block in of(blocks, Field.QUESTIONS):
        reader.read(block)
    if not reader.found:
        for block in of(blocks, Field.REPORT_QUESTIONS):
            reader.read(block)
        if reader.found:
            reader.doubts.append(Doubt(DoubtKind.FROM_REPORT, reader.found[0].text.line))
            reader.found = [replace(one, confidence=Confidence.SHAPE) for one in reader.found]
    elsewhere = _elsewhere(blocks, wanted=not reader.found)
    return reader.found, [*reader.doubts, *_unread(blocks, reader), *elsewhere]


def _unread(blocks: list[Block], reader: QuestionReader) -> Iterator[Doubt]:
    """A field of policy questions that holds words and gave no question."""
    for block in of(blocks, Field.QUESTIONS):
        last = block.pieces[-1].line
        if not any(block.pieces[0].line <= line <= last for line in reader.read_lines):
            yield Doubt(DoubtKind.QUESTIONS_EMPTY, block.pieces[0].line)


def _elsewhere(blocks: list[Block], *, wanted: bool) -> Iterator[Doubt]:
    """Questions outside their field: in the agenda, or lines of other text that ask.

    Where the page has no policy questions (`wanted`), those inside paragraphs are named as well.
    """
    for block in blocks:
        if block.kind not in {Field.AGENDA, Field.LOOSE, Field.PROSE} or block.reported:
            continue
        for piece in block.pieces:
            kind = _asked(piece.text, block.kind, wanted) if "?" in piece.text else None
            if kind:
                yield Doubt(kind, piece.line)


def _asked(text: str, kind: Field, wanted: bool) -> DoubtKind | None:
    """What there is to say of a line with a question mark outside the policy questions."""
    body = text[marker_end(text) :]
    direct = bool(NAMED.match(body)) or asks(body)
    if kind is Field.AGENDA:
        return DoubtKind.QUESTION_IN_AGENDA if direct or question_ends(body) else None
    if direct and len(body) < LONGEST_LEAD:
        return DoubtKind.QUESTION_ELSEWHERE
    return DoubtKind.QUESTION_IN_PROSE if wanted and question_ends(body) else None


def _list_asks(block: Block, at: int) -> bool:
    """Whether the list that begins at a piece holds a question."""
    kind = marker_style(block.pieces[at].text)
    for piece in block.pieces[at : at + 30]:
        if marker_style(piece.text) != kind:
            return False
        if "?" in piece.text or asks(unmarked(piece).text):
            return True
    return False


def _is_phrase(text: str) -> bool:
    """Whether words can head questions: a phrase that is no question, sentence or lead-in."""
    if not 2 <= len(text) <= LONGEST_HEADING or sentence_starts(text) or asks(text):
        return False
    return not NAMES_QUESTIONS.search(text) and not _is_sentence(text)


def _is_sentence(text: str) -> bool:
    """Whether words hold a subject and its verb, such as `Members are invited to`."""
    match = SENTENCE.match(text)
    return bool(match) and not RELATIVE.search(text[: match.end()] if match else "")


def _colon(text: str) -> int:
    """The offset of the first colon outside quotations and brackets; -1 without one."""
    points = [match.start() for match in COLON.finditer(text[: LONGEST_HEADING * 3])]
    return next(iter(outside(points, protected(text[: LONGEST_HEADING * 3]))), -1)


def _colon_heading(piece: Piece) -> tuple[Piece | None, Piece]:
    """A phrase before the first colon as heading, if a question follows, and the rest."""
    colon = _colon(piece.text)
    phrase = piece.text[: max(colon, 0)]
    if colon > 0 and "?" not in phrase and _is_phrase(phrase):
        rest = piece.cut(colon + 1)
        if question_ends(rest.text):
            return piece.cut(0, colon), rest
    return None, piece


def _lead_end(text: str) -> int:
    """Where the question of a text begins, after sentences and a lead-in that end in a colon."""
    if asks(text):
        return 0
    starts = sentence_starts(text)
    begin = starts[-1] if starts else 0
    colon = _colon(text[begin:])
    phrase = text[begin : begin + colon] if colon > 0 else ""
    if phrase and not asks(phrase) and (NAMES_QUESTIONS.search(phrase) or _is_sentence(phrase)):
        begin += colon + 1
    return begin + len(text[begin:]) - len(text[begin:].lstrip())


def _is_lead_in(text: str) -> bool:
    """Whether words only announce questions: `Members are invited to consider:`."""
    if not text.rstrip().endswith(":") or len(text) > LONGEST_LEAD or sentence_starts(text):
        return False
    return bool(NAMES_QUESTIONS.search(text)) or _is_sentence(text)
