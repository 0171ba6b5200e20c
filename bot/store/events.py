"""The trail: what happened and who looked, line after line, never changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select

from bot.store import keys, people
from bot.store.engines import Tx
from bot.store.schema import events
from bot.store.secrets import KeyGone, dump
from bot.store.times import micros, moment
from flows.vocabulary import Event

_COPIED = ("kind", "actor", "person_id", "address_id", "conversation_id", "case_id", "review_id")
_APPEND = insert(events)
_LATEST = select(events).order_by(events.c.id.desc()).limit(bindparam("most"))
_OF_KIND = _LATEST.where(
    events.c.person_id == bindparam("person"),
    events.c.id < bindparam("before"),
    events.c.kind == bindparam("kind"),
)
_READS = _LATEST.where(events.c.person_id == bindparam("person"), events.c.kind == "read")


async def append(tx: Tx, happened: Iterable[Event]) -> None:
    """Write lines of the trail."""
    lines = list(happened)
    if lines:
        await append_many(tx, lines, max(line.at for line in lines))


async def append_many(tx: Tx, happened: Sequence[Event], now: datetime) -> None:
    """Write lines of the trail, in their order. What they tell of people is sealed."""
    held = await _keys(tx, happened, now)
    rows = []
    for event in happened:
        event_id = tx.ids.new(now)
        copied = {name: getattr(event, name) for name in _COPIED}
        row = {"id": event_id, "at": micros(event.at), **copied}
        rows.append({**row, **_kept(tx, event_id, event.data, _key_of(event, held))})
    await tx.write(_APPEND, rows)


async def trail(
    tx: Tx,
    *,
    person_id: int | None = None,
    address_id: int | None = None,
    review_id: int | None = None,
    limit: int = 200,
) -> list[Event]:
    """What happened to a person, at an address, with a review: the latest first.

    Given several, a line must speak of all of them.
    """
    wanted = {"person_id": person_id, "address_id": address_id, "review_id": review_id}
    about = [events.c[name] == value for name, value in wanted.items() if value is not None]
    rows = (await tx.conn.execute(_LATEST.where(*about), {"most": limit})).all()
    return await from_rows(tx, rows)


async def any_of(
    tx: Tx, person_id: int, kind: str, holds: Callable[[Event], bool], page: int = 200
) -> bool:
    """Whether a line of this kind about a person holds, however long ago it was written."""
    last = 2**63 - 1
    while True:
        bound = {"person": person_id, "kind": kind, "before": last, "most": page}
        rows = (await tx.conn.execute(_OF_KIND, bound)).all()
        if any(holds(one) for one in await from_rows(tx, rows)):
            return True
        if len(rows) < page:
            return False
        last = rows[-1].id


async def who_read(tx: Tx, person_id: int, limit: int = 200) -> list[Event]:
    """Who looked at what is kept of a person, and when: the latest first."""
    rows = (await tx.conn.execute(_READS, {"person": person_id, "most": limit})).all()
    return await from_rows(tx, rows)


async def _keys(tx: Tx, happened: Sequence[Event], now: datetime) -> dict[int | None, int]:
    """The key of each person spoken of; None stands for strangers, who share a month's."""
    telling = [event for event in happened if event.data]
    known = {event.person_id for event in telling if event.person_id is not None}
    held: dict[int | None, int] = {}
    for person_id, key_id in (await people.key_ids(tx, known) if known else {}).items():
        held[person_id] = key_id
    if any(_of_somebody(event) and event.person_id not in held for event in telling):
        held[None] = await keys.of_owner(tx, keys.month_owner(now), now)
    return held


def _key_of(event: Event, held: Mapping[int | None, int]) -> int | None:
    if not (event.data and _of_somebody(event)):
        return None
    return held.get(event.person_id) or held[None]


def _of_somebody(event: Event) -> bool:
    return event.person_id is not None or event.address_id is not None


def _kept(tx: Tx, event_id: int, data: Mapping[str, Any], key_id: int | None) -> dict[str, Any]:
    if not data:
        return {"key_id": None, "data": None}
    if key_id is None:
        return {"key_id": None, "data": dump(dict(data))}
    try:
        kept = tx.keyring.seal_json(key_id, _context(event_id), dict(data))
    except KeyGone:
        # What happens to somebody who was erased is told without details.
        return {"key_id": key_id, "data": None}
    return {"key_id": key_id, "data": kept}


async def from_rows(tx: Tx, rows: Sequence[Row[Any]]) -> list[Event]:
    """Lines of the trail from rows of `events`, their keys loaded in one query."""
    await keys.load(tx, (row.key_id for row in rows if row.key_id is not None))
    return [_from_row(tx, row) for row in rows]


def _from_row(tx: Tx, row: Row[Any]) -> Event:
    if row.key_id is None:
        data = json.loads(row.data) if row.data else {}
    else:
        data = tx.keyring.open_json(row.key_id, _context(row.id), row.data) or {}
    copied = {name: getattr(row, name) for name in _COPIED}
    return Event(at=moment(row.at), data=data, **copied)


def _context(event_id: int) -> str:
    return f"events.data:{event_id}"
