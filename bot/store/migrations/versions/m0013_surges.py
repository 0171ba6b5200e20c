"""Surges: what may wait, until when, by whose word; closed reviews are found by their hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

# In SQLite only INTEGER PRIMARY KEY is the row's own key.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GOING = sa.text("ended_at IS NULL")
CLOSED = sa.text("state = 'closed'")


def upgrade() -> None:
    """Make the table and what finds by it."""
    words = ("reasons", "messages_only", "never")
    op.create_table(
        "surges",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)
            for name in words
        ),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("started_by", ID, nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["started_by"], ["users.id"], name="fk_surges_started_by"),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name="fk_surges_ended_by"),
        sa.PrimaryKeyConstraint("id", name="pk_surges"),
    )
    _index("ix_surges_going", "surges", "until", GOING)
    _index("ix_reviews_closed_at", "reviews", "closed_at", CLOSED)


def _index(name: str, table: str, column: str, condition: sa.TextClause) -> None:
    op.create_index(name, table, [column], sqlite_where=condition, postgresql_where=condition)
