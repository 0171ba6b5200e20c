"""Tables of what is said and what is due: conversations, messages, timers, deeds."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table, Text, text

from bot.store.schema.base import (
    day,
    ident,
    instant,
    link,
    metadata,
    number,
    secret,
    where,
    word,
)

CONVERSATION_NOT_ENDED = text("status <> 'ended'")
HAS_PROVIDER_ID = text("provider_id <> ''")
HAS_KEY = text("key <> ''")
MESSAGE_WAITING = text("state = 'waiting'")
MESSAGE_CLAIMED = text("state = 'claimed'")
MESSAGE_UNCERTAIN = text("state = 'uncertain'")
MESSAGE_ON_PAGE = text("state = 'sent' AND channel = 'web'")
CALL_PROMISED = text("state = 'promised'")
DEED_UNDONE = text("state = 'waiting'")
CALL_HOURS_KEPT = text("ended_at IS NULL")

conversations = Table(
    "conversations",
    metadata,
    ident(),
    link("address_id", "addresses"),
    link("person_id", "persons"),
    word("status", default="queued"),
    # The bottom frame's flow, and the structure that it is pinned to.
    word("flow"),
    word("structure"),
    # frames, bands, kept, named, pending, hearing: JSON under the person's key
    secret("state"),
    link("case_id", "cases", required=False),
    link("contact_id", "contacts", required=False),
    link("follow_up_id", "follow_ups", required=False),
    day("day"),
    instant("opened_at"),
    instant("asked_at"),
    instant("ended_at"),
    word("outcome"),
    Index("ix_conversations_going", "address_id", **where(CONVERSATION_NOT_ENDED)),
    Index("ix_conversations_address_id_id", "address_id", "id"),
    Index("ix_conversations_person_id", "person_id"),
    Index("ix_conversations_follow_up_id_day", "follow_up_id", "day"),
    Index("ix_conversations_flow_structure", "flow", "structure", **where(CONVERSATION_NOT_ENDED)),
)

messages = Table(
    "messages",
    metadata,
    ident(),
    link("address_id", "addresses"),
    word("direction", default=None),
    word("channel", default=None),
    link("person_id", "persons", required=False),
    link("conversation_id", "conversations", required=False),
    word("kind"),
    word("key"),
    word("provider_id"),
    word("state", default=None),
    # The smaller goes first: 0 safety, then replies, reminders, bulk.
    number("rank", default=5),
    # {"text", "options", "media"} and the reading: JSON under key_id
    link("key_id", "data_keys"),
    secret("body"),
    secret("reading"),
    instant("at", required=True),
    instant("not_before"),
    instant("lease_until"),
    word("claimed_by"),
    number("tries", default=0),
    word("error_code"),
    word("reason"),
    number("segments"),
    word("price"),
    number("author_id"),
    instant("sent_at"),
    instant("changed_at"),
    Index(
        "uq_messages_provider_id",
        "provider_id",
        "channel",
        "direction",
        unique=True,
        **where(HAS_PROVIDER_ID),
    ),
    Index("uq_messages_key", "key", unique=True, **where(HAS_KEY)),
    Index("ix_messages_address_id_id", "address_id", "id"),
    Index("ix_messages_person_id_id", "person_id", "id"),
    Index("ix_messages_waiting", "channel", "rank", "not_before", "id", **where(MESSAGE_WAITING)),
    Index("ix_messages_waiting_address_id", "address_id", **where(MESSAGE_WAITING)),
    Index("ix_messages_claimed", "lease_until", **where(MESSAGE_CLAIMED)),
    Index("ix_messages_uncertain", "not_before", **where(MESSAGE_UNCERTAIN)),
    Index("ix_messages_on_page", "at", **where(MESSAGE_ON_PAGE)),
)

timers = Table(
    "timers",
    metadata,
    Column("key", Text, primary_key=True),
    word("kind", default=None),
    instant("due_at", required=True),
    number("address_id"),
    number("conversation_id"),
    number("person_id"),
    number("follow_up_id"),
    # JSON in clear: ids, days and names of nodes, never people's words.
    word("data"),
    instant("lease_until"),
    word("claimed_by"),
    number("tries", default=0),
    Index("ix_timers_due_at", "due_at"),
    Index("ix_timers_address_id", "address_id"),
    Index("ix_timers_conversation_id", "conversation_id"),
    Index("ix_timers_person_id", "person_id"),
    sqlite_with_rowid=False,
)

calls = Table(
    "calls",
    metadata,
    ident(),
    link("person_id", "persons"),
    link("address_id", "addresses"),
    instant("starts_at", required=True),
    number("seat", default=0),
    word("state", default="promised"),
    instant("created_at", required=True),
    Index("uq_calls_seat", "starts_at", "seat", unique=True, **where(CALL_PROMISED)),
    Index("uq_calls_person_id", "person_id", unique=True, **where(CALL_PROMISED)),
)

# The hours of calls by appointment, as supervisors keep them. A row with a `day` is a day off of
# its team ("" for everybody); any other is a shift of its weekday (0 is Monday), from "09:00" to
# "12:30". What is changed is ended and added anew.
call_hours = Table(
    "call_hours",
    metadata,
    ident(),
    word("team"),
    number("weekday"),
    day("day"),
    word("starts"),
    word("ends"),
    # Of one call; how many at a time; the languages spoken, as "ar fr", none for all.
    number("minutes", default=0),
    number("seats", default=0),
    word("spoken"),
    link("added_by", "users", required=False),
    instant("ended_at"),
    link("ended_by", "users", required=False),
    Index("ix_call_hours_kept", "id", **where(CALL_HOURS_KEPT)),
)

deeds = Table(
    "deeds",
    metadata,
    ident(),
    Column("key", Text, nullable=False, unique=True),
    word("kind", default=None),
    number("person_id"),
    number("address_id"),
    link("key_id", "data_keys"),
    Column("payload", LargeBinary, nullable=False),
    word("state", default="waiting"),
    number("tries", default=0),
    instant("due_at", required=True),
    instant("lease_until"),
    word("claimed_by"),
    word("error"),
    instant("created_at", required=True),
    instant("done_at"),
    # In the order in which they were asked for.
    Index("ix_deeds_waiting", "id", "due_at", **where(DEED_UNDONE)),
    Index("ix_deeds_person_id", "person_id"),
)
