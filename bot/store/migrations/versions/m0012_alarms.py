"""Alarms: since when a review is urgent, when it was taken, who is on call, who was alarmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

# In SQLite only INTEGER PRIMARY KEY is the row's own key.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNTAKEN = sa.text("state = 'open' AND priority = 'P1' AND taken_at IS NULL")


def upgrade() -> None:
    """Add the columns and tables; what was taken before stays taken."""
    op.add_column("reviews", sa.Column("urgent_at", sa.BigInteger(), nullable=True))
    op.add_column("reviews", sa.Column("taken_at", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE reviews SET urgent_at = opened_at, taken_at = (SELECT acknowledged_at FROM bundles"
        " WHERE bundles.id = reviews.bundle_id) WHERE state = 'open' AND priority = 'P1'"
    )
    op.create_index(
        "ix_reviews_untaken",
        "reviews",
        ["urgent_at"],
        sqlite_where=UNTAKEN,
        postgresql_where=UNTAKEN,
    )
    _on_call()
    _alarms()


def _on_call() -> None:
    op.create_table(
        "on_call",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_on_call_user_id"),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_on_call_key_id"),
        sa.PrimaryKeyConstraint("id", name="pk_on_call"),
    )
    op.create_index("ix_on_call_user_id", "on_call", ["user_id"])


def _alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("review_id", ID, nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("on_call_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="fk_alarms_review_id"),
        sa.PrimaryKeyConstraint("review_id", "level", "on_call_id", name="pk_alarms"),
    )
