"""Counting the statements that a page sends to the database."""

import contextlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from deliberate.storage.database import Database


@contextlib.contextmanager
def recorded(db: Database) -> Iterator[list[str]]:
    """The statements sent while the block runs, those that open a transaction left out."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SET")):
            sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
