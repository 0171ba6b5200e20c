"""Tallies by each group alone: they are counted anew from what they tell of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table again; a worker fills it within minutes."""
    op.drop_table("tallies")
    op.execute("DELETE FROM service_state WHERE key = 'tallied'")
    words = ("part", "measure", "name")
    op.create_table(
        "tallies",
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bucket", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("part", "day", "measure", "name", "bucket", name="pk_tallies"),
        sqlite_with_rowid=False,
    )
