"""Tallies: when people were reached and spoken with, and a day's figures by group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

URGENT = sa.text("urgent_at IS NOT NULL")
GROUPS = ("language", "channel", "age", "phone", "team")
KEY = ("day", "measure", *GROUPS, "bucket")


def upgrade() -> None:
    """Add the columns, empty for what went before, and the table."""
    for table, name in (("cases", "reached_at"), ("contacts", "reached_at"),
                        ("reviews", "spoken_at")):  # fmt: skip
        op.add_column(table, sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_reviews_urgent_at",
        "reviews",
        ["urgent_at"],
        sqlite_where=URGENT,
        postgresql_where=URGENT,
    )
    op.create_table(
        "tallies",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)
            for name in GROUPS
        ),
        sa.Column("bucket", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name="pk_tallies"),
        sqlite_with_rowid=False,
    )
