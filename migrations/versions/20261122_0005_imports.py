"""Keep drafts of pages, originals, corrections, and what a page said at each import."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SESSIONS = sa.table(
    "forum_sessions",
    *(sa.column(name, sa.JSON() if name in ("record", "corrections") else None) for name in (
        "id", "identity", "record", "digest", "source_name", "source_text", "imported_by",
        "imported_at", "corrections", "page_digest", "page_identity", "revision",
    )),
    sa.column("original", sa.LargeBinary()),
)  # fmt: skip
REVISIONS = sa.table(
    "session_revisions",
    *(sa.column(name, sa.JSON() if name in ("record", "corrections") else None) for name in (
        "session_id", "number", "record", "digest", "source_name", "corrections", "reason",
        "imported_by", "imported_at",
    )),
    sa.column("original", sa.LargeBinary()),
)  # fmt: skip
NEW = ("original", "corrections", "page_digest", "page_identity", "revision")
REASON = "Imported from the session's page."


def upgrade() -> None:
    op.create_table(
        "import_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("unfit", sa.JSON(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(), nullable=True),
        sa.Column("identity", sa.String(), nullable=True),
        sa.Column("page_identity", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("page_digest", sa.String(), nullable=True),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_import_drafts_owner_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_drafts")),
    )
    with op.batch_alter_table("import_drafts") as batch_op:
        batch_op.create_index(batch_op.f("ix_import_drafts_owner_id"), ["owner_id"])
        batch_op.create_index(batch_op.f("ix_import_drafts_identity"), ["identity"])
    op.create_table(
        "session_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("original", sa.LargeBinary(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("imported_by", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["imported_by"], ["people.id"], name=op.f("fk_session_revisions_imported_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["forum_sessions.id"],
            name=op.f("fk_session_revisions_session_id_forum_sessions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_revisions")),
        sa.UniqueConstraint(
            "session_id", "number", name=op.f("uq_session_revisions_session_id_number")
        ),
    )
    _add_columns()
    _fill(op.get_bind())
    with op.batch_alter_table("forum_sessions") as batch_op:
        for name in NEW:
            batch_op.alter_column(name, nullable=False)
        batch_op.create_index(batch_op.f("ix_forum_sessions_page_digest"), ["page_digest"])
        batch_op.create_index(batch_op.f("ix_forum_sessions_page_identity"), ["page_identity"])


def downgrade() -> None:
    with op.batch_alter_table("forum_sessions") as batch_op:
        batch_op.drop_index(batch_op.f("ix_forum_sessions_page_identity"))
        batch_op.drop_index(batch_op.f("ix_forum_sessions_page_digest"))
        for name in NEW:
            batch_op.drop_column(name)
    for table in ("policy_questions", "outputs"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("withdrawn_in")
            batch_op.drop_column("withdrawn_at")
    op.drop_table("session_revisions")
    with op.batch_alter_table("import_drafts") as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_drafts_identity"))
        batch_op.drop_index(batch_op.f("ix_import_drafts_owner_id"))
    op.drop_table("import_drafts")


def _add_columns() -> None:
    with op.batch_alter_table("forum_sessions") as batch_op:
        batch_op.add_column(sa.Column("original", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("corrections", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("page_digest", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("page_identity", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=True))
    for table in ("policy_questions", "outputs"):
        with op.batch_alter_table(table) as batch_op:
            moment = sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True)
            batch_op.add_column(moment)
            batch_op.add_column(sa.Column("withdrawn_in", sa.Integer(), nullable=True))


def _fill(connection: sa.Connection) -> None:
    """Give each stored session its first revision; its text stands for the lost bytes."""
    ids = connection.scalars(sa.select(SESSIONS.c.id).order_by(SESSIONS.c.id)).all()
    for session_id in ids:
        _fill_one(connection, session_id)


def _fill_one(connection: sa.Connection, session_id: Any) -> None:
    row = connection.execute(sa.select(SESSIONS).where(SESSIONS.c.id == session_id)).one()
    original = row.source_text.encode()
    connection.execute(
        SESSIONS.update()
        .where(SESSIONS.c.id == session_id)
        .values(
            original=original,
            corrections={},
            page_digest=row.digest,
            page_identity=row.identity,
            revision=1,
        )
    )
    connection.execute(
        REVISIONS.insert().values(
            session_id=session_id,
            number=1,
            record=row.record,
            digest=row.digest,
            original=original,
            source_name=row.source_name,
            corrections={},
            reason=REASON,
            imported_by=row.imported_by,
            imported_at=row.imported_at,
        )
    )
