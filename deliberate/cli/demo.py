"""Loading the demonstration and saying how to sign in to it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from deliberate.cli.support import open_database, plain_errors, settings
from deliberate.demo import PASSWORD, SIGN_INS, has_demo, is_empty, load_demo
from deliberate.domain.errors import Conflict

LOADING = "Loading the demonstration"


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds something.")
@click.option(
    "--url",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Where the site will be, for the printed addresses.",
)
def demo(if_empty: bool, url: str) -> None:
    """Fill an empty database with invented people and discussions."""
    with plain_errors(), open_database() as db:
        if settings().production:
            raise Conflict(
                "The demonstration is not for production:", "everybody knows its password."
            )
        with db.reading() as reader:
            found_empty, found_demo = is_empty(reader), has_demo(reader)
        if found_empty or not if_empty:
            with _progress() as progress:
                load_demo(db, progress)
        elif not found_demo:
            click.echo("The database is in use; no demonstration was loaded.")
            return
    _print_accounts(url.rstrip("/"))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal, one line at each quarter anywhere else."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _print_quarters
        return
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%")
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(LOADING)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print_quarters(done: int, total: int) -> None:
    if done * 4 // total > (done - 1) * 4 // total:
        click.echo(f"{LOADING}: {done * 4 // total * 25}%", err=True)
        sys.stderr.flush()


def _print_accounts(url: str) -> None:
    click.echo(f"The demonstration is at {url}. Reading needs no account.")
    click.echo(f"To take part, sign in at {url}/sign-in with the password: {PASSWORD}")
    for account in SIGN_INS:
        click.echo(f"  {account.role:<12} {account.email:<20} {account.to_do}")
