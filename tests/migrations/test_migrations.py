"""Claims about migrations: they make the tables of the code, keep rows, and can be undone."""

import ast
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from deliberate.storage import migrate
from deliberate.storage.database import Database
from deliberate.storage.deliberations import Deliberation
from deliberate.storage.tables import Base
from tests.support.clock import FakeClock
from tests.support.world import make_world

HEADER = '''"""{title}."""
import sqlalchemy as sa
from alembic import op
revision = "{revision}"
down_revision = "{down}"
branch_labels = None
depends_on = None
'''
SHELVES = """
def upgrade():
    op.create_table("shelves", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("name", sa.String(), nullable=False))
    op.create_table("books", sa.Column("id", sa.Integer(), primary_key=True),
                    sa.Column("shelf_id", sa.Integer(),
                              sa.ForeignKey("shelves.id", ondelete="CASCADE"), nullable=False))
    op.execute("INSERT INTO shelves (id, name) VALUES (1, 'poems')")
    op.execute("INSERT INTO books (id, shelf_id) VALUES (1, 1), (2, 1)")

def downgrade():
    op.drop_table("books")
    op.drop_table("shelves")
"""
REBUILD = """
def rebuild(table):
    # Only SQLite changes tables by copying them; PostgreSQL would refuse to.
    on_sqlite = op.get_context().dialect.name == "sqlite"
    return op.batch_alter_table(table, recreate="always" if on_sqlite else "never")

def upgrade():
    for table in ("shelves", "people", "polls"):
        with rebuild(table) as batch:
            batch.add_column(sa.Column("note", sa.String(), nullable=True))

def downgrade():
    for table in ("shelves", "people", "polls"):
        with rebuild(table) as batch:
            batch.drop_column("note")
"""
FAILING = """
def upgrade():
    op.add_column("people", sa.Column("note", sa.String(), nullable=True))
    op.execute("UPDATE people SET name = 'lost'")
    op.execute("SELECT * FROM no_such_table")

def downgrade():
    op.drop_column("people", "note")
"""
ORPHANING = """
def upgrade():
    op.execute("DELETE FROM people")

def downgrade():
    pass
"""


def head() -> str:
    """The newest revision."""
    found = ScriptDirectory.from_config(migrate.config("sqlite://")).get_current_head()
    assert found is not None
    return found


def revisions() -> list[str]:
    """Every revision, the newest first."""
    script = ScriptDirectory.from_config(migrate.config("sqlite://"))
    return [each.revision for each in script.walk_revisions()]


def differences(url: str) -> list[Any]:
    """What the tables of this database lack or have too much, compared with the code."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            options = {
                "compare_type": True,
                "compare_server_default": True,
                "include_name": migrate.is_described,
            }
            context = MigrationContext.configure(connection, opts=options)
            return list(compare_metadata(context, Base.metadata))
    finally:
        engine.dispose()


def tables(url: str) -> set[str]:
    """The names of the tables there are, but for the parts of SQLite's full-text index."""
    engine = sa.create_engine(url)
    try:
        names = sa.inspect(engine).get_table_names()
        return {name for name in names if migrate.is_described(name, "table", {})}
    finally:
        engine.dispose()


def read_all(connection: sa.Connection, table: str) -> Sequence[sa.Row[Any]]:
    """Every row of one table, columns as the database has them."""
    return connection.execute(sa.select(sa.text("*")).select_from(sa.table(table))).all()


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the database has it."""
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return {
                name: sorted((tuple(row) for row in read_all(connection, name)), key=repr)
                for name in sorted(tables(url))
            }
    finally:
        engine.dispose()


def fill(url: str) -> None:
    """Rows in every table, made through the product's own actions."""
    db = Database(url, clock := FakeClock())
    make_world(db, clock)
    db.dispose()


def scratch(url: str, folder: Path, *bodies: str) -> Config:
    """The product's migrations and, behind them, some of a test's own."""
    down = head()
    for number, body in enumerate(bodies, start=1):
        revision = f"scratch{number}"
        header = HEADER.format(title="Try something", revision=revision, down=down)
        (folder / f"{revision}.py").write_text(header + body)
        down = revision
    config = migrate.config(url)
    places = [str(migrate.ROOT / "migrations" / "versions"), str(folder)]
    config.set_main_option("version_locations", os.pathsep.join(places))
    return config


def test_the_migrations_make_the_tables_of_the_code(empty_url: str) -> None:
    """Ensure no table, column, index or constraint is in the one and not in the other."""
    migrate.upgrade(empty_url)

    assert differences(empty_url) == []
    command.check(migrate.config(empty_url))


def test_a_difference_would_be_noticed(empty_url: str) -> None:
    """Ensure the comparison above can fail."""
    migrate.upgrade(empty_url)
    engine = sa.create_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP INDEX ix_jobs_due"))
        connection.execute(sa.text("ALTER TABLE people ADD COLUMN note VARCHAR"))
    engine.dispose()

    assert {difference[0] for difference in differences(empty_url)} == {
        "add_index",
        "remove_column",
    }


def test_every_table_has_rows(filled_url: str) -> None:
    """Ensure the tests of migrations with rows leave no table out."""
    assert [name for name, found in rows(filled_url).items() if not found] == []


def test_every_step_can_be_undone_and_done_again_with_rows(filled_url: str) -> None:
    """Ensure a release can be taken back while the database is in use."""
    for revision in revisions():
        migrate.downgrade(filled_url, f"{revision}-1" if revision != revisions()[-1] else "base")
    assert tables(filled_url) <= {"alembic_version"}

    migrate.upgrade(filled_url)

    assert differences(filled_url) == []
    fill(filled_url)


def test_rounds_are_not_undone(filled_url: str) -> None:
    """Ensure a step back that would lose contributions is refused and leaves everything."""
    db = Database(filled_url, FakeClock())
    with db.writing() as tx:
        tx.execute(sa.update(Deliberation).where(Deliberation.id == 1).values(round=2))
    db.dispose()
    migrate.downgrade(filled_url, "0007")
    before = rows(filled_url)

    with pytest.raises(RuntimeError, match="1 of them are later rounds"):
        migrate.downgrade(filled_url, "0006")

    assert rows(filled_url) == before


def test_migrating_twice_changes_nothing(filled_url: str) -> None:
    """Ensure starting a newer version again and again does no harm."""
    before = rows(filled_url)

    migrate.upgrade(filled_url)

    assert rows(filled_url) == before


def test_a_database_knows_whether_it_is_current(empty_url: str) -> None:
    """Ensure readiness is told from the tables there are."""
    engine = sa.create_engine(empty_url)
    assert not migrate.is_current(engine)

    migrate.upgrade(empty_url)

    assert migrate.is_current(engine)
    engine.dispose()


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(
    filled_url: str, tmp_path: Path
) -> None:
    """Ensure the copy that SQLite makes of a table does not cascade through its children."""
    config = scratch(filled_url, tmp_path, SHELVES, REBUILD)
    command.upgrade(config, "scratch1")
    before = rows(filled_url)

    command.upgrade(config, "scratch2")

    after = rows(filled_url)
    assert after["books"] == [(1, 1), (2, 1)]
    for name in before.keys() - {"alembic_version", "shelves", "people", "polls"}:
        assert after[name] == before[name], name
    for name in ("shelves", "people", "polls"):
        assert [row[:-1] for row in after[name]] == before[name]

    command.downgrade(config, "scratch1")
    assert rows(filled_url) == before


def test_the_trap_is_real(tmp_path: Path) -> None:
    """Ensure the test above would notice: with foreign keys enforced, the children vanish."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'trap.sqlite3'}")
    with engine.connect() as connection:
        for statement in (
            "PRAGMA foreign_keys=ON",
            "CREATE TABLE shelves (id INTEGER PRIMARY KEY)",
            "CREATE TABLE books (shelf_id INTEGER REFERENCES shelves (id) ON DELETE CASCADE)",
            "INSERT INTO shelves VALUES (1)",
            "INSERT INTO books VALUES (1)",
            "DROP TABLE shelves",
        ):
            connection.execute(sa.text(statement))
        assert connection.execute(sa.text("SELECT count(*) FROM books")).scalar() == 0
    engine.dispose()


def test_a_migration_that_fails_leaves_everything_as_it_was(
    filled_url: str, tmp_path: Path
) -> None:
    """Ensure a release that cannot migrate can be mended and tried again."""
    before = rows(filled_url)
    config = scratch(filled_url, tmp_path, FAILING)

    with pytest.raises(sa.exc.DBAPIError, match="no_such_table"):
        command.upgrade(config, "scratch1")

    assert rows(filled_url) == before
    assert differences(filled_url) == []


def test_a_migration_cannot_leave_rows_without_what_they_refer_to(
    filled_url: str, tmp_path: Path
) -> None:
    """Ensure references hold after a migration although SQLite did not watch them during it."""
    before = rows(filled_url)
    config = scratch(filled_url, tmp_path, ORPHANING)

    with pytest.raises((RuntimeError, sa.exc.IntegrityError)):
        command.upgrade(config, "scratch1")

    assert rows(filled_url) == before


def test_there_is_one_way_forward() -> None:
    """Ensure two people's migrations stand in one line."""
    script = ScriptDirectory.from_config(migrate.config("sqlite://"))

    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_every_migration_says_what_it_does() -> None:
    """Ensure each file begins with a sentence, and can be undone."""
    files = sorted((migrate.ROOT / "migrations" / "versions").glob("*.py"))
    assert files

    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        first_line = (ast.get_docstring(tree) or "").splitlines()[0]
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert first_line.endswith("."), path.name
        assert not isinstance(functions["downgrade"].body[0], ast.Pass), path.name
