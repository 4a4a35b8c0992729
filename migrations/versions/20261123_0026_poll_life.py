"""Keep who may vote in each poll, what ballots are counted in, and how ties are broken.

Revises: 0024

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import hashlib
import hmac
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0024"
branch_labels = None
depends_on = None

STAFF = ("mag_member", "facilitator", "secretariat")
VOTED = """
INSERT INTO voters
    (poll_id, person_id, stakeholder_group, regional_group, organisation, is_confirmed)
SELECT voted.poll_id, people.id, voted.stakeholder_group, people.regional_group,
    people.organisation, false
FROM participations voted JOIN people ON people.id = voted.person_id
"""
WAITING = """
INSERT INTO voters
    (poll_id, person_id, stakeholder_group, regional_group, organisation, is_confirmed)
SELECT polls.id, people.id, people.stakeholder_group, people.regional_group,
    people.organisation, false
FROM polls JOIN people ON people.registered_at <= polls.opened_at
WHERE polls.id = :poll AND people.stakeholder_group IN :groups
    AND (people.suspended_at IS NULL OR people.suspended_at > polls.opened_at)
    AND people.id NOT IN (
        SELECT person_id FROM role_grants
        WHERE role IN :staff AND granted_at <= polls.opened_at)
    AND people.id NOT IN (SELECT person_id FROM participations WHERE poll_id = polls.id)
"""
CONFIRMED = """
UPDATE voters SET is_confirmed = true
WHERE person_id IN (SELECT person_id FROM mandates WHERE ended_at IS NULL)
"""
COUNTED = "SELECT poll_id, result FROM tallies"
PLACED = """
UPDATE ballots SET stratum = :stratum
WHERE poll_id = :poll AND stakeholder_group = :name
"""
OPEN = """
SELECT voted.poll_id, voted.person_id, voted.stakeholder_group, polls.secret
FROM participations voted JOIN polls ON polls.id = voted.poll_id
WHERE polls.secret IS NOT NULL
"""
GROUP = """
UPDATE ballots SET stakeholder_group = :name WHERE poll_id = :poll AND voter_key = :key
"""


def upgrade() -> None:
    op.create_table(
        "voters",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stakeholder_group", sa.String(), nullable=False),
        sa.Column("regional_group", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=True),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_voters_poll_id_polls")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_voters_person_id_people")
        ),
        sa.PrimaryKeyConstraint("poll_id", "person_id", name=op.f("pk_voters")),
    )
    op.create_index(op.f("ix_voters_person_id"), "voters", ["person_id"], unique=False)
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tie_nonce", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("invalidated_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("ballots", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stratum", sa.String(), nullable=True))
        batch_op.alter_column("stakeholder_group", existing_type=sa.String(), nullable=True)
    _draw_up_lists()
    _place_counted_ballots()
    op.create_table(
        "room_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stakeholder_group", sa.String(), nullable=True),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_room_counts_poll_id_polls")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["people.id"], name=op.f("fk_room_counts_entered_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_counts")),
        sa.UniqueConstraint(
            "poll_id", "batch", "version", name=op.f("uq_room_counts_poll_id_batch_version")
        ),
    )
    op.create_index(op.f("ix_room_counts_poll_id"), "room_counts", ["poll_id"], unique=False)
    op.create_table(
        "invalidations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by", sa.Integer(), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("confirmed_by <> proposed_by", name=op.f("ck_invalidations_two_people")),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_invalidations_poll_id_polls")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["people.id"], name=op.f(f"fk_invalidations_{column}_people")
            )
            for column in ("proposed_by", "confirmed_by", "dropped_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invalidations")),
    )
    op.create_index(op.f("ix_invalidations_poll_id"), "invalidations", ["poll_id"], unique=False)


def _draw_up_lists() -> None:
    """The lists of polls that opened before there were lists, as far as they can be known."""
    connection = op.get_bind()
    connection.execute(sa.text(VOTED))
    waiting = sa.text(WAITING).bindparams(
        sa.bindparam("groups", expanding=True), sa.bindparam("staff", expanding=True)
    )
    for poll, frozen in connection.execute(sa.text("SELECT id, frozen FROM polls")).all():
        groups = _plain(frozen).get("groups") or _all_groups(connection)
        connection.execute(waiting, {"poll": poll, "groups": groups, "staff": list(STAFF)})
    connection.execute(sa.text(CONFIRMED))


def _place_counted_ballots() -> None:
    """Counted ballots get their stratum and say no more of their voter; others still may."""
    connection = op.get_bind()
    for poll, result in connection.execute(sa.text(COUNTED)).all():
        for name, stratum in _plain(result)["published"].items():
            values = {"poll": poll, "name": name, "stratum": stratum}
            connection.execute(sa.text(PLACED), values)


def _all_groups(connection: sa.Connection) -> list[str]:
    query = sa.text("SELECT DISTINCT stakeholder_group FROM people")
    return list(connection.scalars(query)) or [""]


def _plain(stored: Any) -> Any:
    """JSON comes as text from SQLite and as data from PostgreSQL."""
    return json.loads(stored) if isinstance(stored, str) else stored


def _write_groups() -> None:
    """The groups of ballots that are still to be counted, by the key that leads to them."""
    connection = op.get_bind()
    for poll, person, name, secret in connection.execute(sa.text(OPEN)).all():
        key = hmac.new(bytes.fromhex(secret), str(person).encode(), hashlib.sha256).hexdigest()
        connection.execute(sa.text(GROUP), {"poll": poll, "name": name, "key": key})


def downgrade() -> None:
    op.drop_index(op.f("ix_room_counts_poll_id"), table_name="room_counts")
    op.drop_table("room_counts")
    op.drop_index(op.f("ix_invalidations_poll_id"), table_name="invalidations")
    op.drop_table("invalidations")
    _write_groups()
    # The group of a counted ballot is not known any more, so the column stays without a demand.
    with op.batch_alter_table("ballots", schema=None) as batch_op:
        batch_op.drop_column("stratum")
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.drop_column("invalidated_at")
        batch_op.drop_column("tie_nonce")
    op.drop_index(op.f("ix_voters_person_id"), table_name="voters")
    op.drop_table("voters")
