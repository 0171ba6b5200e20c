"""How the channels are: state, last success, errors in words, what waits."""

from __future__ import annotations

from aiohttp import web

from admin.trail import looked
from admin.visits import VISIT, page
from bot.channel_health import health


async def show(request: web.Request) -> web.Response:
    """Every channel over the last day, for supervisors."""
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        found = await health(tx, visit.pack, visit.service.channels, visit.now)
    await looked(visit, None, "channels")
    return page(request, "channels.html", {"channels": found})
