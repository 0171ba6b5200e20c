"""A day's figures by group, counted once and read by every page that shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal

from sqlalchemy import Select, bindparam, delete, func, insert, select

from bot.store.cohorts import Group
from bot.store.engines import Tx
from bot.store.schema import tallies

By = Literal["", "language", "channel", "age", "phone", "team"]
GROUPS: Final[tuple[By, ...]] = ("language", "channel", "age", "phone", "team")

_DROP = delete(tallies).where(tallies.c.day == bindparam("on"))
_ADD = insert(tallies)


@dataclass(frozen=True, slots=True)
class Cell:
    """How many of a day and group stand in a bucket of a measure."""

    day: date
    measure: str
    group: str
    bucket: int
    n: int


async def keep(tx: Tx, on: date, counted: Mapping[str, Counter[tuple[Group, int]]]) -> None:
    """The figures of a day in place of those of before."""
    await tx.conn.execute(_DROP, {"on": on})
    rows = [
        {"day": on, "measure": measure, "bucket": bucket, "n": n, **asdict(group)}
        for measure, cells in counted.items()
        for (group, bucket), n in cells.items()
    ]
    await tx.write(_ADD, rows)


async def read(tx: Tx, first: date, last: date, by: By = "", measure: str = "") -> list[Cell]:
    """The figures of these days, by group where one is asked for; of one measure or of all."""
    rows = await tx.conn.execute(_asked(by, measure), {"first": first, "last": last})
    return [Cell(row.day, row.measure, row.part, row.bucket, int(row.n)) for row in rows]


def _asked(by: By, measure: str) -> Select[Any]:
    part: Any = tallies.c[by] if by else func.min("")
    wanted = (
        select(
            tallies.c.day,
            tallies.c.measure,
            part.label("part"),
            tallies.c.bucket,
            func.sum(tallies.c.n).label("n"),
        )
        .where(tallies.c.day >= bindparam("first"), tallies.c.day <= bindparam("last"))
        .group_by(tallies.c.day, tallies.c.measure, tallies.c.bucket)
        .order_by(tallies.c.day)
    )
    if by:
        wanted = wanted.group_by(tallies.c[by])
    return wanted.where(tallies.c.measure == measure) if measure else wanted
