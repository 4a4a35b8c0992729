"""Run migrations on SQLite and PostgreSQL, one transaction each."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.runtime.migration import MigrationContext

from deliberate.storage.migrate import is_described
from deliberate.storage.tables import Base
from deliberate.storage.types import UtcTime, Word

TIMEOUTS = "-c lock_timeout=5s -c statement_timeout=300s"


def run() -> None:
    """Connect, guard the rows of SQLite tables that are rebuilt, and migrate.

    SQLite changes a table by copying it and dropping the old one. With foreign keys enforced,
    that drop deletes every row that refers to the table, so enforcement is off on this
    connection and the references are checked at the end of each migration instead.
    """
    url = sa.make_url(context.config.get_main_option("sqlalchemy.url") or "")
    is_sqlite = url.get_backend_name() == "sqlite"
    arguments = {} if is_sqlite else {"options": TIMEOUTS}
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, connect_args=arguments)
    if is_sqlite:
        prepare_sqlite(engine)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_server_default=True,
            transaction_per_migration=True,
            transactional_ddl=True,
            on_version_apply=check_references if is_sqlite else None,
            render_item=render_item,
            include_name=is_described,
        )
        with context.begin_transaction():
            context.run_migrations()


def prepare_sqlite(engine: sa.Engine) -> None:
    """Begin transactions where they begin, so that a migration that fails leaves nothing.

    Python's driver would begin one at the first change of a row and leave changes of tables out.
    """

    @sa.event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=OFF")

    @sa.event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types into migrations as what they are in the database.

    A migration must go on meaning the same when the code that made it has changed.
    """
    if kind == "type" and isinstance(item, UtcTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Word):
        return "sa.String()"
    return False


def check_references(ctx: MigrationContext, *_: Any, **_step: Any) -> None:
    """Raise RuntimeError, which undoes the migration, when a row lost the row it refers to."""
    assert ctx.connection is not None, "there is one outside offline mode"  # noqa: S101
    broken = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"{len(broken)} rows lost what they refer to, first: {broken[0]}")


run()
