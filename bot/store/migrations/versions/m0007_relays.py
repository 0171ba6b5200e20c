"""Codes that a patient passes on in place of names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

# In SQLite only INTEGER PRIMARY KEY is the row's own key.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; cases known before have no code, and are offered a call instead."""
    _relays()
    _relay_tries()


def _relays() -> None:
    op.create_table(
        "relays",
        sa.Column("case_id", ID, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("places", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("taken", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("how_many", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_relays_case_id"),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_relays_key_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_relays"),
        sa.UniqueConstraint("hash", name="uq_relays_hash"),
    )


def _relay_tries() -> None:
    op.create_table(
        "relay_tries",
        sa.Column("address_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("wrong", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_relay_tries_address_id"),
        sa.PrimaryKeyConstraint("address_id", "day", name="pk_relay_tries"),
    )
