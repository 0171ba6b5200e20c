"""A person would rather go on in Telegram: a code that ties one chat to them, once; in a link where
they asked for it themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.reaching import person_of
from bot.store import addresses, codes, messages, state
from bot.store.engines import Tx
from flows.rules import delay
from flows.turn import Desk
from flows.vocabulary import ChatWanted, Draft
from flows.wording.rendering import for_channel, render

# What the code behind Telegram's /start is for; the row of `delays` that says how long it holds.
TELEGRAM: Final = "telegram"
_LASTS: Final = "telegram_code"
# Under this name the service remembers what its bot is called.
BOT_NAME: Final = "telegram_bot"
_START: Final = "https://t.me/{bot}?start={code}"


async def send_chat_code(
    tx: Tx, desk: Desk, deed: ChatWanted, now: datetime, author_id: int | None = None
) -> bool:
    """Send the code; False where the address is gone. `author_id`: an agent wished it."""
    address = await addresses.get(tx, deed.address_id)
    if address is None or not address.value:
        return False
    pack, person = desk.pack(now.date()), await person_of(tx, deed.person_id)
    lasts = delay(pack, _LASTS, now.date())
    code = await codes.issue(tx, TELEGRAM, person.id, address.id, lasts, now)
    values = {
        "agency": pack.agency.get("name", ""),
        "hours": str(int(lasts.total_seconds() // 3600)),
    }
    # A link answers who asked for it; nobody gets one unasked.
    bot = None if author_id else await state.get(tx, BOT_NAME)
    if bot:
        name, values["link"] = "chat_link", _START.format(bot=bot, code=code)
    else:
        name, values["code"] = "chat_code", code
    words = desk.words(f"always.{name}", address.language or person.language)
    kind = "agent" if author_id else "reply"
    text = for_channel(render(words, values), address.channel)
    draft = Draft(f"chat:{tx.ids.new(now)}", kind, text, person.id)
    await messages.queue_drafts(tx, [(address, draft)], now, author_id)
    return True
