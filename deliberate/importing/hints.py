"""Hints at people whom a page names outside its lists: shown to the curator, imported as nobody."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import islice

from deliberate.importing.blocks import Block
from deliberate.importing.groups import regional_group, stakeholder_group
from deliberate.importing.labels import Field
from deliberate.importing.lines import Piece, marker_end
from deliberate.importing.page import Doubt, DoubtKind
from deliberate.importing.people import Entry
from deliberate.importing.roles import Roles, shaped
from deliberate.importing.shapes import is_body, is_name

PROSE = frozenset([Field.AGENDA, Field.PROSE, Field.LOOSE])
WORD = r"[A-ZÀ-ÖØ-Þ][\w’'.-]{1,30}"
TITLE = r"(?:(?:Mr|Ms|Mrs|Mme|Dr|Prof|Hon)\.?\s)?"
NAME = rf"{TITLE}(?P<name>{WORD}(?:\s(?:(?:de|da|del|van|von|la|bin|al)\s)?{WORD}){{1,3}})"
LEAD = r"(?:\(?\d{1,3}\s?min[a-z]*\)?\s?[:–-]\s?)?"
SPEAKS = r"\s(?:will|speaks|presents|moderates)\b"
ITEM = re.compile(
    rf"(?:(?:^|(?<=\s))[•▪◦‣●➢]\s{{0,2}}|^|\b(?:by|with)\s){LEAD}{NAME}"
    rf"(?=,\s[A-ZÀ-Þ]|\s\([A-ZÀ-Þ]|{SPEAKS})"
)
BARE = re.compile(rf"{LEAD}{NAME}{SPEAKS}")
NO_NAMES = frozenset(
    re.split(
        r"\s",
        "opening closing panel remarks discussion discussions session group groups work open mic "
        "introduction welcome question questions answers breakout round table part wrap summary "
        "keynote presentation moderator speaker speakers policy key next steps case study each "
        "participants the this our united nations states america africa asia europe latin north "
        "east west american african global day overall expected another both every south",
    )
)
WORDS = re.compile(r"\w+")
LIKENESS = 0.86
MOST_NAMES, MOST_HINTS = 80, 12


def read_hints(blocks: list[Block], roles: Roles) -> Iterator[Doubt]:
    """Doubts about people left out and about names that are spelled in two ways."""
    people = [*roles.organizers, *roles.speakers, *roles.moderators, *roles.rapporteurs]
    known = {entry.key(): entry for entry in people if entry.name}
    index = _Names(known)
    yield from _spelled_twice(list(known.values()), index)
    left_out = (
        hint for block in blocks if block.kind is Field.LOOSE for hint in _left(block, known)
    )
    yield from islice(left_out, MOST_HINTS)
    mentions = (hint for block in blocks if _is_prose(block) for hint in _mentioned(block, index))
    yield from islice(mentions, MOST_HINTS)


class _Names:
    """The names of a page by their words, to find one that is spelled almost alike."""

    def __init__(self, known: dict[tuple[str, ...], Entry]) -> None:
        self.plain = {_plain(entry.name or "") for entry in known.values()}
        self.by_word: dict[str, set[str]] = defaultdict(set)
        for name in islice(self.plain, MOST_NAMES):
            for word in name.split():
                self.by_word[word].add(name)

    def has(self, name: str) -> bool:
        """Whether a name is among the page's people, in either word order."""
        plain = _plain(name)
        words = sorted(plain.split())
        near = self.by_word.get(words[0], set()) if words else set()
        return plain in self.plain or any(sorted(other.split()) == words for other in near)

    def is_nearly(self, name: str) -> bool:
        """Whether another name shares a word with this one and is spelled almost alike."""
        plain = _plain(name)
        near = {other for word in plain.split() for other in self.by_word.get(word, ())}
        return any(_alike(plain, other) for other in near - {plain})


def _alike(one: str, other: str) -> bool:
    """Whether two names differ by a letter or two, and not only by the order of their words."""
    if abs(len(one) - len(other)) > 4 or sorted(one.split()) == sorted(other.split()):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= LIKENESS


def _plain(name: str) -> str:
    """A name without case, accents and marks."""
    letters = name.casefold()
    if not letters.isascii():
        parts = unicodedata.normalize("NFKD", letters)
        letters = "".join(part for part in parts if not unicodedata.combining(part))
    return " ".join(WORDS.findall(letters))


def _spelled_twice(entries: list[Entry], index: _Names) -> Iterator[Doubt]:
    """Names of the lists that differ from another one by a letter or two or by accents."""
    seen: dict[str, Entry] = {}
    for entry in entries[:MOST_NAMES]:
        plain = _plain(entry.name or "")
        if plain in seen or (index.is_nearly(entry.name or "") and _later(plain, seen)):
            yield Doubt(DoubtKind.NAME_DIFFERS, entry.line)
        seen.setdefault(plain, entry)


def _later(plain: str, seen: dict[str, Entry]) -> bool:
    """Whether the name that this one is like stood further up."""
    return any(_alike(plain, other) for other in seen)


def _left(block: Block, known: dict[tuple[str, ...], Entry]) -> Iterator[Doubt]:
    """Lines of the shape `Name, Group, Region` that found no role."""
    if block.reported:
        return
    for piece in block.pieces:
        for entry in shaped(piece):
            if (entry.group or entry.region) and entry.key() not in known:
                yield Doubt(DoubtKind.PERSON_LEFT_OUT, piece.line)


def _is_prose(block: Block) -> bool:
    """Whether people named in a block are worth a hint: not in biographies or in the report."""
    return block.kind in PROSE and not block.reported and "bio" not in block.name


def _mentioned(block: Block, index: _Names) -> Iterator[Doubt]:
    """People at the beginning of an item, or behind `by`, who are in no list."""
    for piece in block.pieces:
        for name in _names(piece):
            if index.is_nearly(name):
                yield Doubt(DoubtKind.NAME_DIFFERS, piece.line)
            elif not index.has(name):
                yield Doubt(DoubtKind.MENTIONED_ONLY, piece.line)


def _names(piece: Piece) -> Iterator[str]:
    """Words of running text that can only be a person's name."""
    begin = marker_end(piece.text)
    for match in ITEM.finditer(piece.text[begin:]):
        if not begin and match.start("name") == 0 and not BARE.match(piece.text):
            continue
        name = match["name"]
        words = {word.casefold().strip(".’'") for word in name.split()}
        group = stakeholder_group(name) or regional_group(name)
        if not words & NO_NAMES and not group and is_name(name) and not is_body(name):
            yield name
