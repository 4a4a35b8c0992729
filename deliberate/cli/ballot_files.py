"""Files of ballots from the command line: how they are read, and from one format to another."""

import sys
from pathlib import Path

import click

from deliberate.cli.reports import printable, write_whole
from deliberate.cli.support import plain_errors
from deliberate.domain.ballot_files import BallotFile
from deliberate.interchange import FORMATS, Unreadable, read, write
from deliberate.interchange.text import MAX_BYTES

STANDARD = "-"
"""The name of what comes through a pipe, or goes into one."""


def read_ballots(filename: str, extension: str | None) -> BallotFile:
    """The ballots of a file; one that cannot be read ends the command with exit status 2."""
    shown = printable(filename)
    try:
        return read(_bytes(filename), filename, extension)
    except OSError as error:
        click.echo(f"{shown}: {error.strerror}", err=True)
    except Unreadable as error:
        click.echo(f"{shown}: {error.title}", err=True)
        click.echo(error.advice, err=True)
    sys.exit(2)


def _bytes(filename: str) -> bytes:
    """What is in the file, as far as it is looked at at all."""
    if filename == STANDARD:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(filename).open("rb") as file:
        return file.read(MAX_BYTES + 1)


@click.command()
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@click.option("--from", "given", type=click.Choice(list(FORMATS)), help="The format of IN.")
@click.option("--to", "wanted", type=click.Choice(list(FORMATS)), help="The format of OUT.")
def convert(source: str, target: str, given: str | None, wanted: str | None) -> None:
    """Write the ballots of the file IN to the file OUT in another format.

    Formats are told by the extensions, and that of IN also by what is in it; - stands for
    standard input and output. A format that cannot hold all that the ballots say is refused.
    """
    extension = wanted or target.rpartition(".")[2].lower()
    if extension not in FORMATS:
        raise click.UsageError(f"Name the format of {printable(target)} with --to.")
    file = read_ballots(source, given)
    with plain_errors():
        data = write(file, extension)
    if target == STANDARD:
        sys.stdout.buffer.write(data)
    else:
        _save(Path(target), data)
    if not FORMATS[extension].has_head and (file.title or file.seats is not None):
        click.echo(f".{extension} has no place for the title and the number of seats.", err=True)


def _save(path: Path, data: bytes) -> None:
    """Write the file, or end the command with exit status 2."""
    try:
        write_whole(path, data)
    except OSError as error:
        click.echo(f"{printable(str(path))}: {error.strerror}", err=True)
        sys.exit(2)
