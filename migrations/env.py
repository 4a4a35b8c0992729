"""Run migrations on SQLite and PostgreSQL, one transaction each."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from deliberate.storage.tables import Base
from deliberate.storage.types import UtcTime, Word

TIMEOUTS = "-c lock_timeout=5s -c statement_timeout=300s"


def run() -> None:
    """Connect, guard the rows of SQLite tables that are rebuilt, and migrate.

    SQLite changes a table by copying it and dropping the old one. With foreign keys enforced,
    that drop deletes every row that refers to the table, so enforcement is off on this
    connection and the references are checked afterwards instead.
    """
    url = sa.make_url(context.config.get_main_option("sqlalchemy.url") or "")
    is_sqlite = url.get_backend_name() == "sqlite"
    arguments = {} if is_sqlite else {"options": TIMEOUTS}
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, connect_args=arguments)
    with engine.connect() as connection:
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        migrate(connection)
        if is_sqlite:
            check_references(connection)


def migrate(connection: sa.Connection) -> None:
    """Apply the revisions that were asked for."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_server_default=True,
        transaction_per_migration=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types into migrations as what they are in the database.

    A migration must go on meaning the same when the code that made it has changed.
    """
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Word):
        return "sa.String()"
    return False


def check_references(connection: sa.Connection) -> None:
    """Raise RuntimeError when a migration left a row without the row it refers to."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"{len(broken)} rows lost what they refer to, first: {broken[0]}")


run()
