"""Let participants report, moderators hide and authors appeal.

Revises: 0019

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("flagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(comment_id IS NULL) <> (proposal_id IS NULL)", name=op.f("ck_flags_one_item")
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_flags_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_flags_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_flags_proposal_id_proposals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
        sa.UniqueConstraint("person_id", "comment_id", name=op.f("uq_flags_person_id_comment_id")),
        sa.UniqueConstraint(
            "person_id", "proposal_id", name=op.f("uq_flags_person_id_proposal_id")
        ),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flags_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_flags_proposal_id"), ["proposal_id"], unique=False)
        batch_op.create_index("ix_flags_state", ["state"], unique=False)
    op.create_table(
        "moderation_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_moderation_acts_comment_id_comments")
        ),
        sa.ForeignKeyConstraint(
            ["deliberation_id"],
            ["deliberations.id"],
            name=op.f("fk_moderation_acts_deliberation_id_deliberations"),
        ),
        sa.ForeignKeyConstraint(
            ["moderator_id"], ["people.id"], name=op.f("fk_moderation_acts_moderator_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_moderation_acts_proposal_id_proposals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_acts")),
    )
    with op.batch_alter_table("moderation_acts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_moderation_acts_comment_id"), ["comment_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_moderation_acts_deliberation_id"), ["deliberation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_moderation_acts_proposal_id"), ["proposal_id"], unique=False
        )
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["act_id"], ["moderation_acts.id"], name=op.f("fk_appeals_act_id_moderation_acts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("act_id", name=op.f("uq_appeals_act_id")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeals_answered_at"), ["answered_at"], unique=False)
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden_for", sa.String(), nullable=True))
        batch_op.create_index(
            "ix_comments_held",
            ["held_at"],
            unique=False,
            sqlite_where=sa.text("held_at IS NOT NULL"),
            postgresql_where=sa.text("held_at IS NOT NULL"),
        )
    with op.batch_alter_table("deliberations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("premoderated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "premoderation_reason", sa.String(), server_default=sa.text("''"), nullable=False
            )
        )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hidden_for", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_column("hidden_for")
        batch_op.drop_column("hidden_at")
    with op.batch_alter_table("deliberations", schema=None) as batch_op:
        batch_op.drop_column("premoderation_reason")
        batch_op.drop_column("premoderated_at")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_comments_held",
            sqlite_where=sa.text("held_at IS NOT NULL"),
            postgresql_where=sa.text("held_at IS NOT NULL"),
        )
        batch_op.drop_column("hidden_for")
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeals_answered_at"))
    op.drop_table("appeals")
    with op.batch_alter_table("moderation_acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_acts_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_acts_deliberation_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_acts_comment_id"))
    op.drop_table("moderation_acts")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index("ix_flags_state")
        batch_op.drop_index(batch_op.f("ix_flags_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_flags_comment_id"))
    op.drop_table("flags")
