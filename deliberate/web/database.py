"""The request's database: one reading session for what is shown, short writing ones for acts."""

import contextlib
from collections.abc import Iterator

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from deliberate.storage.database import Database


def init(app: Flask, db: Database) -> None:
    """Give the app its database and close each request's reading session."""
    app.extensions["deliberate.database"] = db
    app.teardown_appcontext(lambda _error: _end_reading())


def database() -> Database:
    """The app's database."""
    db: Database = current_app.extensions["deliberate.database"]
    return db


def reader() -> Session:
    """The reading session of this request, opened when first asked for."""
    if "reading" not in g:
        g.reading = contextlib.ExitStack()
        g.reader = g.reading.enter_context(database().reading())
    session: Session = g.reader
    return session


@contextlib.contextmanager
def writing() -> Iterator[Session]:
    """One transaction. Reading sessions from before and from meanwhile end with it.

    They would go on seeing the world as it was, and the answer would show that.
    """
    _end_reading()
    try:
        with database().writing() as tx:
            yield tx
    finally:
        _end_reading()


def _end_reading() -> None:
    stack = g.pop("reading", None)
    g.pop("reader", None)
    if stack is not None:
        stack.close()
