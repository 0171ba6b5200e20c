"""Texts that a provider is done with: for what they cost, and for the words that it still keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, tuple_

from bot.ids import EPOCH, RANDOM_BITS
from bot.store.engines import Tx
from bot.store.schema import messages, unlike
from bot.store.times import micros
from flows.vocabulary import ChannelName

# A text waits for a day at most, and its provider may take two more to say what became of it.
OLDEST = timedelta(days=4)
_DONE = or_(
    messages.c.direction == "in",
    messages.c.state.in_(("sent", "delivered", "read", "undelivered")),
)
_NEXT = (
    select(messages.c.id, messages.c.provider_id, messages.c.direction, messages.c.changed_at)
    .where(
        messages.c.id >= bindparam("oldest"),
        messages.c.channel == bindparam("channel"),
        unlike(messages.c.provider_id, ""),
        tuple_(messages.c.changed_at, messages.c.id)
        > tuple_(bindparam("since"), bindparam("since_id")),
        messages.c.changed_at <= bindparam("until"),
        _DONE,
    )
    .order_by(messages.c.changed_at, messages.c.id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Done:
    """One text that is over; `mark` is where to go on after it."""

    provider_id: str
    inbound: bool
    mark: tuple[int, int]


async def done(
    tx: Tx,
    channel: ChannelName,
    after: tuple[int, int],
    until: datetime,
    most: int,
) -> Sequence[Done]:
    """What ended after that mark and by then, the earliest first."""
    oldest = int((until - OLDEST - EPOCH).total_seconds() * 1000) << RANDOM_BITS
    values = {
        "oldest": oldest,
        "channel": channel,
        "since": after[0],
        "since_id": after[1],
        "until": micros(until),
        "most": most,
    }
    rows = await tx.conn.execute(_NEXT, values)
    return [Done(row.provider_id, row.direction == "in", (row.changed_at, row.id)) for row in rows]
