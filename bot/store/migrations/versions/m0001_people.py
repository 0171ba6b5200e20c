"""People: who they are, where they are reached, why they are followed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# In SQLite only INTEGER PRIMARY KEY is the row's own key.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _data_keys()
    _addresses()
    _persons()
    _cases()
    _contacts()
    _links()
    _person_tokens()
    _exposures()
    _follow_ups()
    _check_ins()


def _data_keys() -> None:
    op.create_table(
        "data_keys",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("kek_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("destroyed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_data_keys"),
        sa.UniqueConstraint("owner", name="uq_data_keys_owner"),
    )
    op.create_index("ix_data_keys_kek_id", "data_keys", ["kek_id", "id"], unique=False)


def _addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("shared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("silence", sa.Text(), server_default="", nullable=False),
        sa.Column("last_heard_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_addresses"),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_addresses_key_id"),
    )
    op.create_index("uq_addresses_hash_channel", "addresses", ["hash", "channel"], unique=True)


def _persons() -> None:
    op.create_table(
        "persons",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.Text(), server_default="fr", nullable=False),
        sa.Column("country", sa.Text(), server_default="FR", nullable=False),
        sa.Column("zone", sa.Text(), server_default="Europe/Paris", nullable=False),
        sa.Column("minor", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("condition", sa.Text(), server_default="", nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("hours", sa.Text(), server_default="", nullable=False),
        sa.Column("check_code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("collected_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_persons"),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_persons_key_id"),
        sa.UniqueConstraint("check_code_hash", name="uq_persons_check_code_hash"),
    )
    op.create_index("ix_persons_collected_at", "persons", ["collected_at"], unique=False)


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("external_hash", sa.LargeBinary(), nullable=True),
        sa.Column("test_date", sa.Date(), nullable=True),
        sa.Column("onset", sa.Date(), nullable=True),
        sa.Column("no_symptoms", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("pack", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="reported", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("from_contact_id", sa.BigInteger(), nullable=True),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_cases_person_id"),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_cases_key_id"),
    )
    op.create_index("ix_cases_person_id", "cases", ["person_id"], unique=False)
    op.create_index("ix_cases_state_id", "cases", ["state", "id"], unique=False)
    op.create_index(
        "uq_cases_external_hash",
        "cases",
        ["external_hash"],
        unique=True,
        **_where("external_hash IS NOT NULL"),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.Text(), server_default="declared", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_contacts_person_id"),
    )
    op.create_index("ix_contacts_person_id", "contacts", ["person_id"], unique=False)
    op.create_index("ix_contacts_state_id", "contacts", ["state", "id"], unique=False)
    op.create_index(
        "uq_contacts_open", "contacts", ["person_id"], unique=True, **_where("state <> 'closed'")
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("person_id", ID, nullable=False, autoincrement=False),
        sa.Column("address_id", ID, nullable=False, autoincrement=False),
        sa.Column("role", sa.Text(), server_default="said", nullable=False),
        sa.Column("proven_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("dropped", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("rank", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "address_id", name="pk_links"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_links_person_id"),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_links_address_id"),
    )
    op.create_index("ix_links_address_id", "links", ["address_id"], unique=False)


def _person_tokens() -> None:
    op.create_table(
        "person_tokens",
        sa.Column("person_id", ID, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kind", "hash", name="pk_person_tokens"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_person_tokens_person_id"),
    )
    op.create_index(
        "ix_person_tokens_hash_person_id", "person_tokens", ["hash", "person_id"], unique=False
    )


def _exposures() -> None:
    op.create_table(
        "exposures",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("contact_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("protection", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("may_name", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("may_date", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_exposures"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_exposures_case_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_exposures_contact_id"),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_exposures_key_id"),
    )
    op.create_index("ix_exposures_contact_id", "exposures", ["contact_id"], unique=False)
    op.create_index("uq_exposures_case_id_number", "exposures", ["case_id", "number"], unique=True)


def _follow_ups() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="active", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("contact_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_follow_ups"),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_follow_ups_person_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_follow_ups_case_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_follow_ups_contact_id"),
    )
    op.create_index("ix_follow_ups_case_id", "follow_ups", ["case_id"], unique=False)
    op.create_index("ix_follow_ups_contact_id", "follow_ups", ["contact_id"], unique=False)
    op.create_index("ix_follow_ups_person_id", "follow_ups", ["person_id"], unique=False)
    op.create_index("ix_follow_ups_state_until", "follow_ups", ["state", "until"], unique=False)
    op.create_index(
        "uq_follow_ups_open",
        "follow_ups",
        ["person_id"],
        unique=True,
        **_where("state <> 'closed'"),
    )


def _check_ins() -> None:
    op.create_table(
        "check_ins",
        sa.Column("id", ID, nullable=False, autoincrement=False),
        sa.Column("follow_up_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("priority", sa.Text(), server_default="", nullable=False),
        sa.Column("key_id", ID, nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_check_ins"),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name="fk_check_ins_follow_up_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name="fk_check_ins_person_id"),
        sa.ForeignKeyConstraint(["key_id"], ["data_keys.id"], name="fk_check_ins_key_id"),
    )
    op.create_index("ix_check_ins_day_state", "check_ins", ["day", "state"], unique=False)
    op.create_index("ix_check_ins_person_id", "check_ins", ["person_id"], unique=False)
    op.create_index(
        "uq_check_ins_follow_up_id_day", "check_ins", ["follow_up_id", "day"], unique=True
    )


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}
