"""How the channels are: state, last success, errors in words, what waits."""

from __future__ import annotations

from aiohttp import web

from admin.lately import MEMORY
from admin.trail import looked
from admin.visits import VISIT, Visit, page
from bot.channel_health import Health, health


async def show(request: web.Request) -> web.Response:
    """Every channel over the last day, for supervisors."""
    visit = request[VISIT]
    found = await request.app[MEMORY].lately("channels", lambda: _health(visit))
    await looked(visit, None, "channels")
    return page(request, "channels.html", {"channels": found})


async def _health(visit: Visit) -> list[Health]:
    """Every text of a day is counted."""
    async with visit.service.store.reading() as tx:
        return await health(tx, visit.pack, visit.service.channels, visit.now)
