"""Boards: how a day compares with those before, and which cases share a place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

URGENT = sa.text("priority <> ''")
WORSE = sa.text("trend IN ('worse', 'new')")
PLACED = sa.text("place_hash IS NOT NULL")


def upgrade() -> None:
    """Add the columns and what finds them; days that are over keep no trend."""
    op.add_column(
        "check_ins", sa.Column("trend", sa.Text(), server_default=sa.text("''"), nullable=False)
    )
    _index("ix_check_ins_urgent", "check_ins", ["day", "priority"], URGENT)
    _index("ix_check_ins_worse", "check_ins", ["day"], WORSE)
    op.add_column("cases", sa.Column("place_hash", sa.LargeBinary(), nullable=True))
    _index("ix_cases_place_hash", "cases", ["place_hash"], PLACED)


def _index(name: str, table: str, columns: list[str], condition: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
