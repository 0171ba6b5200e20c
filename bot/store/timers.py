"""Timers: what is due and when; each fires once, whatever crashes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, or_, select, update

from bot.store.engines import Dialect, Tx, insert_into
from bot.store.schema import timers
from bot.store.times import micros, moment
from flows.vocabulary import Timer

_COPIED = ("key", "kind", "address_id", "conversation_id", "person_id", "follow_up_id")
_DUE = (
    select(timers)
    .where(
        timers.c.due_at <= bindparam("now"),
        or_(timers.c.lease_until.is_(None), timers.c.lease_until <= bindparam("now")),
    )
    .order_by(timers.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(timers)
    .where(timers.c.key == bindparam("row_key"))
    .values(
        lease_until=bindparam("until"), claimed_by=bindparam("worker"), tries=timers.c.tries + 1
    )
)
_DROP = delete(timers).where(timers.c.key.in_(bindparam("keys", expanding=True)))
_DONE = delete(timers).where(
    timers.c.key == bindparam("row_key"), timers.c.due_at <= bindparam("fired_at")
)


async def set_timer(tx: Tx, timer: Timer) -> None:
    """Set a timer, or move the one of the same key."""
    await set_many(tx, [timer])


async def set_many(tx: Tx, wanted: Iterable[Timer]) -> None:
    """Like `set_timer`, in one go."""
    await tx.write(_upsert(tx.dialect), [_row(timer) for timer in wanted])


@cache
def _upsert(dialect: Dialect) -> Any:
    insert = insert_into(timers, dialect)
    names = ("kind", "due_at", "address_id", "conversation_id", "person_id", "follow_up_id", "data")
    moved = {name: insert.excluded[name] for name in names}
    fresh = {**moved, "lease_until": None, "claimed_by": "", "tries": 0}
    return insert.on_conflict_do_update(index_elements=["key"], set_=fresh)


async def drop(tx: Tx, timer_keys: Iterable[str]) -> None:
    """Take timers away; those that are not there are no fault."""
    wanted = list(timer_keys)
    if wanted:
        await tx.conn.execute(_DROP, {"keys": wanted})


async def claim(
    tx: Tx, now: datetime, most: int, worker: str, lease: timedelta
) -> list[tuple[Timer, int]]:
    """Those due, leased to one worker, each with how often it was tried; the oldest first.

    A worker that dies loses its lease, and another takes them over.
    """
    rows = (await tx.conn.execute(_DUE, {"now": micros(now), "most": most})).all()
    until = micros(now + lease)
    await tx.write(_CLAIM, [{"row_key": r.key, "until": until, "worker": worker} for r in rows])
    return [(_from_row(row), row.tries + 1) for row in rows]


async def done(tx: Tx, timer: Timer) -> None:
    """A timer has fired: it is gone, unless what it set off set it again for later."""
    await tx.conn.execute(_DONE, {"row_key": timer.key, "fired_at": micros(timer.due_at)})


async def take(tx: Tx, timer: Timer, worker: str) -> bool:
    """True if it still stands as `worker` claimed it, and takes it away; False if it was moved,
    dropped or fired meanwhile. To be called under the lock of its address, before it fires."""
    mine = delete(timers).where(
        timers.c.key == timer.key,
        timers.c.due_at == micros(timer.due_at),
        timers.c.claimed_by == worker,
    )
    return await tx.conn.scalar(mine.returning(timers.c.key)) is not None


async def move(tx: Tx, person_id: int, address_id: int) -> None:
    """What waits for a person at an address waits at another one."""
    mine = (timers.c.person_id == person_id, timers.c.address_id.is_not(None))
    await tx.conn.execute(update(timers).where(*mine).values(address_id=address_id))


async def move_of_conversation(tx: Tx, conversation_id: int, address_id: int) -> None:
    """What waits in a conversation waits at another address."""
    mine = update(timers).where(timers.c.conversation_id == conversation_id)
    await tx.conn.execute(mine.values(address_id=address_id))


async def next_due(tx: Tx) -> datetime | None:
    """When the next timer is due, None where none waits."""
    return moment(await tx.conn.scalar(select(func.min(timers.c.due_at))))


async def of_person(tx: Tx, person_id: int) -> list[Timer]:
    """What is due for a person, the soonest first."""
    mine = select(timers).where(timers.c.person_id == person_id).order_by(timers.c.due_at)
    return [_from_row(row) for row in await tx.conn.execute(mine)]


def _from_row(row: Row[Any]) -> Timer:
    data = json.loads(row.data) if row.data else {}
    copied = {name: getattr(row, name) for name in _COPIED}
    return Timer(due_at=moment(row.due_at), data=data, **copied)


def _row(timer: Timer) -> dict[str, Any]:
    copied = {name: getattr(timer, name) for name in _COPIED}
    data = json.dumps(dict(timer.data)) if timer.data else ""
    return {**copied, "due_at": micros(timer.due_at), "data": data}
