"""Give proposals a rationale, notes on their versions, the point they answer, and drafts.

Revises: 0011

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TEXTS = ("rationale", "rationale_html", "note")


def upgrade() -> None:
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("point_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_proposals_point_id_output_points"), "output_points", ["point_id"], ["id"]
        )
    with op.batch_alter_table("proposal_versions", schema=None) as batch_op:
        for name in TEXTS:
            batch_op.add_column(
                sa.Column(name, sa.String(), server_default=sa.text("''"), nullable=False)
            )
        batch_op.add_column(sa.Column("submission_key", sa.String(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_proposal_versions_proposal_id_submission_key"),
            ["proposal_id", "submission_key"],
        )
    op.create_table(
        "proposal_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("base_number", sa.Integer(), nullable=True),
        sa.Column("point_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("rationale", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("submission_key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_proposal_drafts_author_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["deliberation_id"],
            ["deliberations.id"],
            name=op.f("fk_proposal_drafts_deliberation_id_deliberations"),
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_drafts_proposal_id_proposals")
        ),
        sa.ForeignKeyConstraint(
            ["point_id"],
            ["output_points.id"],
            name=op.f("fk_proposal_drafts_point_id_output_points"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_drafts")),
        sa.UniqueConstraint(
            "author_id",
            "submission_key",
            name=op.f("uq_proposal_drafts_author_id_submission_key"),
        ),
    )
    with op.batch_alter_table("proposal_drafts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_drafts_deliberation_id"), ["deliberation_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("proposal_drafts")
    with op.batch_alter_table("proposal_versions", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_proposal_versions_proposal_id_submission_key"), type_="unique"
        )
        batch_op.drop_column("submission_key")
        for name in TEXTS:
            batch_op.drop_column(name)
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_proposals_point_id_output_points"), type_="foreignkey"
        )
        batch_op.drop_column("point_id")
