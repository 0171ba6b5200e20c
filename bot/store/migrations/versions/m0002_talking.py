"""Talk and what is due: conversations, messages, timers, deeds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# In SQLite only INTEGER PRIMARY KEY is the row's own key.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _timers()
    _deeds()
    _conversations()
    _messages()


def _timers() -> None:
    op.create_table(
        "timers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("address_id", sa.BigInteger(), nullable=True),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("follow_up_id", sa.BigInteger(), nullable=True),
        sa.Column("data", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("claimed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_timers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_timers_address_id", "timers", ["address_id"], unique=False)
    op.create_index("ix_timers_conversation_id", "timers", ["conversation_id"], unique=False)
    op.create_index("ix_timers_due_at", "timers", ["due_at"], unique=False)
    op.create_index("ix_timers_person_id", "timers", ["person_id"], unique=False)


def _deeds() -> None:
    op.create_table(
        "deeds",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("address_id", sa.BigInteger(), nullable=True),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("claimed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deeds"),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_deeds_key_id"),
        sa.UniqueConstraint("key", name="uq_deeds_key"),
    )
    op.create_index("ix_deeds_person_id", "deeds", ["person_id"], unique=False)
    op.create_index(
        "ix_deeds_waiting", "deeds", ["id", "due_at"], unique=False, **_where("state = 'waiting'")
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("status", sa.Text(), server_default="queued", nullable=False),
        sa.Column("flow", sa.Text(), server_default="", nullable=False),
        sa.Column("structure", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("follow_up_id", ID, nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name="fk_conversations_address_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_conversations_person_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_conversations_case_id"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_conversations_contact_id"
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name="fk_conversations_follow_up_id"
        ),
    )
    _conversations_indexes()


def _conversations_indexes() -> None:
    op.create_index(
        "ix_conversations_address_id_id", "conversations", ["address_id", "id"], unique=False
    )
    op.create_index(
        "ix_conversations_flow_structure",
        "conversations",
        ["flow", "structure"],
        unique=False,
        **_where("status <> 'ended'"),
    )
    op.create_index(
        "ix_conversations_follow_up_id_day", "conversations", ["follow_up_id", "day"], unique=False
    )
    op.create_index(
        "ix_conversations_going",
        "conversations",
        ["address_id"],
        unique=False,
        **_where("status <> 'ended'"),
    )
    op.create_index("ix_conversations_person_id", "conversations", ["person_id"], unique=False)


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("provider_id", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rank", sa.BigInteger(), server_default=sa.text("5"), nullable=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("reading", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("claimed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("error_code", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("segments", sa.BigInteger(), nullable=True),
        sa.Column("price", sa.Text(), server_default="", nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_messages_address_id"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_messages_person_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_messages_conversation_id"
        ),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_messages_key_id"),
    )
    _messages_indexes()


def _messages_indexes() -> None:
    op.create_index("ix_messages_address_id_id", "messages", ["address_id", "id"], unique=False)
    op.create_index(
        "ix_messages_claimed",
        "messages",
        ["lease_until"],
        unique=False,
        **_where("state = 'claimed'"),
    )
    op.create_index("ix_messages_person_id_id", "messages", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_messages_uncertain",
        "messages",
        ["not_before"],
        unique=False,
        **_where("state = 'uncertain'"),
    )
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["rank", "not_before", "id"],
        unique=False,
        **_where("state = 'waiting'"),
    )
    op.create_index(
        "ix_messages_waiting_address_id",
        "messages",
        ["address_id"],
        unique=False,
        **_where("state = 'waiting'"),
    )
    op.create_index("uq_messages_key", "messages", ["key"], unique=True, **_where("key <> ''"))
    op.create_index(
        "uq_messages_provider_id",
        "messages",
        ["provider_id", "channel", "direction"],
        unique=True,
        **_where("provider_id <> ''"),
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
