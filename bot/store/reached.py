"""When a case or contact was first reached, and when somebody in danger was first spoken with."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import update

from bot.store.engines import Tx
from bot.store.schema import REVIEW_OPEN, cases, contacts, reviews
from bot.store.times import micros

# Outcomes of reviews that say that a person was spoken with, or that help is with them.
SPOKEN: Final = frozenset({"reached", "completed", "handed_to_15", "refused", "done"})


async def note(tx: Tx, case_id: int | None, contact_id: int | None, now: datetime) -> None:
    """They know what is asked of them, and answered; an earlier moment stays."""
    for table, row_id in ((cases, case_id), (contacts, contact_id)):
        if row_id is not None:
            first = update(table).where(table.c.id == row_id, table.c.reached_at.is_(None))
            await tx.conn.execute(first.values(reached_at=micros(now)))


async def spoken(tx: Tx, review_id: int, now: datetime) -> None:
    """Whom an urgent review is about was spoken with, or help is with them."""
    mine = update(reviews).where(reviews.c.id == review_id, reviews.c.spoken_at.is_(None))
    await tx.conn.execute(mine.values(spoken_at=micros(now)))


async def helped(tx: Tx, person_id: int, now: datetime) -> None:
    """Somebody says that help is with them: so it is for all that is urgent about them."""
    mine = update(reviews).where(
        reviews.c.person_id == person_id,
        REVIEW_OPEN,
        reviews.c.urgent_at.is_not(None),
        reviews.c.spoken_at.is_(None),
    )
    await tx.conn.execute(mine.values(spoken_at=micros(now)))
