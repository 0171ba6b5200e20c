"""Hours at which agents call, as supervisors keep them; a surge may stop that calls are offered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

# In SQLite only INTEGER PRIMARY KEY is the row's own key.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the table, empty: until somebody keeps a week, the rules' own holds."""
    op.create_table(
        "call_hours",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        _word("team"),
        sa.Column("weekday", sa.BigInteger(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        _word("starts"),
        _word("ends"),
        sa.Column("minutes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("seats", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _word("spoken"),
        sa.Column("added_by", ID, nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["users.id"], name="fk_call_hours_added_by"),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name="fk_call_hours_ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_call_hours"),
    )
    op.create_index(
        "ix_call_hours_kept", "call_hours", ["id"], sqlite_where=KEPT, postgresql_where=KEPT
    )
    op.add_column(
        "surges",
        sa.Column("stops_calls", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)
