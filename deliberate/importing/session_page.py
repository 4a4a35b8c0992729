"""From the bytes of a saved page to a SessionPage."""

from collections.abc import Iterable
from types import MappingProxyType

from deliberate.domain.forum import SessionType
from deliberate.importing.blocks import Block, cut_blocks, of
from deliberate.importing.hints import read_hints
from deliberate.importing.labels import Field
from deliberate.importing.lines import Line, Piece, spans
from deliberate.importing.markup import is_markup, markup_lines
from deliberate.importing.outputs import Output, read_outputs
from deliberate.importing.page import (
    Confidence,
    Doubt,
    DoubtKind,
    Organizer,
    Person,
    Question,
    SessionPage,
    Source,
)
from deliberate.importing.people import Entry
from deliberate.importing.questions import Found, read_questions
from deliberate.importing.refusals import refusal
from deliberate.importing.roles import Roles, read_roles
from deliberate.importing.tables import text_lines
from deliberate.importing.text import Decoded, decode_page
from deliberate.importing.title import Title, find_title, may_be_cut
from deliberate.importing.topics import (
    Goal,
    Read,
    read_format,
    read_goals,
    read_room,
    read_theme,
    read_when,
)
from deliberate.importing.when import Slot

MOST_DOUBTS = 60
TELLING = frozenset(
    [Field.ORGANIZER, Field.SPEAKER, Field.QUESTIONS, Field.MODERATOR, Field.ONSITE, Field.ONLINE,
     Field.RAPPORTEUR, Field.FORMAT, Field.TIME, Field.SDGS, Field.TAKEAWAYS, Field.CALLS,
     Field.REPORT, Field.THEME, Field.PROPOSER, Field.REMARKS, Field.TITLE]
)  # fmt: skip


def read_page(data: bytes | str | Decoded, name: str = "") -> SessionPage:
    """Read a session page, plain text or a saved web page; `name` is the file's name, if any.

    Bytes, not their text, are what tells how surely the letters were read. Raises Invalid for what
    is empty, too large, binary, undecodable or no session page.
    """
    decoded = data if isinstance(data, Decoded) else decode_page(data)
    text = decoded.text
    marked_up = _is_marked_up(text, name)
    lines = _cut(text, marked_up=marked_up)
    title = find_title(lines)
    blocks = cut_blocks(lines, title)
    title = title or _labelled_title(blocks)
    bare = marked_up and title and not any(block.pieces for block in blocks)
    if title is None or bare or not _is_session(title, blocks):
        raise refusal(lines, text if marked_up else "")
    assembly = _Assembly(lines, title, blocks)
    if decoded.guessed:
        assembly.doubts.append(Doubt(DoubtKind.ENCODING_GUESSED, _first_accented(lines)))
    return assembly.page()


def read_lines(text: str, name: str) -> list[str]:
    """The lines of a stored page, which references count from 1; it need be no session page."""
    return [line.text for line in _cut(text, marked_up=_is_marked_up(text, name))]


def _is_marked_up(text: str, name: str) -> bool:
    return is_markup(text) or (name.lower().endswith((".html", ".htm")) and "<" in text)


def _cut(text: str, *, marked_up: bool) -> tuple[Line, ...]:
    return markup_lines(text) if marked_up else text_lines(text)


def _first_accented(lines: tuple[Line, ...]) -> int:
    """The first line with a letter that depends on the encoding; the first where none has."""
    return next((at for at, line in enumerate(lines, 1) if not line.text.isascii()), 1)


def _labelled_title(blocks: list[Block]) -> Title | None:
    """The title of a report that names it behind a label."""
    for block in of(blocks, Field.TITLE):
        piece = block.pieces[0]
        found = find_title((Line(piece.text),))
        if found is None:
            return Title(piece, None, SessionType.OTHER, None, piece, (piece.line,))
        moved = Piece(found.words.text, piece.line, piece.start + found.words.start)
        return Title(moved, found.year, found.type, found.reference, piece, (piece.line,))
    return None


def _is_session(title: Title, blocks: list[Block]) -> bool:
    """Whether enough of a session is there: a numbered or known type, or telling labels."""
    fields = {block.kind for block in blocks if block.kind in TELLING and block.pieces}
    if title.reference or title.type is not SessionType.OTHER:
        return True
    return len(fields) > 1


class _Assembly:
    """Puts the values of a page together with their sources and doubts."""

    def __init__(self, lines: tuple[Line, ...], title: Title, blocks: list[Block]) -> None:
        self.lines, self.title, self.blocks = lines, title, blocks
        self.sources: dict[str, Source] = {}
        self.doubts: list[Doubt] = []
        self.roles: Roles = read_roles(blocks)
        self.questions, question_doubts = read_questions(blocks, lines)
        self.doubts += [*self.roles.doubts, *question_doubts, *read_hints(blocks, self.roles)]

    def page(self) -> SessionPage:
        """The finished page."""
        slot, slot_piece, slot_confidence = read_when(self.blocks, self.title.year)
        year = self.title.year or (int(slot.date[:4]) if slot.date else None)
        self._note_title(slot_piece)
        layout, minutes = read_format(self.blocks)
        values = {
            "format": self._value("format", layout),
            "room": self._value("room", read_room(self.blocks, self.lines)),
            "theme": self._theme(year),
        }
        return SessionPage(
            title=self.title.words.text,
            reference=self.title.reference,
            year=year,
            type=self._type(),
            duration_minutes=self._duration(minutes, slot, slot_piece),
            date=self._moment("date", slot.date, slot_piece, slot_confidence),
            start_utc=self._moment("start_utc", slot.start_utc, slot_piece, slot_confidence),
            end_utc=self._moment("end_utc", slot.end_utc, slot_piece, slot_confidence),
            organizers=tuple(
                Organizer(one.name, one.group, one.region)
                for one in self._noted("organizers", self.roles.organizers)
            ),
            speakers=self._people("speakers", self.roles.speakers),
            moderators=self._people("moderators", self.roles.moderators),
            rapporteurs=self._people("rapporteurs", self.roles.rapporteurs),
            sdgs=self._goals(),
            policy_questions=self._questions(self.questions),
            key_takeaways=self._outputs("key_takeaways", Field.TAKEAWAYS),
            calls_to_action=self._outputs("calls_to_action", Field.CALLS),
            **values,
            sources=MappingProxyType(self.sources),
            doubts=self._sorted_doubts(slot, slot_piece),
            lines=tuple(line.text for line in self.lines),
        )

    def _note_title(self, slot_piece: Piece | None) -> None:
        """Sources of what the title line tells."""
        title = self.title
        self.sources["title"] = title.words.source(Confidence.SHAPE)
        self.sources["type"] = title.mark.source(Confidence.SHAPE)
        if title.reference:
            self.sources["reference"] = title.mark.source(Confidence.SHAPE)
        if title.year:
            self.sources["year"] = title.mark.source(Confidence.SHAPE)
        elif slot_piece:
            self.sources["year"] = slot_piece.source(Confidence.DERIVED)
        if title.words.text == title.mark.text or title.mark.text.endswith(title.words.text):
            self.doubts.append(Doubt(DoubtKind.TITLE_MISSING, title.words.line))
        if may_be_cut(title.words.text, title.year):
            self.doubts.append(Doubt(DoubtKind.TITLE_CUT, title.words.line))

    def _type(self) -> SessionType:
        """The type of the title; a coalition's label tells where the title does not."""
        coalition = next((b for b in of(self.blocks, Field.COALITION)), None)
        if self.title.type is SessionType.OTHER and coalition:
            nri = coalition.name.startswith(("nri", "co-organizing nri"))
            self.sources["type"] = coalition.pieces[0].source(Confidence.SHAPE)
            return SessionType.NRI_SESSION if nri else SessionType.DYNAMIC_COALITION
        return self.title.type

    def _value(self, name: str, read: Read | None) -> str | None:
        """A value, its source noted."""
        if read is None:
            return None
        self.sources[name] = read.piece.source(read.confidence)
        return read.value

    def _theme(self, year: int | None) -> str | None:
        headings = {one.heading.line for one in self.questions if one.heading}
        taken = headings | set(self.title.lines)
        read = read_theme(self.blocks, self.lines, year, frozenset(taken))
        if read and read.confidence is Confidence.DERIVED:
            self.doubts.append(Doubt(DoubtKind.THEME_QUOTED, read.piece.line))
        return self._value("theme", read)

    def _duration(
        self, stated: tuple[int, Piece] | None, slot: Slot, piece: Piece | None
    ) -> int | None:
        """The stated minutes, else the length of the slot."""
        if stated:
            self.sources["duration_minutes"] = stated[1].source(Confidence.STATED)
            if slot.minutes and slot.minutes != stated[0]:
                self.doubts.append(Doubt(DoubtKind.LENGTH_DIFFERS, stated[1].line))
            return stated[0]
        if slot.minutes and piece:
            self.sources["duration_minutes"] = piece.source(Confidence.DERIVED)
        return slot.minutes

    def _moment(
        self, name: str, value: str | None, piece: Piece | None, confidence: Confidence
    ) -> str | None:
        if value and piece:
            self.sources[name] = piece.source(confidence)
        return value

    def _noted(self, name: str, entries: list[Entry]) -> Iterable[Entry]:
        """Entries of a list, the source of each noted."""
        for at, entry in enumerate(entries):
            if entry.source:
                self.sources[f"{name}/{at}"] = entry.source
        return entries

    def _people(self, name: str, entries: list[Entry]) -> tuple[Person, ...]:
        return tuple(
            Person(one.name, one.affiliation, one.group, one.region)
            for one in self._noted(name, entries)
        )

    def _goals(self) -> tuple[int, ...]:
        goals: list[Goal] = read_goals(self.blocks, self.doubts)
        for at, goal in enumerate(goals):
            self.sources[f"sdgs/{at}"] = goal.piece.source(goal.confidence)
        return tuple(goal.number for goal in goals)

    def _questions(self, found: list[Found]) -> tuple[Question, ...]:
        for at, one in enumerate(found):
            self.sources[f"policy_questions/{at}"] = one.text.source(one.confidence)
            if one.heading:
                heading = one.heading.source(Confidence.SHAPE)
                self.sources[f"policy_questions/{at}/heading"] = heading
        return tuple(
            Question(one.heading.text if one.heading else None, one.text.text) for one in found
        )

    def _outputs(self, name: str, kind: Field) -> tuple[str, ...]:
        outputs: list[Output] = read_outputs(self.blocks, kind, self.lines)
        for at, output in enumerate(outputs):
            self.sources[f"{name}/{at}"] = Source(spans(output.pieces), Confidence.STATED)
        return tuple(output.text for output in outputs)

    def _sorted_doubts(self, slot: Slot, piece: Piece | None) -> tuple[Doubt, ...]:
        """Doubts in the order of the page, each once, not more than a person can read."""
        if slot.is_local and piece:
            self.doubts.append(Doubt(DoubtKind.LOCAL_TIME, piece.line))
        unique = dict.fromkeys(self.doubts)
        return tuple(sorted(unique, key=lambda doubt: doubt.line))[:MOST_DOUBTS]
