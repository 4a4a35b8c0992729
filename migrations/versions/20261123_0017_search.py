"""Keep what can be found, in one form for both databases.

Revises: 0016

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.

The rows are made by `deliberate init` when all migrations have run: they follow from tables that
later migrations may change, and from rules that belong to the code.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    on_sqlite = op.get_context().dialect.name == "sqlite"
    op.create_table(
        "search_format",
        sa.Column("format", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("format", name=op.f("pk_search_format")),
    )
    op.create_table(
        "search_entries",
        sa.Column(
            "id",
            sa.Integer() if on_sqlite else sa.BigInteger(),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("stakeholder_group", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("words", sa.Text() if on_sqlite else postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_search_entries_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["deliberation_id"],
            ["deliberations.id"],
            name=op.f("fk_search_entries_deliberation_id_deliberations"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["forum_sessions.id"],
            name=op.f("fk_search_entries_session_id_forum_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_entries_kind_subject_id")),
    )
    op.create_index(op.f("ix_search_entries_session_id"), "search_entries", ["session_id"])
    if on_sqlite:
        # Tokens come ready made: every letter beyond ASCII belongs to one, and so do "=" and "_".
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5(words, content='search_entries',"
            " content_rowid='id', columnsize=0, tokenize=\"ascii tokenchars '=_'\")"
        )
    else:
        op.create_index(
            op.f("ix_search_entries_words"),
            "search_entries",
            ["words"],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )


def downgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TABLE search_index")
    op.drop_table("search_entries")
    op.drop_table("search_format")
