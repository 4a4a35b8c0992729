"""Let acts of curation be taken back, and mark what curators added by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("curation_decisions") as batch_op:
        batch_op.add_column(sa.Column("restores", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("undoes_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_curation_decisions_undoes_id"), ["undoes_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_curation_decisions_undoes_id_curation_decisions"),
            "curation_decisions",
            ["undoes_id"],
            ["id"],
        )
    for table in ("policy_questions", "outputs"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(
                sa.Column("is_added", sa.Boolean(), server_default=sa.false(), nullable=False)
            )
            batch_op.add_column(
                sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True)
            )


def downgrade() -> None:
    for table in ("policy_questions", "outputs"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("taken_back_at")
            batch_op.drop_column("is_added")
    with op.batch_alter_table("curation_decisions") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_curation_decisions_undoes_id_curation_decisions"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("uq_curation_decisions_undoes_id"), type_="unique")
        batch_op.drop_column("undoes_id")
        batch_op.drop_column("restores")
