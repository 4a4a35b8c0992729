"""Ballots as a table: one row for each ballot, or for ballots filled in alike.

The first row names the columns. A column named as an option holds ranks: 1 is best, equal
numbers are a tie, an empty cell is not ranked. `approve: A` and `choice: A` hold 1 or nothing,
`score: A` a number; `rank: A` is another way to name a column of ranks, for options with names
such as `weight`. A column `weight` holds numbers such as 3, 1/3 or 0.25, `group` any name.
Source for the cells: RFC 4180; semicolons and tabs between them are understood as well.
"""

import csv
import io
import re
from collections.abc import Mapping
from fractions import Fraction

from deliberate.domain.ballot_files import BallotFile, BallotLine, Ranking
from deliberate.interchange import text
from deliberate.interchange.problems import Malformed, Problems, Unwritable, unreadable

WEIGHT, GROUP = "weight", "group"
RANK, APPROVE, SCORE, CHOICE = KINDS = ("rank", "approve", "score", "choice")
PREFIXED = re.compile(rf"({'|'.join(KINDS)}):(.+)", re.IGNORECASE)
QUOTED_CELL = re.compile(r'"[^"]*"')
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""A spreadsheet runs a cell that begins so (OWASP, "CSV Injection")."""

Column = tuple[str, int]
"""What a column holds, and of which option."""


def read(content: str) -> BallotFile:
    """The ballots of a table. Raises `Unreadable`."""
    rows = _rows(content)
    if not rows:
        raise unreadable("The file is empty.")
    problems = Problems()
    tables = problems.each(rows[:1], _Table)
    problems.stop_if_any()
    table = tables[0]
    ballots = problems.each(rows[1:], table.ballot)
    problems.stop_if_any()
    return BallotFile(text.options(table.options), tuple(ballots))


def write(file: BallotFile) -> str:
    """The table. Raises `Unwritable` for groups that a spreadsheet would take for a formula."""
    groups = {ballot.group for ballot in file.ballots if ballot.group is not None}
    for group in sorted(groups):
        if group.startswith(FORMULA_STARTS):
            reason = f"CSV cannot hold the group {text.quoted(group)}: spreadsheets would run it."
            raise Unwritable(reason, "JSON can.")
    columns = _columns(file)
    output = io.StringIO()
    writer = csv.writer(output, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    headings = [_heading(kind, file.options[option]) for kind, option in columns]
    writer.writerow([WEIGHT, *([GROUP] if groups else []), *headings])
    for ballot in file.ballots:
        answers = _answers(ballot)
        own = [ballot.group or ""] if groups else []
        cells = [answers.get(column, "") for column in columns]
        writer.writerow([_cell(ballot.weight), *own, *cells])
    return output.getvalue()


def _rows(content: str) -> list[tuple[int, list[str]]]:
    """The rows with the lines on which they begin; lines without anything are left out."""
    first = QUOTED_CELL.sub("", content.lstrip().partition("\n")[0])
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    rows, begin = [], 1
    try:
        for row in reader:
            if row:
                rows.append((begin, [cell.strip() for cell in row]))
            begin = reader.line_num + 1
    except csv.Error as error:
        raise unreadable(f"this row is no CSV: {error}", begin) from error
    return rows


class _Table:
    """Reads rows under the headings of a table."""

    def __init__(self, headings: list[str]) -> None:
        """Tell the columns apart. Raises `Malformed`."""
        self.options: list[str] = []
        self.columns = [self._column(heading) for heading in headings]
        if len(set(self.columns)) < len(self.columns):
            raise Malformed("two columns have the same name")
        self.kinds = {kind for kind, _ in self.columns}

    def ballot(self, row: list[str]) -> BallotLine:
        """The ballot of one row. Raises `Malformed`."""
        if len(row) != len(self.columns):
            raise Malformed(f"there are {len(row)} cells in {len(self.columns)} columns")
        if not any(row):
            raise Malformed("an empty row; a blank ballot needs a weight")
        cells: dict[str, dict[int, str]] = {kind: {} for kind in self.kinds}
        for (kind, option), cell in zip(self.columns, row, strict=True):
            if cell:
                cells[kind][option] = cell
        group = cells.get(GROUP, {}).get(0)
        return BallotLine(
            weight=text.weight(cells[WEIGHT].get(0, "")) if WEIGHT in cells else Fraction(1),
            ranking=_ranking(cells[RANK]) if RANK in cells else None,
            approved=_marked(cells[APPROVE]) if APPROVE in cells else None,
            scores=_scores(cells[SCORE]) if SCORE in cells else None,
            choice=_choice(cells[CHOICE]) if CHOICE in cells else None,
            group=None if group is None else text.name(group, "group"),
        )

    def _column(self, heading: str) -> Column:
        """What a heading says of its column."""
        if heading.lower() in (WEIGHT, GROUP):
            return heading.lower(), 0
        prefixed = PREFIXED.fullmatch(heading)
        kind, name = prefixed.groups() if prefixed else (RANK, heading)
        option = text.name(name)
        if option not in self.options:
            self.options.append(option)
        if len(self.options) > text.MAX_OPTIONS:
            raise Malformed(f"there are more than {text.MAX_OPTIONS} options")
        return kind.lower(), self.options.index(option)


def _ranking(cells: Mapping[int, str]) -> Ranking:
    """Options in tiers, by the numbers in their cells."""
    ranks = {option: text.whole(cell) for option, cell in cells.items()}
    if 0 in ranks.values():
        raise Malformed("ranks begin with 1")
    places = sorted(set(ranks.values()))
    tiers: dict[int, list[int]] = {place: [] for place in places}
    for option in sorted(ranks):
        tiers[ranks[option]].append(option)
    return tuple(tuple(tier) for tier in tiers.values())


def _marked(cells: Mapping[int, str]) -> tuple[int, ...]:
    """The options whose cells hold 1."""
    for cell in cells.values():
        if cell not in ("0", "1"):
            raise Malformed(f"{text.quoted(cell)} where 1, 0 or nothing is expected")
    return tuple(sorted(option for option, cell in cells.items() if cell == "1"))


def _choice(cells: Mapping[int, str]) -> tuple[int, ...]:
    """The one option whose cell holds 1, or none."""
    chosen = _marked(cells)
    if len(chosen) > 1:
        raise Malformed(f"{len(chosen)} options are chosen where one may be")
    return chosen


def _scores(cells: Mapping[int, str]) -> tuple[tuple[int, Fraction], ...]:
    """The options that are scored, with their scores."""
    return tuple((option, text.rational(cells[option])) for option in sorted(cells))


def _columns(file: BallotFile) -> list[Column]:
    """The columns that hold all answers; a file without ballots is one of rankings."""
    ballots = file.ballots
    asked = {
        RANK: any(ballot.ranking is not None for ballot in ballots) or not ballots,
        APPROVE: any(ballot.approved is not None for ballot in ballots),
        SCORE: any(ballot.scores is not None for ballot in ballots),
        CHOICE: any(ballot.choice is not None for ballot in ballots),
    }
    return [(kind, option) for kind in KINDS if asked[kind] for option in range(len(file.options))]


def _heading(kind: str, name: str) -> str:
    """The name of a column; ranks go without saying where the option's name is not special."""
    is_special = name.lower() in (WEIGHT, GROUP) or PREFIXED.fullmatch(name)
    if kind == RANK and not is_special and not name.startswith(FORMULA_STARTS):
        return name
    return f"{kind}: {name}"


def _answers(ballot: BallotLine) -> dict[Column, int | str]:
    """What a ballot says, by column; what it leaves empty is not there."""
    tiers = enumerate(ballot.ranking or (), 1)
    return {
        **{(RANK, option): place for place, tier in tiers for option in tier},
        **{(APPROVE, option): 1 for option in ballot.approved or ()},
        **{(SCORE, option): _cell(score) for option, score in ballot.scores or ()},
        **{(CHOICE, option): 1 for option in ballot.choice or ()},
    }


def _cell(number: Fraction) -> int | str:
    """A number as a cell."""
    return int(number) if number.denominator == 1 else str(number)
