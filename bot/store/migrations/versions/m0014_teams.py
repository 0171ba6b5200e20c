"""Teams, languages and saved views of users; reviews set aside for a user or a team."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

# In SQLite only INTEGER PRIMARY KEY is the row's own key.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ASSIGNED = sa.text("state = 'open' AND assigned_to IS NOT NULL")
OPEN = sa.text("state = 'open'")
OF_TEAM = sa.text("state = 'open' AND team <> ''")
WORDS = (("users", "team"), ("users", "spoken"), ("reviews", "team"))
# A stranger's stays empty: the queue shows it to whoever is free.
SPOKEN = """
    UPDATE reviews SET language = coalesce(
        (SELECT language FROM persons WHERE persons.id = reviews.person_id),
        (SELECT language FROM addresses WHERE addresses.id = reviews.address_id), '')
    WHERE state = 'open'
"""


def upgrade() -> None:
    """Add the columns and what finds by them; until now nobody had a team."""
    for table, name in (*WORDS, ("reviews", "language")):
        word = sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False)
        op.add_column(table, word)
    op.add_column("reviews", sa.Column("assigned_to", sa.BigInteger(), nullable=True))
    _index("ix_reviews_open_assigned_to", ["assigned_to"], ASSIGNED)
    _index("ix_reviews_open_team", ["team"], OF_TEAM)
    for name in ("language", "reason"):
        _index(f"ix_reviews_open_{name}", [name, "priority", "deadline", "id"], OPEN)
    op.execute(SPOKEN)
    _views()
    _batch_deeds()


def _batch_deeds() -> None:
    op.create_table(
        "batch_deeds",
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_batch_deeds_user_id"),
        sa.PrimaryKeyConstraint("mark", "user_id", "subject_id", name="pk_batch_deeds"),
    )
    op.create_index("ix_batch_deeds_at", "batch_deeds", ["at"])


def _views() -> None:
    op.create_table(
        "views",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_views_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_views"),
    )
    op.create_index("uq_views_user_id_room_name", "views", ["user_id", "room", "name"], unique=True)


def _index(name: str, columns: list[str], condition: sa.TextClause) -> None:
    op.create_index(name, "reviews", columns, sqlite_where=condition, postgresql_where=condition)
