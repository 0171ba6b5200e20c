"""What the service remembers of itself, and what only one process at a time may do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select

from bot.store.engines import Tx
from bot.store.schema import leases, service_state
from bot.store.times import micros

MODE = "mode"


class WrongMode(Exception):
    """The database belongs to the other mode: its people are real, or are not."""


async def get(tx: Tx, key: str) -> str | None:
    """What was last put under a key."""
    wanted = select(service_state.c.value).where(service_state.c.key == key)
    value: str | None = await tx.conn.scalar(wanted)
    return value


async def put(tx: Tx, key: str, value: str, now: datetime) -> None:
    """Remember a value under a key, in clear."""
    row = {"value": value, "changed_at": micros(now)}
    insert = tx.insert(service_state).values(key=key, **row)
    await tx.conn.execute(insert.on_conflict_do_update(index_elements=["key"], set_=row))


async def once(tx: Tx, key: str, value: str, now: datetime) -> bool:
    """True the first time that this value is put under a key; who asks at the same time waits."""
    row = {"value": value, "changed_at": micros(now)}
    insert = tx.insert(service_state).values(key=key, **row)
    new = insert.on_conflict_do_update(
        index_elements=["key"], set_=row, where=service_state.c.value != value
    )
    return await tx.conn.scalar(new.returning(service_state.c.key)) is not None


async def claim_mode(tx: Tx, mode: str, now: datetime) -> None:
    """Mark a new database as of this mode; `WrongMode` if it is of another one."""
    found = await get(tx, MODE)
    if found is None:
        await put(tx, MODE, mode, now)
    elif found != mode:
        raise WrongMode(found)


async def take_lease(tx: Tx, name: str, owner: str, until: datetime, now: datetime) -> bool:
    """True if `owner` alone may do this until then; asked again by its owner it is prolonged."""
    row = {"owner": owner, "until": micros(until)}
    insert = tx.insert(leases).values(name=name, **row)
    free = or_(leases.c.until <= micros(now), leases.c.owner == owner)
    taken = insert.on_conflict_do_update(index_elements=["name"], set_=row, where=free)
    return await tx.conn.scalar(taken.returning(leases.c.owner)) is not None


async def give_back(tx: Tx, name: str, owner: str) -> None:
    """End a lease of one's own early."""
    await tx.conn.execute(delete(leases).where(leases.c.name == name, leases.c.owner == owner))
