"""From bytes to lines, names and exact numbers, within bounds that no honest file reaches."""

import math
import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from deliberate.domain.ballot_files import BallotFile
from deliberate.interchange.problems import Malformed, unreadable

MAX_BYTES = 128 * 1024 * 1024
MAX_OPTIONS = 1_000
MAX_NAME = 500
"""Characters."""
MAX_DIGITS = 18
MAX_BALLOTS = 10**13
"""Hundred-thousandths of all ballots, in which STV counts, fit into integers of 64 bits."""
MAX_COMMON_DENOMINATOR = 10**300
"""Sums of weights stay numbers that a computer adds in no time."""

QUOTED = 40
"""Characters of a file that a message repeats."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
NUMBER = re.compile(r"-?[0-9]+(?:/[0-9]+|\.[0-9]+)?")
UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")
"""Unicode categories: control characters, halves of characters and separators of lines."""


def decode(data: bytes) -> str:
    r"""The text of a UTF-8 file, without byte order mark and with \n at the end of each line.

    Raises `Unreadable` for other encodings, because guessing one would change names.
    """
    if len(data) > MAX_BYTES:
        raise unreadable(f"The file is larger than {MAX_BYTES // 1024**2} MB.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise unreadable("The file is in UTF-16. Save it as UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"0x{data[error.start]:02X}"
        reason = f"byte {byte} is not UTF-8. Is the file in Latin-1? Save it as UTF-8."
        raise unreadable(reason, line) from error
    if "\0" in text:
        raise unreadable("zero bytes: this is no text.", text.count("\n", 0, text.index("\0")) + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def numbered(text: str) -> list[tuple[int, str]]:
    """The lines that hold anything, without space around them, and their numbers from 1."""
    lines = ((number, line.strip()) for number, line in enumerate(text.split("\n"), 1))
    return [(number, line) for number, line in lines if line]


def quoted(text: str) -> str:
    """A piece of the file as it can be shown in a message: short and harmless."""
    start = text[:QUOTED]
    shown = "".join(letter if letter.isprintable() else REPLACEMENT for letter in start)
    return f"“{shown}{'…' if len(text) > QUOTED else ''}”"


def whole(text: str) -> int:
    """A whole number from 0. Raises `Malformed`."""
    if not (text.isascii() and text.isdigit()):
        raise Malformed(f"{quoted(text)} is no whole number")
    if len(text) > MAX_DIGITS:
        raise Malformed(f"a number has more than {MAX_DIGITS} digits")
    return int(text)


def count(text: str) -> Fraction:
    """A number of ballots, at least 1. Raises `Malformed`."""
    if not (text.isascii() and text.isdigit()):
        hint = "; fractions are for CSV and JSON" if NUMBER.fullmatch(text) else ""
        raise Malformed(f"{quoted(text)} is no number of ballots{hint}")
    return weight(text)


def rational(text: str) -> Fraction:
    """A number such as 3, 1/3 or 0.25, exactly. Raises `Malformed`."""
    if not NUMBER.fullmatch(text):
        raise Malformed(f"{quoted(text)} is no number such as 3, 1/3 or 0.25")
    if max(map(len, re.split("[/.]", text.lstrip("-")))) > MAX_DIGITS:
        raise Malformed(f"a number has more than {MAX_DIGITS} digits")
    try:
        return Fraction(text)
    except ZeroDivisionError as error:
        raise Malformed(f"{quoted(text)} divides by nothing") from error


def weight(text: str) -> Fraction:
    """A number greater than 0. Raises `Malformed`."""
    value = rational(text)
    if value <= 0:
        raise Malformed(f"the weight {quoted(text)} is not greater than 0")
    return value


def name(text: str, what: str = "option") -> str:
    """The name of an option or a group, without space around it. Raises `Malformed`."""
    stripped = text.strip()
    if not stripped:
        raise Malformed(f"the {what} has no name")
    if len(stripped) > MAX_NAME:
        raise Malformed(f"the name {quoted(stripped)} has more than {MAX_NAME} characters")
    if not all(map(_is_plain, stripped)):
        raise Malformed(f"the name {quoted(stripped)} has a control character")
    return stripped


def title(text: str) -> str:
    """The title of a poll on one line, which may be empty."""
    return " ".join("".join(letter if _is_plain(letter) else " " for letter in text).split())


def options(names: Sequence[str]) -> tuple[str, ...]:
    """The names of all options. Raises `Unreadable` for none, too many, or two alike."""
    if not names:
        raise unreadable("There are no options.")
    if len(names) > MAX_OPTIONS:
        raise unreadable(f"There are more than {MAX_OPTIONS} options.")
    if len(set(names)) < len(names):
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise unreadable(f"Two options are called {quoted(twice)}.")
    return tuple(names)


def once(options: Sequence[int], names: Sequence[str]) -> None:
    """Raise `Malformed` if an option is there twice."""
    if len(set(options)) < len(options):
        twice = next(option for at, option in enumerate(options) if option in options[:at])
        raise Malformed(f"{quoted(names[twice])} is there twice")


class Tiers(dict[str, tuple[int, ...]]):
    """Tiers by how a format that numbers options from 1 writes them, such as 4 or {2,3}.

    Each is understood once and then remembered, because most ballots are made of the same few.
    """

    def __init__(self, options: int, tie: str, braces: str = "") -> None:
        super().__init__()
        self.options = options
        self.tie = tie
        self.braces = braces

    def __missing__(self, written: str) -> tuple[int, ...]:
        """The options of a tier. Raises `Malformed`."""
        numbers = written.strip(self.braces).split(self.tie)
        self[written] = tuple(sorted(self._option(number) for number in numbers))
        return self[written]

    def _option(self, number: str) -> int:
        if not (number.isascii() and number.isdigit() and 1 <= whole(number) <= self.options):
            raise Malformed(f"{quoted(number)} is the number of no option")
        return int(number) - 1


def _is_plain(letter: str) -> bool:
    return unicodedata.category(letter) not in UNPRINTABLE


def bounded(file: BallotFile) -> BallotFile:
    """The file, if its ballots can be added exactly in no time. Raises `Unreadable`."""
    common, ballots = 1, 0
    denominators = set()
    for line in file.ballots:
        denominators.add(line.weight.denominator)
        ballots += line.weight.numerator // line.weight.denominator
    if ballots > MAX_BALLOTS:
        raise unreadable("There are more ballots than can be counted.")
    for denominator in denominators:
        common = math.lcm(common, denominator)
        if common > MAX_COMMON_DENOMINATOR:
            raise unreadable("The weights have no common denominator of a sensible size.")
    return file
