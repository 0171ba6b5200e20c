"""Failed tries at the door, counted by name and place for all processes, over restarts too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from bot.store.engines import Tx
from bot.store.schema import failures
from bot.store.times import micros

WAIT: Final = timedelta(minutes=1)
# After a day without a try nobody is held to older ones.
_FORGOTTEN: Final = timedelta(days=1)


async def begin(tx: Tx, free: Mapping[str, int], now: datetime) -> bool:
    """Count a try of each of these names; False, and nothing counted, where one must wait.

    `free` says how many tries each has before it waits a minute between two. A try counts from
    its beginning, so that many at once are not all free; `forget` takes it back.
    """
    hashed = {_hash(tx, name): most for name, most in free.items()}
    await tx.conn.execute(delete(failures).where(failures.c.last_at <= micros(now - _FORGOTTEN)))
    rows = await tx.conn.execute(select(failures).where(failures.c.hash.in_(hashed)))
    slow = micros(now - WAIT)
    if any(row.tries >= hashed[row.hash] and row.last_at > slow for row in rows.all()):
        return False
    for key in sorted(hashed):
        note = tx.insert(failures).values(hash=key, tries=1, last_at=micros(now))
        more = {"tries": failures.c.tries + 1, "last_at": micros(now)}
        await tx.conn.execute(note.on_conflict_do_update(index_elements=["hash"], set_=more))
    return True


async def forget(tx: Tx, names: Mapping[str, int]) -> None:
    """They came in after all."""
    keys = [_hash(tx, name) for name in names]
    await tx.conn.execute(delete(failures).where(failures.c.hash.in_(keys)))


def _hash(tx: Tx, name: str) -> bytes:
    return tx.keyring.index("failure", name)
