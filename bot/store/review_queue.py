"""The queue as agents see it: one line for each bundle, by its most urgent open review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    and_,
    func,
    or_,
    select,
    true,
    tuple_,
    union,
)

from bot.store import people, surges
from bot.store.bundles import Bundle, standing
from bot.store.engines import Tx
from bot.store.review_rows import from_rows
from bot.store.schema import REVIEW_OPEN, bundles, fixed, reviews, unlike
from bot.store.sights import Sight, few_ways, seen_reviews, ways
from bot.store.surges import Surge, deferred
from bot.store.times import micros
from flows.vocabulary import Person, Priority, Review

# Where a page ends and the next begins: priority, deadline and id of its last review.
Place = tuple[str, datetime, int]

UNASSIGNED = "unassigned"
LEASED = "leased"
# The language of somebody of whom nobody knows it.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Whose:
    """What these users have on lease, or what was given to one of them or to their team."""

    users: frozenset[int]
    team: str = ""


@dataclass(frozen=True, slots=True)
class FreeFor:
    """What a user may take: nobody has it, and it is not set aside for others.

    What is late, or an emergency, is set aside for nobody.
    """

    user_id: int
    team: str = ""


Owner = int | str | Whose | FreeFor


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
    owner: Owner | None = None,
    priority: Priority | None = None,
    reason: str = "",
    language: str = "",
    late: bool = False,
    limit: int = 50,
    after: Place | None = None,
    fragile: Callable[[Person], bool] | None = None,
    sight: Sight | None = None,
) -> list[Queued]:
    """The open bundles by priority and deadline; of equal ones the fragile first. In a surge what
    may wait comes after all that may not.

    `owner` is a user's id for what they have on lease, "leased" for what anybody has, "unassigned"
    for what nobody has and is set aside for nobody. With a `reason` a bundle stands at the place
    of its most urgent review of that reason. `late`: what is past its deadline. With a `sight`
    a bundle stands at the place of its most urgent review that is seen, or not at all.
    """
    surge = await surges.current(tx, now)
    asked = _asked(now, owner, priority, language)
    if late:
        asked = asked.where(reviews.c.deadline <= micros(now))
    if after:
        asked = asked.where(tuple_(*_ORDER) > (after[0], micros(after[1]), after[2]))
    found: list[Queued] = []
    for part in _parts(asked, surge, reason, _seen(sight)):
        some = _within(part, sight, limit - len(found))
        rows = (await tx.conn.execute(some.limit(limit - len(found)))).all()
        queued = await _lines(tx, rows, now, surge)
        if fragile is not None:
            queued.sort(key=lambda one: (*one.place[:2], not _is(fragile, one.person)))
        found += queued
        if len(found) >= limit:
            break
    return found


def _parts(
    asked: Select[Any], surge: Surge | None, reason: str, seen: ColumnElement[bool]
) -> Iterator[Select[Any]]:
    """The whole queue; in a surge first the bundles with something that may not wait, unless it
    is asked for one reason alone."""
    if surge is None or reason:
        here = asked.where(reviews.c.reason == reason) if reason else asked
        yield here.where(~_ahead(reason, seen))
        return
    pressing = and_(~deferred(surge, _OTHER), seen)
    yield asked.where(~deferred(surge), ~_ahead("", pressing))
    rest = _of_bundle("").where(pressing).exists()
    yield asked.where(deferred(surge), ~_ahead("", seen), ~rest)


def _seen(sight: Sight | None) -> ColumnElement[bool]:
    return true() if sight is None or sight.everywhere else seen_reviews(sight, _OTHER)


def _within(part: Select[Any], sight: Sight | None, limit: int) -> Select[Any]:
    """Those of a part that are seen. The first of each way in, then the first of these: asked for
    at once, all that waits in the country would be read."""
    if sight is None or sight.everywhere:
        return part
    some = part.with_only_columns(reviews.c.id).limit(limit)
    firsts = [some.where(way).subquery() for way in ways(sight)]
    ids = union(*(select(one.c.id) for one in firsts))
    return select(reviews).where(reviews.c.id.in_(ids)).order_by(*_ORDER)


async def counts(tx: Tx, sight: Sight | None = None) -> dict[str, int]:
    """How many open reviews there are, or are seen, by priority."""
    many = select(reviews.c.priority, func.count().label("n")).where(REVIEW_OPEN)
    parts = [many] if sight is None or sight.everywhere else _counted(many, sight)
    found: Counter[str] = Counter()
    for part in parts:
        for row in await tx.conn.execute(part.group_by(reviews.c.priority)):
            found[row.priority] += row.n
    return dict(found)


def _counted(many: Select[Any], sight: Sight) -> list[Select[Any]]:
    """Those of the territories from the index alone, and the few that come by other ways."""
    here = reviews.c.territory.in_([*sight.people, *sorted(sight.lent)])
    others = [select(reviews.c.id).where(REVIEW_OPEN, way) for way in few_ways(sight)]
    return [many.where(here), many.where(~here, reviews.c.id.in_(union(*others)))]


async def change_mark(tx: Tx, now: datetime) -> str:
    """Changes whenever a review opens, closes, changes its priority or is set aside, or a lease
    or a surge does."""
    many = await counts(tx)
    newest = await tx.conn.scalar(select(func.max(reviews.c.id)))
    leased = select(func.count(), func.max(bundles.c.lease_until)).where(
        bundles.c.lease_owner.is_not(None)
    )
    held = (await tx.conn.execute(leased)).one()
    given = select(func.count(), func.max(reviews.c.assigned_to)).where(
        REVIEW_OPEN, reviews.c.assigned_to.is_not(None)
    )
    aside = (await tx.conn.execute(given)).one()
    surge = await surges.current(tx, now)
    return f"{sorted(many.items())} {newest} {tuple(held)} {tuple(aside)} {surge and surge.id}"


def _asked(
    now: datetime, owner: Owner | None, priority: Priority | None, language: str
) -> Select[Any]:
    wanted: list[ColumnElement[bool]] = [*_of_owner(owner, now)]
    if priority:
        wanted.append(reviews.c.priority == priority)
    if language:
        wanted.append(reviews.c.language == ("" if language == UNKNOWN else language))
    tables = reviews.join(bundles, bundles.c.id == reviews.c.bundle_id)
    open_ones = select(reviews).select_from(tables).where(fixed(reviews.c.state, "open"))
    return open_ones.where(*wanted).order_by(*_ORDER)


_OTHER = reviews.alias("other")
_ORDER = (reviews.c.priority, reviews.c.deadline, reviews.c.id)


def _ahead(reason: str, but: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the bundle has another open review that is worked first; `but` sifts these."""
    first = tuple_(_OTHER.c.priority, _OTHER.c.deadline, _OTHER.c.id) < tuple_(*_ORDER)
    return _of_bundle(reason).where(first, but).exists()


def _of_bundle(reason: str) -> Select[Any]:
    mine = select(_OTHER.c.id).where(
        fixed(_OTHER.c.state, "open"), _OTHER.c.bundle_id == reviews.c.bundle_id
    )
    # Of a household there are few: SQLite would look for them among all of that reason.
    return mine.where(func.coalesce(_OTHER.c.reason, "") == reason) if reason else mine


def _of_owner(owner: Owner | None, now: datetime) -> Iterator[ColumnElement[bool]]:
    match owner:
        case None:
            return
        case FreeFor():
            yield _is_free(now)
            yield _may_take(owner, now)
        case Whose():
            yield reviews.c.bundle_id.in_(_of_theirs(owner, now))
        case int():
            # Few are theirs: the bundles first, and not the queue from its top.
            yield reviews.c.bundle_id.in_(_leased({owner}, now))
        case "leased":
            yield reviews.c.bundle_id.in_(_leased(None, now))
        case _:
            yield _is_free(now)
            yield and_(reviews.c.assigned_to.is_(None), fixed(reviews.c.team, ""))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(bundles.c.lease_until.is_(None), bundles.c.lease_until <= micros(now))


def _may_take(owner: FreeFor, now: datetime) -> ColumnElement[bool]:
    nobodys = and_(reviews.c.assigned_to.is_(None), reviews.c.team.in_(["", owner.team]))
    mine = reviews.c.assigned_to == owner.user_id
    urgent = or_(reviews.c.priority == "P1", reviews.c.deadline <= micros(now))
    return or_(nobodys, mine, urgent)


def _leased(users: Collection[int] | None, now: datetime) -> Select[Any]:
    mine = bundles.alias("mine")
    whose = mine.c.lease_owner.is_not(None) if users is None else mine.c.lease_owner.in_(users)
    return select(mine.c.id).where(whose, mine.c.lease_until > micros(now))


def _of_theirs(owner: Whose, now: datetime) -> CompoundSelect[Any]:
    given = reviews.alias("given")
    bundle = select(given.c.bundle_id).where(fixed(given.c.state, "open"))
    theirs = [bundle.where(given.c.assigned_to.in_(sorted(owner.users)))]
    if owner.team:
        theirs.append(bundle.where(given.c.team == owner.team, unlike(given.c.team, "")))
    return union(_leased(owner.users, now), *theirs)


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
