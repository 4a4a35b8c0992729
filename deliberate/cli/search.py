"""Making the search index anew."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deliberate.cli.support import open_database, plain_errors
from deliberate.storage.search_index import rebuild

INDEXING = "Indexing for search"


@click.group()
def search() -> None:
    """Look after what search finds."""


@search.command("rebuild")
def rebuild_command() -> None:
    """Index every text anew, in batches; the site may be in use meanwhile."""
    with plain_errors(), open_database() as db, indexing() as progress:
        number = rebuild(db, progress)
    click.echo(f"{number} texts can be found.")


@contextmanager
def indexing() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, one line at each quarter anywhere else."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _quarters()
        return
    columns = TextColumn(INDEXING), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(INDEXING)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _quarters() -> Callable[[int, int], None]:
    told = 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        quarter = done * 4 // max(total, 1)
        if quarter > told:
            click.echo(f"{INDEXING}: {quarter * 25}%", err=True)
            sys.stderr.flush()
        told = quarter

    return tell
