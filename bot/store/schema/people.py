"""Tables of people: who they are, where they are reached, why they are followed."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, PrimaryKeyConstraint, Table, Text, text

from bot.store.schema.base import (
    Identity,
    day,
    flag,
    ident,
    instant,
    keyed_hash,
    link,
    metadata,
    number,
    secret,
    where,
    word,
)

CONTACT_NOT_CLOSED = text("state <> 'closed'")
FOLLOW_UP_NOT_CLOSED = text("state <> 'closed'")
HAS_EXTERNAL_ID = text("external_hash IS NOT NULL")
HAS_PLACE = text("place_hash IS NOT NULL")
CHECK_IN_URGENT = text("priority <> ''")
CHECK_IN_WORSE = text("trend IN ('worse', 'new')")

data_keys = Table(
    "data_keys",
    metadata,
    ident(),
    # person:ID, address:ID or month:YYYY-MM; one living key each.
    Column("owner", Text, nullable=False, unique=True),
    secret("wrapped"),
    word("kek_id", default=None),
    instant("created_at", required=True),
    instant("destroyed_at"),
    Index("ix_data_keys_kek_id", "kek_id", "id"),
)

persons = Table(
    "persons",
    metadata,
    ident(),
    link("key_id", "data_keys"),
    secret("profile"),
    word("language", default="fr"),
    word("country", default="FR"),
    word("zone", default="Europe/Paris"),
    # The code of whose they are: what accounts of other territories do not see.
    word("territory"),
    flag("minor"),
    word("condition"),
    instant("paused_until"),
    word("hours"),
    Column("check_code_hash", secret("x").type, unique=True),
    instant("created_at", required=True),
    instant("collected_at", required=True),
    instant("changed_at", required=True),
    instant("erased_at"),
    Index("ix_persons_collected_at", "collected_at"),
)

person_tokens = Table(
    "person_tokens",
    metadata,
    link("person_id", "persons"),
    # name, phonetic, birth_date or postcode
    word("kind", default=None),
    keyed_hash(),
    PrimaryKeyConstraint("person_id", "kind", "hash"),
    Index("ix_person_tokens_hash_person_id", "hash", "person_id"),
)

addresses = Table(
    "addresses",
    metadata,
    ident(),
    word("channel", default=None),
    keyed_hash(),
    secret("value"),
    link("key_id", "data_keys"),
    Column("language", Text),
    flag("shared"),
    # The family word, under the address's own key.
    secret("word"),
    word("silence"),
    instant("last_heard_at"),
    instant("created_at", required=True),
    # The hash first: people are searched by number whatever the channel.
    Index("uq_addresses_hash_channel", "hash", "channel", unique=True),
)

links = Table(
    "links",
    metadata,
    link("person_id", "persons"),
    link("address_id", "addresses"),
    word("role", default="said"),
    instant("proven_at"),
    flag("stopped"),
    flag("dropped"),
    number("rank", default=0),
    instant("agreed_at"),
    word("agreed_how"),
    PrimaryKeyConstraint("person_id", "address_id"),
    Index("ix_links_address_id", "address_id"),
)

cases = Table(
    "cases",
    metadata,
    ident(),
    link("person_id", "persons"),
    Column("external_hash", secret("x").type),
    day("test_date"),
    day("onset"),
    flag("no_symptoms"),
    day("told_on"),
    word("pack"),
    word("state", default="reported"),
    word("outcome"),
    number("from_contact_id"),
    # When they had proved who they are and answered what they were told.
    instant("reached_at"),
    # Of the setting, as it is compared: cases of one place find each other.
    keyed_hash("place_hash", required=False),
    # Of the person: whose list it is on.
    word("territory"),
    # external_id, told_by, setting: JSON under the person's key
    link("key_id", "data_keys"),
    secret("detail"),
    instant("created_at", required=True),
    Index("uq_cases_external_hash", "external_hash", unique=True, **where(HAS_EXTERNAL_ID)),
    Index("ix_cases_person_id", "person_id"),
    Index("ix_cases_state_id", "state", "id"),
    Index("ix_cases_territory_state_id", "territory", "state", "id"),
    Index("ix_cases_place_hash", "place_hash", **where(HAS_PLACE)),
)

contacts = Table(
    "contacts",
    metadata,
    ident(),
    link("person_id", "persons"),
    word("state", default="declared"),
    word("outcome"),
    instant("reached_at"),
    instant("created_at", required=True),
    Index("ix_contacts_person_id", "person_id"),
    Index("uq_contacts_open", "person_id", unique=True, **where(CONTACT_NOT_CLOSED)),
    Index("ix_contacts_state_id", "state", "id"),
)

relays = Table(
    "relays",
    metadata,
    # The case whose code it is; one code for all to whom it is passed on.
    Column("case_id", Identity, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("hash", secret("x").type, nullable=False, unique=True),
    # The code itself: JSON under the person's key
    link("key_id", "data_keys"),
    secret("code"),
    number("places", default=0),
    number("taken", default=0),
    number("how_many"),
    instant("until"),
)

relay_tries = Table(
    "relay_tries",
    metadata,
    link("address_id", "addresses"),
    day("day", required=True),
    number("wrong", default=0),
    PrimaryKeyConstraint("address_id", "day"),
)

exposures = Table(
    "exposures",
    metadata,
    ident(),
    link("case_id", "cases"),
    link("contact_id", "contacts"),
    number("number", required=True),
    word("kind", default="unknown"),
    day("last_day"),
    word("protection", default="unknown"),
    flag("may_name"),
    flag("may_date"),
    # said_name, relation, setting: JSON under the contact's own key
    link("key_id", "data_keys"),
    secret("detail"),
    Index("uq_exposures_case_id_number", "case_id", "number", unique=True),
    Index("ix_exposures_contact_id", "contact_id"),
)

follow_ups = Table(
    "follow_ups",
    metadata,
    ident(),
    link("person_id", "persons"),
    word("role", default=None),
    day("starts_on", required=True),
    day("until"),
    word("rule"),
    word("state", default="active"),
    word("outcome"),
    link("case_id", "cases", required=False),
    link("contact_id", "contacts", required=False),
    # Of the person: what boards are sifted by.
    word("language"),
    word("territory"),
    Index("ix_follow_ups_person_id", "person_id"),
    Index("uq_follow_ups_open", "person_id", unique=True, **where(FOLLOW_UP_NOT_CLOSED)),
    Index("ix_follow_ups_state_until", "state", "until"),
    Index("ix_follow_ups_open_until", "until", "id", **where(FOLLOW_UP_NOT_CLOSED)),
    Index("ix_follow_ups_open_language", "language", "until", "id", **where(FOLLOW_UP_NOT_CLOSED)),
    Index(
        "ix_follow_ups_open_territory", "territory", "until", "id", **where(FOLLOW_UP_NOT_CLOSED)
    ),
    Index("ix_follow_ups_case_id", "case_id"),
    Index("ix_follow_ups_contact_id", "contact_id"),
)

check_ins = Table(
    "check_ins",
    metadata,
    ident(),
    link("follow_up_id", "follow_ups"),
    link("person_id", "persons"),
    day("day", required=True),
    word("state", default="asked"),
    word("priority"),
    # How the day compares with those before: see `flows.rules.course`.
    word("trend"),
    # {"answers": …, "assessment": …}: JSON under the person's key
    link("key_id", "data_keys"),
    secret("detail"),
    instant("answered_at"),
    Index("uq_check_ins_follow_up_id_day", "follow_up_id", "day", unique=True),
    Index("ix_check_ins_day_state_follow_up_id", "day", "state", "follow_up_id"),
    Index("ix_check_ins_urgent", "day", "priority", **where(CHECK_IN_URGENT)),
    Index("ix_check_ins_worse", "day", **where(CHECK_IN_WORSE)),
    Index("ix_check_ins_person_id", "person_id"),
)
