"""PrefLib's four formats of orders: .soc, .soi, .toc and .toi.

S and t stand for strict orders and for orders with ties, c and i for complete and incomplete
ones. A header of `# KEY: value` lines is followed by lines such as `3: 1,{2,4}`: three ballots
place option 1 above options 2 and 4, which are tied. Source: the PrefLib project's format
specification (PrefLib-Data, FORMAT_SPECIFICATION.md, 2025).
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import chain

from deliberate.domain.ballot_files import BallotFile, BallotLine, Ranking, merge_alike
from deliberate.interchange import text
from deliberate.interchange.problems import Malformed, Problems

TIER = re.compile(r"\{[^{}]*\}|[^,{}]+")


class Kind(StrEnum):
    """The four formats, by extension."""

    SOC = "soc"
    SOI = "soi"
    TOC = "toc"
    TOI = "toi"

    @property
    def is_strict(self) -> bool:
        """Whether ties are ruled out."""
        return self in (Kind.SOC, Kind.SOI)

    @property
    def is_complete(self) -> bool:
        """Whether each ballot ranks all options."""
        return self in (Kind.SOC, Kind.TOC)


def read(content: str, kind: Kind) -> BallotFile:
    """The ballots of a file. Raises `Unreadable`."""
    lines = text.numbered(content)
    problems = Problems()
    start = next((at for at, (_, line) in enumerate(lines) if line[0] != "#"), len(lines))
    header = _header(lines[:start], kind, problems)
    orders = _Orders(header.options, kind)
    ballots = problems.each(lines[start:], orders.ballot)
    voters = sum(ballot.weight for ballot in ballots)
    if header.voters is not None and header.voters != voters and not problems.listed:
        problems.add(header.line, f"there should be {header.voters} voters, and there are {voters}")
    problems.stop_if_any()
    return BallotFile(header.options, tuple(ballots), header.title, header.seats)


def write(file: BallotFile, kind: Kind) -> str:
    """The file in that format, which must be able to hold it."""
    ballots = sorted(merge_alike(file.ballots), key=lambda ballot: -ballot.weight)
    voters = sum((ballot.weight for ballot in ballots), Fraction())
    header = {
        "FILE NAME": "",
        "TITLE": file.title,
        "DESCRIPTION": "",
        "DATA TYPE": kind.value,
        "MODIFICATION TYPE": "original",
        "RELATES TO": "",
        "RELATED FILES": "",
        "PUBLICATION DATE": "",
        "MODIFICATION DATE": "",
        "NUMBER ALTERNATIVES": len(file.options),
        "NUMBER VOTERS": voters,
        "NUMBER UNIQUE ORDERS": len(ballots),
        **({"NUMBER SEATS": file.seats} if file.seats is not None else {}),
        **{f"ALTERNATIVE NAME {place}": name for place, name in enumerate(file.options, 1)},
    }
    lines = [f"# {key}: {value}".rstrip() for key, value in header.items()]
    lines += [f"{ballot.weight}: {_order(ballot.ranking or ())}".rstrip() for ballot in ballots]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Header:
    """What the header says; `line` is where it tells the number of voters."""

    options: tuple[str, ...]
    title: str
    seats: int | None
    voters: int | None
    line: int


def _header(lines: list[tuple[int, str]], kind: Kind, problems: Problems) -> _Header:
    """The metadata. Raises `Unreadable` when the options are not clear."""
    entries: dict[str, tuple[int, str]] = {}
    names: dict[int, str] = {}

    def note(numbered: tuple[int, str]) -> None:
        key, number, value = _entry(numbered[1])
        if number is None:
            entries[key] = (numbered[0], value)
        elif key == "ALTERNATIVE NAME":
            if number in names:
                raise Malformed(f"alternative {number} has two names")
            names[number] = text.name(value)

    problems.each([(number, (number, line)) for number, line in lines], note)
    numbers = {key: _number(entries, key, problems) for key in ("ALTERNATIVES", "VOTERS", "SEATS")}
    line, declared = entries.get("DATA TYPE", (0, kind.value))
    if declared.lower() != kind:
        problems.add(
            line, f"the data type is {text.quoted(declared)}, and the file is read as {kind}"
        )
    expected = len(names) if numbers["ALTERNATIVES"] is None else numbers["ALTERNATIVES"]
    is_complete = len(names) == expected and all(1 <= number <= expected for number in names)
    if not is_complete and not problems.listed:
        problems.add(0, f"the header must name the alternatives 1 to {expected}, each once")
    problems.stop_if_any()
    options = text.options([names[number] for number in sorted(names)])
    title, line = entries.get("TITLE", (0, ""))[1], entries.get("NUMBER VOTERS", (0, ""))[0]
    return _Header(options, text.title(title), numbers["SEATS"], numbers["VOTERS"], line)


def _entry(line: str) -> tuple[str, int | None, str]:
    """Key, number at the end of the key, and value of one header line."""
    key, colon, value = line.removeprefix("#").partition(":")
    if not colon:
        raise Malformed("a header line is “# KEY: value”")
    words = key.split()
    number = text.whole(words.pop()) if words and words[-1].isdigit() else None
    return " ".join(words), number, value.strip()


def _number(entries: dict[str, tuple[int, str]], key: str, problems: Problems) -> int | None:
    """The header's `NUMBER ...` of something, if it tells one."""
    line, value = entries.get(f"NUMBER {key}", (0, ""))
    return next(iter(problems.each([(line, value)], text.whole)), None) if value else None


class _Orders:
    """Reads the lines below the header, one after the other."""

    def __init__(self, options: tuple[str, ...], kind: Kind) -> None:
        self.options = options
        self.kind = kind
        self.tiers = text.Tiers(len(options), tie=",", braces="{}")
        self.counts: dict[str, Fraction] = {}

    def ballot(self, line: str) -> BallotLine:
        """The ballots of one line. Raises `Malformed`."""
        number, colon, order = line.partition(":")
        if not colon:
            raise Malformed("a line of ballots is “number: order”")
        if number not in self.counts:
            self.counts[number] = text.count(number.strip())
        ranking = self._ranking(order.replace(" ", ""))
        ranked = list(chain.from_iterable(ranking))
        text.once(ranked, self.options)
        if self.kind.is_complete and len(ranked) < len(self.options):
            raise Malformed(f"only {len(ranked)} of {len(self.options)} options are ranked")
        return BallotLine(self.counts[number], ranking)

    def _ranking(self, order: str) -> Ranking:
        tiers = order.split(",") if order else []
        if "{" in order:
            if self.kind.is_strict:
                raise Malformed(f".{self.kind} holds no ties; .toc and .toi do")
            tiers = TIER.findall(order)
        if ",".join(tiers) != order:
            raise Malformed(f"{text.quoted(order)} is no order such as 1,{{2,3}}")
        return tuple(map(self.tiers.__getitem__, tiers))


def _order(ranking: Ranking) -> str:
    """A ranking as PrefLib writes it."""
    tiers = (",".join(str(option + 1) for option in tier) for tier in ranking)
    return ",".join(f"{{{numbers}}}" if "," in numbers else numbers for numbers in tiers)
