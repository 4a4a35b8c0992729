"""Bringing a database to the tables this version needs."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from deliberate.storage.database import Database
from deliberate.storage.search_index import Progress, ensure_format

ROOT = Path(__file__).resolve().parents[2]


def config(url: str) -> Config:
    """Alembic's configuration for a database; no file holds an address or a password."""
    configuration = Config()
    configuration.set_main_option("script_location", str(ROOT / "migrations"))
    configuration.set_main_option("path_separator", "os")
    configuration.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return configuration


def upgrade(url: str, revision: str = "head", progress: Progress | None = None) -> None:
    """Apply every migration up to a revision, each in a transaction of its own.

    At the newest one, what can be found is indexed unless it is already; `progress` is told how
    many texts of how many.
    """
    command.upgrade(config(url), revision)
    if revision == "head":
        db = Database(url)
        ensure_format(db, progress)
        db.dispose()


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """Whether the code's tables describe this table or index.

    What each database matches words with, only the migrations know.
    """
    own = {"table": "search_index", "index": "ix_search_entries_words"}
    return kind not in own or not (name or "").startswith(own[kind])


def downgrade(url: str, revision: str) -> None:
    """Undo migrations down to a revision."""
    command.downgrade(config(url), revision)


def is_current(engine: sa.Engine) -> bool:
    """Whether the newest migration was applied."""
    head = ScriptDirectory.from_config(config(str(engine.url))).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
