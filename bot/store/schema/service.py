"""Tables of those who look in and decide, of the trail, and of the service itself."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

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

REVIEW_OPEN = text("state = 'open'")
SURGE_GOING = text("ended_at IS NULL")
REVIEW_CLOSED = text("state = 'closed'")
REVIEW_URGENT = text("urgent_at IS NOT NULL")
REVIEW_UNTAKEN = text("state = 'open' AND priority = 'P1' AND taken_at IS NULL")
REVIEW_ASSIGNED = text("state = 'open' AND assigned_to IS NOT NULL")
REVIEW_OF_TEAM = text("state = 'open' AND team <> ''")
GLASS_UNSEEN = text("looked_at IS NULL")
# The order of the queue.
IN_ORDER = ("priority", "deadline", "id")

users = Table(
    "users",
    metadata,
    ident(),
    # In lower case.
    Column("email", Text, nullable=False, unique=True),
    word("name"),
    word("role", default=None),
    word("password_hash", default=None),
    word("language", default="fr"),
    instant("created_at", required=True),
    instant("disabled_at"),
    instant("last_seen_at"),
    word("team"),
    # The languages in which they speak with people, as "ar fr"; none: whichever comes.
    word("spoken"),
    # Codes of their territories, as "NORD SUD"; none: see `bot.roles`.
    word("territories"),
)

sessions = Table(
    "sessions",
    metadata,
    keyed_hash(key=True),
    link("user_id", "users"),
    instant("created_at", required=True),
    instant("seen_at", required=True),
    instant("expires_at", required=True),
    Index("ix_sessions_user_id", "user_id"),
    Index("ix_sessions_expires_at", "expires_at"),
)

# Who failed at the door, by keyed hash of the name or place: all processes share it.
failures = Table(
    "failures",
    metadata,
    keyed_hash(key=True),
    number("tries", default=0),
    instant("last_at", required=True),
    Index("ix_failures_last_at", "last_at"),
)

invitations = Table(
    "invitations",
    metadata,
    keyed_hash(key=True),
    link("user_id", "users"),
    instant("expires_at", required=True),
    Index("ix_invitations_user_id", "user_id"),
)

# The id is that of the user.
factors = Table(
    "factors",
    metadata,
    ident(),
    link("key_id", "data_keys"),
    secret("secret", required=True),
    instant("confirmed_at"),
    number("last_step", default=0),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    keyed_hash(key=True),
    link("user_id", "users"),
    Index("ix_recovery_codes_user_id", "user_id"),
)

# A list as a user sifted it: `link` is its address within the admin, which names nobody.
views = Table(
    "views",
    metadata,
    ident(),
    link("user_id", "users"),
    word("room", default=None),
    word("name", default=None),
    word("link", default=None),
    Index("uq_views_user_id_room_name", "user_id", "room", "name", unique=True),
)

# What was done to many at once: each deed once, however often its form comes.
batch_deeds = Table(
    "batch_deeds",
    metadata,
    number("mark", required=True),
    link("user_id", "users"),
    # A household, a person or a number, as the act has it.
    number("subject_id", required=True),
    word("act", default=None),
    word("said"),
    instant("at", required=True),
    PrimaryKeyConstraint("mark", "user_id", "subject_id"),
    Index("ix_batch_deeds_at", "at"),
)

# The id is that of an address or of a person: whatever the reviews of one household hang on.
bundles = Table(
    "bundles",
    metadata,
    ident(),
    link("lease_owner", "users", required=False),
    instant("lease_until"),
    instant("acknowledged_at"),
    link("acknowledged_by", "users", required=False),
    Index("ix_bundles_lease_owner", "lease_owner", **where(text("lease_owner IS NOT NULL"))),
)

reviews = Table(
    "reviews",
    metadata,
    ident(),
    word("reason", default=None),
    word("priority", default=None),
    number("bundle_id", required=True),
    word("key", default=None),
    word("state", default="open"),
    word("outcome"),
    link("person_id", "persons", required=False),
    link("address_id", "addresses", required=False),
    link("case_id", "cases", required=False),
    link("contact_id", "contacts", required=False),
    link("conversation_id", "conversations", required=False),
    link("follow_up_id", "follow_ups", required=False),
    link("key_id", "data_keys", required=False),
    # A JSON list under key_id
    secret("detail"),
    instant("opened_at", required=True),
    instant("deadline", required=True),
    instant("escalated_at"),
    # Since when it is P1, and when somebody first took it since then.
    instant("urgent_at"),
    instant("taken_at"),
    # When whom it is about was spoken with, or said that help was with them.
    instant("spoken_at"),
    instant("closed_at"),
    link("closed_by", "users", required=False),
    # To whom it was given, beside the lease of who works on it just now.
    word("team"),
    number("assigned_to"),
    # Of the person, else of the number: what the queue is sifted by.
    word("language"),
    word("territory"),
    Index("uq_reviews_open_key", "key", unique=True, **where(REVIEW_OPEN)),
    Index("ix_reviews_queue", *IN_ORDER, **where(REVIEW_OPEN)),
    Index("ix_reviews_open_bundle_id", "bundle_id", **where(REVIEW_OPEN)),
    Index("ix_reviews_open_address_id", "address_id", **where(REVIEW_OPEN)),
    Index("ix_reviews_closed_at", "closed_at", **where(REVIEW_CLOSED)),
    Index("ix_reviews_urgent_at", "urgent_at", **where(REVIEW_URGENT)),
    Index("ix_reviews_untaken", "urgent_at", **where(REVIEW_UNTAKEN)),
    Index("ix_reviews_open_assigned_to", "assigned_to", **where(REVIEW_ASSIGNED)),
    Index("ix_reviews_open_language", "language", *IN_ORDER, **where(REVIEW_OPEN)),
    Index("ix_reviews_open_territory", "territory", *IN_ORDER, **where(REVIEW_OPEN)),
    Index("ix_reviews_open_reason", "reason", *IN_ORDER, **where(REVIEW_OPEN)),
    Index("ix_reviews_open_team", "team", **where(REVIEW_OF_TEAM)),
    Index("ix_reviews_bundle_id_id", "bundle_id", "id"),
    Index("ix_reviews_person_id", "person_id"),
)

# While one holds, some reviews may wait. It is over at `until`, or when somebody ends it.
surges = Table(
    "surges",
    metadata,
    ident(),
    # Reasons that may wait; follow-ups (case, contact) whose people get messages alone; the
    # reasons that even then want a person. In clear, with spaces between.
    word("reasons"),
    word("messages_only"),
    word("never"),
    instant("until", required=True),
    link("started_by", "users"),
    instant("ended_at"),
    link("ended_by", "users", required=False),
    # No call by appointment is offered while it holds.
    flag("stops_calls"),
    Index("ix_surges_going", "until", **where(SURGE_GOING)),
)

# Who opened the dossier of another territory's person, why, until when; whether an officer looked.
broken_glass = Table(
    "broken_glass",
    metadata,
    ident(),
    link("user_id", "users"),
    link("person_id", "persons"),
    # The reason under the person's key
    link("key_id", "data_keys"),
    secret("reason", required=True),
    instant("at", required=True),
    instant("until", required=True),
    instant("looked_at"),
    link("looked_by", "users", required=False),
    Index("ix_broken_glass_user_id_person_id", "user_id", "person_id"),
    Index("ix_broken_glass_person_id", "person_id"),
    Index("ix_broken_glass_unseen", "id", **where(GLASS_UNSEEN)),
)

# Whom to alarm of each level, and how they are reached.
on_call = Table(
    "on_call",
    metadata,
    ident(),
    link("user_id", "users"),
    number("level", required=True),
    # A channel; the number, chat or e-mail address under key_id
    word("channel", default=None),
    link("key_id", "data_keys"),
    secret("place", required=True),
    instant("created_at", required=True),
    Index("ix_on_call_user_id", "user_id"),
)

# Who was alarmed of what nobody had taken: each level of a review once. `on_call_id` outlives
# its row.
alarms = Table(
    "alarms",
    metadata,
    link("review_id", "reviews"),
    number("level", required=True),
    number("on_call_id", required=True),
    instant("at", required=True),
    instant("failed_at"),
    PrimaryKeyConstraint("review_id", "level", "on_call_id"),
)

# Append-only, and it outlives what it speaks of: no foreign keys.
events = Table(
    "events",
    metadata,
    ident(),
    word("kind", default=None),
    instant("at", required=True),
    word("actor", default="service"),
    number("person_id"),
    number("address_id"),
    number("conversation_id"),
    number("case_id"),
    number("review_id"),
    # Ciphertext under key_id; plain JSON where key_id is NULL.
    number("key_id"),
    Column("data", LargeBinary),
    Index("ix_events_person_id_id", "person_id", "id"),
    Index("ix_events_address_id_id", "address_id", "id"),
    Index("ix_events_review_id_id", "review_id", "id", **where(text("review_id IS NOT NULL"))),
    Index("ix_events_kind_at", "kind", "at"),
)

codes = Table(
    "codes",
    metadata,
    keyed_hash(key=True),
    word("purpose", default=None),
    link("person_id", "persons", required=False),
    link("address_id", "addresses", required=False),
    instant("created_at", required=True),
    instant("expires_at", required=True),
    instant("used_at"),
    # How often what must be said beside it was wrong.
    number("misses", default=0),
    Index("ix_codes_expires_at", "expires_at"),
    Index("ix_codes_person_id", "person_id"),
)

do_not_write = Table(
    "do_not_write",
    metadata,
    keyed_hash(key=True),
    instant("until"),
    word("reason"),
    instant("created_at", required=True),
)

flow_versions = Table(
    "flow_versions",
    metadata,
    ident(),
    word("flow", default=None),
    word("structure", default=None),
    # JSON: the flow's source and its words in every language.
    word("text", default=None),
    instant("published_at", required=True),
    number("published_by"),
    Column("newest", Boolean, nullable=False),
    Index("uq_flow_versions_newest", "flow", unique=True, **where(text("newest"))),
    Index("ix_flow_versions_flow_structure", "flow", "structure"),
)

service_state = Table(
    "service_state",
    metadata,
    Column("key", Text, primary_key=True),
    word("value", default=None),
    instant("changed_at", required=True),
    sqlite_with_rowid=False,
)

# What one process at a time may do: polling, sweeping, purging.
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    word("owner", default=None),
    instant("until", required=True),
    sqlite_with_rowid=False,
)

# When each sender may write again: all processes together keep to its pace.
paces = Table(
    "paces",
    metadata,
    Column("sender", Text, primary_key=True),
    number("free_at", required=True),
    sqlite_with_rowid=False,
)

# How many of a day's cohort stand where, for all and by each group alone: pages make rates of them.
tallies = Table(
    "tallies",
    metadata,
    # "" for the whole country
    word("territory", default=None),
    # "" for all, else what the groups differ by
    word("part", default=None),
    day("day", required=True),
    word("measure", default=None),
    word("name", default=None),
    number("bucket", required=True),
    number("n", required=True),
    PrimaryKeyConstraint("territory", "part", "day", "measure", "name", "bucket"),
    Index("ix_tallies_day", "day"),
    sqlite_with_rowid=False,
)

erasures = Table(
    "erasures",
    metadata,
    Column("person_id", Identity, primary_key=True, autoincrement=False),
    instant("erased_at", required=True),
    number("erased_by"),
)
