"""Keep amendments that people suggest to proposals.

Revises: 0022

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0022"
branch_labels = None
depends_on = None

REFERENCES = (
    ("proposal_id", "proposals"),
    ("version_id", "proposal_versions"),
    ("author_id", "people"),
    ("answered_by", "people"),
    ("made_version_id", "proposal_versions"),
    ("made_proposal_id", "proposals"),
)


def upgrade() -> None:
    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_group", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("rationale", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("submission_key", sa.String(), nullable=False),
        sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_version_id", sa.Integer(), nullable=True),
        sa.Column("made_proposal_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_amendments_{column}_{table}")
            )
            for column, table in REFERENCES
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sa.UniqueConstraint(
            "author_id", "submission_key", name=op.f("uq_amendments_author_id_submission_key")
        ),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        for column in ("proposal_id", "made_version_id", "made_proposal_id"):
            batch_op.create_index(batch_op.f(f"ix_amendments_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("amendments")
