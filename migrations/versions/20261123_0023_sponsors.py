"""Keep who co-sponsors proposals, and in which capacity a proposal was made.

Revises: 0021

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None

WITH_CAPACITY = ("proposals", "proposal_drafts")


def upgrade() -> None:
    op.create_table(
        "sponsor_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposals.id"],
            name=op.f("fk_sponsor_invitations_proposal_id_proposals"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_sponsor_invitations_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsor_invitations")),
        sa.UniqueConstraint(
            "proposal_id", "person_id", name=op.f("uq_sponsor_invitations_proposal_id_person_id")
        ),
    )
    op.create_table(
        "co_sponsorships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_group", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["proposal_versions.id"],
            name=op.f("fk_co_sponsorships_version_id_proposal_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_co_sponsorships_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_sponsorships")),
        sa.UniqueConstraint(
            "version_id", "person_id", name=op.f("uq_co_sponsorships_version_id_person_id")
        ),
    )
    for table in ("sponsor_invitations", "co_sponsorships"):
        op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"], unique=False)
    for table in WITH_CAPACITY:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(
                sa.Column("capacity", sa.String(), server_default="personal", nullable=False)
            )


def downgrade() -> None:
    for table in WITH_CAPACITY:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("capacity")
    op.drop_table("co_sponsorships")
    op.drop_table("sponsor_invitations")
