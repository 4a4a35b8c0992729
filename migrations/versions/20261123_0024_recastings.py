"""Keep which proposals were combined or split, and whose consent there is.

Revises: 0023

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recastings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("submission_key", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["deliberation_id"],
            ["deliberations.id"],
            name=op.f("fk_recastings_deliberation_id_deliberations"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["people.id"], name=op.f(f"fk_recastings_{column}_people")
            )
            for column in ("proposed_by", "answered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recastings")),
        sa.UniqueConstraint(
            "proposed_by", "submission_key", name=op.f("uq_recastings_proposed_by_submission_key")
        ),
    )
    op.create_table(
        "recast_originals",
        sa.Column("recasting_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["recasting_id"],
            ["recastings.id"],
            name=op.f("fk_recast_originals_recasting_id_recastings"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposals.id"],
            name=op.f("fk_recast_originals_proposal_id_proposals"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["proposal_versions.id"],
            name=op.f("fk_recast_originals_version_id_proposal_versions"),
        ),
        sa.PrimaryKeyConstraint("recasting_id", "proposal_id", name=op.f("pk_recast_originals")),
    )
    op.create_index(
        op.f("ix_recastings_deliberation_id"), "recastings", ["deliberation_id"], unique=False
    )
    op.create_index(
        op.f("ix_recast_originals_proposal_id"), "recast_originals", ["proposal_id"], unique=False
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recasting_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_proposals_recasting_id_recastings"),
            "recastings",
            ["recasting_id"],
            ["id"],
        )
        batch_op.create_index(
            batch_op.f("ix_proposals_recasting_id"), ["recasting_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposals_recasting_id"))
        batch_op.drop_constraint(
            batch_op.f("fk_proposals_recasting_id_recastings"), type_="foreignkey"
        )
        batch_op.drop_column("replaced_at")
        batch_op.drop_column("recasting_id")
    op.drop_table("recast_originals")
    op.drop_table("recastings")
