"""One telephone on two channels: whoever is known at its SMS and writes by WhatsApp."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from bot.store.addresses import Place, hash_of
from bot.store.engines import Tx
from bot.store.schema import addresses, links

_TWIN = addresses.alias("twin")
_KNOWN_THERE = (
    select(links.c.person_id)
    .where(links.c.address_id == _TWIN.c.id, links.c.dropped.is_(False))
    .exists()
)
_KNOWN_HERE = (
    select(links.c.person_id)
    .join(addresses, addresses.c.id == links.c.address_id)
    .where(addresses.c.hash == _TWIN.c.hash, addresses.c.channel == "whatsapp")
    .exists()
)
_UNTIED = select(_TWIN.c.hash, _TWIN.c.id).where(
    _TWIN.c.hash.in_(bindparam("hashes", expanding=True)),
    _TWIN.c.channel == "sms",
    _KNOWN_THERE,
    ~_KNOWN_HERE,
)


async def untied(tx: Tx, places: Sequence[Place]) -> dict[Place, int]:
    """The SMS address of those WhatsApp numbers at which nobody is known yet."""
    hashes = {hash_of(tx, place[1]): place for place in places if place[0] == "whatsapp"}
    if not hashes:
        return {}
    rows = await tx.conn.execute(_UNTIED, {"hashes": list(hashes)})
    return {hashes[row.hash]: row.id for row in rows}
