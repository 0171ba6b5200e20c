"""Those who look in and decide, the trail, the service itself."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

# In SQLite only INTEGER PRIMARY KEY is the row's own key.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _do_not_write()
    _erasures()
    _events()
    _flow_versions()
    _leases()
    _service_state()
    _users()
    _bundles()
    _sessions()
    _codes()
    _reviews()


def _do_not_write() -> None:
    op.create_table(
        "do_not_write",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_do_not_write"),
    )


def _erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("person_id", ID, nullable=False, autoincrement=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.Column("erased_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name="pk_erasures"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), server_default="service", nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("address_id", sa.BigInteger(), nullable=True),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("review_id", sa.BigInteger(), nullable=True),
        sa.Column("key_id", sa.BigInteger(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_address_id_id", "events", ["address_id", "id"], unique=False)
    op.create_index("ix_events_kind_at", "events", ["kind", "at"], unique=False)
    op.create_index("ix_events_person_id_id", "events", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_events_review_id_id",
        "events",
        ["review_id", "id"],
        unique=False,
        **_where("review_id IS NOT NULL"),
    )


def _flow_versions() -> None:
    op.create_table(
        "flow_versions",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("structure", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_flow_versions"),
    )
    op.create_index(
        "ix_flow_versions_flow_structure", "flow_versions", ["flow", "structure"], unique=False
    )
    op.create_index(
        "uq_flow_versions_newest", "flow_versions", ["flow"], unique=True, **_where("newest")
    )


def _leases() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
        sqlite_with_rowid=False,
    )


def _service_state() -> None:
    op.create_table(
        "service_state",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_service_state"),
        sqlite_with_rowid=False,
    )


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), server_default="fr", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )


def _bundles() -> None:
    op.create_table(
        "bundles",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("lease_owner", ID, nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bundles"),
        sa.ForeignKeyConstraint(["lease_owner"], ["users.id"], name="fk_bundles_lease_owner"),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["users.id"], name="fk_bundles_acknowledged_by"
        ),
    )
    op.create_index(
        "ix_bundles_lease_owner",
        "bundles",
        ["lease_owner"],
        unique=False,
        **_where("lease_owner IS NOT NULL"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
    )
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], unique=False)
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"], unique=False)


def _codes() -> None:
    op.create_table(
        "codes",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("address_id", ID, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_codes"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_codes_person_id"),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_codes_address_id"),
    )
    op.create_index("ix_codes_expires_at", "codes", ["expires_at"], unique=False)
    op.create_index("ix_codes_person_id", "codes", ["person_id"], unique=False)


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("bundle_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("address_id", ID, nullable=True),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("follow_up_id", ID, nullable=True),
        sa.Column("key_id", ID, nullable=True),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=False),
        sa.Column("escalated_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_reviews_person_id"),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_reviews_address_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reviews_case_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_reviews_contact_id"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_reviews_conversation_id"
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name="fk_reviews_follow_up_id"
        ),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_reviews_key_id"),
        sa.ForeignKeyConstraint(["closed_by"], ["users.id"], name="fk_reviews_closed_by"),
    )
    _reviews_indexes()


def _reviews_indexes() -> None:
    op.create_index("ix_reviews_bundle_id_id", "reviews", ["bundle_id", "id"], unique=False)
    op.create_index(
        "ix_reviews_open_address_id",
        "reviews",
        ["address_id"],
        unique=False,
        **_where("state = 'open'"),
    )
    op.create_index(
        "ix_reviews_open_bundle_id",
        "reviews",
        ["bundle_id"],
        unique=False,
        **_where("state = 'open'"),
    )
    op.create_index("ix_reviews_person_id", "reviews", ["person_id"], unique=False)
    op.create_index(
        "ix_reviews_queue",
        "reviews",
        ["priority", "deadline", "id"],
        unique=False,
        **_where("state = 'open'"),
    )
    op.create_index(
        "uq_reviews_open_key", "reviews", ["key"], unique=True, **_where("state = 'open'")
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
