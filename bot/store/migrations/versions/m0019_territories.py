"""Territories of people and of users; who broke the glass to see beyond their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

# In SQLite only INTEGER PRIMARY KEY is the row's own key.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = (
    ("persons", "territory"),
    ("cases", "territory"),
    ("follow_ups", "territory"),
    ("reviews", "territory"),
    ("users", "territories"),
)
NOT_CLOSED = sa.text("state <> 'closed'")
OPEN = sa.text("state = 'open'")
UNSEEN = sa.text("looked_at IS NULL")


def upgrade() -> None:
    """Until now nobody had a territory: everybody goes on seeing everybody."""
    for table, name in WORDS:
        word = sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)
        op.add_column(table, word)
    op.create_index("ix_cases_territory_state_id", "cases", ["territory", "state", "id"])
    _index("follow_ups", ["territory", "until", "id"], NOT_CLOSED)
    _index("reviews", ["territory", "priority", "deadline", "id"], OPEN)
    _broken_glass()
    _tallies()


def _index(table: str, columns: list[str], condition: sa.TextClause) -> None:
    name = f"ix_{table}_open_territory"
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _broken_glass() -> None:
    op.create_table(
        "broken_glass",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=True),
        sa.Column("looked_by", ID, nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [to], name=f"fk_broken_glass_{name}")
            for name, to in (
                ("user_id", "users.id"),
                ("person_id", "persons.id"),
                ("key_id", "data_keys.id"),
                ("looked_by", "users.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_broken_glass"),
    )
    op.create_index("ix_broken_glass_user_id_person_id", "broken_glass", ["user_id", "person_id"])
    op.create_index("ix_broken_glass_person_id", "broken_glass", ["person_id"])
    op.create_index(
        "ix_broken_glass_unseen",
        "broken_glass",
        ["id"],
        sqlite_where=UNSEEN,
        postgresql_where=UNSEEN,
    )


def _tallies() -> None:
    """By territory as well; a worker fills them again within minutes."""
    op.drop_table("tallies")
    op.execute("DELETE FROM service_state WHERE key = 'tallied'")
    words = ("territory", "part", "measure", "name")
    op.create_table(
        "tallies",
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bucket", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "territory", "part", "day", "measure", "name", "bucket", name="pk_tallies"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tallies_day", "tallies", ["day"])
