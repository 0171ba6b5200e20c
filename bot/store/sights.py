"""What one user sees: the people of their territories and of none, and what nobody else would."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, union

from bot.roles import WORKERS
from bot.store import glass
from bot.store.engines import Tx
from bot.store.loads import ON_LINE
from bot.store.schema import (
    REVIEW_OPEN,
    REVIEW_UNTAKEN,
    bundles,
    fixed,
    links,
    persons,
    reviews,
    users,
)
from bot.store.times import micros
from bot.store.users import User

NOBODYS = ""

_WORKERS = select(users.c.territories, users.c.last_seen_at).where(
    users.c.disabled_at.is_(None), users.c.role.in_(sorted(WORKERS)), users.c.territories != ""
)
_OF_PEOPLE = select(persons.c.id).where(persons.c.id.in_(bindparam("ids", expanding=True)))
_HOUSEHOLD = select(links.c.person_id).where(
    links.c.address_id == bindparam("bundle"), links.c.dropped.is_(False)
)
_ABOUT = select(reviews.c.person_id).where(
    reviews.c.bundle_id == bindparam("bundle"), reviews.c.person_id.is_not(None)
)


@dataclass(frozen=True, slots=True)
class Sight:
    """Of reviews a user sees more than of people: `lent` are territories whose reviews nobody of
    theirs could take, `lent_urgent` those whose emergencies nobody could take just now.

    `territories` None is the whole country.
    """

    user_id: int
    territories: frozenset[str] | None = None
    lent: frozenset[str] = frozenset()
    lent_urgent: frozenset[str] = frozenset()
    now: int = 0

    @property
    def everywhere(self) -> bool:
        """Whether nothing is hidden."""
        return self.territories is None

    @property
    def people(self) -> list[str]:
        """The territories whose people are seen, nobody's own among them."""
        return sorted({NOBODYS, *(self.territories or ())})


async def sight_of(tx: Tx, user: User, now: datetime, clock: datetime) -> Sight:
    """What a user sees. `now` is the service's, `clock` that by which sessions are kept.

    A review of a territory without any account is everybody's, and so is an emergency of one
    where nobody is on line: danger is never hidden from all.
    """
    if user.sees is None:
        return Sight(user.id)
    waiting = await _waiting(tx)
    staffed: set[str] = set()
    there: set[str] = set()
    for row in await tx.conn.execute(_WORKERS):
        staffed |= set(row.territories.split())
        if row.last_seen_at is not None and row.last_seen_at >= micros(clock - ON_LINE):
            there |= set(row.territories.split())
    others = waiting - user.sees
    return Sight(
        user.id,
        user.sees,
        lent=frozenset(others - staffed),
        lent_urgent=frozenset(others - there),
        now=micros(now),
    )


def seen_reviews(sight: Sight, table: Any = reviews) -> ColumnElement[bool]:
    """Which open reviews are seen; beside those of the territories: what was given to them, what
    they have taken, and an emergency that is late and that nobody has taken."""
    return or_(table.c.territory.in_([*sight.people, *sight.lent]), _pressing(sight, table))


def _pressing(sight: Sight, table: Any) -> ColumnElement[bool]:
    late = and_(table.c.taken_at.is_(None), table.c.deadline <= sight.now)
    lent = table.c.territory.in_(sorted(sight.lent_urgent))
    urgent = and_(fixed(table.c.priority, "P1"), or_(lent, late))
    return or_(urgent, table.c.assigned_to == sight.user_id, table.c.bundle_id.in_(_held(sight)))


def _held(sight: Sight) -> Select[Any]:
    mine = bundles.alias("held")
    return select(mine.c.id).where(
        mine.c.lease_owner.is_not(None),
        mine.c.lease_owner == sight.user_id,
        mine.c.lease_until > sight.now,
    )


def ways(sight: Sight) -> list[ColumnElement[bool]]:
    """The same as `seen_reviews`, in parts that an index each serves."""
    codes = [*sight.people, *sorted(sight.lent)]
    return [*(reviews.c.territory == one for one in codes), *few_ways(sight)]


def few_ways(sight: Sight) -> list[ColumnElement[bool]]:
    """Those parts that do not hang on whose territory it is."""
    late = and_(REVIEW_UNTAKEN, reviews.c.deadline <= sight.now)
    lent = and_(fixed(reviews.c.priority, "P1"), reviews.c.territory.in_(sorted(sight.lent_urgent)))
    given = and_(reviews.c.assigned_to.is_not(None), reviews.c.assigned_to == sight.user_id)
    return [lent, late, given, reviews.c.bundle_id.in_(_held(sight))]


async def visible(tx: Tx, sight: Sight, person_ids: Iterable[int], now: datetime) -> set[int]:
    """Whom of these people a user sees: of their territories or of none, or whose review they
    see, or whose dossier they opened by breaking the glass."""
    wanted = set(person_ids)
    if sight.everywhere or not wanted:
        return wanted
    found = await _own(tx, sight, wanted)
    if left := wanted - found:
        found |= await _reviewed(tx, sight, left)
    if left := wanted - found:
        found |= (await glass.open_to(tx, sight.user_id, left, now)).keys()
    return found


async def people_of(tx: Tx, bundle_id: int) -> set[int]:
    """Who is reached at a number, or spoken of by its reviews, or is the household themselves."""
    found = set(await tx.conn.scalars(union(_HOUSEHOLD, _ABOUT), {"bundle": bundle_id}))
    return found | set(await tx.conn.scalars(_OF_PEOPLE, {"ids": [bundle_id]}))


async def is_bundle_seen(tx: Tx, sight: Sight, bundle_id: int, now: datetime) -> bool:
    """Whether a household is seen: somebody of it is, or a review of it. A stranger's is."""
    if sight.everywhere:
        return True
    everybody = await people_of(tx, bundle_id)
    if await visible(tx, sight, everybody, now):
        return True
    waiting = select(reviews.c.id).where(REVIEW_OPEN, reviews.c.bundle_id == bundle_id)
    if await tx.conn.scalar(waiting.where(seen_reviews(sight)).limit(1)):
        return True
    return not everybody and await tx.conn.scalar(waiting.limit(1)) is None


async def _own(tx: Tx, sight: Sight, wanted: Collection[int]) -> set[int]:
    mine = _OF_PEOPLE.where(persons.c.territory.in_(sight.people))
    return set(await tx.conn.scalars(mine, {"ids": sorted(wanted)}))


async def _reviewed(tx: Tx, sight: Sight, wanted: Collection[int]) -> set[int]:
    theirs = select(reviews.c.person_id).where(
        reviews.c.person_id.in_(sorted(wanted)), REVIEW_OPEN, seen_reviews(sight)
    )
    return {one for one in await tx.conn.scalars(theirs) if one is not None}


async def _waiting(tx: Tx) -> set[str]:
    """The territories of open reviews: a step in the index for each, however many wait."""
    first = select(func.min(reviews.c.territory).label("code")).where(REVIEW_OPEN)
    steps = first.cte("steps", recursive=True)
    behind = (
        select(func.min(reviews.c.territory))
        .where(REVIEW_OPEN, reviews.c.territory > steps.c.code)
        .scalar_subquery()
    )
    every = steps.union_all(select(behind).where(steps.c.code.is_not(None)))
    codes = await tx.conn.scalars(select(every.c.code).where(every.c.code.is_not(None)))
    return set(codes) - {NOBODYS}
