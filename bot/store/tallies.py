"""A day's figures by group, counted once and read by every page that shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import bindparam, delete, func, insert, select

from bot.store.cohorts import Group
from bot.store.engines import Tx
from bot.store.schema import tallies

By = Literal["", "language", "channel", "age", "phone", "team"]
Counts = Mapping[tuple[Group, int], int]
GROUPS: Final[tuple[By, ...]] = ("language", "channel", "age", "phone", "team")

_DROP = delete(tallies).where(tallies.c.day == bindparam("on"))
_WHOLE: Final = ("",)
_ADD = insert(tallies)
_KEPT = (tallies.c.day, tallies.c.measure, tallies.c.name, tallies.c.bucket)
_READ = (
    select(*_KEPT, func.sum(tallies.c.n).label("n"))
    .where(
        tallies.c.territory.in_(bindparam("of", expanding=True)),
        tallies.c.part == bindparam("by"),
        tallies.c.day >= bindparam("first"),
        tallies.c.day <= bindparam("last"),
    )
    .group_by(*_KEPT)
    .order_by(tallies.c.day)
)


@dataclass(frozen=True, slots=True)
class Cell:
    """How many of a day and group stand in a bucket of a measure."""

    day: date
    measure: str
    group: str
    bucket: int
    n: int


async def keep(tx: Tx, on: date, counted: Mapping[str, Counts]) -> None:
    """The figures of a day in place of those of before."""
    await tx.conn.execute(_DROP, {"on": on})
    rows = [
        {"territory": of, "part": by, "day": on, "measure": measure, "name": name}
        | {"bucket": bucket, "n": n}
        for measure, cells in counted.items()
        for (of, by, name, bucket), n in _parts(cells)
    ]
    await tx.write(_ADD, rows)


async def read(
    tx: Tx,
    first: date,
    last: date,
    by: By = "",
    measure: str = "",
    of: Collection[str] | None = None,
) -> list[Cell]:
    """The figures of these days, by group where one is asked for; of one measure or of all.

    `of` are territories, taken together; None is the whole country.
    """
    wanted = _READ.where(tallies.c.measure == measure) if measure else _READ
    whose = list(_WHOLE if of is None else of)
    rows = await tx.conn.execute(wanted, {"by": by, "first": first, "last": last, "of": whose})
    return [Cell(row.day, row.measure, row.name, row.bucket, int(row.n)) for row in rows]


def _parts(cells: Counts) -> Iterator[tuple[tuple[str, str, str, int], int]]:
    """All together, then by each group alone, of the whole country and of each territory: groups
    within groups would tell of single people."""
    added: Counter[tuple[str, str, str, int]] = Counter()
    for (group, bucket), n in cells.items():
        for of in {*_WHOLE, group.territory}:
            added[of, "", "", bucket] += n
            for by in GROUPS:
                added[of, by, getattr(group, by), bucket] += n
    yield from added.items()
