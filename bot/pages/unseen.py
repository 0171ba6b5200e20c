"""A page reaches only whoever looks at it: what nobody saw goes to their telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.moving import again
from bot.reviewing import ask_review
from bot.store import addresses, conversations, messages, pages, people, timers
from bot.store.engines import Store, Tx
from flows.rules import delay
from flows.turn import Desk
from flows.vocabulary import Address, Link, Message

AT_ONCE: Final = 50


class Unseen:
    """Looks now and then for texts on pages that nobody has looked at."""

    def __init__(self, store: Store, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    async def step(self) -> bool:
        """Send on what was not seen in time; True if there may be more."""
        now = self._clock()
        patience = delay(self._desk.pack(now.date()), "page_unseen", now.date())
        async with self._store.writing() as tx:
            found = await pages.unseen(tx, now - patience, AT_ONCE)
            for message in found:
                await send_on(tx, self._desk, message, now)
        return len(found) == AT_ONCE


async def send_on(tx: Tx, desk: Desk, message: Message, now: datetime) -> None:
    """The text goes to the person's telephone, and what stands open goes on there."""
    [page] = await addresses.lock_ids(tx, [message.address_id])
    if not await pages.missed(tx, message.id, now) or page.silence:
        return
    phone = await back_to_phone(tx, message.person_id) if message.person_id else None
    if phone is None:
        await ask_review(
            tx,
            desk.pack(now.date()),
            now,
            "undeliverable",
            about=str(message.person_id or f"address-{page.id}"),
            person_id=message.person_id,
            address_id=page.id,
            detail={"undelivered": "unseen", "message_id": message.id},
        )
    elif message.kind == "safety" or not phone.shared:
        # On a telephone that others read, the conversation itself asks again in its own way.
        await messages.queue_drafts(
            tx, [(phone, again(message, phone, "phone", message.options))], now, message.author_id
        )


async def back_to_phone(tx: Tx, person_id: int) -> Address | None:
    """What is open for a person goes on where they were reached before; None if nowhere."""
    found = None
    for link in await people.links_of(tx, person_id):
        address = await addresses.get(tx, link.address_id)
        if address and _usable(address, link) and (found is None or link.rank < found[1].rank):
            found = (address, link)
    if found is None:
        return None
    address, link = found
    if not address.shared:
        proofs = [one.proven_at for one in await people.links_of(tx, person_id) if one.proven_at]
        await people.save_link(tx, replace(link, proven_at=max(proofs, default=None)))
    await conversations.move(tx, person_id, address.id)
    await timers.move(tx, person_id, address.id)
    return address


def _usable(address: Address, link: Link) -> bool:
    if address.channel == "web" or not address.value or address.silence:
        return False
    return not (link.dropped or link.stopped)
