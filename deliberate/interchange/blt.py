"""BLT, the format of programs for the single transferable vote.

The first line gives the numbers of options and seats, an optional second one the withdrawn
options as negative numbers. A line such as `3 1 4=2 0` is three ballots that place option 1
above options 4 and 2; `0` ends it, and a line with `0` alone ends the ballots. Names of the
options and the title follow, in quotation marks. Source: I. D. Hill, B. A. Wichmann and
D. R. Woodall, "Algorithm 123", The Computer Journal 30 (1987), 277-281. `=` for ties, `-` for a
place left empty, `(id)` instead of a number of ballots, and comments after `#` are OpenSTV's.
"""

import re
from itertools import chain

from deliberate.domain.ballot_files import BallotFile, BallotLine
from deliberate.interchange import text
from deliberate.interchange.problems import Malformed, Problems, Unwritable, unreadable

WITHDRAWN = re.compile(r"-[0-9]+(?:\s+-[0-9]+)*")
NAME = re.compile(r'"([^"]*)"\s*(?:#.*)?|([^"]+)')
BALLOT_ID = re.compile(r"\([^)]*\)")

Lines = list[tuple[int, str]]


def read(content: str) -> BallotFile:
    """The ballots of a file. Raises `Unreadable`."""
    lines = [(number, line) for number, line in text.numbered(content) if line[0] != "#"]
    end = next((at for at, (_, line) in enumerate(lines) if _bare(line) == "0"), None)
    if end is None:
        raise unreadable("A line with 0 alone must end the ballots.")
    problems = Problems()
    options, seats = _size(lines[0])
    names, title = _names(lines[end + 1 :], options, problems)
    start = 2 if WITHDRAWN.fullmatch(_bare(lines[1][1])) else 1
    tiers = text.Tiers(options, tie="=")
    withdrawn = problems.each(lines[1:start], lambda line: _withdrawn(line, tiers))
    ballots = problems.each(lines[start:end], lambda line: _ballot(line, names, tiers))
    problems.stop_if_any()
    return BallotFile(names, tuple(ballots), title, seats, frozenset().union(*withdrawn))


def write(file: BallotFile) -> str:
    """The file in BLT. Raises `Unwritable` for names that BLT cannot quote."""
    if any('"' in name for name in (*file.options, file.title)):
        raise Unwritable("BLT cannot hold names with quotation marks.", "All other formats can.")
    lines = [f"{len(file.options)} {1 if file.seats is None else file.seats}"]
    if file.withdrawn:
        lines.append(" ".join(f"-{option + 1}" for option in sorted(file.withdrawn)))
    for ballot in file.ballots:
        tiers = ("=".join(str(option + 1) for option in tier) for tier in ballot.ranking or ())
        lines.append(" ".join([str(ballot.weight), *tiers, "0"]))
    lines += ["0", *(f'"{name}"' for name in (*file.options, file.title))]
    return "\n".join(lines) + "\n"


def _bare(line: str) -> str:
    """A line of numbers without its comment."""
    return line.partition("#")[0].strip()


def _size(first: tuple[int, str]) -> tuple[int, int]:
    """How many options and seats there are."""
    number, line = first
    try:
        options, seats = map(text.whole, _bare(line).split())
    except (Malformed, ValueError) as error:
        reason = "the first line gives the number of options and the number of seats"
        raise unreadable(reason, number) from error
    if options > text.MAX_OPTIONS:
        raise unreadable(f"there are more than {text.MAX_OPTIONS} options", number)
    return options, seats


def _names(lines: Lines, options: int, problems: Problems) -> tuple[tuple[str, ...], str]:
    """The names of the options, and the title. Raises `Unreadable`."""
    names = problems.each(lines[:options], lambda line: text.name(_quoted(line)))
    title = problems.each(lines[options : options + 1], lambda line: text.title(_quoted(line)))
    if len(lines) < options:
        problems.add(0, f"there are {options} options and {len(lines)} names")
    problems.stop_if_any()
    return text.options(names), "".join(title)


def _quoted(line: str) -> str:
    """What stands in quotation marks, or the whole line where there are none."""
    found = NAME.fullmatch(line)
    if not found:
        raise Malformed(f"{text.quoted(line)} is no name in quotation marks")
    return found[1] if found[2] is None else found[2]


def _withdrawn(line: str, tiers: text.Tiers) -> frozenset[int]:
    """The options of a line such as `-2 -4`."""
    return frozenset(tiers[number.removeprefix("-")][0] for number in _bare(line).split())


def _ballot(line: str, names: tuple[str, ...], tiers: text.Tiers) -> BallotLine:
    """The ballots of a line. Raises `Malformed`."""
    identified = BALLOT_ID.match(line)
    number, *places = _bare(f"1 {line[identified.end() :]}" if identified else line).split()
    if not places or places.pop() != "0":
        raise Malformed("a line of ballots ends with 0")
    ranking = tuple(tiers[place] for place in places if place != "-")
    text.once(list(chain.from_iterable(ranking)), names)
    return BallotLine(text.count(number), ranking)
