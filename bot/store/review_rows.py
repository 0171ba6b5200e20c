"""A review as the database keeps it: clear columns for the queue, what was said sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.store import keys, people
from bot.store.engines import Tx
from bot.store.times import moment
from flows.vocabulary import Review

# The first word of a matter and its latest: a flood of one person's messages stays readable.
MOST_DETAILS = 50

_COPIED = (
    "id",
    "reason",
    "priority",
    "bundle_id",
    "key",
    "person_id",
    "address_id",
    "case_id",
    "contact_id",
    "conversation_id",
    "follow_up_id",
    "state",
    "outcome",
    "closed_by",
    "assigned_to",
    "team",
)


async def from_rows(tx: Tx, rows: Sequence[Row[Any]]) -> list[Review]:
    """Reviews from rows of `reviews`, their keys loaded in one query."""
    await keys.load(tx, (row.key_id for row in rows if row.key_id is not None))
    return [_from_row(tx, row) for row in rows]


async def key_ids(tx: Tx, person_ids: Iterable[int | None], now: datetime) -> dict[int | None, int]:
    """The key for what is said of each person; of nobody known (None), that of the month."""
    held: dict[int | None, int] = {None: await keys.of_owner(tx, keys.month_owner(now), now)}
    known = sorted({one for one in person_ids if one is not None})
    for person_id, key_id in (await people.key_ids(tx, known) if known else {}).items():
        held[person_id] = key_id
    return held


def sealed(tx: Tx, review_id: int, key_id: int, detail: Sequence[Mapping[str, Any]]) -> bytes:
    """All that was said of a matter, as its column keeps it; the key is held."""
    kept = [dict(one) for one in detail]
    if len(kept) > MOST_DETAILS:
        kept = [kept[0], *kept[1 - MOST_DETAILS :]]
    return tx.keyring.seal_json(key_id, _context(review_id), kept)


def _from_row(tx: Tx, row: Row[Any]) -> Review:
    said = row.key_id and tx.keyring.open_json(row.key_id, _context(row.id), row.detail)
    return Review(
        opened_at=moment(row.opened_at),
        deadline=moment(row.deadline),
        closed_at=moment(row.closed_at),
        detail=tuple(said or ()),
        **{name: getattr(row, name) for name in _COPIED},
    )


def _context(review_id: int) -> str:
    return f"reviews.detail:{review_id}"
