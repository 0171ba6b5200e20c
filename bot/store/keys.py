"""Data keys in the database: one for each person and address, one a month for unknown senders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Text, bindparam, cast, literal, select, update

from bot.store.engines import Tx
from bot.store.schema import data_keys
from bot.store.times import micros

_COLUMNS = (data_keys.c.id, data_keys.c.owner, data_keys.c.wrapped, data_keys.c.kek_id)
_BY_ID = select(*_COLUMNS).where(data_keys.c.id.in_(bindparam("ids", expanding=True)))
_BY_OWNER = select(*_COLUMNS).where(data_keys.c.owner.in_(bindparam("owners", expanding=True)))


def person_owner(person_id: int) -> str:
    """The owner of a person's key."""
    return f"person:{person_id}"


def address_owner(address_id: int) -> str:
    """The owner of an address's key: the number itself and nothing else is sealed under it."""
    return f"address:{address_id}"


def month_owner(now: datetime) -> str:
    """The owner of the key for words of senders whom nobody knows."""
    return f"month:{now:%Y-%m}"


async def load(tx: Tx, key_ids: Iterable[int]) -> None:
    """Make sure that these keys can open and seal: at most one query, none if all are held.

    To be called before `Keyring.open` and `seal`, with all ids of a page or batch at once.
    """
    wanted = set(key_ids)
    missing = [key_id for key_id in wanted if not tx.keyring.holds(key_id)]
    if missing:
        for row in await tx.conn.execute(_BY_ID, {"ids": missing}):
            tx.keyring.learn(row.id, row.owner, row.wrapped, row.kek_id)


async def of_owners(tx: Tx, owners: Iterable[str], now: datetime) -> dict[str, int]:
    """The key of each owner, made where there is none yet; all are held afterwards."""
    wanted = list(dict.fromkeys(owners))
    found = await _known(tx, wanted)
    new = [owner for owner in wanted if owner not in found]
    if new:
        await make(tx, new, now)
        found |= await _known(tx, new)
    return found


async def of_owner(tx: Tx, owner: str, now: datetime) -> int:
    """The key of one owner, made if there is none yet."""
    return (await of_owners(tx, [owner], now))[owner]


async def make(tx: Tx, owners: Iterable[str], now: datetime) -> dict[str, int]:
    """New keys for owners that are new in this very transaction.

    An owner that somebody else gave a key meanwhile keeps that one: ask `of_owners` if in doubt.
    """
    made = {owner: tx.ids.new(now) for owner in owners}
    rows = [
        {
            "id": key_id,
            "owner": owner,
            "wrapped": tx.keyring.make(key_id, owner),
            "kek_id": tx.keyring.first,
            "created_at": micros(now),
        }
        for owner, key_id in made.items()
    ]
    if rows:
        once = tx.insert(data_keys).on_conflict_do_nothing(index_elements=["owner"])
        await tx.conn.execute(once, rows)
    return made


async def destroy(tx: Tx, owners: Iterable[str], now: datetime) -> None:
    """Destroy these owners' keys: what was sealed under them never opens again.

    Other processes hold a key in memory until `forget_destroyed`.
    """
    found = await _known(tx, list(owners))
    # The owner's name is free again: a number that was forgotten may write once more.
    gone = {
        "wrapped": None,
        "destroyed_at": micros(now),
        "owner": literal("gone:") + cast(data_keys.c.id, Text),
    }
    mine = data_keys.c.id.in_(list(found.values()))
    await tx.conn.execute(update(data_keys).where(mine).values(gone))
    tx.address_keys.clear()
    for key_id in found.values():
        tx.keyring.forget(key_id)


async def forget_destroyed(tx: Tx, since: datetime) -> None:
    """Drop from memory the keys that another process destroyed since then."""
    gone = select(data_keys.c.id).where(data_keys.c.destroyed_at >= micros(since))
    for key_id in await tx.conn.scalars(gone):
        tx.keyring.forget(key_id)


async def _known(tx: Tx, owners: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in await tx.conn.execute(_BY_OWNER, {"owners": owners}):
        found[row.owner] = row.id
        if not tx.keyring.holds(row.id):
            tx.keyring.learn(row.id, row.owner, row.wrapped, row.kek_id)
    return found
