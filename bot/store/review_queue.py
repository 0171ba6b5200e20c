"""The queue as agents see it: one line for each bundle, by its most urgent open review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, tuple_

from bot.store import people, surges
from bot.store.bundles import Bundle, standing
from bot.store.engines import Tx
from bot.store.review_rows import from_rows
from bot.store.schema import REVIEW_OPEN, addresses, bundles, fixed, persons, reviews
from bot.store.surges import Surge, deferred
from bot.store.times import micros
from flows.vocabulary import Person, Priority, Review

# Where a page ends and the next begins: priority, deadline and id of its last review.
Place = tuple[str, datetime, int]

UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
class Queued:
    """One bundle in the queue: its most urgent review, how many are open, who works on it.

    `waits_until`: a surge puts all of it off until then.
    """

    review: Review
    count: int
    bundle: Bundle
    person: Person | None = None
    waits_until: datetime | None = None

    @property
    def place(self) -> Place:
        """What `queue` takes as `after` to go on behind this line."""
        return self.review.priority, self.review.deadline, self.review.id


async def queue(
    tx: Tx,
    now: datetime,
    *,
    owner: int | str | None = None,
    priority: Priority | None = None,
    reason: str = "",
    language: str = "",
    limit: int = 50,
    after: Place | None = None,
    fragile: Callable[[Person], bool] | None = None,
) -> list[Queued]:
    """The open bundles by priority and deadline; of equal ones the fragile first. In a surge what
    may wait comes after all that may not.

    `owner` is a user's id for what they have on lease, "unassigned" for what nobody has. With a
    `reason` a bundle stands at the place of its most urgent review of that reason.
    """
    surge = await surges.current(tx, now)
    asked = _asked(now, owner, priority, language, after)
    found: list[Queued] = []
    for part in _parts(asked, surge, reason):
        rows = (await tx.conn.execute(part.limit(limit - len(found)))).all()
        queued = await _lines(tx, rows, now, surge)
        if fragile is not None:
            queued.sort(key=lambda one: (*one.place[:2], not _is(fragile, one.person)))
        found += queued
        if len(found) >= limit:
            break
    return found


def _parts(asked: Select[Any], surge: Surge | None, reason: str) -> Iterator[Select[Any]]:
    """The whole queue; in a surge first the bundles with something that may not wait."""
    here = asked.where(reviews.c.reason == reason) if reason else asked
    if surge is None:
        yield here.where(~_ahead(reason, None))
        return
    pressing = ~deferred(surge, _OTHER)
    yield here.where(~deferred(surge), ~_ahead(reason, pressing))
    rest = _of_bundle(reason).where(pressing).exists()
    yield here.where(deferred(surge), ~_ahead(reason, None), ~rest)


async def counts(tx: Tx) -> dict[str, int]:
    """How many reviews are open, by priority."""
    many = select(reviews.c.priority, func.count().label("n")).where(REVIEW_OPEN)
    rows = await tx.conn.execute(many.group_by(reviews.c.priority))
    return {row.priority: row.n for row in rows}


async def change_mark(tx: Tx, now: datetime) -> str:
    """Changes whenever a review opens, closes or changes its priority, a lease or a surge does."""
    many = await counts(tx)
    newest = await tx.conn.scalar(select(func.max(reviews.c.id)))
    leased = select(func.count(), func.max(bundles.c.lease_until)).where(
        bundles.c.lease_owner.is_not(None)
    )
    held = (await tx.conn.execute(leased)).one()
    surge = await surges.current(tx, now)
    return f"{sorted(many.items())} {newest} {held[0]} {held[1]} {surge and surge.id}"


def _asked(
    now: datetime,
    owner: int | str | None,
    priority: Priority | None,
    language: str,
    after: Place | None,
) -> Select[Any]:
    spoken = func.coalesce(persons.c.language, addresses.c.language)
    wanted: list[ColumnElement[bool]] = [*_of_owner(owner, now)]
    if priority:
        wanted.append(reviews.c.priority == priority)
    if language:
        wanted.append(spoken == language)
    if after:
        wanted.append(tuple_(*_ORDER) > (after[0], micros(after[1]), after[2]))
    tables = (
        reviews.join(bundles, bundles.c.id == reviews.c.bundle_id)
        .outerjoin(persons, persons.c.id == reviews.c.person_id)
        .outerjoin(addresses, addresses.c.id == reviews.c.address_id)
    )
    open_ones = select(reviews).select_from(tables).where(fixed(reviews.c.state, "open"))
    return open_ones.where(*wanted).order_by(*_ORDER)


_OTHER = reviews.alias("other")
_ORDER = (reviews.c.priority, reviews.c.deadline, reviews.c.id)


def _ahead(reason: str, but: ColumnElement[bool] | None) -> ColumnElement[bool]:
    """Whether the bundle has another open review that is worked first; `but` sifts these."""
    first = tuple_(_OTHER.c.priority, _OTHER.c.deadline, _OTHER.c.id) < tuple_(*_ORDER)
    others = _of_bundle(reason).where(first)
    return (others if but is None else others.where(but)).exists()


def _of_bundle(reason: str) -> Select[Any]:
    mine = select(_OTHER.c.id).where(
        fixed(_OTHER.c.state, "open"), _OTHER.c.bundle_id == reviews.c.bundle_id
    )
    return mine.where(_OTHER.c.reason == reason) if reason else mine


def _of_owner(owner: int | str | None, now: datetime) -> Iterator[ColumnElement[bool]]:
    if owner == UNASSIGNED:
        yield or_(bundles.c.lease_until.is_(None), bundles.c.lease_until <= micros(now))
    elif owner is not None:
        # Few are theirs: the bundles first, and not the queue from its top.
        mine = bundles.alias("mine")
        held = (mine.c.lease_owner == int(owner), mine.c.lease_until > micros(now))
        yield reviews.c.bundle_id.in_(select(mine.c.id).where(*held))


async def _lines(
    tx: Tx, rows: Sequence[Row[Any]], now: datetime, surge: Surge | None
) -> list[Queued]:
    top = await from_rows(tx, rows)
    known = {one.person_id for one in top if one.person_id}
    here = {one.id: one for one in await people.get_many(tx, known)} if known else {}
    bundle_ids = [one.bundle_id for one in top]
    stand = await standing(tx, bundle_ids, now)
    many = await _counts_of(tx, bundle_ids)
    return [
        Queued(
            one,
            many[one.bundle_id],
            stand[one.bundle_id],
            here.get(one.person_id or 0),
            surge.until if surge and surge.defers(one) else None,
        )
        for one in top
    ]


async def _counts_of(tx: Tx, bundle_ids: Sequence[int]) -> dict[int, int]:
    open_ones = select(reviews.c.bundle_id, func.count().label("n")).where(
        fixed(reviews.c.state, "open"), reviews.c.bundle_id.in_(bundle_ids)
    )
    rows = await tx.conn.execute(open_ones.group_by(reviews.c.bundle_id))
    return {row.bundle_id: row.n for row in rows}


def _is(fragile: Callable[[Person], bool], person: Person | None) -> bool:
    return person is not None and fragile(person)
