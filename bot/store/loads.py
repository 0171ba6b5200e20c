"""The load of a day: reviews that came and went by hour and team, who is on line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from bot.ids import first_at
from bot.store.engines import Tx
from bot.store.schema import REVIEW_CLOSED, bundles, reviews, users
from bot.store.times import micros, moment

HOUR: Final = timedelta(hours=1)
_HOUR: Final = 3_600_000_000
# Whoever did nothing for so long may have gone.
ON_LINE: Final = timedelta(minutes=10)

_OPENED_HOUR = (reviews.c.opened_at // _HOUR).label("hour")
_CLOSED_HOUR = (reviews.c.closed_at // _HOUR).label("hour")
# Ids are made in the order of time: a day of them lies together.
_OPENED = (
    select(_OPENED_HOUR, func.count().label("n"))
    .where(reviews.c.id >= bindparam("first"), reviews.c.opened_at >= bindparam("since"))
    .group_by(_OPENED_HOUR)
)
_CLOSED = (
    select(_CLOSED_HOUR, reviews.c.closed_by, func.count().label("n"))
    .where(REVIEW_CLOSED, reviews.c.closed_at >= bindparam("since"))
    .group_by(_CLOSED_HOUR, reviews.c.closed_by)
)
_ON_LINE = (
    select(users.c.id, users.c.name, users.c.email, users.c.role, users.c.last_seen_at)
    .where(users.c.disabled_at.is_(None), users.c.last_seen_at >= bindparam("since"))
    .order_by(users.c.name, users.c.email)
)
_HELD = (
    select(bundles.c.lease_owner, func.count().label("n"))
    .where(bundles.c.lease_owner.is_not(None), bundles.c.lease_until > bindparam("now"))
    .group_by(bundles.c.lease_owner)
)


@dataclass(frozen=True, slots=True)
class OnLine:
    """Somebody who is there: when last seen, how many households they hold."""

    id: int
    name: str
    role: str
    seen_at: datetime
    holds: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """A day by the hour, from `since` on. `closed` is by user; None is the service itself."""

    since: datetime
    hours: tuple[datetime, ...]
    opened: Mapping[datetime, int] = field(default_factory=dict)
    closed: Mapping[tuple[datetime, int | None], int] = field(default_factory=dict)

    def closed_at(self, hour: datetime) -> int:
        """How many people closed in an hour."""
        return sum(n for (at, who), n in self.closed.items() if at == hour and who)


async def of_day(tx: Tx, now: datetime) -> Load:
    """The last 24 hours; what came and went before is not looked at."""
    last = now.replace(minute=0, second=0, microsecond=0)
    hours = tuple(last - HOUR * n for n in range(23, -1, -1))
    since = {"since": micros(hours[0])}
    opened = await tx.conn.execute(_OPENED, {**since, "first": first_at(hours[0])})
    closed = await tx.conn.execute(_CLOSED, since)
    return Load(
        hours[0],
        hours,
        {_hour(row): row.n for row in opened},
        {(_hour(row), row.closed_by): row.n for row in closed},
    )


async def on_line(tx: Tx, now: datetime) -> list[OnLine]:
    """Who was seen these last minutes."""
    holds = {row.lease_owner: row.n for row in await tx.conn.execute(_HELD, {"now": micros(now)})}
    rows = await tx.conn.execute(_ON_LINE, {"since": micros(now - ON_LINE)})
    return [
        OnLine(
            row.id, row.name or row.email, row.role, moment(row.last_seen_at), holds.get(row.id, 0)
        )
        for row in rows
    ]


def _hour(row: Any) -> datetime:
    at: int = row.hour * _HOUR
    return moment(at)
