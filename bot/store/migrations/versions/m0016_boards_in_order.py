"""Boards read in the order of an index, whatever language they are sifted by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

OPEN = sa.text("state <> 'closed'")
SPOKEN = """
    UPDATE follow_ups SET language = coalesce(
        (SELECT language FROM persons WHERE persons.id = follow_ups.person_id), '')
    WHERE state <> 'closed'
"""


def upgrade() -> None:
    """Add the column and the orders; what is closed stands on no board."""
    spoken = sa.Column("language", sa.Text(), server_default=sa.text("''"), nullable=False)
    op.add_column("follow_ups", spoken)
    op.execute(SPOKEN)
    for name, first in (("until", ()), ("language", ("language",))):
        op.create_index(
            f"ix_follow_ups_open_{name}",
            "follow_ups",
            [*first, "until", "id"],
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
    op.drop_index("ix_check_ins_day_state", "check_ins")
    columns = ["day", "state", "follow_up_id"]
    op.create_index("ix_check_ins_day_state_follow_up_id", "check_ins", columns)
