"""Label questions and outputs, as their sessions do; keep the invitations to discussions."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("output_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("is_from_session", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(question_id IS NULL) <> (output_id IS NULL)", name=op.f("ck_labels_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["output_id"], ["outputs.id"], name=op.f("fk_labels_output_id_outputs")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["policy_questions.id"],
            name=op.f("fk_labels_question_id_policy_questions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
        sa.UniqueConstraint(
            "output_id", "kind", "value", name=op.f("uq_labels_output_id_kind_value")
        ),
        sa.UniqueConstraint(
            "question_id", "kind", "value", name=op.f("uq_labels_question_id_kind_value")
        ),
    )
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.create_index("ix_labels_kind_value", ["kind", "value"], unique=False)

    with op.batch_alter_table("policy_questions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("facilitator_id", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_policy_questions_facilitator_id"), ["facilitator_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_policy_questions_facilitator_id_people"),
            "people",
            ["facilitator_id"],
            ["id"],
        )
    _create_invitations()
    _take_over(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("invitations_sent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitations_sent_deliberation_id"))

    op.drop_table("invitations_sent")
    with op.batch_alter_table("policy_questions", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_policy_questions_facilitator_id_people"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_policy_questions_facilitator_id"))
        batch_op.drop_column("facilitator_id")
        batch_op.drop_column("priority")

    op.drop_table("labels")


def _create_invitations() -> None:
    op.create_table(
        "invitations_sent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deliberation_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_group", sa.String(), nullable=False),
        sa.Column("regional_group", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("taking_part_then", sa.Integer(), nullable=False),
        sa.Column("submission_key", sa.String(), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deliberation_id"],
            ["deliberations.id"],
            name=op.f("fk_invitations_sent_deliberation_id_deliberations"),
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["people.id"], name=op.f("fk_invitations_sent_noted_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations_sent")),
        sa.UniqueConstraint("submission_key", name=op.f("uq_invitations_sent_submission_key")),
    )
    with op.batch_alter_table("invitations_sent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitations_sent_deliberation_id"), ["deliberation_id"], unique=False
        )


def _take_over(connection: sa.Connection) -> None:
    """Labels for what was imported before there were labels, session by session."""
    sessions = connection.execute(sa.text("SELECT id, theme, record FROM forum_sessions")).all()
    for session_id, theme, record in sessions:
        read = json.loads(record) if isinstance(record, str) else record
        goals = [goal for goal in read.get("sdgs") or () if goal in range(1, 18)]
        labels = [("goal", str(goal)) for goal in dict.fromkeys(goals)]
        labels += [("theme", theme)] if theme else []
        for table, column in (("policy_questions", "question_id"), ("outputs", "output_id")):
            for kind, value in labels:
                _label_all(connection, table, column, (session_id, kind, value))


def _label_all(
    connection: sa.Connection, table: str, column: str, label: tuple[Any, str, str]
) -> None:
    session_id, kind, value = label
    statement = (
        f"INSERT INTO labels ({column}, kind, value, is_from_session)"  # noqa: S608
        f" SELECT id, :kind, :value, :yes FROM {table} WHERE session_id = :session_id"
    )
    values = {"kind": kind, "value": value, "yes": True, "session_id": session_id}
    connection.execute(sa.text(statement), values)
