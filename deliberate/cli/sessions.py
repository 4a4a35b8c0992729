"""Session pages from the command line: read, import, list, export."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten

import click
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deliberate.actions.forum import get_session
from deliberate.cli.folders import find_pages
from deliberate.cli.imports import FileResult, Importer, in_one_line, load_page
from deliberate.cli.reports import printable, table, write_report, write_whole
from deliberate.cli.support import open_database, plain_errors
from deliberate.domain.errors import Invalid, NotFound
from deliberate.domain.people import Actor
from deliberate.inputs.texts import Reason
from deliberate.policy import Can, require
from deliberate.storage.database import Database
from deliberate.storage.forum import get_original, list_sessions
from deliberate.storage.people import find_actor, find_person_by_email

INTERRUPTED = 130
LONGEST_QUOTE = 60
REASON = TypeAdapter[str](Reason)


@click.group()
def sessions() -> None:
    """Forum sessions and their pages."""


@sessions.command()
@click.argument("file")
def read(file: str) -> None:
    """Print what the session page FILE says, as JSON; nothing is stored.

    What is doubtful follows on standard error, each doubt with its line.
    """
    with plain_errors():
        try:
            page, _upload = load_page(file)
        except Invalid as error:
            raise Invalid(f"{printable(file)}: {in_one_line(error)}") from error
    text = json.dumps(page.as_json(), ensure_ascii=False, indent=2) + "\n"
    # As bytes: JSON is UTF-8 (RFC 8259, section 8.1) whatever the terminal's locale.
    click.echo(text.encode(), nl=False)
    for doubt in page.doubts:
        words = printable(page.lines[doubt.line - 1])
        click.echo(f"Line {doubt.line}: {doubt.sentence} {shorten(words, LONGEST_QUOTE)}", err=True)


@sessions.command(name="import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--by", "email", required=True, help="Address of the MAG member who imports.")
@click.option("--dry-run", is_flag=True, help="Read and report everything, store nothing.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE.json",
    help="Write what became of each file, with every doubt, for programs.",
)
@click.option("--revise", is_flag=True, help="Store a page that changed as a further revision.")
@click.option("--reason", help="What changed, for everybody to read; goes with --revise.")
def import_all(
    paths: tuple[str, ...],
    email: str,
    dry_run: bool,
    report: Path | None,
    revise: bool,
    reason: str | None,
) -> None:
    """Store session pages: files, and all .txt, .html and .htm files in folders.

    Hidden files and folders are left out. Each page is stored by itself, so one that cannot be
    read stops none of the others. A page that is stored already changes nothing.

    The exit code is 0 when every page is stored, 2 when one is not.
    """
    why = _reason(reason, revise=revise)
    if report and not report.absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder {report.parent} to write the report to.")
    with open_database() as db, plain_errors():
        importer = Importer(db, _find_importer(db, email), why, is_dry=dry_run)
        results: list[FileResult] = []
        try:
            _import(importer, find_pages(paths), results)
        except KeyboardInterrupt:
            click.echo("Interrupted. What is listed is done; start again for the rest.", err=True)
            sys.exit(INTERRUPTED)
        finally:
            _tell(importer, results, report)
    if not all(result.outcome.is_fine for result in results):
        sys.exit(2)


@sessions.command(name="list")
def list_all() -> None:
    """List the stored sessions, the newest year first."""
    with open_database() as db, db.reading() as reader:
        for session in list_sessions(reader):
            click.echo(f"{session.slug}  {session.title}")


@sessions.command()
@click.argument("slug")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write to a file instead of the terminal.",
)
def export(slug: str, output: Path | None) -> None:
    """Print the page that the session SLUG was last read from, byte for byte as it was sent."""
    with plain_errors(), open_database() as db, db.reading() as reader:
        page = get_original(reader, get_session(reader, slug).id)
        if output is None:
            click.echo(page, nl=False)
            return
        try:
            write_whole(output, page)
        except OSError as error:
            raise Invalid(f"This cannot be written: {error.strerror}.") from error


def _reason(reason: str | None, *, revise: bool) -> str | None:
    """The reason of revisions, as the web would take it."""
    if revise is (reason is None):
        raise click.UsageError("--revise and --reason go together.")
    try:
        return None if reason is None else REASON.validate_python(reason)
    except ValidationError as error:
        raise click.UsageError(f"--reason: {error.errors()[0]['msg']}.") from error


def _find_importer(db: Database, email: str) -> Actor:
    """The person with this address. Raises `NotFound`, or `Refused` if they may not import."""
    with db.reading() as reader:
        person = find_person_by_email(reader, email)
        actor = find_actor(reader, person.id) if person else None
    if actor is None:
        raise NotFound(f"Nobody is registered as {email}.")
    require(actor, Can.IMPORT_SESSION)
    return actor


def _import(importer: Importer, files: Sequence[str], results: list[FileResult]) -> None:
    """Take one file after the other, with a bar on standard error when somebody looks at it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, disable=not sys.stderr.isatty(), transient=True
    ) as bar:
        for file in bar.track(files, description="Reading pages"):
            # One by one, so that what is done is told even when the rest is interrupted.
            results.append(importer.take(file))  # noqa: PERF401


def _tell(importer: Importer, results: Sequence[FileResult], report: Path | None) -> None:
    """Print the summary, and write the report where one is asked for."""
    is_revising = importer.reason is not None
    for line in table(results, is_dry=importer.is_dry, is_revising=is_revising):
        click.echo(line)
    if report:
        try:
            write_report(report, results, is_dry=importer.is_dry)
        except OSError as error:
            raise Invalid(f"The report cannot be written: {error.strerror}.") from error
