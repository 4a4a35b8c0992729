"""Keep mail that waits, what is known of each mailbox, and the links that were mailed.

Revises: 0009

Before you commit: small steps that the previous version of the code survives; no column
dropped in the release that stops using it; up, down and up again tested with data.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_mailboxes()
    _create_mail_links()
    _create_outbox()
    _give_everybody_a_mailbox()


def downgrade() -> None:
    op.drop_table("outbox")
    op.drop_table("mail_links")
    op.drop_table("mailboxes")


def _create_mailboxes() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("stop_key", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("official", sa.Boolean(), nullable=False),
        sa.Column("follows_own", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_mailboxes_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mailboxes")),
        sa.UniqueConstraint("stop_key", name=op.f("uq_mailboxes_stop_key")),
    )


def _create_mail_links() -> None:
    op.create_table(
        "mail_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_mail_links_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_links_token_hash")),
    )
    op.create_index(op.f("ix_mail_links_person_id"), "mail_links", ["person_id"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("message_key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("give_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_outbox_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "event", "person_id", "stream", name=op.f("uq_outbox_event_person_id_stream")
        ),
        sa.UniqueConstraint("message_key", name=op.f("uq_outbox_message_key")),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "next_try_at"])
    op.create_index(op.f("ix_outbox_person_id"), "outbox", ["person_id"])


def _give_everybody_a_mailbox() -> None:
    """Whoever took part before mail was sent counts as confirmed."""
    people = sa.table("people", sa.column("id"), sa.column("registered_at"))
    names = ("person_id", "confirmed_at", "language", "stop_key", "failures", "rhythm")
    mailboxes = sa.table(
        "mailboxes", *(sa.column(name) for name in (*names, "official", "follows_own"))
    )
    rows = op.get_bind().execute(sa.select(people.c.id, people.c.registered_at)).all()
    made = [
        {
            "person_id": person_id,
            "confirmed_at": registered_at,
            "language": "en",
            "stop_key": secrets.token_urlsafe(16),
            "failures": 0,
            "rhythm": "weekly",
            "official": True,
            "follows_own": True,
        }
        for person_id, registered_at in rows
    ]
    if made:
        op.bulk_insert(mailboxes, made)
