"""Log what facilitators do to threads, and say who answered and who wrote as a facilitator.

Revises: 0017

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

REFERENCES = (
    ("comment_id", "comments"),
    ("deliberation_id", "deliberations"),
    ("home_id", "deliberations"),
    ("from_parent_id", "comments"),
    ("to_parent_id", "comments"),
    ("answer_id", "comments"),
    ("acted_by", "people"),
    ("undone_by", "people"),
)


def upgrade() -> None:
    op.create_table(
        "thread_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("aspect", sa.String(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=False),
        sa.Column("home_id", sa.Integer(), nullable=False),
        sa.Column("from_parent_id", sa.Integer(), nullable=True),
        sa.Column("to_parent_id", sa.Integer(), nullable=True),
        sa.Column("anchoring", sa.JSON(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("acted_by", sa.Integer(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_thread_acts_{column}_{table}")
            )
            for column, table in REFERENCES
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_acts")),
    )
    with op.batch_alter_table("thread_acts", schema=None) as batch_op:
        for column in ("comment_id", "deliberation_id", "home_id"):
            batch_op.create_index(batch_op.f(f"ix_thread_acts_{column}"), [column], unique=False)
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("by_facilitator", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_comments_answer_id_comments"), "comments", ["answer_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_comments_answer_id_comments"), type_="foreignkey")
        batch_op.drop_column("by_facilitator")
        batch_op.drop_column("answer_id")
    op.drop_table("thread_acts")
