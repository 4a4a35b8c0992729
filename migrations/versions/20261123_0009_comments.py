"""Let a comment say what it is about, for whom it speaks, and whether it is shown.

Revises: 0008

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENTS = ("edited_at", "held_at", "hidden_at", "pinned_at", "settled_at", "locked_at")


def upgrade() -> None:
    with op.batch_alter_table("comments", schema=None) as batch_op:
        for name, default in (("anchor", "subject"), ("capacity", "personal")):
            batch_op.add_column(
                sa.Column(name, sa.String(), server_default=default, nullable=False)
            )
        batch_op.add_column(sa.Column("point_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("source_line", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("support", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("edited_late", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        for name in MOMENTS:
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_comments_point_id_output_points"), "output_points", ["point_id"], ["id"]
        )
    op.execute("UPDATE comments SET anchor = 'proposal' WHERE proposal_id IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_comments_point_id_output_points"), type_="foreignkey"
        )
        for name in MOMENTS:
            batch_op.drop_column(name)
        for name in ("edited_late", "support", "version", "language", "source_line", "point_id"):
            batch_op.drop_column(name)
        for name in ("capacity", "anchor"):
            batch_op.drop_column(name)
