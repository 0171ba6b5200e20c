"""Teams: with whom each user works, and the languages in which they speak with people."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from admin.elsewhere import named
from admin.labels import choices
from admin.rights import grants
from admin.trail import acted, looked
from admin.visits import VISIT, Visit, go, number, page
from bot.roles import NATIONAL, REGIONAL
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
        "territories": named(visit),
        "national": NATIONAL,
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


async def save_territories(request: web.Request) -> web.Response:
    """Change whose people one user sees; nobody gives what is not their own."""
    visit, user_id, form = request[VISIT], number(request), await request.post()
    codes = {str(one) for one in form.getall("territory", [])}
    async with visit.service.store.writing() as tx:
        other = await users.get(tx, user_id)
        if other is None:
            raise web.HTTPNotFound
        if other.role not in grants(visit.agent.role) or not is_own(visit, other.sees):
            raise web.HTTPForbidden
        if may_have(visit, other.role, codes):
            await users.set_territories(tx, user_id, codes)
            await acted(tx, visit, "user", None, user_id=user_id, territories=sorted(codes))
            said = "saved"
        else:
            said = "bad_territory"
    raise go("/admin/teams", said)


def may_have(visit: Visit, role: str, codes: set[str]) -> bool:
    """Whether a visitor may give these territories, or none, to somebody of a role."""
    known = {code for code, _ in named(visit)}
    if codes - known or (codes and role in NATIONAL) or (known and not codes and role in REGIONAL):
        return False
    return role in NATIONAL or is_own(visit, frozenset(codes) or None)


def is_own(visit: Visit, codes: frozenset[str] | None) -> bool:
    """Whether all that these territories show is the visitor's to show."""
    mine = visit.agent.sees
    return mine is None or (codes is not None and codes <= mine)
