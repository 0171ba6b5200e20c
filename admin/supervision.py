"""What supervisors see: the load and its age, who works on what, sign-ins."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from admin import welcome
from admin.elsewhere import named, sight_of
from admin.lately import MEMORY
from admin.loads import by_team, hours_plot
from admin.on_call import LEVELS, ways
from admin.queue import PRIORITIES
from admin.rights import grants, may
from admin.teams import is_own, may_have
from admin.trail import acted, looked
from admin.visits import VISIT, Visit, go, number, page
from admin.words import LANGUAGES
from bot import passwords
from bot.store import alarms, factors, loads, overview, reviews, surges, users
from bot.store.engines import Tx
from bot.store.overview import Backlog
from bot.store.review_queue import LEASED, Queued

# More are not read through.
LEASES: Final = 200


async def show(request: web.Request, link: str = "") -> web.Response:
    """Load by priority, oldest first; leases; texts that wait; users; a link just made."""
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        queues = await overview.queues(tx, visit.now, visit.whose)
        known = await users.list_all(tx)
        duty = await alarms.everybody(tx)
        surge = await surges.current(tx, visit.now)
        day = await loads.of_day(tx, visit.now)
        there = await loads.on_line(tx, visit.now)
        guarded = await factors.who(tx)
        sight = await sight_of(tx, visit)
        leased = await reviews.queue(tx, visit.now, owner=LEASED, limit=LEASES, sight=sight)
    people = await request.app[MEMORY].lately("people", lambda: _people(visit))
    await looked(visit, None, "supervision")
    context = {
        "load": [(level, queues.reviews.get(level, Backlog())) for level in PRIORITIES],
        "queues": queues,
        "people": people,
        "users": known,
        "guarded": guarded,
        "workers": [one for one in known if not one.disabled_at and may(one.role, "/admin/queue")],
        "duty": duty,
        "surge": surge,
        "there": there,
        "hours": hours_plot(visit, day),
        "teams": by_team(visit, day, known),
        "levels": LEVELS,
        "ways": ways(visit),
        "held": _held(known, leased),
        "link": link,
        "roles": grants(visit.agent.role),
        "territories": named(visit),
    }
    return page(request, "supervision.html", context)


async def _people(visit: Visit) -> overview.People:
    """How many stand where: everybody is counted."""
    async with visit.service.store.reading() as tx:
        return await overview.people(tx, visit.today)


def _held(known: Sequence[users.User], leased: Sequence[Queued]) -> list[tuple[users.User, Queued]]:
    """Who has what, user by user."""
    return [(user, one) for user in known for one in leased if one.bundle.holder == user.id]


async def add_user(request: web.Request) -> web.Response:
    """A new sign-in; its password is told to its owner by other means."""
    visit, form = request[VISIT], await request.post()
    email, role = str(form.get("email", "")).strip(), str(form.get("role", ""))
    if "@" not in email:
        raise web.HTTPBadRequest
    if role not in grants(visit.agent.role):
        raise web.HTTPForbidden
    codes = {str(one) for one in form.getall("territory", [])}
    if not may_have(visit, role, codes):
        raise go("/admin/supervision", "bad_territory")
    name, password = str(form.get("name", "")).strip(), str(form.get("password", ""))
    if not password:
        return await _invite_new(request, email, role, name, codes)
    said = await _add(visit, email, role, name, password, codes)
    raise go("/admin/supervision", said)


async def _invite_new(
    request: web.Request, email: str, role: str, name: str, codes: set[str]
) -> web.Response:
    """A sign-in that nobody can use before its owner chose a password."""
    visit = request[VISIT]
    try:
        async with visit.service.store.writing() as tx:
            lang = visit.speech.lang
            user = await users.add(
                tx, email, role, "", name, lang, territories=codes, now=visit.now
            )
            whose = sorted(codes)
            await acted(tx, visit, "user", None, user_id=user.id, role=role, territories=whose)
            link = await welcome.link(tx, request, visit, user.id)
    except users.Known:
        raise go("/admin/supervision", "user_known") from None
    return await show(request, link)


async def invite_user(request: web.Request) -> web.Response:
    """A new link for somebody who forgot their password, or lost the first link."""
    visit, user_id = request[VISIT], number(request)
    async with visit.service.store.writing() as tx:
        await _may_grant(tx, visit, user_id)
        link = await welcome.link(tx, request, visit, user_id)
    return await show(request, link)


async def remove_factor(request: web.Request) -> web.Response:
    """For somebody who lost both telephone and recovery codes: known to whoever does it."""
    visit, user_id = request[VISIT], number(request)
    async with visit.service.store.writing() as tx:
        await _may_grant(tx, visit, user_id)
        await factors.remove(tx, user_id)
        await users.end_sessions(tx, user_id)
        await acted(tx, visit, "factor_off", None, user_id=user_id)
    raise go("/admin/supervision", "factor_off")


async def _may_grant(tx: Tx, visit: Visit, user_id: int) -> None:
    other = await users.get(tx, user_id)
    if other is None:
        raise web.HTTPNotFound
    if other.role not in grants(visit.agent.role) or not is_own(visit, other.sees):
        raise web.HTTPForbidden


async def _add(
    visit: Visit, email: str, role: str, name: str, password: str, codes: set[str]
) -> str:
    try:
        kept = await asyncio.to_thread(passwords.hashed, password)
        async with visit.service.store.writing() as tx:
            lang = visit.speech.lang if visit.speech.lang in LANGUAGES else "fr"
            user = await users.add(
                tx, email, role, kept, name, lang, territories=codes, now=visit.now
            )
            whose = sorted(codes)
            await acted(tx, visit, "user", None, user_id=user.id, role=role, territories=whose)
    except passwords.TooWeak:
        return "weak_password"
    except users.Known:
        return "user_known"
    return "user_added"


async def disable_user(request: web.Request) -> web.Response:
    """Close a sign-in with all its sessions; one's own stays, so that somebody can undo it."""
    visit, user_id = request[VISIT], number(request)
    if user_id == visit.agent.id:
        raise web.HTTPBadRequest
    async with visit.service.store.writing() as tx:
        await _may_grant(tx, visit, user_id)
        await users.disable(tx, user_id, visit.now)
        await acted(tx, visit, "user", None, user_id=user_id, to="disabled")
    raise go("/admin/supervision", "user_disabled")
