"""Keep drafts of comments, and what comments mention.

Revises: 0018

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deliberation_id"],
            ["deliberations.id"],
            name=op.f("fk_comment_drafts_deliberation_id_deliberations"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_comment_drafts_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_drafts")),
        sa.UniqueConstraint(
            "person_id",
            "deliberation_id",
            "place",
            name=op.f("uq_comment_drafts_person_id_deliberation_id_place"),
        ),
    )
    _create_mentions("mentions", "person_id", "people")
    _create_mentions("proposal_mentions", "proposal_id", "proposals")


def downgrade() -> None:
    op.drop_table("proposal_mentions")
    op.drop_table("mentions")
    op.drop_table("comment_drafts")


def _create_mentions(table: str, column: str, of: str) -> None:
    op.create_table(
        table,
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column(column, sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f(f"fk_{table}_comment_id_comments")
        ),
        sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}")),
        sa.PrimaryKeyConstraint("comment_id", column, name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
