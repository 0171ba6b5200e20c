"""Claiming texts that wait to go out: each by one worker, in order, with its surroundings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, get_args

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from bot.sending import Standing
from bot.store import addresses, bundles, conversations, paces, people
from bot.store import messages as talk
from bot.store.engines import Tx
from bot.store.schema import addresses as address_rows
from bot.store.schema import do_not_write, fixed, messages
from bot.store.times import micros, moment
from flows.vocabulary import ChannelName, Message

# 5 is for a kind that nobody gave a place.
RANKS: Final = (0, 1, 2, 3, 4, 5)
MOST_TAKEN_OVER: Final = 500
# Where the first are in other hands just now, the next are looked at.
FURTHER: Final = 4
LOOKS: Final = 3
# No sender keeps to a pace: for demonstrations and for tests.
UNHURRIED: Final[Mapping[str, float]] = {}

_LOST = (
    select(messages.c.id, messages.c.rank)
    .where(fixed(messages.c.state, "claimed"), messages.c.lease_until <= bindparam("now"))
    # By id, every message there ever was would be looked at.
    .order_by(messages.c.lease_until)
    .limit(MOST_TAKEN_OVER)
    .with_for_update(skip_locked=True)
)
_SAVE = update(messages).where(messages.c.id == bindparam("row_id"))
_CLAIM = _SAVE.values(
    state="claimed",
    lease_until=bindparam("until"),
    claimed_by=bindparam("worker"),
    tries=messages.c.tries + 1,
    sent_at=bindparam("at_moment"),
)
_UNCERTAIN = (
    select(messages)
    .where(fixed(messages.c.state, "uncertain"), messages.c.not_before <= bindparam("now"))
    .order_by(messages.c.not_before)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_LOCKED = (
    select(address_rows.c.id)
    .where(address_rows.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(address_rows.c.hash, address_rows.c.channel)
    .with_for_update(skip_locked=True)
)
_FORBIDDEN = (
    select(address_rows.c.id)
    .join(do_not_write, do_not_write.c.hash == address_rows.c.hash)
    .where(
        address_rows.c.id.in_(bindparam("ids", expanding=True)),
        or_(do_not_write.c.until.is_(None), do_not_write.c.until > bindparam("now")),
    )
)


def _free() -> ColumnElement[bool]:
    """Nothing is in flight to the address, and nothing waits there that goes first."""
    other = messages.alias("other")
    here = select(other.c.id).where(other.c.address_id == messages.c.address_id)
    first = tuple_(other.c.rank, other.c.id) < tuple_(messages.c.rank, messages.c.id)
    due = or_(other.c.not_before.is_(None), other.c.not_before <= bindparam("now"))
    # What a provider asked to bring later keeps its place before what was written later.
    kept_back = and_(other.c.tries > 0, other.c.rank > 0)
    flying = here.where(fixed(other.c.state, "claimed")).exists()
    ahead = here.where(fixed(other.c.state, "waiting"), first, or_(due, kept_back)).exists()
    return and_(~flying, ~ahead)


_FREE = _free()
_SINCE = func.coalesce(messages.c.not_before, messages.c.at)


def _of_rank(rank: int, due: ColumnElement[bool]) -> Select[Any]:
    """The first of one rank, by the index: a hundred thousand for tomorrow cost nothing."""
    mine = and_(
        messages.c.channel == bindparam("channel"), messages.c.rank == literal_column(str(rank))
    )
    free = [_FREE] if rank else []
    part = (
        select(messages.c.id, messages.c.address_id, messages.c.rank, _SINCE.label("since"))
        .where(fixed(messages.c.state, "waiting"), mine, due, *free)
        .order_by(messages.c.not_before, messages.c.id)
        .limit(bindparam("most"))
        .subquery()
    )
    return select(part)


_DUE_PARTS = (messages.c.not_before.is_(None), messages.c.not_before <= bindparam("now"))


def _candidates(ranks: Sequence[int]) -> Select[Any]:
    every = union_all(*(_of_rank(rank, due) for rank in ranks for due in _DUE_PARTS)).subquery()
    return (
        select(every.c.id, every.c.address_id, every.c.rank)
        .order_by(every.c.rank, every.c.since, every.c.id)
        .limit(bindparam("most"))
    )


_SAFETY, _ROUTINE = _candidates(RANKS[:1]), _candidates(RANKS[1:])
# One step in the index for each channel.
_BUSY: Select[Any] | CompoundSelect[Any] = union_all(
    *(
        select(literal_column(f"'{channel}'")).where(
            select(messages.c.id)
            .where(
                fixed(messages.c.state, "waiting"),
                messages.c.channel == literal_column(f"'{channel}'"),
            )
            .exists()
        )
        for channel in get_args(ChannelName)
    )
)
# Looked at again under the lock: another worker may have been faster.
_STILL = (
    select(messages)
    .where(
        messages.c.id.in_(bindparam("ids", expanding=True)),
        fixed(messages.c.state, "waiting"),
        or_(messages.c.rank == 0, _FREE),
    )
    .order_by(messages.c.rank, _SINCE, messages.c.id)
    .with_for_update(skip_locked=True, of=messages)
)


async def claim(
    tx: Tx,
    now: datetime,
    most: int,
    worker: str,
    lease: timedelta,
    rates: Mapping[str, float] = UNHURRIED,
) -> list[Standing]:
    """The texts that go next, each with all that may hold it back, leased to one worker.

    By rank, then by age; at most one in flight to an address, and there in order, but for safety
    texts, which wait for nothing. Whatever another worker is at is left out. `rates` are the texts
    a second that each channel's sender may hand over in all, whatever the number of workers: what
    of these goes out is to be told to `paces.spend`.
    `tries` counts this try. A worker that died leaves a text of which nobody knows whether it went:
    it becomes uncertain, but a safety text is sent again.
    """
    await _take_over(tx, now)
    # In one order for all workers: a pace is locked until the end.
    busy = sorted((await tx.conn.scalars(_BUSY)).all())
    paced = [channel for channel in busy if channel in rates]
    free = {channel: await paces.allowed(tx, channel, rates[channel], now) for channel in paced}
    rows: list[Row[Any]] = []
    for place, channel in enumerate(busy):
        # What one channel leaves of its share is the next one's.
        share = (most - len(rows)) // (len(busy) - place)
        rows += await _of_channel(tx, now, channel, share, free.get(channel, share))
    row = {"until": micros(now + lease), "worker": worker, "at_moment": micros(now)}
    await tx.write(_CLAIM, [{"row_id": one.id, **row} for one in rows])
    texts = [
        replace(text, state="claimed", tries=text.tries + 1)
        for text in await talk.from_rows(tx, rows)
    ]
    return await _standing(tx, texts, now)


async def _of_channel(
    tx: Tx, now: datetime, channel: str, most: int, free: int
) -> Sequence[Row[Any]]:
    """Safety texts at any pace; of the others as many as the channel's sender may hand over."""
    urgent = await _next(tx, _SAFETY, now, channel, most)
    rest = min(most, free) - len(urgent)
    return [*urgent, *(await _next(tx, _ROUTINE, now, channel, rest))]


async def _next(
    tx: Tx, wanted: Select[Any], now: datetime, channel: str, most: int
) -> Sequence[Row[Any]]:
    if most <= 0:
        return ()
    looked_at = most * FURTHER if tx.dialect == "postgresql" else most
    values = {"now": micros(now), "most": looked_at, "channel": channel}
    for _ in range(LOOKS):
        candidates = (await tx.conn.execute(wanted, values)).all()
        if not candidates:
            break
        ids = await _reachable(tx, candidates, most)
        rows = (await tx.conn.execute(_STILL, {"now": micros(now), "ids": ids})).all()
        # None of many: another worker took them between the two looks.
        if rows:
            return rows
    return ()


async def claim_uncertain(
    tx: Tx, now: datetime, most: int, worker: str, lease: timedelta
) -> list[tuple[Standing, datetime]]:
    """Uncertain texts that are to be looked up, each with the moment when it was handed over."""
    rows = (await tx.conn.execute(_UNCERTAIN, {"now": micros(now), "most": most})).all()
    row = {"claimed_by": worker, "not_before": micros(now + lease)}
    await tx.write(_SAVE, [{"row_id": one.id, **row} for one in rows])
    texts = await talk.from_rows(tx, rows)
    handed_over = {one.id: moment(one.sent_at or one.at) for one in rows}
    standing = await _standing(tx, texts, now)
    return [(one, handed_over[one.message.id]) for one in standing]


async def _take_over(tx: Tx, now: datetime) -> None:
    rows = (await tx.conn.execute(_LOST, {"now": micros(now)})).all()
    again = {"state": "waiting", "lease_until": None}
    doubt = {"state": "uncertain", "not_before": micros(now), "reason": "worker_lost"}
    await tx.write(_SAVE, [{"row_id": one.id, **again} for one in rows if one.rank == 0])
    await tx.write(
        _SAVE, [{"row_id": one.id, "lease_until": None, **doubt} for one in rows if one.rank > 0]
    )


async def _reachable(tx: Tx, candidates: Sequence[Any], most: int) -> list[int]:
    """The first whose address nobody works on: a turn there may yet change what is right."""
    if tx.dialect == "sqlite":
        return [one.id for one in candidates]
    found: list[int] = []
    for start in range(0, len(candidates), most):
        part = candidates[start : start + most]
        asked = sorted({one.address_id for one in part if one.rank > 0})
        locked = set((await tx.conn.scalars(_LOCKED, {"ids": asked})).all())
        found += [one.id for one in part if one.rank == 0 or one.address_id in locked]
        if len(found) >= most:
            break
    return found[:most]


async def _standing(tx: Tx, texts: Sequence[Message], now: datetime) -> list[Standing]:
    """Each text with its surroundings, in a fixed number of reads."""
    if not texts:
        return []
    at = {text.address_id for text in texts}
    where = {one.id: one for one in await addresses.get_many(tx, at)}
    known = {text.person_id for text in texts if text.person_id}
    who = {one.id: one for one in await people.get_many(tx, known)} if known else {}
    links = {(one.person_id, one.address_id): one for one in await people.links_at(tx, at)}
    talks = await conversations.get_many(tx, _some(text.conversation_id for text in texts))
    forbidden = await tx.conn.scalars(_FORBIDDEN, {"ids": list(at), "now": micros(now)})
    listed = set(forbidden.all())
    held = await bundles.holders(tx, at, now)
    return [
        Standing(
            message=text,
            address=where[text.address_id],
            person=who.get(text.person_id or 0),
            link=links.get((text.person_id or 0, text.address_id)),
            conversation=talks.get(text.conversation_id or 0),
            do_not_write=text.address_id in listed,
            held=text.address_id in held,
        )
        for text in texts
    ]


def _some(ids: Iterable[int | None]) -> set[int]:
    return {one for one in ids if one is not None}
