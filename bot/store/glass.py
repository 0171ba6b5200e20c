"""Broken glass: who opened the dossier of another territory's person, why, and until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from bot.store import keys, people
from bot.store.engines import Tx
from bot.store.schema import GLASS_UNSEEN, broken_glass
from bot.store.times import micros, moment

# As long as a call with its notes and the next try; who needs longer says why again.
LASTS: Final = timedelta(minutes=60)

_OF_USER = select(broken_glass.c.person_id, broken_glass.c.until).where(
    broken_glass.c.user_id == bindparam("user"),
    broken_glass.c.person_id.in_(bindparam("people", expanding=True)),
    broken_glass.c.until > bindparam("now"),
)
_LATEST = select(broken_glass).order_by(broken_glass.c.id.desc()).limit(bindparam("most"))


@dataclass(frozen=True, slots=True)
class Breakage:
    """One use: `reason` is empty once the person was erased; `looked_at` is an officer's."""

    id: int
    user_id: int
    person_id: int
    reason: str
    at: datetime
    until: datetime
    looked_at: datetime | None = None
    looked_by: int | None = None


async def break_it(tx: Tx, user_id: int, person_id: int, reason: str, now: datetime) -> datetime:
    """Open one dossier to one user for an hour; until when."""
    held = await people.key_ids(tx, [person_id])
    glass_id, key_id = tx.ids.new(now), held[person_id]
    row = {
        "id": glass_id,
        "user_id": user_id,
        "person_id": person_id,
        "key_id": key_id,
        "reason": tx.keyring.seal_json(key_id, _context(glass_id), reason),
        "at": micros(now),
        "until": micros(now + LASTS),
    }
    await tx.conn.execute(tx.insert(broken_glass), row)
    return now + LASTS


async def open_to(
    tx: Tx, user_id: int, person_ids: Collection[int], now: datetime
) -> dict[int, datetime]:
    """Whose dossiers of these stand open to a user behind broken glass, and until when."""
    values = {"user": user_id, "people": sorted(person_ids), "now": micros(now)}
    rows = await tx.conn.execute(_OF_USER.order_by(broken_glass.c.until), values)
    return {row.person_id: moment(row.until) for row in rows}


async def latest(tx: Tx, most: int, *, unseen: bool = False) -> list[Breakage]:
    """Every use, or those alone at which no officer looked, the latest first."""
    wanted = _LATEST.where(GLASS_UNSEEN) if unseen else _LATEST
    rows = (await tx.conn.execute(wanted, {"most": most})).all()
    await keys.load(tx, (row.key_id for row in rows))
    return [_from_row(tx, row) for row in rows]


async def looked_at(tx: Tx, glass_id: int, user_id: int, now: datetime) -> int | None:
    """An officer looked: whose dossier it was; None if somebody had looked before."""
    unseen = update(broken_glass).where(GLASS_UNSEEN, broken_glass.c.id == glass_id)
    seen = unseen.values(looked_at=micros(now), looked_by=user_id)
    person_id: int | None = await tx.conn.scalar(seen.returning(broken_glass.c.person_id))
    return person_id


def _from_row(tx: Tx, row: Any) -> Breakage:
    return Breakage(
        id=row.id,
        user_id=row.user_id,
        person_id=row.person_id,
        reason=str(tx.keyring.open_json(row.key_id, _context(row.id), row.reason) or ""),
        at=moment(row.at),
        until=moment(row.until),
        looked_at=moment(row.looked_at),
        looked_by=row.looked_by,
    )


def _context(glass_id: int) -> str:
    return f"broken_glass.reason:{glass_id}"
