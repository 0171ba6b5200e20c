"""Bundles: the reviews of one number or household, which one user at a time works on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from bot.store.engines import Dialect, Tx, insert_into
from bot.store.schema import REVIEW_UNTAKEN, bundles, reviews, users
from bot.store.times import micros, moment

_HELD = select(bundles.c.id, bundles.c.lease_owner).where(
    bundles.c.id.in_(bindparam("ids", expanding=True)), bundles.c.lease_until > bindparam("now")
)
_STANDING = (
    select(bundles, users.c.name)
    .outerjoin(users, users.c.id == bundles.c.lease_owner)
    .where(bundles.c.id.in_(bindparam("ids", expanding=True)))
)
_TAKEN = (
    update(reviews)
    .where(REVIEW_UNTAKEN, reviews.c.bundle_id == bindparam("bundle"))
    .values(taken_at=bindparam("at_moment"))
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Who works on a bundle, until when; whether somebody has taken note of its alarm."""

    id: int
    holder: int | None = None
    holder_name: str = ""
    until: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: int | None = None


async def make(tx: Tx, ids: Iterable[int]) -> None:
    """Make sure that these bundles are there."""
    # In one order, so that two who make the same ones never wait for each other.
    rows = [{"id": one} for one in sorted(set(ids))]
    await tx.write(_make(tx.dialect), rows)


@cache
def _make(dialect: Dialect) -> Any:
    return insert_into(bundles, dialect).on_conflict_do_nothing()


async def lease(
    tx: Tx, bundle_id: int, user_id: int, now: datetime, minutes: int = 10
) -> tuple[bool, int]:
    """Take a bundle for so long: whether it was free (or one's own), and who has it now."""
    row = {"lease_owner": user_id, "lease_until": micros(now + timedelta(minutes=minutes))}
    insert = tx.insert(bundles).values(id=bundle_id, **row)
    free = or_(
        bundles.c.lease_until.is_(None),
        bundles.c.lease_until <= micros(now),
        bundles.c.lease_owner == user_id,
    )
    taken = insert.on_conflict_do_update(index_elements=["id"], set_=row, where=free)
    if await tx.conn.scalar(taken.returning(bundles.c.id)) is not None:
        return True, user_id
    return False, (await holders(tx, [bundle_id], now)).get(bundle_id, user_id)


async def renew(tx: Tx, bundle_id: int, user_id: int, now: datetime, minutes: int = 10) -> bool:
    """Keep one's own lease for longer; False once it is over, or somebody else's."""
    own = update(bundles).where(
        bundles.c.id == bundle_id,
        bundles.c.lease_owner == user_id,
        bundles.c.lease_until > micros(now),
    )
    longer = own.values(lease_until=micros(now + timedelta(minutes=minutes)))
    return await tx.conn.scalar(longer.returning(bundles.c.id)) is not None


async def release(tx: Tx, bundle_id: int, user_id: int) -> None:
    """Hand a bundle back; somebody else's lease stays."""
    own = update(bundles).where(bundles.c.id == bundle_id, bundles.c.lease_owner == user_id)
    await tx.conn.execute(own.values(lease_owner=None, lease_until=None))


async def acknowledge(tx: Tx, bundle_id: int, user_id: int, now: datetime) -> bool:
    """Take note of an alarm; False if somebody has already. Those on call are left in peace."""
    await tx.conn.execute(_TAKEN, {"bundle": bundle_id, "at_moment": micros(now)})
    unheard = update(bundles).where(bundles.c.id == bundle_id, bundles.c.acknowledged_at.is_(None))
    noted = unheard.values(acknowledged_at=micros(now), acknowledged_by=user_id)
    return await tx.conn.scalar(noted.returning(bundles.c.id)) is not None


async def alarm(tx: Tx, ids: Iterable[int]) -> None:
    """Something urgent is new in these bundles: an earlier acknowledgement does not hold for it."""
    again = update(bundles).where(bundles.c.id == bindparam("row_id"))
    unheard = again.values(acknowledged_at=None, acknowledged_by=None)
    await tx.write(unheard, [{"row_id": one} for one in sorted(set(ids))])


async def holders(tx: Tx, bundle_ids: Iterable[int], now: datetime) -> dict[int, int]:
    """Who has each of these bundles just now; those that nobody has are left out."""
    rows = await tx.conn.execute(_HELD, {"ids": list(bundle_ids), "now": micros(now)})
    return {row.id: row.lease_owner for row in rows}


async def standing(tx: Tx, bundle_ids: Iterable[int], now: datetime) -> dict[int, Bundle]:
    """How each of these bundles stands; a lease that is over is nobody's."""
    rows = await tx.conn.execute(_STANDING, {"ids": list(bundle_ids)})
    found = {}
    for row in rows:
        until = moment(row.lease_until)
        noted = {
            "acknowledged_at": moment(row.acknowledged_at),
            "acknowledged_by": row.acknowledged_by,
        }
        if until is None or until <= now:
            found[row.id] = Bundle(row.id, **noted)
        else:
            found[row.id] = Bundle(row.id, row.lease_owner, row.name or "", until, **noted)
    return found
