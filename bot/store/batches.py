"""Deeds that are done to many at once: each once for each household, however often a form comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from bot.store.engines import Tx
from bot.store.schema import batch_deeds
from bot.store.times import micros

# So long a form may come again; the trail keeps what was done for ever.
KEPT = timedelta(days=2)

_OF = (batch_deeds.c.mark == bindparam("of_mark"), batch_deeds.c.user_id == bindparam("by"))
_ONE = (*_OF, batch_deeds.c.subject_id == bindparam("subject"))
_SAY = update(batch_deeds).where(*_ONE)
_COUNT = (
    select(batch_deeds.c.act, batch_deeds.c.said, func.count().label("n"))
    .where(*_OF)
    .group_by(batch_deeds.c.act, batch_deeds.c.said)
)


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of one: the act, and how many ended how ("done", or why they were left out)."""

    act: str
    said: Mapping[str, int]


async def begin(tx: Tx, mark: int, user_id: int, subject_id: int, act: str, now: datetime) -> bool:
    """Claim a deed for this transaction; False if it was done, or is just being done."""
    row = {"mark": mark, "user_id": user_id, "subject_id": subject_id, "act": act}
    insert = tx.insert(batch_deeds).values(**row, said="", at=micros(now))
    claimed = insert.on_conflict_do_nothing().returning(batch_deeds.c.mark)
    return await tx.conn.scalar(claimed) is not None


async def say(tx: Tx, mark: int, user_id: int, subject_id: int, said: str) -> None:
    """How a deed ended."""
    one = {"of_mark": mark, "by": user_id, "subject": subject_id}
    await tx.conn.execute(_SAY.values(said=said), one)


async def told(tx: Tx, mark: int, user_id: int) -> Batch | None:
    """What became of a batch of this user's; None where there is none."""
    rows = (await tx.conn.execute(_COUNT, {"of_mark": mark, "by": user_id})).all()
    if not rows:
        return None
    said: Counter[str] = Counter()
    for row in rows:
        said[row.said] += row.n
    return Batch(rows[0].act, said)


async def purge(tx: Tx, now: datetime) -> None:
    """Forget the marks of forms that come no more."""
    await tx.conn.execute(delete(batch_deeds).where(batch_deeds.c.at < micros(now - KEPT)))
