"""Count the threads of a discussion in their index alone.

Revises: 0020

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _index("depth = 0 AND held_at IS NULL")


def downgrade() -> None:
    _index("depth = 0")


def _index(where: str) -> None:
    """Put an index of roots for which a condition holds in the place of the one there is."""
    condition = sa.text(where)
    op.drop_index("ix_comments_roots", table_name="comments")
    op.create_index(
        "ix_comments_roots",
        "comments",
        ["deliberation_id", "id"],
        sqlite_where=condition,
        postgresql_where=condition,
    )
