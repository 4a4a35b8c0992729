"""Collect comments into arguments, with answers, and set others aside.

Revises: 0010

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arguments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("submission_key", sa.String(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by", sa.Integer(), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["deliberation_id"],
            ["deliberations.id"],
            name=op.f("fk_arguments_deliberation_id_deliberations"),
        ),
        sa.ForeignKeyConstraint(
            ["edited_by"], ["people.id"], name=op.f("fk_arguments_edited_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["arguments.id"], name=op.f("fk_arguments_merged_into_id_arguments")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["people.id"], name=op.f("fk_arguments_written_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arguments")),
        sa.UniqueConstraint(
            "written_by", "submission_key", name=op.f("uq_arguments_written_by_submission_key")
        ),
    )
    with op.batch_alter_table("arguments", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_arguments_deliberation_id"), ["deliberation_id"], unique=False
        )

    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=False),
        sa.Column("asking_argument_id", sa.Integer(), nullable=True),
        sa.Column("asking_comment_id", sa.Integer(), nullable=True),
        sa.Column("argument_id", sa.Integer(), nullable=True),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(argument_id IS NULL) <> (comment_id IS NULL)", name=op.f("ck_answers_one_answers")
        ),
        sa.CheckConstraint(
            "(asking_argument_id IS NULL) <> (asking_comment_id IS NULL)",
            name=op.f("ck_answers_one_asks"),
        ),
        sa.ForeignKeyConstraint(
            ["argument_id"], ["arguments.id"], name=op.f("fk_answers_argument_id_arguments")
        ),
        sa.ForeignKeyConstraint(
            ["asking_argument_id"],
            ["arguments.id"],
            name=op.f("fk_answers_asking_argument_id_arguments"),
        ),
        sa.ForeignKeyConstraint(
            ["asking_comment_id"],
            ["comments.id"],
            name=op.f("fk_answers_asking_comment_id_comments"),
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_answers_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["deliberation_id"],
            ["deliberations.id"],
            name=op.f("fk_answers_deliberation_id_deliberations"),
        ),
        sa.ForeignKeyConstraint(
            ["marked_by"], ["people.id"], name=op.f("fk_answers_marked_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_answers_deliberation_id"), ["deliberation_id"], unique=False
        )

    op.create_table(
        "citations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("argument_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("excerpt", sa.String(), nullable=False),
        sa.Column("comment_version", sa.Integer(), nullable=False),
        sa.Column("cited_by", sa.Integer(), nullable=False),
        sa.Column("cited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["argument_id"], ["arguments.id"], name=op.f("fk_citations_argument_id_arguments")
        ),
        sa.ForeignKeyConstraint(
            ["cited_by"], ["people.id"], name=op.f("fk_citations_cited_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_citations_comment_id_comments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citations")),
        sa.UniqueConstraint(
            "argument_id", "comment_id", name=op.f("uq_citations_argument_id_comment_id")
        ),
    )
    with op.batch_alter_table("citations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citations_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "waivers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("waived_by", sa.Integer(), nullable=False),
        sa.Column("waived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_waivers_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["waived_by"], ["people.id"], name=op.f("fk_waivers_waived_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waivers")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_waivers_comment_id")),
    )


def downgrade() -> None:
    for table in ("waivers", "citations", "answers", "arguments"):
        op.drop_table(table)
