"""The formats by name: which one a file is in, what it can hold, reading and writing."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from deliberate.domain.ballot_files import BallotFile
from deliberate.interchange import abif, blt, csv_ballots, json_ballots, preflib
from deliberate.interchange.features import FEATURE_LABELS, Feature, features
from deliberate.interchange.problems import Unwritable, unreadable
from deliberate.interchange.text import bounded, decode

RANKINGS = frozenset({Feature.TRUNCATION, Feature.TIES})
EVERYTHING = frozenset(Feature)


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write ballots down; `extension` is its name as well.

    `has_head` tells whether there is a place for the poll's title and number of seats. They are
    no part of the ballots, so a format without one is not refused for their sake.
    """

    extension: str
    title: str
    holds: frozenset[Feature]
    parse: Callable[[str], BallotFile]
    render: Callable[[BallotFile], str]
    encoding: str = "utf-8"
    has_head: bool = True


def _preflib(kind: preflib.Kind, title: str, *holds: Feature) -> Format:
    return Format(
        extension=kind.value,
        title=f"PrefLib, {title}",
        holds=frozenset(holds),
        parse=partial(preflib.read, kind=kind),
        render=partial(preflib.write, kind=kind),
    )


FORMATS = {
    each.extension: each
    for each in (
        _preflib(preflib.Kind.SOC, "strict and complete orders"),
        _preflib(preflib.Kind.SOI, "strict orders", Feature.TRUNCATION),
        _preflib(preflib.Kind.TOC, "complete orders with ties", Feature.TIES),
        _preflib(preflib.Kind.TOI, "orders with ties", Feature.TRUNCATION, Feature.TIES),
        Format("abif", "ABIF", RANKINGS | {Feature.SCORES, Feature.MIXTURE}, abif.read, abif.write),
        Format("blt", "BLT", RANKINGS | {Feature.WITHDRAWN}, blt.read, blt.write),
        Format(
            "csv",
            "CSV",
            EVERYTHING - {Feature.MIXTURE, Feature.WITHDRAWN},
            csv_ballots.read,
            csv_ballots.write,
            # Without a byte order mark spreadsheets guess the encoding.
            encoding="utf-8-sig",
            has_head=False,
        ),
        Format("json", "JSON", EVERYTHING, json_ballots.read, json_ballots.write),
    )
}
"""All formats by extension."""

DATA_TYPE = re.compile(r"^#\s*DATA TYPE\s*:\s*(so[ci]|to[ci])\s*$", re.IGNORECASE | re.MULTILINE)
SIZE_LINE = re.compile(r"(?:\s*#[^\n]*\n)*\s*[0-9]+[ \t]+[0-9]+[ \t]*(?:#[^\n]*)?\n")
ABIF_LINE = re.compile(r"^[ \t]*(?:[0-9][0-9./]*[ \t]*:|=[ \t]*[\w\[\"])", re.MULTILINE)


def read(data: bytes, filename: str, extension: str | None = None) -> BallotFile:
    """The ballots of a file, in the named format or the one it seems to be in.

    Raises `Unreadable` if anything in it is not clear: then nothing of it is to be counted.
    """
    content = decode(data)
    chosen = FORMATS[extension] if extension else recognise(filename, content)
    return bounded(chosen.parse(content))


def write(file: BallotFile, extension: str) -> bytes:
    """The file in that format. Raises `Unwritable` rather than lose anything of the ballots."""
    chosen = FORMATS[extension]
    needed = features(file)
    missing = [FEATURE_LABELS[feature] for feature in Feature if feature in needed - chosen.holds]
    if missing:
        fitting = ", ".join(
            f".{each.extension}" for each in FORMATS.values() if needed <= each.holds
        )
        raise Unwritable(f".{extension} cannot hold {' and '.join(missing)}.", f"Use {fitting}.")
    return chosen.render(file).encode(chosen.encoding)


def recognise(filename: str, content: str) -> Format:
    """The format of a file, by its extension or else by what is in it. Raises `Unreadable`."""
    extension = filename.rpartition(".")[2].lower()
    return FORMATS[extension if extension in FORMATS else _extension_of(content)]


def _extension_of(content: str) -> str:
    """The extension that a text without one ought to have."""
    data_type = DATA_TYPE.search(content)
    if data_type:
        return data_type[1].lower()
    if content.lstrip().startswith("{") and '"ballots"' in content:
        return "json"
    if SIZE_LINE.match(content):
        return "blt"
    if ABIF_LINE.search(content):
        return "abif"
    if set(",;\t") & set(content.lstrip().partition("\n")[0]):
        return "csv"
    raise unreadable(f"The format is not recognised; there are {', '.join(FORMATS)}.")
