"""The pace of each sender; what waits is found by its channel first."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table, and the index of what waits anew."""
    op.create_table(
        "paces",
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sender", name="pk_paces"),
        sqlite_with_rowid=False,
    )
    waiting = sa.text("state = 'waiting'")
    where: dict[str, Any] = {"sqlite_where": waiting, "postgresql_where": waiting}
    op.drop_index("ix_messages_waiting", "messages")
    columns = ["channel", "rank", "not_before", "id"]
    op.create_index("ix_messages_waiting", "messages", columns, **where)
