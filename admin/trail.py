"""The trail: every view and every act of somebody's is a line in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from admin.visits import Visit
from bot.store import events
from bot.store.engines import Tx
from flows.vocabulary import Event


async def looked(
    visit: Visit,
    person_id: int | None,
    what: str,
    address_id: int | None = None,
    **data: Any,
) -> None:
    """Somebody looked at a page; `data` holds counts and ids, never people's words."""
    async with visit.service.store.writing() as tx:
        await events.append_many(
            tx, [_line(visit, "read", person_id, what, address_id, data)], visit.now
        )


async def looked_at(visit: Visit, people: Sequence[int], what: str) -> None:
    """Somebody looked at each of these people: a line for each, in one go."""
    lines = [_line(visit, "read", person_id, what, None, {}) for person_id in people]
    async with visit.service.store.writing() as tx:
        await events.append_many(tx, lines, visit.now)


async def acted(
    tx: Tx,
    visit: Visit,
    what: str,
    person_id: int | None,
    address_id: int | None = None,
    review_id: int | None = None,
    **data: Any,
) -> None:
    """Somebody acted; the line stands or falls with the act."""
    line = _line(visit, "acted", person_id, what, address_id, data, review_id)
    await events.append_many(tx, [line], visit.now)


def _line(
    visit: Visit,
    kind: str,
    person_id: int | None,
    what: str,
    address_id: int | None,
    data: dict[str, Any],
    review_id: int | None = None,
) -> Event:
    return Event(
        kind=kind,
        at=visit.now,
        actor=f"user:{visit.agent.id}",
        person_id=person_id,
        address_id=address_id,
        review_id=review_id,
        data={"what": what, **data},
    )
