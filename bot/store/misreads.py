"""Replies that agents said were misread, for those who teach the service to understand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.store import messages, people
from bot.store.engines import Tx
from bot.store.events import from_rows
from bot.store.schema import events
from flows.vocabulary import Event, Message, Person

_OF_KIND = select(events).where(events.c.kind == "misread").order_by(events.c.at, events.c.id)


@dataclass(frozen=True, slots=True)
class Misread:
    """One reply with what it meant, and the people whose names may stand in it."""

    event: Event
    message: Message
    near: tuple[Person, ...]


async def every(tx: Tx) -> list[Misread]:
    """All of them, the earliest first; what belongs to somebody erased is gone with them."""
    rows = (await tx.conn.execute(_OF_KIND)).all()
    found = [await _one(tx, event) for event in await from_rows(tx, rows)]
    return [one for one in found if one]


async def _one(tx: Tx, event: Event) -> Misread | None:
    message = await messages.get(tx, int(event.data.get("message_id", 0)))
    if message is None or not message.text:
        return None
    links = await people.links_at(tx, [message.address_id])
    ids = {link.person_id for link in links} | {event.person_id or 0}
    near = await people.get_many(tx, sorted(ids - {0}))
    return Misread(event, message, tuple(near))
