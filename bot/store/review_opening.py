"""Opening reviews: a matter that is open already gets more said of it, and never less urgent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.store import bundles, people
from bot.store.engines import Dialect, Tx, insert_into
from bot.store.review_rows import from_rows, key_ids, sealed
from bot.store.schema import REVIEW_OPEN, addresses, links, persons, reviews
from bot.store.times import micros
from flows.vocabulary import Priority, Review, ReviewWanted

Wanted = tuple[ReviewWanted, int | None]

_REFERENCES = ("person_id", "case_id", "contact_id", "conversation_id", "follow_up_id")
_OPEN_OF_KEYS = (
    select(reviews)
    .where(REVIEW_OPEN, reviews.c.key.in_(bindparam("keys", expanding=True)))
    # One order for everybody who locks several.
    .order_by(reviews.c.key)
    .with_for_update()
)
_SAVE = update(reviews).where(reviews.c.id == bindparam("row_id"))
_REACHED = (
    select(links.c.person_id, links.c.address_id)
    .where(links.c.person_id.in_(bindparam("people", expanding=True)), links.c.dropped.is_(False))
    .order_by(links.c.rank.desc(), links.c.address_id.desc())
)
_SPOKEN = select(addresses.c.id, addresses.c.language).where(
    addresses.c.id.in_(bindparam("at", expanding=True))
)
_HERE = (
    select(links.c.address_id, persons.c.territory)
    .join(persons, persons.c.id == links.c.person_id)
    .where(links.c.address_id.in_(bindparam("at", expanding=True)), links.c.dropped.is_(False))
    .distinct()
)


@dataclass(frozen=True, slots=True)
class _Matter:
    """All that one batch wants of one key."""

    wanted: ReviewWanted
    address_id: int | None
    bundle_id: int
    priority: Priority
    deadline: datetime
    said: tuple[Mapping[str, Any], ...]


async def open_review(
    tx: Tx, wanted: ReviewWanted, address_id: int | None, now: datetime
) -> int | None:
    """Open a review, or add to the open one of the same key, and return its id.

    None where it was only to be lowered, and none is open.
    """
    return (await open_many(tx, [(wanted, address_id)], now)).get(wanted.key)


async def open_many(tx: Tx, wanted: Sequence[Wanted], now: datetime) -> dict[str, int]:
    """Like `open_review` for a batch: the ids by key.

    What is both lowered and opened at once ends as urgent as the opening asks for.
    """
    lowered = await _lower(tx, [one for one, _ in wanted if one.lower_to])
    left = await _matters(tx, [one for one in wanted if not one[0].lower_to], now)
    opened: dict[str, int] = {}
    while left:
        # One that is closed between the two steps is opened anew in the next round.
        opened |= await _insert(tx, left, now)
        more = {key: one for key, one in left.items() if key not in opened}
        opened |= await _add(tx, more, now)
        left = {key: one for key, one in left.items() if key not in opened}
    return lowered | opened


async def _matters(tx: Tx, opening: Sequence[Wanted], now: datetime) -> dict[str, _Matter]:
    """What is wanted, by key and in its order; the same key twice is one matter."""
    found: dict[str, _Matter] = {}
    hung_on = await _bundle_ids(tx, opening, now)
    for (one, address_id), bundle_id in zip(opening, hung_on, strict=True):
        said = (one.detail,) if one.detail else ()
        new = _Matter(one, address_id, bundle_id, one.priority, one.deadline, said)
        found[one.key] = _both(found[one.key], new) if one.key in found else new
    return dict(sorted(found.items()))


def _both(first: _Matter, second: _Matter) -> _Matter:
    return replace(
        first,
        priority=min(first.priority, second.priority),
        deadline=min(first.deadline, second.deadline),
        said=(*first.said, *second.said),
    )


async def _bundle_ids(tx: Tx, opening: Sequence[Wanted], now: datetime) -> list[int]:
    """What each review hangs on: its address, else where its person is reached, else the person."""
    afar = {one.person_id for one, address_id in opening if address_id is None and one.person_id}
    rows = await tx.conn.execute(_REACHED, {"people": sorted(afar)}) if afar else ()
    reached = {row.person_id: row.address_id for row in rows}
    return [
        address_id or reached.get(one.person_id) or one.person_id or tx.ids.new(now)
        for one, address_id in opening
    ]


async def _insert(tx: Tx, matters: Mapping[str, _Matter], now: datetime) -> dict[str, int]:
    """Open those of which none is open: their ids by key."""
    await bundles.make(tx, (one.bundle_id for one in matters.values()))
    held = await key_ids(tx, [one.wanted.person_id for one in matters.values()], now)
    sifted = await _sifted_by(tx, matters.values())
    rows = [
        {**_row(tx, one, held.get(one.wanted.person_id) or held[None], now), **sifted[key]}
        for key, one in matters.items()
    ]
    made = (await tx.conn.execute(_once(tx.dialect), rows)).all()
    urgent = {row.key for row in made if matters[row.key].priority == "P1"}
    await bundles.alarm(tx, (matters[key].bundle_id for key in urgent))
    return {row.key: row.id for row in made}


async def _sifted_by(tx: Tx, matters: Collection[_Matter]) -> dict[str, dict[str, str]]:
    """What is spoken and whose they are, by the key of a matter: of its person, else of its
    number; where people of several territories share it, it is nobody's and everybody's."""
    of = await people.sifted_by(tx, [one.wanted.person_id or 0 for one in matters])
    at = sorted({one.address_id for one in matters if one.address_id})
    spoken, whose = await _of_numbers(tx, at) if at else ({}, {})
    found = {}
    for one in matters:
        mine = of.get(one.wanted.person_id or 0, {})
        here = sorted(whose.get(one.address_id or 0, ()))
        found[one.wanted.key] = {
            "language": mine.get("language") or spoken.get(one.address_id or 0) or "",
            "territory": mine.get("territory", here[0] if len(here) == 1 else ""),
        }
    return found


async def _of_numbers(tx: Tx, at: list[int]) -> tuple[dict[int, str | None], dict[int, set[str]]]:
    spoken = {row.id: row.language for row in await tx.conn.execute(_SPOKEN, {"at": at})}
    whose: dict[int, set[str]] = {}
    for row in await tx.conn.execute(_HERE, {"at": at}):
        whose.setdefault(row.address_id, set()).add(row.territory)
    return spoken, whose


@cache
def _once(dialect: Dialect) -> Any:
    insert = insert_into(reviews, dialect).on_conflict_do_nothing(
        index_elements=["key"], index_where=REVIEW_OPEN
    )
    return insert.returning(reviews.c.key, reviews.c.id)


def _row(tx: Tx, matter: _Matter, key_id: int, now: datetime) -> dict[str, Any]:
    review_id = tx.ids.new(now)
    return {
        "id": review_id,
        "reason": matter.wanted.reason,
        "priority": matter.priority,
        "bundle_id": matter.bundle_id,
        "key": matter.wanted.key,
        "address_id": matter.address_id,
        "key_id": key_id,
        "detail": sealed(tx, review_id, key_id, matter.said),
        "opened_at": micros(now),
        "deadline": micros(matter.deadline),
        "urgent_at": micros(now) if matter.priority == "P1" else None,
        **{name: getattr(matter.wanted, name) for name in _REFERENCES},
    }


async def _add(tx: Tx, matters: Mapping[str, _Matter], now: datetime) -> dict[str, int]:
    """Add to those that are open already: their ids by key."""
    pairs = await _open_ones(tx, matters)
    risen = []
    changed = []
    for row, review in pairs:
        matter = matters[review.key]
        more = replace(
            review,
            priority=min(review.priority, matter.priority),
            deadline=min(review.deadline, matter.deadline),
            detail=(*review.detail, *matter.said),
        )
        has_risen = more.priority == "P1" != review.priority
        clock = {"urgent_at": micros(now), "taken_at": None} if has_risen else _clock(row)
        changed.append(_changed(tx, row, more) | clock)
        if has_risen:
            risen.append(review.bundle_id)
    await tx.write(_SAVE, changed)
    await bundles.alarm(tx, risen)
    return {review.key: review.id for _, review in pairs}


async def _lower(tx: Tx, wanted: Sequence[ReviewWanted]) -> dict[str, int]:
    """Make open reviews less urgent; what is not open, or is so already, stays."""
    asked = {one.key: one for one in wanted}
    pairs = await _open_ones(tx, asked)
    changed = []
    for row, review in pairs:
        one = asked[review.key]
        if one.lower_to is not None and review.priority < one.lower_to:
            said = (one.detail,) if one.detail else ()
            later = max(review.deadline, one.deadline)
            less = replace(review, priority=one.lower_to, deadline=later)
            changed.append(_changed(tx, row, replace(less, detail=(*review.detail, *said))))
    await tx.write(_SAVE, changed)
    return {review.key: review.id for _, review in pairs}


async def _open_ones(tx: Tx, of_keys: Iterable[str]) -> list[tuple[Row[Any], Review]]:
    asked = list(of_keys)
    if not asked:
        return []
    rows = (await tx.conn.execute(_OPEN_OF_KEYS, {"keys": asked})).all()
    return list(zip(rows, await from_rows(tx, rows), strict=True))


def _clock(row: Row[Any]) -> dict[str, Any]:
    return {"urgent_at": row.urgent_at, "taken_at": row.taken_at}


def _changed(tx: Tx, row: Row[Any], review: Review) -> dict[str, Any]:
    return {
        "row_id": row.id,
        "priority": review.priority,
        "deadline": micros(review.deadline),
        "detail": sealed(tx, row.id, row.key_id, review.detail),
    }
