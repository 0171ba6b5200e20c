"""One's own second factor: set up, confirmed by a first code, removed by a code."""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from admin.trail import acted
from admin.visits import VISIT, go, page
from bot import totp
from bot.store import factors, failures

FREE_TRIES = 5


async def begin(request: web.Request) -> web.Response:
    """A new secret, to be typed into an app."""
    visit = request[VISIT]
    async with visit.service.store.writing() as tx:
        if await factors.is_on(tx, visit.agent.id):
            raise web.HTTPBadRequest
        secret = await factors.begin(tx, visit.agent.id, visit.now)
    spelled = totp.spelled(secret)
    parts = [spelled[at : at + 4] for at in range(0, len(spelled), 4)]
    link = totp.address(secret, visit.agent.email)
    return page(request, "factor.html", {"secret": " ".join(parts), "link": link})


async def confirm(request: web.Request) -> web.Response:
    """The first code turns it on; the recovery codes are shown this once."""
    visit, said = request[VISIT], str((await request.post()).get("code", ""))
    async with visit.service.store.writing() as tx:
        # An app's clock is the world's, even where a demonstration's was moved.
        now = datetime.now(UTC)
        codes = await factors.confirm(tx, visit.agent.id, "".join(said.split()), now)
        if codes:
            await acted(tx, visit, "factor_on", None)
    if not codes:
        raise go("/admin/own", "wrong_code")
    return page(request, "factor.html", {"codes": codes})


async def remove(request: web.Request) -> web.Response:
    """Only with a code: a machine left open is not enough."""
    visit, said = request[VISIT], str((await request.post()).get("code", ""))
    free = {f"factor:{visit.agent.id}": FREE_TRIES}
    async with visit.service.store.writing() as tx:
        tried = await failures.begin(tx, free, visit.now)
        right = tried and await factors.accept(tx, visit.agent.id, said, datetime.now(UTC))
        if right:
            await failures.forget(tx, free)
            await factors.remove(tx, visit.agent.id)
            await acted(tx, visit, "factor_off", None)
    raise go("/admin/own", "factor_off" if right else "wrong_code")
