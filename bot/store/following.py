"""Follow-ups and their days: one going on for each person, one check-in for each day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, select, update

from bot.store import keys, people
from bot.store.engines import Tx
from bot.store.schema import check_ins, follow_ups, persons, unlike
from bot.store.times import micros, moment
from bot.store.unopened import Unopened
from flows.vocabulary import CheckIn, FollowUp

_FIELDS = tuple(field.name for field in fields(FollowUp))
_BY_ID = select(follow_ups).where(follow_ups.c.id == bindparam("follow_up"))
_OPEN_OF = select(follow_ups).where(
    follow_ups.c.person_id.in_(bindparam("people", expanding=True)),
    unlike(follow_ups.c.state, "closed"),
)
_SAVE = update(follow_ups).where(follow_ups.c.id == bindparam("row_id"))
_HISTORY = (
    select(check_ins)
    .where(check_ins.c.follow_up_id.in_(bindparam("follow_ups", expanding=True)))
    .where(check_ins.c.day >= bindparam("since"))
    .order_by(check_ins.c.follow_up_id, check_ins.c.day)
)
_OF_DAY = select(check_ins).where(
    check_ins.c.follow_up_id == bindparam("follow_up"), check_ins.c.day == bindparam("on")
)
_CALM = (
    select(follow_ups)
    .join(check_ins, check_ins.c.follow_up_id == follow_ups.c.id)
    .join(persons, persons.c.id == follow_ups.c.person_id)
    .where(
        check_ins.c.day == bindparam("on"),
        check_ins.c.state == "answered",
        check_ins.c.priority == "",
        # What is drawn in an id within its millisecond decides: nobody chooses.
        check_ins.c.id % bindparam("one_in", type_=BigInteger) == bindparam("which"),
        persons.c.condition == "",
    )
    .order_by(check_ins.c.id)
    .limit(bindparam("most"))
)
_ONE_DAY = ["follow_up_id", "day"]


async def start(tx: Tx, follow_up: FollowUp) -> FollowUp:
    """Begin a follow-up; the one that goes on for this person already, if there is one."""
    insert = tx.insert(follow_ups).on_conflict_do_nothing().returning(follow_ups.c.id)
    (row,) = await _rows(tx, [follow_up])
    if await tx.conn.scalar(insert, row) is not None:
        return follow_up
    going = await active_of_person(tx, follow_up.person_id)
    if going is None:
        raise LookupError(f"follow-up {follow_up.id} was neither kept nor known")
    return going


async def start_many(tx: Tx, new: Sequence[FollowUp]) -> None:
    """Begin follow-ups in one go, of people who have none."""
    await tx.write(tx.insert(follow_ups).on_conflict_do_nothing(), await _rows(tx, new))


async def _rows(tx: Tx, new: Sequence[FollowUp]) -> list[dict[str, Any]]:
    sifted = await people.sifted_by(tx, [one.person_id for one in new])
    return [
        {**{name: getattr(one, name) for name in _FIELDS}, **sifted[one.person_id]} for one in new
    ]


async def get(tx: Tx, follow_up_id: int) -> FollowUp | None:
    """The follow-up of this id."""
    row = (await tx.conn.execute(_BY_ID, {"follow_up": follow_up_id})).one_or_none()
    return None if row is None else from_row(row)


async def active_of_person(tx: Tx, person_id: int) -> FollowUp | None:
    """The follow-up that goes on for a person: active, or in review."""
    return (await active_of_people(tx, [person_id])).get(person_id)


async def active_of_people(tx: Tx, person_ids: Iterable[int]) -> dict[int, FollowUp]:
    """The follow-up that goes on for each of these people, in one query."""
    rows = await tx.conn.execute(_OPEN_OF, {"people": list(set(person_ids))})
    return {row.person_id: from_row(row) for row in rows}


async def going(tx: Tx, limit: int) -> list[FollowUp]:
    """Follow-ups that go on, those that end first, first; without an end they come last."""
    rows = select(follow_ups).where(unlike(follow_ups.c.state, "closed"))
    ends = rows.order_by(follow_ups.c.until.is_(None), follow_ups.c.until, follow_ups.c.id)
    return [from_row(row) for row in await tx.conn.execute(ends.limit(limit))]


async def save(tx: Tx, follow_up: FollowUp) -> None:
    """Write a follow-up whole."""
    row = {name: getattr(follow_up, name) for name in _FIELDS if name != "id"}
    await tx.conn.execute(_SAVE, {"row_id": follow_up.id, **row})


async def asked(tx: Tx, follow_up: FollowUp, day: date, now: datetime) -> None:
    """Note that this day's check-in was asked for; what is there already stays."""
    held = await people.key_ids(tx, [follow_up.person_id])
    row = CheckIn(tx.ids.new(now), follow_up.id, follow_up.person_id, day)
    insert = tx.insert(check_ins).on_conflict_do_nothing(index_elements=_ONE_DAY)
    await tx.conn.execute(insert, _row(tx, row, held[row.person_id]))


async def save_check_in(tx: Tx, check_in: CheckIn) -> None:
    """Write a day's check-in whole, new or not; the day has one row for ever."""
    await save_check_ins(tx, [check_in])


async def save_check_ins(tx: Tx, changed: Sequence[CheckIn]) -> None:
    """Like `save_check_in`, in one go."""
    held = await people.key_ids(tx, {one.person_id for one in changed})
    insert = tx.insert(check_ins)
    names = ("state", "priority", "trend", "detail", "answered_at")
    fresh = {name: insert.excluded[name] for name in names}
    upsert = insert.on_conflict_do_update(index_elements=_ONE_DAY, set_=fresh)
    await tx.write(upsert, [_row(tx, one, held[one.person_id]) for one in changed])


async def of_day(tx: Tx, follow_up_id: int, day: date) -> CheckIn | None:
    """The check-in of one day, asked for or answered."""
    rows = (await tx.conn.execute(_OF_DAY, {"follow_up": follow_up_id, "on": day})).all()
    return next(iter(await check_ins_from_rows(tx, rows)), None)


async def calm_days(tx: Tx, day: date, one_in: int, which: int, most: int) -> list[FollowUp]:
    """The follow-ups of one in so many calm answers of a day, always the same ones; of those
    whose people are neither in hospital nor dead."""
    values = {"on": day, "one_in": one_in, "which": which, "most": most}
    return [from_row(row) for row in await tx.conn.execute(_CALM, values)]


async def history(tx: Tx, follow_up_id: int) -> list[CheckIn]:
    """A follow-up's check-ins, the earliest day first."""
    return (await histories(tx, [follow_up_id])).get(follow_up_id, [])


async def histories(
    tx: Tx, follow_up_ids: Iterable[int], since: date = date.min
) -> dict[int, list[CheckIn]]:
    """The check-ins of each of these follow-ups that has any from `since`, earliest day first."""
    found = await unopened(tx, follow_up_ids, since)
    return {follow_up_id: list(days) for follow_up_id, days in found.items()}


async def unopened(
    tx: Tx, follow_up_ids: Iterable[int], since: date
) -> dict[int, Sequence[CheckIn]]:
    """Like `histories`, but what was answered is opened only when somebody looks."""
    values = {"follow_ups": list(set(follow_up_ids)), "since": since}
    rows = (await tx.conn.execute(_HISTORY, values)).all() if values["follow_ups"] else []
    await keys.load(tx, {row.key_id for row in rows})
    days: dict[int, list[Row[Any]]] = {}
    for row in rows:
        days.setdefault(row.follow_up_id, []).append(row)
    read = partial(check_in_from_row, tx)
    return {follow_up_id: Unopened(those, read) for follow_up_id, those in days.items()}


def from_row(row: Row[Any]) -> FollowUp:
    """A follow-up from a row of `follow_ups`."""
    return FollowUp(**{name: getattr(row, name) for name in _FIELDS})


async def check_ins_from_rows(tx: Tx, rows: Sequence[Row[Any]]) -> list[CheckIn]:
    """Check-ins from rows of `check_ins`, their keys loaded in one query."""
    await keys.load(tx, (row.key_id for row in rows))
    return [check_in_from_row(tx, row) for row in rows]


def check_in_from_row(tx: Tx, row: Row[Any]) -> CheckIn:
    """A check-in from a row of `check_ins`, whose key is loaded."""
    plain = tx.keyring.open_json(row.key_id, context(row.follow_up_id, row.day), row.detail) or {}
    return CheckIn(
        id=row.id,
        follow_up_id=row.follow_up_id,
        person_id=row.person_id,
        day=row.day,
        state=row.state,
        answered_at=moment(row.answered_at),
        **plain,
    )


def context(follow_up_id: int, day: date) -> str:
    """What the sealed answers are bound to: the day, whose row id is that of its first writer."""
    return f"check_ins.detail:{follow_up_id}:{day}"


def _row(tx: Tx, check_in: CheckIn, key_id: int) -> dict[str, Any]:
    plain = {"answers": dict(check_in.answers), "assessment": dict(check_in.assessment)}
    place = context(check_in.follow_up_id, check_in.day)
    return {
        "id": check_in.id,
        "follow_up_id": check_in.follow_up_id,
        "person_id": check_in.person_id,
        "day": check_in.day,
        "state": check_in.state,
        "priority": str(check_in.assessment.get("priority") or ""),
        "trend": str(check_in.assessment.get("trend") or ""),
        "key_id": key_id,
        "detail": tx.keyring.seal_json(key_id, place, plain),
        "answered_at": micros(check_in.answered_at),
    }
