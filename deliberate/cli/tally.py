"""Counting a file of ballots from the command line."""

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from deliberate.cli.ballot_files import read_ballots
from deliberate.cli.reports import printable
from deliberate.cli.support import plain_errors
from deliberate.domain.reasons import REASON_LABELS, Reason
from deliberate.domain.tally import Pairwise
from deliberate.domain.tally.method import Outcome, Weighed
from deliberate.domain.tally.registry import METHODS
from deliberate.domain.tally.scores import Scores
from deliberate.domain.tally.scottish_stv import ScottishStv
from deliberate.interchange import FORMATS
from deliberate.interchange.counting import METHOD_NAMES, FileCount, count_file
from deliberate.interchange.figures import figures

Names = tuple[str, ...]

WIDEST = 10_000
"""Columns of a pipe or a file, so that nothing is wrapped or cut off."""
MOST_COLUMNS = 12
"""With more options the table of preferences is left to --json."""
DECIMALS = 3
"""In numbers that are not whole; --json has the exact ones."""


@click.command()
@click.argument("filename", metavar="FILE")
@click.option(
    "--method",
    "methods",
    multiple=True,
    type=click.Choice(METHOD_NAMES),
    help="Count by this method, and say why. May be given repeatedly. Without it: all that fit.",
)
@click.option("--seats", type=click.IntRange(min=1), help="How many places STV is to fill.")
@click.option("--format", "given", type=click.Choice(list(FORMATS)), help="The format of FILE.")
@click.option("--json", "as_json", is_flag=True, help="Print exact figures as one JSON object.")
def tally(
    filename: str, methods: tuple[str, ...], seats: int | None, given: str | None, *, as_json: bool
) -> None:
    """Count the ballots of FILE; neither a poll nor a database is needed.

    The format is told by the extension or by what is in the file; - stands for standard input.
    If anything in the file is not clear, nothing is counted.
    """
    file = read_ballots(filename, given)
    with plain_errors():
        count = count_file(file, methods, seats)
    if as_json:
        click.echo(json.dumps(figures(count), ensure_ascii=False))
        return
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDEST
    console.print(_heading(filename, count))
    for part in _parts(count, is_explained=bool(methods)):
        console.print()
        console.print(part)


def _heading(filename: str, count: FileCount) -> str:
    """What was counted."""
    file, shown = count.file, printable(filename)
    title = f"{file.title} ({shown})" if file.title else shown
    is_whole = all(line.weight.denominator == 1 for line in file.ballots)
    counted = "ballots" if is_whole else "weight of the ballots"
    return f"{title}: {counted} {_number(count.weight)}, options {len(file.options)}"


def _parts(count: FileCount, *, is_explained: bool) -> Iterator[Table | Text]:
    """The tables and sentences, in the order in which they are printed."""
    names = count.file.options
    yield _outcomes(count)
    if any(isinstance(outcome.detail, Scores) for outcome in count.outcomes.values()):
        yield _points(count)
    if count.ballots is not None and len(names) <= MOST_COLUMNS:
        yield _preferences(count.ballots.pairwise, names)
    if is_explained and count.ballots is not None:
        yield from _reasons(count, count.ballots)


def _outcomes(count: FileCount) -> Table:
    """Each method with its order."""
    table = _table("Method", "Order, best first")
    for name, outcome in count.outcomes.items():
        note = " (a tie was broken by the order of the file)" if outcome.tie_broken else ""
        table.add_row(_label(name), _order(outcome, count.file.options) + note)
    return table


def _order(outcome: Outcome[Any], names: Names) -> str:
    """The options by tier, or those that fill the places."""
    if isinstance(outcome.detail, ScottishStv):
        detail = outcome.detail
        filled = ", ".join(names[option] for option in detail.elected)
        return f"{filled} (places: {detail.seats}, quota: {detail.quota})"
    return " > ".join(" = ".join(names[option] for option in tier) for tier in outcome.tiers)


def _points(count: FileCount) -> Table:
    """Each option with its points, by method."""
    scored = {
        name: outcome.detail.scores
        for name, outcome in count.outcomes.items()
        if isinstance(outcome.detail, Scores)
    }
    table = _table("Points", *map(_label, scored), numbers=True)
    for option, title in enumerate(count.file.options):
        table.add_row(title, *(_number(scores[option]) for scores in scored.values()))
    return table


def _preferences(pairwise: Pairwise, names: Names) -> Table:
    """How much prefers the option of the row to that of the column."""
    numbers = [str(number) for number in range(1, len(names) + 1)]
    table = _table("Preferred to", *numbers, numbers=True)
    for row, title in enumerate(names):
        cells = [
            "" if row == each else _number(pairwise.over(row, each)) for each in range(len(names))
        ]
        table.add_row(f"{row + 1} {title}", *cells)
    return table


def _table(*headings: str, numbers: bool = False) -> Table:
    """A table without lines; columns of numbers are flush right."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, heading in enumerate(headings):
        table.add_column(Text(heading), justify="right" if numbers and place else "left")
    return table


def _reasons(count: FileCount, ballots: Weighed) -> Iterator[Text]:
    """Why the order of each method is as it is."""
    for name, outcome in count.outcomes.items():
        reasons = METHODS[name].explain(outcome, ballots) if name in METHODS else ()
        if reasons:
            lines = (f"- {_sentence(reason, count.file.options)}" for reason in reasons)
            yield Text("\n".join([f"{_label(name)}:", *lines]))


def _label(name: str) -> str:
    """What a method is called, without what it does."""
    return METHODS[name].label.partition(":")[0] if name in METHODS else name.capitalize()


def _sentence(reason: Reason, names: Names) -> str:
    """A reason in words."""
    options = {place: names[option] for place, option in reason.options.items()}
    numbers = {place: _number(number) for place, number in reason.numbers.items()}
    return REASON_LABELS[reason.kind] % (options | numbers)


def _number(number: int | Fraction) -> str:
    """A number for people."""
    exact = Fraction(number)
    return str(exact) if exact.denominator == 1 else f"{float(exact):.{DECIMALS}f}"
