"""Teams: with whom each user works, and the languages in which they speak with people."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from admin.labels import choices
from admin.rights import grants
from admin.trail import acted, looked
from admin.visits import VISIT, go, number, page
from bot.store import users
from flows.vocabulary import LANGUAGES

LONGEST: Final = 40


async def show(request: web.Request) -> web.Response:
    """Everybody who may sign in, by team."""
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        known = [user for user in await users.list_all(tx) if user.disabled_at is None]
    await looked(visit, None, "teams")
    context = {
        "users": sorted(known, key=lambda user: (not user.team, user.team.casefold(), user.name)),
        "teams": sorted({user.team for user in known} - {""}, key=str.casefold),
        "languages": choices(visit.speech, "language"),
        "roles": grants(visit.agent.role),
    }
    return page(request, "teams.html", context)


async def save(request: web.Request) -> web.Response:
    """Change one user's team and languages."""
    visit, user_id, form = request[VISIT], number(request), await request.post()
    team = " ".join(str(form.get("team", "")).split())[:LONGEST]
    speaks = {str(one) for one in form.getall("speaks", [])} & set(LANGUAGES)
    async with visit.service.store.writing() as tx:
        other = await users.get(tx, user_id)
        if other is None:
            raise web.HTTPNotFound
        if other.role not in grants(visit.agent.role):
            raise web.HTTPForbidden
        await users.set_desk(tx, user_id, team, speaks)
        await acted(tx, visit, "user", None, user_id=user_id, speaks=sorted(speaks))
    raise go("/admin/teams", "saved")
