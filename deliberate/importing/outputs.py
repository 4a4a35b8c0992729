"""Key takeaways and calls to action as the session's report words them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deliberate.domain.errors import Invalid
from deliberate.importing.blocks import Block
from deliberate.importing.enumerations import inline_items
from deliberate.importing.labels import Field
from deliberate.importing.lines import Line, Piece, joined, marker_kind, unmarked

MOST_OUTPUTS = 100
EMPTY = re.compile(
    r"[(\[]?\s*(?:n\s?/?\s?a|n\.\s?a|t\.b\.[cda]|"
    r"none|nil|not applicable|tbc|tbd|tba|to be (?:completed|added|"
    r"confirmed|determined|filled in|provided)[^.]{0,40}|pending|"
    r"no (?:key takeaways?|calls? to action)|"
    r"[\W_]*\d{0,2}[\W_]*)\s*[)\]]?\.?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Output:
    """One takeaway or call: the paragraphs it is joined from."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The paragraphs as one text."""
        return joined(self.pieces)


def read_outputs(blocks: list[Block], kind: Field, lines: tuple[Line, ...]) -> list[Output]:
    """Outputs of a kind, each text once. Raises Invalid beyond a hundred."""
    known: dict[str, Output] = {}
    for block in blocks:
        if block.kind is kind:
            for output in _of_block(block, lines):
                known.setdefault(output.text, output)
        if len(known) > MOST_OUTPUTS:
            raise Invalid("This page has more than 100 takeaways or calls to action.")
    return list(known.values())


def _of_block(block: Block, lines: tuple[Line, ...]) -> Iterator[Output]:
    """A numbered label makes one entry, any other label one for each paragraph or item."""
    if block.number is not None:
        pieces = tuple(_kept(unmarked(piece) for piece in block.pieces))
        if pieces:
            yield Output(pieces)
        return
    for paragraph in _paragraphs(block, lines):
        inline = inline_items(paragraph[0]) if len(paragraph) == 1 else None
        groups = [(item,) for item in inline[1]] if inline else [paragraph]
        for group in groups:
            pieces = tuple(_kept([unmarked(group[0]), *group[1:]]))
            if pieces:
                yield Output(pieces)


def _kept(pieces: Iterator[Piece] | list[Piece]) -> Iterator[Piece]:
    """Pieces that say something."""
    return (piece for piece in pieces if piece.text and not EMPTY.match(piece.text))


def _paragraphs(block: Block, lines: tuple[Line, ...]) -> Iterator[tuple[Piece, ...]]:
    """Lines joined where a line only continues the one above it."""
    paragraph: list[Piece] = []
    for at, piece in enumerate(block.pieces):
        apart = at in block.gaps or marker_kind(piece.text)
        line = lines[piece.line - 1]
        soft = line.soft or line.inner or piece.text[:1].islower()
        if paragraph and (apart or not soft):
            yield tuple(paragraph)
            paragraph = []
        paragraph.append(piece)
    if paragraph:
        yield tuple(paragraph)
