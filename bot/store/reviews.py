"""Reviews: each matter once in the human queue, however often it comes up, until one closes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.store import reached
from bot.store.bundles import acknowledge, holders, lease, release, renew, standing
from bot.store.engines import Tx
from bot.store.review_opening import open_many, open_review
from bot.store.review_queue import Place, Queued, counts, queue
from bot.store.review_rows import from_rows, sealed
from bot.store.schema import REVIEW_OPEN, reviews
from bot.store.times import micros
from flows.vocabulary import Review

__all__ = [
    "Place",
    "Queued",
    "acknowledge",
    "close",
    "counts",
    "get",
    "holders",
    "lease",
    "note",
    "of_addresses",
    "of_bundle",
    "of_person",
    "open_many",
    "open_review",
    "queue",
    "release",
    "renew",
    "standing",
]

_BY_ID = select(reviews).where(reviews.c.id == bindparam("review"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_LATEST = select(reviews).order_by(reviews.c.id.desc()).limit(bindparam("most"))
_OF_BUNDLE = _LATEST.where(reviews.c.bundle_id == bindparam("bundle"))
_OF_PERSON = _LATEST.where(reviews.c.person_id == bindparam("person"))
_OPEN_OF_BUNDLES = select(reviews).where(
    REVIEW_OPEN, reviews.c.bundle_id.in_(bindparam("ids", expanding=True))
)
_SAVE = update(reviews).where(reviews.c.id == bindparam("row_id"))
_CLOSE = _SAVE.where(REVIEW_OPEN).returning(reviews)


async def get(tx: Tx, review_id: int) -> Review | None:
    """The review of this id."""
    rows = (await tx.conn.execute(_BY_ID, {"review": review_id})).all()
    return next(iter(await from_rows(tx, rows)), None)


async def of_bundle(tx: Tx, bundle_id: int, most: int = 100) -> list[Review]:
    """The reviews of a number or household: the open ones by urgency, then the newest closed."""
    rows = (await tx.conn.execute(_OF_BUNDLE, {"bundle": bundle_id, "most": most})).all()
    return await _in_order(tx, rows)


async def of_person(tx: Tx, person_id: int, most: int = 100) -> list[Review]:
    """A person's reviews: the open ones by urgency, then the newest closed."""
    rows = (await tx.conn.execute(_OF_PERSON, {"person": person_id, "most": most})).all()
    return await _in_order(tx, rows)


async def of_addresses(tx: Tx, address_ids: Iterable[int]) -> dict[int, list[Review]]:
    """The open reviews of each of these addresses that has any, the most urgent first."""
    rows = (await tx.conn.execute(_OPEN_OF_BUNDLES, {"ids": list(address_ids)})).all()
    found: dict[int, list[Review]] = {}
    for review in await _in_order(tx, rows):
        found.setdefault(review.bundle_id, []).append(review)
    return found


async def close(
    tx: Tx, review_id: int, outcome: str, user_id: int | None, now: datetime
) -> Review | None:
    """Close a review; None if it is closed already, or there is none.

    An outcome by which somebody was spoken with counts them as reached.
    """
    done = {"state": "closed", "outcome": outcome, "closed_at": micros(now), "closed_by": user_id}
    rows = (await tx.conn.execute(_CLOSE.values(done), {"row_id": review_id})).all()
    if rows and user_id is not None and outcome in reached.SPOKEN:
        await reached.spoken(tx, review_id, now)
        await reached.note(tx, rows[0].case_id, rows[0].contact_id, now)
    return next(iter(await from_rows(tx, rows)), None)


async def note(tx: Tx, review_id: int, text: str, user_id: int, now: datetime) -> Review | None:
    """Add a user's words to a review, open or closed; None if there is none."""
    rows = (await tx.conn.execute(_BY_ID_LOCKED, {"review": review_id})).all()
    for row, review in zip(rows, await from_rows(tx, rows), strict=True):
        said = (*review.detail, {"note": text, "by": user_id, "at": now.isoformat()})
        fresh = sealed(tx, row.id, row.key_id, said)
        await tx.conn.execute(_SAVE, {"row_id": row.id, "detail": fresh})
    return await get(tx, review_id)


async def put_off(tx: Tx, review_id: int, deadline: datetime) -> None:
    """An agreed hour: the review is due then."""
    await tx.conn.execute(_SAVE, {"row_id": review_id, "deadline": micros(deadline)})


async def _in_order(tx: Tx, rows: Sequence[Row[Any]]) -> list[Review]:
    found = await from_rows(tx, rows)
    going = [one for one in found if one.state == "open"]
    over = [one for one in found if one.state != "open"]
    going.sort(key=lambda one: (one.priority, one.deadline, one.id))
    return [*going, *sorted(over, key=lambda one: -one.id)]
