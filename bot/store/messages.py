"""Messages both ways: filed once however often a provider delivers, and read back as a talk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.store import keys, people
from bot.store.engines import Dialect, Tx, insert_into
from bot.store.holders import keys_at
from bot.store.knocks import knock
from bot.store.schema import HAS_KEY, HAS_PROVIDER_ID, fixed, messages, unlike
from bot.store.times import micros, moment
from flows.vocabulary import Address, Draft, Incoming, Message, Prompt

# The smaller goes first.
RANKS: Mapping[str, int] = {
    "safety": 0,
    "reply": 1,
    "agent": 1,
    "alarm": 1,
    "question": 2,
    "reminder": 3,
    "go_between": 3,
    "notice": 4,
}
_KEEP = update(messages).where(messages.c.id == bindparam("row_id"))
_KNOWN = select(messages.c.channel, messages.c.provider_id).where(
    messages.c.direction == "in",
    messages.c.provider_id.in_(bindparam("ids", expanding=True)),
    unlike(messages.c.provider_id, ""),
)
_OF_ADDRESS = (
    select(messages)
    .where(messages.c.address_id.in_(bindparam("addresses", expanding=True)))
    .order_by(messages.c.id.desc())
    .limit(bindparam("most"))
)
_KEYS = select(messages.c.id, messages.c.key_id).where(
    messages.c.id.in_(bindparam("ids", expanding=True))
)
_AT = messages.c.address_id.in_(bindparam("addresses", expanding=True))
_HEARD_SINCE = (
    select(messages)
    .where(
        _AT,
        messages.c.direction == "in",
        messages.c.changed_at >= bindparam("since"),
        messages.c.id.not_in(bindparam("but", expanding=True)),
    )
    .order_by(messages.c.id)
)
_REPLIES = select(messages.c.address_id, messages.c.key).where(
    _AT,
    fixed(messages.c.state, "waiting"),
    messages.c.kind == "reply",
    messages.c.not_before.is_not(None),
)
_TAKE_BACK = (
    update(messages)
    .where(messages.c.key == bindparam("taken_key"), messages.c.state == "waiting")
    .values(state="cancelled", reason="wrote_on", changed_at=bindparam("at_moment"))
)
_BY_ID = select(messages).where(messages.c.id.in_(bindparam("ids", expanding=True)))


@cache
def _file(dialect: Dialect) -> Any:
    # Named, lest an id drawn twice pass for a message that is known.
    once = insert_into(messages, dialect).on_conflict_do_nothing(
        index_elements=["provider_id", "channel", "direction"], index_where=HAS_PROVIDER_ID
    )
    return once.returning(messages.c.id)


@cache
def _queue(dialect: Dialect) -> Any:
    insert = insert_into(messages, dialect)
    return insert.on_conflict_do_nothing(index_elements=["key"], index_where=HAS_KEY)


async def file_incoming(
    tx: Tx, address: Address, incoming: Incoming, now: datetime
) -> Message | None:
    """Keep a message; None if it is here already, for providers deliver twice."""
    return (await file_many(tx, [(address, incoming)], now))[0]


async def file_many(
    tx: Tx, arrived: Sequence[tuple[Address, Incoming]], now: datetime
) -> list[Message | None]:
    """Like `file_incoming` for a batch, in its order."""
    key_of = await keys_at(tx, [address.id for address, _ in arrived], now)
    filed = [_incoming(tx.ids.new(now), address, heard, now) for address, heard in arrived]
    rows = [_row(tx, message, key_of[message.address_id], now) for message in filed]
    tx.message_keys.update((row["id"], row["key_id"]) for row in rows)
    new = set((await tx.conn.scalars(_file(tx.dialect), rows)).all()) if rows else set()
    return [message if message.id in new else None for message in filed]


async def known(tx: Tx, provider_ids: Iterable[str]) -> set[tuple[str, str]]:
    """Those of these inbound messages that are filed: (channel, provider id)."""
    rows = await tx.conn.execute(_KNOWN, {"ids": list(provider_ids)})
    return {(row.channel, row.provider_id) for row in rows}


async def mark_heard(tx: Tx, heard: Sequence[Mapping[str, Any]]) -> None:
    """Note how messages were understood: `id`, `reading`, `person_id`, `conversation_id`."""
    if not heard:
        return
    key_of = await _keys_of(tx, [one["id"] for one in heard])
    await tx.write(
        _KEEP,
        [
            {
                "row_id": one["id"],
                "reading": tx.keyring.seal_json(
                    key_of[one["id"]], _context(one["id"], "reading"), dict(one["reading"])
                ),
                "person_id": one["person_id"],
                "conversation_id": one["conversation_id"],
            }
            for one in heard
        ],
    )


async def _keys_of(tx: Tx, message_ids: Sequence[int]) -> dict[int, int]:
    """The keys under which messages are sealed, held and ready."""
    if elsewhere := [one for one in message_ids if one not in tx.message_keys]:
        rows = await tx.conn.execute(_KEYS, {"ids": elsewhere})
        tx.message_keys.update((row.id, row.key_id) for row in rows)
    found = {one: tx.message_keys[one] for one in message_ids}
    await keys.load(tx, found.values())
    return found


async def keep(tx: Tx, message_id: int, reason: str) -> None:
    """A message that broke its turn stays, marked for a person."""
    await tx.conn.execute(_KEEP, {"row_id": message_id, "state": "kept", "reason": reason})


async def queue_drafts(
    tx: Tx, drafts: Sequence[tuple[Address, Draft]], now: datetime, author_id: int | None = None
) -> None:
    """Put texts into the outbox; one whose key is there already is not put twice."""
    key_of = await keys_at(tx, [address.id for address, _ in drafts], now)
    held = await people.key_ids(tx, [d.person_id for _, d in drafts if d.person_id])
    rows = []
    for address, draft in drafts:
        message = Message(
            id=tx.ids.new(now),
            address_id=address.id,
            direction="out",
            text=draft.text,
            at=now,
            state="waiting",
            kind=draft.kind,
            key=draft.key,
            channel=address.channel,
            person_id=draft.person_id,
            conversation_id=draft.conversation_id,
            options=draft.options,
            not_before=draft.not_before,
            author_id=author_id,
            prompt=draft.prompt,
        )
        key_id = held.get(draft.person_id or 0, key_of[address.id])
        rows.append(_row(tx, message, key_id, now))
    await tx.write(_queue(tx.dialect), rows)
    if rows:
        await knock(tx)


async def lately(
    tx: Tx, address_ids: Iterable[int], since: datetime, but: Iterable[int]
) -> tuple[dict[int, list[str]], dict[int, set[str]]]:
    """By address, what was written there since, oldest first, and the keys of replies that wait.

    `but` are the messages whose turn is taken now.
    """
    at = {"addresses": list(address_ids)}
    heard = {**at, "since": micros(since), "but": list(but)}
    texts: dict[int, list[str]] = {}
    for one in await from_rows(tx, (await tx.conn.execute(_HEARD_SINCE, heard)).all()):
        texts.setdefault(one.address_id, []).append(one.text)
    keys: dict[int, set[str]] = {}
    for row in await tx.conn.execute(_REPLIES, at):
        keys.setdefault(row.address_id, set()).add(row.key)
    return texts, keys


async def take_back(tx: Tx, keys: Sequence[str], now: datetime) -> None:
    """Cancel texts that wait, by their keys: somebody wrote on before they went."""
    moment_of = micros(now)
    await tx.write(_TAKE_BACK, [{"taken_key": key, "at_moment": moment_of} for key in keys])


async def get(tx: Tx, message_id: int) -> Message | None:
    """The message of this id."""
    rows = (await tx.conn.execute(_BY_ID, {"ids": [message_id]})).all()
    return next(iter(await from_rows(tx, rows)), None)


async def transcript(tx: Tx, address_ids: Iterable[int], most: int = 200) -> list[Message]:
    """What was said at these addresses, the earliest first; the latest `most` of it."""
    values = {"addresses": list(address_ids), "most": most}
    rows = (await tx.conn.execute(_OF_ADDRESS, values)).all()
    return await from_rows(tx, rows[::-1])


async def of_person(tx: Tx, person_id: int, most: int = 200) -> list[Message]:
    """What was said with or about one person, the earliest first."""
    mine = select(messages).where(messages.c.person_id == person_id)
    rows = (await tx.conn.execute(mine.order_by(messages.c.id.desc()).limit(most))).all()
    return await from_rows(tx, rows[::-1])


async def heard_at(tx: Tx, person_id: int, most: int = 60) -> list[datetime]:
    """When a person wrote, the latest first: for the hour at which they answer."""
    mine = (messages.c.person_id == person_id, messages.c.direction == "in")
    rows = select(messages.c.at).where(*mine).order_by(messages.c.id.desc()).limit(most)
    return [moment(at) for at in await tx.conn.scalars(rows)]


async def from_rows(tx: Tx, rows: Sequence[Row[Any]]) -> list[Message]:
    """Messages from rows of `messages`, their keys loaded in one query."""
    await keys.load(tx, (row.key_id for row in rows))
    return [_from_row(tx, row) for row in rows]


def _from_row(tx: Tx, row: Row[Any]) -> Message:
    body = tx.keyring.open_json(row.key_id, _context(row.id, "body"), row.body) or {}
    reading = tx.keyring.open_json(row.key_id, _context(row.id, "reading"), row.reading)
    return Message(
        id=row.id,
        address_id=row.address_id,
        direction=row.direction,
        text=body.get("text", ""),
        at=moment(row.at),
        state=row.state,
        kind=row.kind,
        key=row.key,
        channel=row.channel,
        person_id=row.person_id,
        conversation_id=row.conversation_id,
        provider_id=row.provider_id,
        error_code=row.error_code,
        reason=row.reason,
        options=tuple(body.get("options", ())),
        not_before=moment(row.not_before),
        tries=row.tries,
        author_id=row.author_id,
        reading=reading or {},
        media=tuple(body.get("media", ())),
        prompt=Prompt(**body["prompt"]) if "prompt" in body else None,
    )


def _incoming(message_id: int, address: Address, incoming: Incoming, now: datetime) -> Message:
    return Message(
        id=message_id,
        address_id=address.id,
        direction="in",
        text=incoming.text,
        at=incoming.sent_at or now,
        state="unread" if incoming.media and not incoming.text.strip() else "heard",
        channel=incoming.channel,
        provider_id=incoming.provider_id,
        media=incoming.media,
    )


def _row(tx: Tx, message: Message, key_id: int, now: datetime) -> dict[str, Any]:
    body: dict[str, Any] = {"text": message.text}
    if message.options:
        body["options"] = list(message.options)
    if message.media:
        body["media"] = list(message.media)
    if message.prompt:
        said = message.prompt
        body["prompt"] = {"key": said.key, "lang": said.lang, "values": dict(said.values)}
    return {
        "id": message.id,
        "address_id": message.address_id,
        "direction": message.direction,
        "channel": message.channel,
        "person_id": message.person_id,
        "conversation_id": message.conversation_id,
        "kind": message.kind,
        "key": message.key,
        "provider_id": message.provider_id,
        "state": message.state,
        "rank": RANKS.get(message.kind, 5),
        "key_id": key_id,
        "body": tx.keyring.seal_json(key_id, _context(message.id, "body"), body),
        "at": micros(message.at),
        "not_before": micros(message.not_before),
        "author_id": message.author_id,
        "changed_at": micros(now),
    }


def _context(message_id: int, column: str) -> str:
    return f"messages.{column}:{message_id}"
