"""A text that asks nothing and did not arrive goes where its person is proven."""

from __future__ import annotations

from datetime import datetime

from bot.moving import again, proven_address
from bot.reviewing import ask_review
from bot.store import addresses, messages
from bot.store.engines import Tx
from flows.turn import Desk
from flows.vocabulary import ReachElsewhere


async def carry(tx: Tx, desk: Desk, deed: ReachElsewhere, now: datetime) -> None:
    """Put the text into the outbox once more, for a proven address; without one a person looks."""
    text = await messages.get(tx, deed.message_id)
    if text is None:
        return
    other = await proven_address(tx, deed.person_id, text.address_id)
    if other is None:
        detail = {"undelivered": text.reason, "code": text.error_code, "message_id": text.id}
        pack, about = desk.pack(now.date()), str(deed.person_id)
        await ask_review(
            tx, pack, now, "undeliverable", about=about, person_id=deed.person_id, detail=detail
        )
        return
    for address in await addresses.lock_ids(tx, [other.id]):
        await messages.queue_drafts(
            tx, [(address, again(text, address, f"at:{address.id}"))], now, text.author_id
        )
