"""Keep a ballot's answer in a byte for each option, and which kind of ballot a poll takes.

Revises: 0026

Rankings are carried over: of both forms only one is kept, because two copies of what somebody
chose could differ. Going back is refused while there are ballots that rankings cannot express.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0026"
branch_labels = None
depends_on = None

BALLOTS = sa.table(
    "ballots",
    sa.column("id", sa.String()),
    sa.column("poll_id", sa.Integer()),
    sa.column("ranking", sa.JSON()),
    sa.column("answer", sa.LargeBinary()),
)
OPTIONS = sa.table(
    "poll_options",
    sa.column("id", sa.Integer()),
    sa.column("poll_id", sa.Integer()),
    sa.column("position", sa.Integer()),
    sa.column("version_id", sa.Integer()),
)
POLLS = sa.table("polls", sa.column("kind", sa.String()))


def upgrade() -> None:
    with op.batch_alter_table("polls") as batch:
        batch.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="ranked"))
        batch.add_column(sa.Column("settings", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("polls") as batch:
        batch.alter_column("kind", existing_type=sa.String(), server_default=None)
        batch.alter_column("settings", existing_type=sa.JSON(), server_default=None)
    with op.batch_alter_table("poll_options") as batch:
        batch.alter_column("version_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("text", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("poll_options") as batch:
        batch.alter_column("text", existing_type=sa.String(), server_default=None)
    with op.batch_alter_table("ballots") as batch:
        batch.add_column(sa.Column("answer", sa.LargeBinary(), nullable=True))
    _encode()
    with op.batch_alter_table("ballots") as batch:
        batch.alter_column("answer", existing_type=sa.LargeBinary(), nullable=False)
        batch.drop_column("ranking")
    op.create_table(
        "ballot_reasons",
        sa.Column("ballot_id", sa.String(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"], ["ballots.id"], name=op.f("fk_ballot_reasons_ballot_id_ballots")
        ),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["poll_options.id"],
            name=op.f("fk_ballot_reasons_option_id_poll_options"),
        ),
        sa.PrimaryKeyConstraint("ballot_id", "option_id", name=op.f("pk_ballot_reasons")),
    )


def downgrade() -> None:
    _refuse_losses()
    op.drop_table("ballot_reasons")
    with op.batch_alter_table("ballots") as batch:
        batch.add_column(sa.Column("ranking", sa.JSON(), nullable=True))
    _decode()
    with op.batch_alter_table("ballots") as batch:
        batch.alter_column("ranking", existing_type=sa.JSON(), nullable=False)
        batch.drop_column("answer")
    with op.batch_alter_table("poll_options") as batch:
        batch.drop_column("text")
        batch.alter_column("version_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("polls") as batch:
        batch.drop_column("settings")
        batch.drop_column("kind")


def _encode() -> None:
    """Write each ranking, option ids best first, as the rank of each option in its place."""
    connection, places = op.get_bind(), _places()
    for row in connection.execute(
        sa.select(BALLOTS.c.id, BALLOTS.c.poll_id, BALLOTS.c.ranking)
    ).all():
        ranks = {option: rank for rank, option in enumerate(row.ranking, start=1)}
        answer = bytes(ranks.get(option, 0) for option in places[row.poll_id])
        _write(connection, row.id, answer=answer)


def _decode() -> None:
    """Write the ranks of the options as option ids, best first."""
    connection, places = op.get_bind(), _places()
    for row in connection.execute(
        sa.select(BALLOTS.c.id, BALLOTS.c.poll_id, BALLOTS.c.answer)
    ).all():
        ranked = zip(row.answer, places[row.poll_id], strict=True)
        ranking = [option for rank, option in sorted(ranked) if rank]
        _write(connection, row.id, ranking=ranking)


def _write(connection: sa.Connection, ballot_id: str, **values: object) -> None:
    connection.execute(sa.update(BALLOTS).where(BALLOTS.c.id == ballot_id).values(**values))


def _places() -> Mapping[int, list[int]]:
    """The options of each poll in their registered order."""
    places: dict[int, list[int]] = {}
    query = sa.select(OPTIONS.c.poll_id, OPTIONS.c.id).order_by(OPTIONS.c.position)
    for poll_id, option_id in op.get_bind().execute(query):
        places.setdefault(poll_id, []).append(option_id)
    return places


def _refuse_losses() -> None:
    connection = op.get_bind()
    others = sa.select(sa.func.count()).select_from(POLLS).where(POLLS.c.kind != "ranked")
    own = sa.select(sa.func.count()).select_from(OPTIONS).where(OPTIONS.c.version_id.is_(None))
    tied = any(
        len(set(ranks := bytes(answer).replace(b"\0", b""))) < len(ranks)
        for answer in connection.scalars(sa.select(BALLOTS.c.answer))
    )
    if connection.scalar(others) or connection.scalar(own) or tied:
        raise RuntimeError(
            "There are polls that the earlier version cannot read: of another kind, with ties, "
            "or with options that are no proposals."
        )
