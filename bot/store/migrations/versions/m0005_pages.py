"""Conversations as web pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """How often a code's question was answered wrongly; texts that nobody has looked at yet."""
    misses = sa.Column("misses", sa.BigInteger(), server_default="0", nullable=False)
    op.add_column("codes", misses)
    on_page = sa.text("state = 'sent' AND channel = 'web'")
    op.create_index(
        "ix_messages_on_page", "messages", ["at"], sqlite_where=on_page, postgresql_where=on_page
    )
