"""What the commands share: the database they work on and how they fail."""

import contextlib
import logging
import sys
from collections.abc import Iterator

import click
import structlog
from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError

from deliberate.domain.errors import DomainError, Invalid
from deliberate.settings import Settings
from deliberate.storage.database import Database


def settings() -> Settings:
    """The settings, or one clear line about each variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"DELIBERATE_{str(detail['loc'][0]).upper() if detail['loc'] else '*'}: {detail['msg']}"
            for detail in error.errors()
        ]
        raise click.ClickException("\n".join(lines)) from error


@contextlib.contextmanager
def open_database() -> Iterator[Database]:
    """The configured database, closed again in the end."""
    db = Database(settings().database_url)
    try:
        yield db
    finally:
        db.dispose()


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what the domain refuses into one line on standard error and exit status 2."""
    try:
        yield
    except DomainError as error:
        fields = error.fields.values() if isinstance(error, Invalid) else ()
        click.echo(" ".join((error.title, *(fields or filter(None, [error.advice])))), err=True)
        sys.exit(2)
    except DatabaseError as error:
        click.echo(f"The database cannot be used: {error.orig}", err=True)
        click.echo("Run `deliberate init` to create it or bring it up to date.", err=True)
        sys.exit(2)


def log_to_stderr(form: str) -> None:
    """Log one event a line, as text for people or as JSON for machines."""
    renderer = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
