"""How many statements a page sends to the database."""

import contextlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from deliberate.storage.database import Database

LIMIT = 8
"""What a page may need at most, the actor's own two statements included."""


@contextlib.contextmanager
def recorded_queries(db: Database) -> Iterator[list[str]]:
    """The SELECT statements sent while the block runs, as SQL."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
