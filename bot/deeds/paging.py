"""A person would rather go on as a web page: a link that opens once is sent where they asked."""

from __future__ import annotations

from datetime import datetime

from bot.reaching import person_of
from bot.store import addresses, codes, messages
from bot.store.engines import Tx
from flows.rules import delay
from flows.turn import Desk
from flows.vocabulary import Draft, PageWanted
from flows.wording.rendering import for_channel, render

# What the link's code is for.
LINK = "page_link"
# It stands in an address that anybody may guess at: 95 bits, for half an hour.
LENGTH = 20


async def send_page(tx: Tx, desk: Desk, deed: PageWanted, now: datetime) -> None:
    """Send the link; nothing where the address is gone or no page is served."""
    address = await addresses.get(tx, deed.address_id)
    if address is None or not address.value or not desk.page_url:
        return
    person = await person_of(tx, deed.person_id)
    lasts = delay(desk.pack(now.date()), LINK, now.date())
    code = await codes.issue(tx, LINK, person.id, address.id, lasts, now, length=LENGTH)
    minutes = str(int(lasts.total_seconds() // 60))
    values = {"link": f"{desk.page_url}{code}", "minutes": minutes}
    words = desk.words("always.page_link", address.language or person.language)
    text = for_channel(render(words, values), address.channel)
    draft = Draft(f"page:{tx.ids.new(now)}", "reply", text, person.id)
    await messages.queue_drafts(tx, [(address, draft)], now)
