"""Hours promised for agents' calls: one seat, one call."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# In SQLite only INTEGER PRIMARY KEY is the row's own key.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "calls",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("seat", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="promised", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_calls_person_id"),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_calls_address_id"),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    promised = sa.text("state = 'promised'")
    where: dict[str, Any] = {"sqlite_where": promised, "postgresql_where": promised}
    seats = ["starts_at", "seat"]
    op.create_index("uq_calls_seat", "calls", seats, unique=True, **where)
    op.create_index("uq_calls_person_id", "calls", ["person_id"], unique=True, **where)
