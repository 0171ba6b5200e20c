"""Conversations: one row each, what was said in them sealed under the person's key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from bot.store import people
from bot.store.engines import Dialect, Tx, insert_into
from bot.store.schema import conversations, unlike
from bot.store.times import micros, moment
from flows.vocabulary import Conversation, Frame, Named, frame_from

LAPSED_FOR = timedelta(hours=48)
# The one that waits for an answer first, then what an agent has, then what lapsed or waits.
_ORDER = {"open": 0, "held": 1, "lapsed": 2, "queued": 3}
_DAYS = ("last_day", "birth_date")
_FRAME = tuple(field.name for field in fields(Frame))
_NAMED = tuple(field.name for field in fields(Named))
_COPIED = ("case_id", "contact_id", "follow_up_id", "day", "outcome", "status")
_GOING = select(conversations).where(
    conversations.c.address_id.in_(bindparam("addresses", expanding=True)),
    unlike(conversations.c.status, "ended"),
    or_(conversations.c.status != "lapsed", conversations.c.asked_at > bindparam("since")),
)
_ENDED = select(conversations).where(
    conversations.c.address_id.in_(bindparam("addresses", expanding=True)),
    conversations.c.status == "ended",
    conversations.c.ended_at >= bindparam("since"),
)
_BY_ID = select(conversations).where(conversations.c.id == bindparam("conversation"))
_OF_PERSON = (
    select(conversations)
    .where(conversations.c.person_id == bindparam("person"))
    .order_by(conversations.c.id.desc())
    .limit(50)
)


async def save(tx: Tx, conversation: Conversation) -> None:
    """Write a conversation whole, new or not."""
    await save_many(tx, [conversation])


async def save_many(tx: Tx, changed: Sequence[Conversation]) -> None:
    """Like `save`, in one go."""
    if not changed:
        return
    held = await people.key_ids(tx, [c.person_id for c in changed])
    await tx.write(_upsert(tx.dialect), [_row(tx, c, held[c.person_id]) for c in changed])


@cache
def _upsert(dialect: Dialect) -> Any:
    insert = insert_into(conversations, dialect)
    kept = {c.name: insert.excluded[c.name] for c in conversations.c if c.name != "id"}
    return insert.on_conflict_do_update(index_elements=["id"], set_=kept)


async def get(tx: Tx, conversation_id: int) -> Conversation | None:
    """The conversation of this id."""
    rows = (await tx.conn.execute(_BY_ID, {"conversation": conversation_id})).all()
    return next(iter(await _from_rows(tx, rows)), None)


async def get_many(tx: Tx, ids: Iterable[int]) -> dict[int, Conversation]:
    """Those of these conversations that there are, by id, in one query."""
    wanted = select(conversations).where(conversations.c.id.in_(list(ids)))
    rows = (await tx.conn.execute(wanted)).all()
    return {one.id: one for one in await _from_rows(tx, rows)}


async def of_address(tx: Tx, address_id: int, now: datetime) -> list[Conversation]:
    """Those of one address that are not over, the open one first, with those lapsed lately."""
    return (await of_addresses(tx, [address_id], now)).get(address_id, [])


async def of_addresses(
    tx: Tx, address_ids: Iterable[int], now: datetime
) -> dict[int, list[Conversation]]:
    """Like `of_address` for many, in one query."""
    values = {"addresses": list(address_ids), "since": micros(now - LAPSED_FOR)}
    rows = (await tx.conn.execute(_GOING, values)).all()
    found: dict[int, list[Conversation]] = {}
    for one in sorted(await _from_rows(tx, rows), key=lambda c: (_ORDER[c.status], c.id)):
        found.setdefault(one.address_id, []).append(one)
    return found


async def ended_lately(
    tx: Tx, address_ids: Iterable[int], since: datetime
) -> dict[int, Conversation]:
    """By address, the conversation that ended last, of those that ended since."""
    values = {"addresses": list(address_ids), "since": micros(since)}
    rows = (await tx.conn.execute(_ENDED, values)).all() if values["addresses"] else []
    found: dict[int, Conversation] = {}
    for one in sorted(await _from_rows(tx, rows), key=lambda c: (c.asked_at or since, c.id)):
        if one.hearing:
            found[one.address_id] = one
    return found


async def of_person(tx: Tx, person_id: int) -> list[Conversation]:
    """A person's latest conversations, the newest first, those that ended included."""
    rows = (await tx.conn.execute(_OF_PERSON, {"person": person_id})).all()
    return await _from_rows(tx, rows)


async def move(tx: Tx, person_id: int, address_id: int) -> None:
    """What is not over for a person goes on at another address."""
    mine = conversations.c.person_id == person_id
    going = update(conversations).where(mine, conversations.c.status != "ended")
    await tx.conn.execute(going.values(address_id=address_id))


async def move_one(tx: Tx, conversation_id: int, address_id: int, from_id: int) -> bool:
    """One open conversation goes on at another address; False if it is not open there any more."""
    mine = update(conversations).where(
        conversations.c.id == conversation_id,
        conversations.c.address_id == from_id,
        conversations.c.status == "open",
    )
    moved = mine.values(address_id=address_id).returning(conversations.c.id)
    return await tx.conn.scalar(moved) is not None


async def _from_rows(tx: Tx, rows: Sequence[Row[Any]]) -> list[Conversation]:
    held = await people.key_ids(tx, [row.person_id for row in rows]) if rows else {}
    return [_from_row(tx, row, held[row.person_id]) for row in rows]


def _from_row(tx: Tx, row: Row[Any], key_id: int) -> Conversation:
    state = tx.keyring.open_json(key_id, _context(row.id), row.state) or {}
    return Conversation(
        id=row.id,
        address_id=row.address_id,
        person_id=row.person_id,
        frames=tuple(frame_from(frame) for frame in state.get("frames", ())),
        bands=state.get("bands", {}),
        kept=state.get("kept", {}),
        named=tuple(_named(one) for one in state.get("named", ())),
        pending=state.get("pending"),
        hearing=state.get("hearing"),
        opened_at=moment(row.opened_at),
        asked_at=moment(row.asked_at),
        **{name: getattr(row, name) for name in _COPIED},
    )


def _named(kept: Mapping[str, Any]) -> Named:
    days = {name: date.fromisoformat(kept[name]) for name in _DAYS if kept.get(name)}
    return Named(**{**kept, **days})


def _row(tx: Tx, conversation: Conversation, key_id: int) -> dict[str, Any]:
    state = {
        "frames": [_plain(frame, _FRAME) for frame in conversation.frames],
        "bands": dict(conversation.bands),
        "kept": dict(conversation.kept),
        "named": [_plain(one, _NAMED) for one in conversation.named],
        "pending": conversation.pending,
        "hearing": conversation.hearing,
    }
    bottom = conversation.frames[0] if conversation.frames else None
    ended = conversation.status == "ended"
    return {
        "id": conversation.id,
        "address_id": conversation.address_id,
        "person_id": conversation.person_id,
        "flow": bottom.flow if bottom else "",
        "structure": bottom.structure if bottom else "",
        "state": tx.keyring.seal_json(key_id, _context(conversation.id), state),
        "opened_at": micros(conversation.opened_at),
        "asked_at": micros(conversation.asked_at),
        "ended_at": micros(conversation.asked_at) if ended else None,
        **{name: getattr(conversation, name) for name in _COPIED},
    }


def _plain(one: Frame | Named, names: Sequence[str]) -> dict[str, Any]:
    """JSON-ready; far cheaper than `asdict`, which copies deeply."""
    found = {name: getattr(one, name) for name in names}
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in found.items()}


def _context(conversation_id: int) -> str:
    return f"conversations.state:{conversation_id}"
