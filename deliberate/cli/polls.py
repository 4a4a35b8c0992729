"""Polls from the command line."""

import click

from deliberate.actions.counting import recount
from deliberate.cli.support import open_database
from deliberate.domain.errors import Conflict, NotFound
from deliberate.domain.phases import poll_phase
from deliberate.jobs.worker import run_due_jobs
from deliberate.storage.ballots import count_turnout
from deliberate.storage.database import now
from deliberate.storage.polls import list_all_polls


@click.group()
def polls() -> None:
    """Indicative polls."""


@polls.command(name="list")
def list_all() -> None:
    """List all polls with phase and turnout; no choices are shown."""
    with open_database() as db, db.reading() as reader:
        for poll in list_all_polls(reader):
            turnout = sum(count_turnout(reader, poll.id).values())
            phase = poll_phase(poll, now(reader))
            click.echo(
                f"{poll.id}  {phase}  closes {poll.closes_at:%Y-%m-%d %H:%M} UTC  "
                f"{turnout} ballots  {poll.title}"
            )


@polls.command()
def count() -> None:
    """Count every poll whose time has come, as the worker does."""
    with open_database() as db:
        click.echo(f"{run_due_jobs(db)} jobs done.")


@polls.command(name="recount")
@click.argument("poll_id", type=int)
def recount_one(poll_id: int) -> None:
    """Count the stored ballots of a poll again and compare with what was published."""
    with open_database() as db, db.reading() as reader:
        try:
            found = recount(reader, poll_id)
        except (Conflict, NotFound) as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"published  {found.published}\nrecounted  {found.digest}")
    if not found.is_same:
        raise click.ClickException("The published count does not follow from the stored ballots.")
    click.echo("The count is the same.")
