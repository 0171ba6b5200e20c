"""Setting a household's reviews aside for a user or a team, before anybody works on them."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from bot.store.engines import Tx
from bot.store.schema import REVIEW_OPEN, reviews

_ASSIGN = (
    update(reviews)
    .where(REVIEW_OPEN, reviews.c.bundle_id == bindparam("of_bundle"))
    .returning(reviews.c.id)
)


async def assign(tx: Tx, bundle_id: int, user_id: int | None = None, team: str = "") -> int:
    """Set the open reviews of a bundle aside for a user or a team; for nobody where none is named.

    How many there were. A review that opens later is for anybody: it may be a danger.
    """
    found = await tx.conn.execute(
        _ASSIGN.values(assigned_to=user_id, team=team), {"of_bundle": bundle_id}
    )
    return len(found.all())
