"""Session pages from the command line: read, import, list."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deliberate.actions.forum import Upload, import_session
from deliberate.cli.support import open_database, plain_errors
from deliberate.domain.errors import DomainError, Invalid, NotFound
from deliberate.domain.people import Actor
from deliberate.importing import SessionPage, read_page
from deliberate.importing.text import LARGEST, decode
from deliberate.policy import Can, require
from deliberate.storage.database import Database
from deliberate.storage.forum import list_sessions
from deliberate.storage.people import find_actor, find_person_by_email


@click.group()
def sessions() -> None:
    """Forum sessions and their pages."""


@sessions.command()
@click.argument("file")
def read(file: str) -> None:
    """Print what the session page FILE says, as JSON; nothing is stored."""
    with plain_errors():
        try:
            page, _upload = _load(file)
        except Invalid as error:
            raise Invalid(f"{_shown(file)}: {_one_line(error)}") from error
    text = json.dumps(page.as_json(), ensure_ascii=False, indent=2) + "\n"
    # As bytes: JSON is UTF-8 (RFC 8259, section 8.1) whatever the terminal's locale.
    click.echo(text.encode(), nl=False)


@sessions.command(name="import")
@click.argument("files", nargs=-1, required=True)
@click.option("--by", "email", required=True, help="Address of the MAG member who imports.")
def import_all(files: tuple[str, ...], email: str) -> None:
    """Store the session pages FILES; a page stored before changes nothing."""
    refused = 0
    with open_database() as db:
        with plain_errors():
            actor = _find_importer(db, email)
        with _progress() as progress:
            for file in progress.track(files, description="Importing"):
                try:
                    click.echo(_import(db, actor, file))
                except DomainError as error:
                    click.echo(f"refused    {_shown(file)}: {_one_line(error)}")
                    refused += 1
    if refused:
        sys.exit(2)


@sessions.command(name="list")
def list_all() -> None:
    """List the stored sessions, the newest year first."""
    with open_database() as db, db.reading() as reader:
        for session in list_sessions(reader):
            click.echo(f"{session.slug}  {session.title}")


def _load(file: str) -> tuple[SessionPage, Upload]:
    """The page as read and as it came. Raises `Invalid` for anything that is no session page."""
    path = Path(file)
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise Invalid(f"This cannot be read: {why}.") from error
    text = decode(data)
    return read_page(text, path.name), Upload(path.name, text)


def _one_line(error: DomainError) -> str:
    return f"{error.title} {error.advice}".rstrip()


def _find_importer(db: Database, email: str) -> Actor:
    """The person with this address. Raises `NotFound`, or `Refused` if they may not import."""
    with db.reading() as reader:
        person = find_person_by_email(reader, email)
        actor = find_actor(reader, person.id) if person else None
    if actor is None:
        raise NotFound(f"Nobody is registered as {email}.")
    require(actor, Can.IMPORT_SESSION)
    return actor


def _import(db: Database, actor: Actor, file: str) -> str:
    """Store one file in a transaction of its own, and say what became of it."""
    page, upload = _load(file)
    with db.writing() as tx:
        session, is_new = import_session(tx, actor, page, upload)
        return f"{'imported' if is_new else 'unchanged':<10} {_shown(file)}: {session.slug}"


def _shown(file: str) -> str:
    """A file's name as it can be printed on one line, whatever bytes it is made of."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in file
    )


def _progress() -> Progress:
    """A bar on standard error, only when somebody looks at it.

    Rich would take standard output's lines to standard error; it may only where both are the
    same terminal.
    """
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        redirect_stdout=sys.stdout.isatty(),
        transient=True,
    )
