"""Keep designs of processes, moved dates, rounds and archived deliberations.

Revises: 0006

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deliberations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_deliberations_question_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_deliberations_output_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_deliberations_question_id_round"), ["question_id", "round"]
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_deliberations_output_id_round"), ["output_id", "round"]
        )
    with op.batch_alter_table("output_points", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))

    op.create_table(
        "process_designs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("output_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("designed_by", sa.Integer(), nullable=False),
        sa.Column("designed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(question_id IS NULL) <> (output_id IS NULL)",
            name=op.f("ck_process_designs_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["designed_by"], ["people.id"], name=op.f("fk_process_designs_designed_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["output_id"], ["outputs.id"], name=op.f("fk_process_designs_output_id_outputs")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["policy_questions.id"],
            name=op.f("fk_process_designs_question_id_policy_questions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_designs")),
        sa.UniqueConstraint("output_id", name=op.f("uq_process_designs_output_id")),
        sa.UniqueConstraint("question_id", name=op.f("uq_process_designs_question_id")),
    )
    op.create_table(
        "reschedulings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=False),
        sa.Column("closes_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=True),
        sa.Column("poll_closes_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("poll_closes_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("rescheduled_by", sa.Integer(), nullable=False),
        sa.Column("rescheduled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deliberation_id"],
            ["deliberations.id"],
            name=op.f("fk_reschedulings_deliberation_id_deliberations"),
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_reschedulings_poll_id_polls")
        ),
        sa.ForeignKeyConstraint(
            ["rescheduled_by"], ["people.id"], name=op.f("fk_reschedulings_rescheduled_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reschedulings")),
    )
    with op.batch_alter_table("reschedulings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reschedulings_deliberation_id"), ["deliberation_id"], unique=False
        )


def downgrade() -> None:
    later = op.get_bind().scalar(sa.text("SELECT count(*) FROM deliberations WHERE round > 1"))
    if later:
        raise RuntimeError(
            f"This step is not undone: before it a question had one discussion, and {later} of them"
            " are later rounds, whose contributions would be lost."
        )
    op.drop_table("reschedulings")
    op.drop_table("process_designs")
    with op.batch_alter_table("output_points", schema=None) as batch_op:
        batch_op.drop_column("round")
    with op.batch_alter_table("deliberations", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_deliberations_output_id_round"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_deliberations_question_id_round"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_deliberations_output_id"), ["output_id"])
        batch_op.create_unique_constraint(
            batch_op.f("uq_deliberations_question_id"), ["question_id"]
        )
        batch_op.drop_column("archived_at")
        batch_op.drop_column("round")
