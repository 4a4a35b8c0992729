"""Keep reactions and how far people have read, and index discussions for reading in stretches.

Revises: 0015

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SHOWN = "retracted_at IS NULL AND hidden_at IS NULL AND held_at IS NULL"
PARTIAL = {
    "ix_comments_roots": (["deliberation_id", "id"], "depth = 0"),
    "ix_comments_support": (["deliberation_id", "support", "id"], "depth = 0"),
    "ix_comments_branches": (["deliberation_id", "path"], "held_at IS NULL"),
    "ix_comments_pinned": (["deliberation_id"], "pinned_at IS NOT NULL"),
    "ix_comments_shown": (["deliberation_id", "id"], SHOWN),
}


def upgrade() -> None:
    op.create_table(
        "comment_reactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reaction", sa.String(), nullable=False),
        sa.Column("stakeholder_group", sa.String(), nullable=False),
        sa.Column("reacted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_comment_reactions_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_comment_reactions_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_reactions")),
        sa.UniqueConstraint(
            "comment_id", "person_id", name=op.f("uq_comment_reactions_comment_id_person_id")
        ),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=False),
        sa.Column("read_id", sa.Integer(), nullable=False),
        sa.Column("seen_id", sa.Integer(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deliberation_id"],
            ["deliberations.id"],
            name=op.f("fk_visits_deliberation_id_deliberations"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_visits_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint(
            "person_id", "deliberation_id", name=op.f("uq_visits_person_id_deliberation_id")
        ),
    )
    op.add_column("comments", sa.Column("reactions", sa.JSON(), nullable=True))
    op.create_index(op.f("ix_comments_parent_id"), "comments", ["parent_id"])
    for name, (columns, where) in PARTIAL.items():
        condition = sa.text(where)
        op.create_index(
            name, "comments", columns, sqlite_where=condition, postgresql_where=condition
        )


def downgrade() -> None:
    for name in reversed(PARTIAL):
        op.drop_index(name, table_name="comments")
    op.drop_index(op.f("ix_comments_parent_id"), table_name="comments")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_column("reactions")
    op.drop_table("visits")
    op.drop_table("comment_reactions")
