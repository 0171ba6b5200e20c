"""Deeds in the database: sealed, carried out once by their key, tried again after a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, get_args

from sqlalchemy import Row, bindparam, or_, select, update

from bot.store import keys
from bot.store.engines import Dialect, Tx, insert_into
from bot.store.holders import keys_at
from bot.store.knocks import knock
from bot.store.schema import deeds, fixed
from bot.store.times import micros
from flows.vocabulary import Deed, Named

# All of the union: a kind that is not here could be asked for, and never come back.
_KINDS: dict[str, type[Deed]] = {kind.__name__: kind for kind in get_args(Deed)}
_DAYS = ("day", "test_date", "last_day", "birth_date")
_DUE = (
    select(deeds)
    .where(
        fixed(deeds.c.state, "waiting"),
        deeds.c.due_at <= bindparam("now"),
        or_(deeds.c.lease_until.is_(None), deeds.c.lease_until <= bindparam("now")),
    )
    # In the order in which turns asked for them: who is named first is told first.
    .order_by(deeds.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_SAVE = update(deeds).where(deeds.c.id == bindparam("row_id"))
_TAKE = (
    update(deeds)
    .where(
        deeds.c.id == bindparam("row_id"),
        deeds.c.claimed_by == bindparam("worker"),
        deeds.c.state == "waiting",
    )
    .values(state="done")
    .returning(deeds.c.id)
)
_CLAIM = _SAVE.values(tries=deeds.c.tries + 1)


@dataclass(frozen=True, slots=True)
class DeedRow:
    """A deed that waits; `tries` counts this one."""

    id: int
    kind: str
    deed: Deed
    tries: int
    address_id: int | None


async def ask(tx: Tx, wanted: Sequence[tuple[str, Deed, int]], now: datetime) -> None:
    """Keep deeds as (key, deed, address id); one whose key is there already is not kept twice."""
    if not wanted:
        return
    key_of = await keys_at(tx, {address_id for _, _, address_id in wanted}, now)
    rows = []
    for key, deed, address_id in wanted:
        key_id = key_of[address_id]
        payload = tx.keyring.seal_json(key_id, _context(key), _plain(asdict(deed)))
        rows.append(
            {
                "id": tx.ids.new(now),
                "key": key,
                "kind": type(deed).__name__,
                "person_id": getattr(deed, "person_id", None),
                "address_id": address_id,
                "key_id": key_id,
                "payload": payload,
                "due_at": micros(now),
                "created_at": micros(now),
            }
        )
    await tx.write(_once(tx.dialect), rows)
    await knock(tx)


@cache
def _once(dialect: Dialect) -> Any:
    return insert_into(deeds, dialect).on_conflict_do_nothing(index_elements=["key"])


async def claim(tx: Tx, now: datetime, most: int, worker: str, lease: timedelta) -> list[DeedRow]:
    """Deeds to carry out now, leased to one worker, in the order in which they were asked."""
    rows = (await tx.conn.execute(_DUE, {"now": micros(now), "most": most})).all()
    until = micros(now + lease)
    claims = [{"row_id": r.id, "lease_until": until, "claimed_by": worker} for r in rows]
    await tx.write(_CLAIM, claims)
    await keys.load(tx, (row.key_id for row in rows))
    return [_from_row(tx, row) for row in rows]


async def take(tx: Tx, row: DeedRow, worker: str) -> bool:
    """Mark a claimed deed as done, to carry it out in this very transaction.

    False if another worker took it over.
    """
    return await tx.conn.scalar(_TAKE, {"row_id": row.id, "worker": worker}) is not None


async def failed(tx: Tx, row_id: int, error: str, again_at: datetime | None) -> None:
    """A deed failed; it waits until `again_at`, or for ever (None), for a person has it."""
    values: dict[str, Any] = {"error": error, "lease_until": None}
    values |= {"due_at": micros(again_at)} if again_at else {"state": "given_up"}
    await tx.conn.execute(_SAVE, {"row_id": row_id, **values})


def _from_row(tx: Tx, row: Row[Any]) -> DeedRow:
    plain = tx.keyring.open_json(row.key_id, _context(row.key), row.payload)
    return DeedRow(row.id, row.kind, _deed(row.kind, plain), row.tries + 1, row.address_id)


def _deed(kind: str, plain: dict[str, Any]) -> Deed:
    values = _days(plain)
    if "starts_at" in values:
        values["starts_at"] = datetime.fromisoformat(values["starts_at"])
    if "named" in values:
        values["named"] = Named(**_days(values["named"]))
    if "groups" in values:
        values["groups"] = tuple(values["groups"])
    return _KINDS[kind](**values)


def _plain(values: Any) -> Any:
    """JSON-ready: days as ISO text."""
    if isinstance(values, dict):
        return {name: _plain(value) for name, value in values.items()}
    if isinstance(values, list | tuple):
        return [_plain(value) for value in values]
    return values.isoformat() if isinstance(values, date) else values


def _days(values: dict[str, Any]) -> dict[str, Any]:
    known = {name for name in _DAYS if values.get(name)}
    return {n: date.fromisoformat(v) if n in known else v for n, v in values.items()}


def _context(key: str) -> str:
    return f"deeds.payload:{key}"
