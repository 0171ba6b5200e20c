"""People who write from one address while their conversation stands open at another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from bot.store.addresses import Place, hash_of
from bot.store.engines import Tx
from bot.store.schema import addresses, conversations, fixed, links
from bot.store.times import moment

_HERE = conversations.alias("here")
_TAKEN = select(_HERE.c.id).where(
    _HERE.c.address_id == addresses.c.id, fixed(_HERE.c.status, "open")
)
_ELSEWHERE = (
    select(
        conversations.c.id,
        conversations.c.address_id,
        conversations.c.case_id,
        addresses.c.id.label("to_id"),
        addresses.c.channel,
        addresses.c.hash,
        addresses.c.last_heard_at,
        links.c.proven_at,
    )
    .join(links, links.c.address_id == addresses.c.id)
    .join(conversations, conversations.c.person_id == links.c.person_id)
    .where(
        addresses.c.hash.in_(bindparam("hashes", expanding=True)),
        addresses.c.silence == "",
        addresses.c.shared.is_(False),
        links.c.dropped.is_(False),
        links.c.stopped.is_(False),
        links.c.proven_at.is_not(None),
        fixed(conversations.c.status, "open"),
        conversations.c.address_id != addresses.c.id,
        ~_TAKEN.exists(),
    )
)


@dataclass(frozen=True, slots=True)
class Wanderer:
    """A conversation open at `from_id`, whose person writes at `to_id`, where they proved who they
    are at `proven_at` and were last heard at `heard_at`."""

    conversation_id: int
    case_id: int | None
    from_id: int
    to_id: int
    proven_at: datetime
    heard_at: datetime | None


async def elsewhere(tx: Tx, places: Sequence[Place]) -> list[Wanderer]:
    """What stands open elsewhere for those who write from these addresses, each address once."""
    asked = {(channel, hash_of(tx, value)) for channel, value in places}
    rows = await tx.conn.execute(_ELSEWHERE, {"hashes": [hashed for _, hashed in asked]})
    found: dict[int, Wanderer] = {}
    for row in rows:
        if (row.channel, row.hash) in asked:
            one = Wanderer(
                row.id,
                row.case_id,
                row.address_id,
                row.to_id,
                moment(row.proven_at),
                moment(row.last_heard_at),
            )
            found.setdefault(row.to_id, one)
    return list(found.values())
