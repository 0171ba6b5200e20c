"""One's own sign-in: where somebody is signed in, and how to end it."""

from __future__ import annotations

from aiohttp import web

from admin.trail import acted
from admin.visits import VISIT, go, page
from bot.store import factors, users


async def show(request: web.Request) -> web.Response:
    """The sessions of whoever looks."""
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        found = await users.sessions_of(tx, visit.agent.id, visit.key)
        factor = await factors.is_on(tx, visit.agent.id)
    return page(request, "own.html", {"sessions": found, "factor": factor})


async def end(request: web.Request) -> web.Response:
    """End one of one's own sessions: another's is not found."""
    visit = request[VISIT]
    async with visit.service.store.writing() as tx:
        if not await users.end_own(tx, visit.agent.id, request.match_info["mark"]):
            raise web.HTTPNotFound
        await acted(tx, visit, "session_ended", None)
    raise go("/admin/own", "session_ended")
