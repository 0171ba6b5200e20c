"""The outbox: texts that wait to go out, each claimed by one worker and handed over once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from bot.store.claiming import RANKS, claim, claim_uncertain
from bot.store.deliveries import STATES, priced, report, sent
from bot.store.engines import Tx
from bot.store.paces import spend
from bot.store.schema import fixed, messages
from bot.store.times import micros, moment
from flows.vocabulary import Accepted, ChannelName

__all__ = [
    "accepted",
    "accepted_many",
    "cancel",
    "claim",
    "claim_uncertain",
    "next_due",
    "postpone",
    "priced",
    "refused",
    "report",
    "sent",
    "spend",
    "uncertain",
    "wait_until",
]

# Not IN: a statement for many rows takes no lists.
_IN_HAND = or_(messages.c.state == "claimed", messages.c.state == "uncertain")
_TWIN = messages.alias("twin")
_TAKEN_AS_ANOTHER = (
    select(_TWIN.c.id)
    .where(
        _TWIN.c.provider_id == bindparam("named"),
        _TWIN.c.channel == messages.c.channel,
        _TWIN.c.direction == "out",
        _TWIN.c.id != messages.c.id,
        literal_column("twin.provider_id <> ''"),
    )
    .exists()
)
_ACCEPT = (
    update(messages)
    .where(messages.c.id == bindparam("row_id"), or_(_IN_HAND, messages.c.state == "waiting"))
    .values(
        # Looked up, two texts of the same words may be found as one at the provider.
        provider_id=case((_TAKEN_AS_ANOTHER, ""), else_=bindparam("named", type_=Text)),
        lease_until=None,
        error_code="",
        reason="",
    )
)


def _first_of(channel: str, rank: int, due: ColumnElement[bool]) -> Select[Any]:
    """Since when the first text of a channel and rank may go: one step in the index."""
    since = func.coalesce(messages.c.not_before, messages.c.at).label("since")
    mine = and_(
        messages.c.channel == literal_column(f"'{channel}'"),
        messages.c.rank == literal_column(str(rank)),
    )
    waiting = select(since).where(fixed(messages.c.state, "waiting"), mine, due)
    first = waiting.order_by(messages.c.not_before, messages.c.id).limit(1).subquery()
    return select(first.c.since)


_NEXT = union_all(
    *(
        _first_of(channel, rank, due)
        for channel in get_args(ChannelName)
        for rank in RANKS
        for due in (messages.c.not_before.is_(None), messages.c.not_before.is_not(None))
    )
)


async def accepted(tx: Tx, message_id: int, taken: Accepted, now: datetime) -> None:
    """A provider has it. What is known to be further on already stays so."""
    await accepted_many(tx, [(message_id, taken)], now)


async def accepted_many(tx: Tx, handed: Iterable[tuple[int, Accepted]], now: datetime) -> None:
    """Like `accepted`, in one go."""
    rows = [
        {
            "row_id": message_id,
            "state": STATES.get(taken.status, "accepted"),
            "named": taken.provider_id,
            "segments": taken.segments,
            "changed_at": micros(now),
        }
        # One order for everybody who writes several.
        for message_id, taken in sorted(handed, key=lambda one: one[0])
    ]
    await tx.write(_ACCEPT, rows)


async def refused(tx: Tx, message_id: int, code: str, meaning: str, now: datetime) -> None:
    """It will not be sent. Of one that nobody can tell whether it went, no more is said."""
    state = "uncertain" if meaning == "uncertain" else "refused"
    values = {"state": state, "error_code": code, "reason": meaning, "not_before": None}
    await _move(tx, message_id, changed_at=micros(now), **values)


async def uncertain(
    tx: Tx, message_id: int, look_up_at: datetime, reason: str, now: datetime
) -> None:
    """Nobody knows whether it went: it is looked up then, and never sent again."""
    values = {"state": "uncertain", "reason": reason, "not_before": micros(look_up_at)}
    await _move(tx, message_id, changed_at=micros(now), **values)


async def wait_until(tx: Tx, message_id: int, until: datetime, reason: str) -> None:
    """It was tried, and is tried again then."""
    await _move(
        tx, message_id, state="waiting", not_before=micros(until), reason=reason, sent_at=None
    )


async def postpone(tx: Tx, message_id: int, until: datetime, reason: str) -> None:
    """It was not tried at all, and is looked at again then: the claim does not count as a try."""
    await _move(
        tx,
        message_id,
        state="waiting",
        not_before=micros(until),
        reason=reason,
        sent_at=None,
        tries=messages.c.tries - 1,
    )


async def cancel(tx: Tx, message_id: int, reason: str, now: datetime) -> bool:
    """It has stopped being right; False once it was handed over."""
    mine = update(messages).where(
        messages.c.id == message_id, messages.c.state.in_(("waiting", "claimed"))
    )
    values = {"state": "cancelled", "reason": reason, "lease_until": None, "sent_at": None}
    gone = mine.values(changed_at=micros(now), **values).returning(messages.c.id)
    return await tx.conn.scalar(gone) is not None


async def next_due(tx: Tx) -> datetime | None:
    """When the next text waits to go out, past or to come; None where none waits."""
    found = (await tx.conn.scalars(_NEXT)).all()
    return moment(min(found, default=None))


async def _move(tx: Tx, message_id: int, **values: Any) -> None:
    """Only what a worker has in hand moves: a word that comes too late changes nothing."""
    mine = update(messages).where(messages.c.id == message_id, _IN_HAND)
    await tx.conn.execute(mine.values(lease_until=None, **values))
