"""How fast each sender may write, kept in the database: all processes together keep to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from bot.store.engines import Dialect, Tx, insert_into
from bot.store.schema import paces
from bot.store.times import micros

# What was not used of the last second may be used at once.
BURST: Final = 1_000_000
_FREE_AT = select(paces.c.free_at).where(paces.c.sender == bindparam("one")).with_for_update()
_SPEND = update(paces).where(paces.c.sender == bindparam("one"))


async def allowed(tx: Tx, sender: str, per_s: float, now: datetime) -> int:
    """How many texts this sender may hand over now; nobody else asks until the end of the
    transaction. To be asked before anything else is locked."""
    free_at = await _free_at(tx, sender, per_s, now)
    return max(0, (micros(now) - free_at) // _interval(per_s))


async def spend(tx: Tx, rates: Mapping[str, float], of: Sequence[str], now: datetime) -> None:
    """These senders hand over a text each time they are named. Safety texts may go beyond what
    was allowed: then the others wait."""
    for sender in sorted(set(of).intersection(rates)):
        taken = of.count(sender) * _interval(rates[sender])
        free_at = await _free_at(tx, sender, rates[sender], now) + taken
        await tx.conn.execute(_SPEND, {"one": sender, "free_at": free_at})


async def _free_at(tx: Tx, sender: str, per_s: float, now: datetime) -> int:
    """Since when this sender has been free, a burst ago at most; a clock set back frees it too."""
    burst = max(BURST, _interval(per_s))
    since, latest = micros(now) - burst, micros(now) + burst
    kept = await tx.conn.scalar(_FREE_AT, {"one": sender})
    if kept is None:
        await tx.write(_first(tx.dialect), [{"sender": sender, "free_at": since}])
        kept = await tx.conn.scalar(_FREE_AT, {"one": sender})
    return since if kept is None else min(max(kept, since), latest)


def _interval(per_s: float) -> int:
    """Microseconds between two texts."""
    return max(1, round(1_000_000 / per_s))


@cache
def _first(dialect: Dialect) -> Any:
    return insert_into(paces, dialect).on_conflict_do_nothing()
