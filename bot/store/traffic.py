"""What passed through each channel of late, counted; nothing of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, bindparam, func, or_, select

from bot.ids import EPOCH, RANDOM_BITS
from bot.store.engines import Tx
from bot.store.schema import MESSAGE_WAITING, messages
from bot.store.times import micros, moment

_TRIED = (messages.c.tries > 0).label("tried")
_LATELY = (
    select(
        messages.c.channel,
        messages.c.direction,
        messages.c.state,
        messages.c.error_code,
        messages.c.reason,
        _TRIED,
        func.count().label("n"),
        func.max(func.coalesce(messages.c.changed_at, messages.c.at)).label("last"),
    )
    # Ids are ordered by the moment: the newest rows alone are looked at.
    .where(messages.c.id >= bindparam("since", type_=BigInteger))
    .group_by(
        messages.c.channel,
        messages.c.direction,
        messages.c.state,
        messages.c.error_code,
        messages.c.reason,
        _TRIED,
    )
)
_WAITING = (
    select(messages.c.channel, func.count().label("n"))
    .where(
        MESSAGE_WAITING,
        or_(messages.c.not_before.is_(None), messages.c.not_before <= bindparam("now")),
    )
    .group_by(messages.c.channel)
)


@dataclass(frozen=True, slots=True)
class Passed:
    """Texts of one channel that ended alike; `tried` tells a text that waits for another try."""

    channel: str
    direction: str
    state: str
    code: str
    reason: str
    tried: bool
    count: int
    last: datetime


async def lately(tx: Tx, now: datetime, how_long: timedelta) -> list[Passed]:
    """Everything made within `how_long`, counted by how it ended."""
    first = int((now - how_long - EPOCH).total_seconds() * 1000) << RANDOM_BITS
    rows = await tx.conn.execute(_LATELY, {"since": first})
    return [
        Passed(
            row.channel,
            row.direction,
            row.state,
            row.error_code,
            row.reason,
            bool(row.tried),
            row.n,
            moment(row.last),
        )
        for row in rows
    ]


async def waiting(tx: Tx, now: datetime) -> dict[str, int]:
    """How many texts might go now, by channel."""
    rows = await tx.conn.execute(_WAITING, {"now": micros(now)})
    return {row.channel: row.n for row in rows}
