"""An invitation taken up: whoever holds the link chooses a password, once."""

from __future__ import annotations

import asyncio
import secrets

from aiohttp import web

from admin.trail import acted
from admin.visits import VISIT, Visit, go, page
from bot import passwords
from bot.store import events, invitations
from bot.store.engines import Tx
from flows.vocabulary import Event


async def show(request: web.Request) -> web.Response:
    """The form; a link that is used or over says only that."""
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        user = await invitations.invited(tx, request.match_info["code"], visit.now)
    return page(request, "welcome.html", {"invited": user}, 200 if user else 404)


async def choose(request: web.Request) -> web.Response:
    """Keep the password; then they sign in with it like everybody."""
    visit, form = request[VISIT], await request.post()
    try:
        kept = await asyncio.to_thread(passwords.hashed, str(form.get("password", "")))
    except passwords.TooWeak:
        raise go(request.path, "weak_password") from None
    async with visit.service.store.writing() as tx:
        user = await invitations.accept(tx, request.match_info["code"], kept, visit.now)
        if user is None:
            raise web.HTTPNotFound
        line = Event("acted", visit.now, f"user:{user.id}", data={"what": "password"})
        await events.append_many(tx, [line], visit.now)
    raise go("/admin/sign-in", "password_kept")


async def link(tx: Tx, request: web.Request, visit: Visit, user_id: int) -> str:
    """A new link, to be handed over: it is shown this once and never sent."""
    code = secrets.token_urlsafe(24)
    await invitations.invite(tx, user_id, code, visit.now)
    await acted(tx, visit, "invitation", None, user_id=user_id)
    house = visit.service.settings.public_url.rstrip("/") or str(request.url.origin())
    return f"{house}/admin/welcome/{code}"
