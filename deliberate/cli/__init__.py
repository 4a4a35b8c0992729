"""The `deliberate` command."""

import click

from deliberate.cli.ballot_files import convert
from deliberate.cli.demo import demo
from deliberate.cli.people import people
from deliberate.cli.polls import polls
from deliberate.cli.search import search
from deliberate.cli.server import init, serve, worker
from deliberate.cli.sessions import sessions
from deliberate.cli.tally import tally


@click.group()
@click.version_option(package_name="deliberate")
def main() -> None:
    """Multistakeholder deliberation on what forum sessions leave behind."""


for command in (init, demo, serve, worker, sessions, people, polls, search, tally, convert):
    main.add_command(command)
