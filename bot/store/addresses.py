"""Addresses: what a turn locks, found by keyed hash, and the list of those we do not write to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update

from bot.store import keys
from bot.store.engines import Tx
from bot.store.schema import addresses, do_not_write
from bot.store.times import micros, moment
from flows.vocabulary import Address, ChannelName

_SELECT = select(addresses)
_BY_HASH = (
    _SELECT.where(addresses.c.hash.in_(bindparam("hashes", expanding=True)))
    # One order for everybody who locks several: two of them cannot wait for each other.
    .order_by(addresses.c.hash, addresses.c.channel)
)
# Shared keys: a row elsewhere that refers to a locked one may still be written.
_BY_HASH_LOCKED = _BY_HASH.with_for_update(key_share=True)
_BY_EITHER_LOCKED = (
    _SELECT.where(
        or_(
            addresses.c.hash.in_(bindparam("hashes", expanding=True)),
            addresses.c.id.in_(bindparam("ids", expanding=True)),
        )
    )
    .order_by(addresses.c.hash, addresses.c.channel)
    .with_for_update(key_share=True)
)
_BY_ID = _SELECT.where(addresses.c.id.in_(bindparam("ids", expanding=True))).order_by(
    addresses.c.hash, addresses.c.channel
)
_BY_ID_LOCKED = _BY_ID.with_for_update(key_share=True)
_SAVE = update(addresses).where(addresses.c.id == bindparam("row_id"))

Place = tuple[ChannelName, str]


def hash_of(tx: Tx, value: str) -> bytes:
    """The keyed hash of a number or chat, alike on every channel."""
    return tx.keyring.index("address", value)


def context(address_id: int) -> str:
    """What the sealed value is bound to."""
    return f"addresses.value:{address_id}"


def word_context(address_id: int) -> str:
    """What the sealed family word is bound to."""
    return f"addresses.word:{address_id}"


def from_row(tx: Tx, row: Row[Any]) -> Address:
    """An address from its row, whose key is loaded; `value` is "" once its key is destroyed."""
    value = tx.keyring.open(row.key_id, context(row.id), row.value)
    word = tx.keyring.open(row.key_id, word_context(row.id), row.word) if row.word else None
    return Address(
        id=row.id,
        channel=row.channel,
        value=value.decode() if value else "",
        language=row.language,
        shared=row.shared,
        word=word.decode() if word else "",
        silence=row.silence,
        last_heard_at=moment(row.last_heard_at),
    )


async def lock(tx: Tx, channel: ChannelName, value: str, now: datetime) -> Address:
    """The address, locked until the transaction ends; a stranger's is made on the spot."""
    return (await lock_many(tx, [(channel, value)], now))[0]


async def lock_many(
    tx: Tx, places: Sequence[Place], now: datetime, also: Sequence[int] = ()
) -> list[Address]:
    """These addresses in the order asked for, each locked, all locked in hash order, and beside
    them those of the ids in `also`.

    Call it once in a transaction, before anything else is locked: locking more later may deadlock.
    """
    hashes = {place: hash_of(tx, place[1]) for place in places}
    rows = await _locked(tx, hashes, now, also)
    await keys.load(tx, (row.key_id for row in rows))
    found = {(row.channel, row.hash): from_row(tx, row) for row in rows}
    asked = [found[place[0], hashes[place]] for place in places]
    pairs = zip(asked, places, strict=True)
    lost = {address.id: place[1] for address, place in pairs if address.value != place[1]}
    if lost:
        await _restore(tx, lost, now)
        return [replace(address, value=lost.get(address.id, address.value)) for address in asked]
    return asked


async def lock_ids(tx: Tx, ids: Iterable[int]) -> list[Address]:
    """These known addresses, locked in hash order, in that order."""
    return await _addresses(tx, _BY_ID_LOCKED, {"ids": list(ids)})


async def get(tx: Tx, address_id: int) -> Address | None:
    """The address of this id, unlocked."""
    return next(iter(await get_many(tx, [address_id])), None)


async def get_many(tx: Tx, ids: Iterable[int]) -> list[Address]:
    """Those of these addresses that there are, unlocked, in hash order."""
    return await _addresses(tx, _BY_ID, {"ids": list(ids)})


async def find(tx: Tx, channel: ChannelName, value: str) -> Address | None:
    """The address if it is known, unlocked; nothing is made."""
    every = await find_all(tx, value)
    return next((address for address in every if address.channel == channel), None)


async def find_all(tx: Tx, value: str) -> list[Address]:
    """The addresses of one number on every channel."""
    return await _addresses(tx, _BY_HASH, {"hashes": [hash_of(tx, value)]})


async def latest(tx: Tx, limit: int) -> list[Address]:
    """The addresses made last, the newest first: for the phones of a demonstration."""
    newest = _SELECT.order_by(addresses.c.id.desc()).limit(limit)
    rows = (await tx.conn.execute(newest)).all()
    await keys.load(tx, (row.key_id for row in rows))
    return [from_row(tx, row) for row in rows]


async def save(tx: Tx, address: Address) -> None:
    """Write an address's language, sharing, silence and when it was last heard."""
    await save_many(tx, [address])


async def save_many(tx: Tx, changed: Iterable[Address]) -> None:
    """Like `save`, in one go, but for the number (`forget`) and the word (`keep_word`)."""
    await tx.write(
        _SAVE,
        [
            {
                "row_id": address.id,
                "language": address.language,
                "shared": address.shared,
                "silence": address.silence,
                "last_heard_at": micros(address.last_heard_at),
            }
            for address in changed
        ],
    )


async def keep_word(tx: Tx, address_id: int, word: str) -> None:
    """Keep the family word of an address, sealed like its number; "" takes it away."""
    rows = (await tx.conn.execute(_BY_ID, {"ids": [address_id]})).all()
    await keys.load(tx, (row.key_id for row in rows))
    for row in rows:
        sealed = tx.keyring.seal(row.key_id, word_context(row.id), word.encode()) if word else None
        await tx.conn.execute(_SAVE, {"row_id": row.id, "word": sealed})


async def forget(tx: Tx, address_id: int, now: datetime) -> None:
    """Destroy what is known of the number itself; its hash stays, so that it is recognised."""
    await keys.destroy(tx, [keys.address_owner(address_id)], now)


async def is_do_not_write(tx: Tx, value: str, now: datetime) -> bool:
    """True if this number said that it is a wrong one, or asked never to be written to."""
    listed = select(do_not_write.c.hash).where(
        do_not_write.c.hash == hash_of(tx, value),
        or_(do_not_write.c.until.is_(None), do_not_write.c.until > micros(now)),
    )
    return await tx.conn.scalar(listed) is not None


async def forbid(tx: Tx, value: str, until: datetime | None, reason: str, now: datetime) -> None:
    """Put a number on the do-not-write list; `until` None is for ever. Again: it is moved."""
    row = {"until": micros(until), "reason": reason}
    made = {"hash": hash_of(tx, value), "created_at": micros(now), **row}
    statement = tx.insert(do_not_write).values(made)
    await tx.conn.execute(statement.on_conflict_do_update(index_elements=["hash"], set_=row))


async def _locked(
    tx: Tx, hashes: Mapping[Place, bytes], now: datetime, also: Sequence[int]
) -> Sequence[Row[Any]]:
    wanted: dict[str, Any] = {"hashes": list(set(hashes.values()))}
    rows = await _rows(tx, _BY_HASH, wanted)
    missing: dict[tuple[str, bytes], str] = {(p[0], hashes[p]): p[1] for p in hashes}
    for row in rows:
        missing.pop((row.channel, row.hash), None)
    if missing:
        await _make(tx, missing, now)
    if missing or tx.dialect == "postgresql":
        if also:
            return await _rows(tx, _BY_EITHER_LOCKED, {**wanted, "ids": list(also)})
        rows = await _rows(tx, _BY_HASH_LOCKED, wanted)
    return rows


async def _rows(tx: Tx, statement: Any, values: dict[str, Any]) -> Sequence[Row[Any]]:
    return (await tx.conn.execute(statement, values)).all()


async def _addresses(tx: Tx, statement: Any, values: dict[str, Any]) -> list[Address]:
    rows = await _rows(tx, statement, values)
    await keys.load(tx, (row.key_id for row in rows))
    return [from_row(tx, row) for row in rows]


async def _make(tx: Tx, missing: Mapping[tuple[str, bytes], str], now: datetime) -> None:
    # In hash order: a row that another transaction is making just now is waited for.
    ids = {tx.ids.new(now): key for key in sorted(missing, key=lambda key: (key[1], key[0]))}
    made = await keys.make(tx, map(keys.address_owner, ids), now)
    rows = [
        {
            "id": row_id,
            "channel": key[0],
            "hash": key[1],
            "created_at": micros(now),
            **_sealed(tx, made, row_id, missing[key]),
        }
        for row_id, key in ids.items()
    ]
    await tx.write(tx.insert(addresses).on_conflict_do_nothing(), rows)


async def _restore(tx: Tx, lost: Mapping[int, str], now: datetime) -> None:
    """Somebody whose number was forgotten writes again: it is kept anew under a new key."""
    made = await keys.of_owners(tx, map(keys.address_owner, lost), now)
    rows = [{"row_id": key, **_sealed(tx, made, key, value)} for key, value in lost.items()]
    await tx.write(_SAVE, rows)


def _sealed(tx: Tx, made: Mapping[str, int], row_id: int, value: str) -> dict[str, Any]:
    key_id = made[keys.address_owner(row_id)]
    sealed = tx.keyring.seal(key_id, context(row_id), value.encode())
    return {"key_id": key_id, "value": sealed}
