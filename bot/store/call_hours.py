"""Hours at which agents call, as supervisors keep them: a week by team, and days off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Row, and_, bindparam, literal_column, or_, select, update

from bot.store.engines import Tx
from bot.store.schema import CALL_HOURS_KEPT, SURGE_GOING, call_hours, surges
from bot.store.times import micros
from flows.vocabulary import CallShift, CallWeek

_EVER = call_hours.alias("ever")
_KEPT = and_(
    CALL_HOURS_KEPT, or_(call_hours.c.day.is_(None), call_hours.c.day >= bindparam("today"))
)
_STOPS = surges.c.until > bindparam("now"), surges.c.stops_calls
# One read for each turn: the claims come even where no row does.
_WEEK = (
    select(
        select(_EVER.c.id).where(_EVER.c.day.is_(None)).exists().label("kept"),
        select(surges.c.id).where(SURGE_GOING, *_STOPS).exists().label("stopped"),
        call_hours,
    )
    .select_from(select(literal_column("1").label("one")).subquery("one").outerjoin(
        call_hours, _KEPT))
    .order_by(call_hours.c.id)
)  # fmt: skip
_ROWS = select(call_hours).where(_KEPT).order_by(call_hours.c.id)
_END = (
    update(call_hours)
    .where(call_hours.c.id == bindparam("row"), CALL_HOURS_KEPT)
    .values(ended_at=bindparam("at"), ended_by=bindparam("user"))
    .returning(call_hours.c.id)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A shift by its id."""

    id: int
    shift: CallShift


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which a team ("" for everybody) calls nobody."""

    id: int
    team: str
    day: date


async def week(tx: Tx, now: datetime) -> CallWeek:
    """The week that holds now, and whether a surge stops it."""
    found = (await tx.conn.execute(_WEEK, _at(now))).all()
    shifts, off = _read([row for row in found if row.id is not None])
    return CallWeek(
        shifts=tuple(one.shift for one in shifts),
        off=frozenset((one.team, one.day) for one in off),
        kept=bool(found[0].kept),
        stopped=bool(found[0].stopped),
    )


async def kept(tx: Tx, now: datetime) -> tuple[list[Kept], list[DayOff]]:
    """The shifts and days off that hold, by their ids."""
    bound = {"today": _at(now)["today"]}
    return _read((await tx.conn.execute(_ROWS, bound)).all())


async def add(tx: Tx, shift: CallShift, user_id: int | None, now: datetime) -> int:
    """From now on calls are offered in this shift."""
    row = {
        "team": shift.team,
        "weekday": shift.weekday,
        "starts": f"{shift.starts:%H:%M}",
        "ends": f"{shift.ends:%H:%M}",
        "minutes": shift.minutes,
        "seats": shift.seats,
        "spoken": " ".join(sorted(shift.languages)),
    }
    return await _insert(tx, row, user_id, now)


async def take_off(tx: Tx, team: str, day: date, user_id: int, now: datetime) -> int:
    """On this day a team, "" for all, calls nobody."""
    return await _insert(tx, {"team": team, "day": day}, user_id, now)


async def end(tx: Tx, row_id: int, user_id: int, now: datetime) -> bool:
    """A shift or a day off holds no longer; False if it did not before."""
    bound = {"row": row_id, "at": micros(now), "user": user_id}
    return await tx.conn.scalar(_END, bound) is not None


async def _insert(tx: Tx, row: dict[str, Any], user_id: int | None, now: datetime) -> int:
    row_id = tx.ids.new(now)
    await tx.conn.execute(tx.insert(call_hours).values(id=row_id, added_by=user_id, **row))
    return row_id


def _at(now: datetime) -> dict[str, Any]:
    # A day's hours stay to be seen until that day is over everywhere.
    return {"now": micros(now), "today": date.fromordinal(now.date().toordinal() - 1)}


def _read(rows: Sequence[Row[Any]]) -> tuple[list[Kept], list[DayOff]]:
    shifts = [Kept(row.id, _shift(row)) for row in rows if row.day is None]
    return shifts, [DayOff(row.id, row.team, row.day) for row in rows if row.day is not None]


def _shift(row: Row[Any]) -> CallShift:
    return CallShift(
        weekday=row.weekday,
        starts=time.fromisoformat(row.starts),
        ends=time.fromisoformat(row.ends),
        minutes=row.minutes,
        seats=row.seats,
        languages=frozenset(row.spoken.split()),
        team=row.team,
    )
