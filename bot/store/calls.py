"""Hours promised for agents' calls: each seat of a slot is promised once, each person one hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.store import call_hours
from bot.store.engines import Tx
from bot.store.schema import calls, fixed
from bot.store.times import micros, moment
from flows.vocabulary import CallBook

_PROMISED = fixed(calls.c.state, "promised")
_TAKEN = select(calls.c.starts_at, calls.c.seat).where(
    _PROMISED, calls.c.starts_at > bindparam("now")
)
_OF_PERSON = select(calls).where(_PROMISED, calls.c.person_id == bindparam("person"))
_BY_ID = select(calls).where(calls.c.id == bindparam("call"))
_COMES_TO = (
    update(calls)
    .where(calls.c.id == bindparam("call"), _PROMISED)
    .values(state=bindparam("outcome"))
    .returning(calls.c.id)
)


@dataclass(frozen=True, slots=True)
class Promised:
    """One hour promised to a person. `state`: promised, made, missed, moved."""

    id: int
    person_id: int
    address_id: int
    starts_at: datetime
    state: str = "promised"


async def book(tx: Tx, now: datetime) -> CallBook:
    """The hours at which agents call, and what is promised of those to come."""
    return CallBook(await call_hours.week(tx, now), await taken(tx, now))


async def taken(tx: Tx, now: datetime) -> dict[datetime, frozenset[int]]:
    """The seats that are promised at each moment to come."""
    found: dict[datetime, set[int]] = {}
    for at, seat in await tx.conn.execute(_TAKEN, {"now": micros(now)}):
        found.setdefault(moment(at), set()).add(seat)
    return {at: frozenset(seats) for at, seats in found.items()}


async def of_person(tx: Tx, person_id: int) -> Promised | None:
    """The hour that this person waits for."""
    row = (await tx.conn.execute(_OF_PERSON, {"person": person_id})).one_or_none()
    return _from_row(row) if row else None


async def get(tx: Tx, call_id: int) -> Promised | None:
    """The promise of this id, whatever became of it."""
    row = (await tx.conn.execute(_BY_ID, {"call": call_id})).one_or_none()
    return _from_row(row) if row else None


async def comes_to(tx: Tx, call_id: int, outcome: str) -> bool:
    """What became of a promise; False if that was settled already."""
    return await tx.conn.scalar(_COMES_TO, {"call": call_id, "outcome": outcome}) is not None


async def promise(
    tx: Tx,
    person_id: int,
    address_id: int,
    starts_at: datetime,
    seats: Sequence[int],
    now: datetime,
) -> Promised | None:
    """Take the first of these seats that is free for this person; None where all are taken.

    The database's own uniqueness decides, whatever other processes promise at the same moment.
    A person who waits for another hour gives it back first.
    """
    earlier = await of_person(tx, person_id)
    if earlier and earlier.starts_at == starts_at:
        return earlier
    if earlier:
        await comes_to(tx, earlier.id, "moved")
    wanted = Promised(tx.ids.new(now), person_id, address_id, starts_at)
    for seat in seats:
        if await _take(tx, wanted, seat, now):
            return wanted
    return None


async def _take(tx: Tx, wanted: Promised, seat: int, now: datetime) -> bool:
    row = {
        "id": wanted.id,
        "person_id": wanted.person_id,
        "address_id": wanted.address_id,
        "starts_at": micros(wanted.starts_at),
        "seat": seat,
        "created_at": micros(now),
    }
    insert = tx.insert(calls).on_conflict_do_nothing().returning(calls.c.id)
    return await tx.conn.scalar(insert, row) is not None


def _from_row(row: Row[Any]) -> Promised:
    return Promised(row.id, row.person_id, row.address_id, moment(row.starts_at), row.state)
