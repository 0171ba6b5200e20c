"""Whose key seals the words at an address: erasing a person destroys what they wrote, too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.store import keys
from bot.store.engines import Tx
from bot.store.schema import data_keys, links, persons

_HOLDERS = (
    select(links.c.address_id, persons.c.key_id)
    .join(persons, persons.c.id == links.c.person_id)
    .join(data_keys, data_keys.c.id == persons.c.key_id)
    .where(links.c.address_id.in_(bindparam("addresses", expanding=True)))
    .where(links.c.dropped.is_(False), data_keys.c.destroyed_at.is_(None))
    # The last row counts: whoever was known first.
    .order_by(links.c.person_id.desc())
)


async def keys_at(tx: Tx, address_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """The key for words at each address: of a living person reached there, else the month's.

    Somebody who was erased and writes again is a stranger, and is heard like one.
    """
    wanted = set(address_ids)
    if unread := wanted.difference(tx.address_keys):
        tx.address_keys.update(await _read(tx, unread, now))
    found = {one: tx.address_keys[one] for one in wanted}
    await keys.load(tx, found.values())
    return found


async def _read(tx: Tx, wanted: set[int], now: datetime) -> dict[int, int]:
    rows = await tx.conn.execute(_HOLDERS, {"addresses": list(wanted)})
    found = {row.address_id: row.key_id for row in rows}
    if strangers := wanted.difference(found):
        month = await keys.of_owner(tx, keys.month_owner(now), now)
        found |= dict.fromkeys(strangers, month)
    return found
