"""Who is on call, and which alarms went to whom: each level of a review once, whatever crashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import Row, bindparam, delete, func, or_, select, update

from bot.store import keys
from bot.store.engines import Tx
from bot.store.schema import REVIEW_UNTAKEN, alarms, bundles, on_call, reviews, users
from bot.store.times import micros, moment
from flows.vocabulary import ChannelName

AT_ONCE = 200
_CHANNELS: dict[str, ChannelName] = {name: name for name in get_args(ChannelName)}

_ON_CALL = (
    select(on_call, users.c.name, users.c.email, users.c.language)
    .join(users, users.c.id == on_call.c.user_id)
    .where(users.c.disabled_at.is_(None))
    .order_by(on_call.c.level, on_call.c.id)
)
_ALARMED = alarms.alias("alarmed")
_UNTAKEN = (
    select(reviews.c.id, reviews.c.urgent_at, reviews.c.person_id, reviews.c.address_id)
    .join(bundles, bundles.c.id == reviews.c.bundle_id)
    .where(
        REVIEW_UNTAKEN,
        reviews.c.urgent_at <= bindparam("before"),
        # Somebody works on that household: it is before their eyes.
        or_(bundles.c.lease_until.is_(None), bundles.c.lease_until <= bindparam("now")),
        ~select(_ALARMED.c.level)
        .where(_ALARMED.c.review_id == reviews.c.id, _ALARMED.c.level >= bindparam("top"))
        .exists(),
    )
    .order_by(reviews.c.urgent_at)
    .limit(AT_ONCE)
)
_STILL = (
    select(reviews.c.id)
    .where(REVIEW_UNTAKEN, reviews.c.id == bindparam("review"))
    .with_for_update()
)
_REACHED = (
    select(
        alarms.c.review_id,
        alarms.c.level,
        func.count().label("told"),
        func.count(alarms.c.failed_at).label("failed"),
    )
    .where(alarms.c.review_id.in_(bindparam("ids", expanding=True)))
    .group_by(alarms.c.review_id, alarms.c.level)
    .order_by(alarms.c.level)
)


@dataclass(frozen=True, slots=True)
class OnCall:
    """Somebody who is alarmed: of which level, and by which channel where."""

    id: int
    user_id: int
    name: str
    language: str
    level: int
    channel: ChannelName
    place: str


@dataclass(frozen=True, slots=True)
class Untaken:
    """Something urgent that nobody has taken. `level` is the last one that was alarmed, 0 for
    none; `unheard`: none of them could be reached."""

    review_id: int
    urgent_at: datetime
    person_id: int | None
    address_id: int | None
    level: int = 0
    unheard: bool = False


async def everybody(tx: Tx) -> list[OnCall]:
    """All who are on call, the first level first; nobody whose sign-in is closed."""
    rows = (await tx.conn.execute(_ON_CALL)).all()
    await keys.load(tx, (row.key_id for row in rows))
    return [_from_row(tx, row) for row in rows]


async def put_on_call(
    tx: Tx, user_id: int, level: int, channel: ChannelName, place: str, now: datetime
) -> int:
    """Put a user on call; `place` is their number, chat or e-mail address."""
    row_id = tx.ids.new(now)
    key_id = await keys.of_owner(tx, f"user:{user_id}", now)
    sealed = tx.keyring.seal(key_id, _context(row_id), place.encode())
    row = {"id": row_id, "user_id": user_id, "level": level, "channel": channel}
    rest = {"key_id": key_id, "place": sealed, "created_at": micros(now)}
    await tx.conn.execute(tx.insert(on_call).values(**row, **rest))
    return row_id


async def take_off_call(tx: Tx, row_id: int) -> int | None:
    """Whose entry it was; None where there is none."""
    gone = delete(on_call).where(on_call.c.id == row_id).returning(on_call.c.user_id)
    user_id: int | None = await tx.conn.scalar(gone)
    return user_id


async def untaken(tx: Tx, before: datetime, top: int, now: datetime) -> list[Untaken]:
    """What came before then, is in nobody's hands, and was not alarmed up to the `top` level."""
    values = {"before": micros(before), "top": top, "now": micros(now)}
    rows = (await tx.conn.execute(_UNTAKEN, values)).all()
    reached = await tx.conn.execute(_REACHED, {"ids": [row.id for row in rows]}) if rows else ()
    last = {row.review_id: row for row in reached}
    return [_untaken(row, last.get(row.id)) for row in rows]


async def is_untaken(tx: Tx, review_id: int) -> bool:
    """Whether nobody has taken it yet; it stays so until the transaction ends."""
    return await tx.conn.scalar(_STILL, {"review": review_id}) is not None


async def note(
    tx: Tx, review_id: int, told: Sequence[tuple[int, int]], now: datetime
) -> set[tuple[int, int]]:
    """Note alarms as (level, on-call entry); those that are new. Another process may be at it."""
    rows = [
        {"review_id": review_id, "level": level, "on_call_id": entry, "at": micros(now)}
        for level, entry in sorted(told)
    ]
    once = tx.insert(alarms).on_conflict_do_nothing()
    made = await tx.conn.execute(once.returning(alarms.c.level, alarms.c.on_call_id), rows)
    return {(row.level, row.on_call_id) for row in made}


def key_of(review_id: int, level: int, entry: int) -> str:
    """The key of an alarm's text in the outbox."""
    return f"alarm:{review_id}:{level}:{entry}"


async def failed(tx: Tx, key: str, now: datetime) -> None:
    """An alarm could not be delivered; `key` is that of its text."""
    review_id, level, entry = (int(part) for part in key.split(":")[1:4])
    mine = (alarms.c.review_id == review_id, alarms.c.level == level, alarms.c.on_call_id == entry)
    await tx.conn.execute(update(alarms).where(*mine).values(failed_at=micros(now)))


async def of_reviews(tx: Tx, review_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """By review the levels that were alarmed, each with how many were not reached."""
    found: dict[int, list[tuple[int, int]]] = {}
    for row in await tx.conn.execute(_REACHED, {"ids": list(review_ids)}):
        found.setdefault(row.review_id, []).append((row.level, row.failed))
    return found


def _untaken(row: Any, reached: Any) -> Untaken:
    return Untaken(
        review_id=row.id,
        urgent_at=moment(row.urgent_at),
        person_id=row.person_id,
        address_id=row.address_id,
        level=reached.level if reached else 0,
        unheard=bool(reached and reached.failed == reached.told),
    )


def _from_row(tx: Tx, row: Row[Any]) -> OnCall:
    place = tx.keyring.open(row.key_id, _context(row.id), row.place)
    return OnCall(
        id=row.id,
        user_id=row.user_id,
        name=row.name or row.email,
        language=row.language,
        level=row.level,
        channel=_CHANNELS[row.channel],
        place=place.decode() if place else "",
    )


def _context(row_id: int) -> str:
    return f"on_call.place:{row_id}"
