"""Phones that several people read, and people who answer for others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The family word of an address; how an adult agreed to be answered for."""
    op.add_column("addresses", sa.Column("word", sa.LargeBinary(), nullable=True))
    op.add_column("links", sa.Column("agreed_at", sa.BigInteger(), nullable=True))
    op.add_column("links", sa.Column("agreed_how", sa.Text(), server_default="", nullable=False))
