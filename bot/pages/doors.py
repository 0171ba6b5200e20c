"""The pages' doors: a link, a year, then a talk; forms do, and a little script does better."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from importlib import resources
from typing import Final

from aiohttp import web

from bot.inbox import InboxFull, Unavailable
from bot.pages import entering, looks
from bot.pages.entering import Visit
from bot.pages.looks import Look, Unsent
from bot.pages.unseen import back_to_phone
from bot.service import SERVICE
from bot.store import addresses, messages, pages
from flows.rules import delay
from flows.vocabulary import Incoming, Message

PREFIX: Final = "/r/"
COOKIE: Final = "page"
LONGEST: Final = 1600
MOST: Final = 200
# Pages of ours and typed addresses; never a form of another site.
_SITES: Final = frozenset({"same-origin", "none"})


def routes() -> Iterable[web.AbstractRouteDef]:
    """One address for each link, and what the pages look like."""
    static = str(resources.files("bot.pages") / "static")
    return [
        web.static(f"{PREFIX}static", static),
        web.get(f"{PREFIX}{{token}}", show),
        web.post(f"{PREFIX}{{token}}", take),
    ]


async def show(request: web.Request) -> web.Response:
    """The talk of whoever has entered; else the question of the door, or that a link is too old.

    Looking at a link never uses it up: what previews links for people looks as well.
    """
    service, now = request.app[SERVICE], request.app[SERVICE].clock.now()
    async with service.store.reading() as tx:
        person = await entering.expected(tx, request.match_info["token"], now)
        visit = await entering.visiting(tx, request.cookies.get(COOKIE, ""), now)
    if person is not None:
        return looks.door(_look(request, person.language))
    if visit is None:
        return looks.gone(_look(request))
    return await _talk(request, visit)


async def take(request: web.Request) -> web.StreamResponse:
    """What a form of a page says: a year, an answer, or that this is enough."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in _SITES:
        raise web.HTTPForbidden
    form = await request.post()
    if "year" in form:
        return await _enter(request, str(form["year"]))
    service, key = request.app[SERVICE], request.cookies.get(COOKIE, "")
    async with service.store.reading() as tx:
        visit = await entering.visiting(tx, key, service.clock.now())
    if visit is None:
        return looks.gone(_look(request))
    if "leave" in form:
        return await _leave(request, visit, key)
    text = str(form.get("choice") or form.get("text", ""))
    return await _file(request, visit, str(form.get("mark", "")), text)


async def _enter(request: web.Request, said: str) -> web.StreamResponse:
    service, token = request.app[SERVICE], request.match_info["token"]
    now = service.clock.now()
    async with service.store.writing() as tx:
        key = await entering.enter(tx, service.desk, token, said, now)
        person = None if key else await entering.expected(tx, token, now)
    if person is not None:
        return looks.door(_look(request, person.language), wrong=True)
    if key is None:
        return looks.gone(_look(request))
    service.outbox.wake()
    answer = _again(request)
    lasts = delay(service.desk.pack(now.date()), entering.VISIT, now.date())
    answer.set_cookie(
        COOKIE,
        key,
        path=PREFIX,
        httponly=True,
        samesite="Lax",
        secure=service.settings.public_url.startswith("https:"),
        max_age=int(lasts.total_seconds()),
    )
    return answer


async def _leave(request: web.Request, visit: Visit, key: str) -> web.StreamResponse:
    service = request.app[SERVICE]
    async with service.store.writing() as tx:
        await addresses.lock_ids(tx, [visit.address.id])
        await back_to_phone(tx, visit.person.id)
        await entering.leave(tx, key, service.clock.now())
    answer = looks.left(_look(request, visit.lang))
    answer.del_cookie(COOKIE, path=PREFIX)
    return answer


async def _file(request: web.Request, visit: Visit, mark: str, text: str) -> web.StreamResponse:
    """File an answer once, however often its form is sent; what is not taken stays in the form."""
    service = request.app[SERVICE]
    if not text.strip():
        return _again(request)
    mark = mark if mark.isalnum() and mark.isascii() and len(mark) <= 64 else _mark()
    incoming = Incoming(
        channel="web",
        provider_id=f"page-{visit.address.id}-{mark}",
        sender=visit.address.value,
        recipient="",
        text=text[:LONGEST],
        sent_at=service.clock.now(),
    )
    try:
        await service.inbox.take(incoming)
    except (InboxFull, Unavailable):
        return await _talk(request, visit, Unsent(text, mark))
    return _again(request)


async def _talk(request: web.Request, visit: Visit, unsent: Unsent | None = None) -> web.Response:
    look = _look(request, visit.lang)
    said = await _said(request, visit)
    if "new" in request.query and unsent is None:
        return looks.said_alone(look, visit, said)
    return looks.talk(look, visit, said, _mark(), unsent)


async def _said(request: web.Request, visit: Visit) -> list[Message]:
    """What stands on the page; it counts as read from now on."""
    service, now = request.app[SERVICE], request.app[SERVICE].clock.now()
    async with service.store.reading() as tx:
        talk = await messages.transcript(tx, [visit.address.id], MOST)
    said = [message for message in talk if pages.is_shown(message, now)]
    if any(message.direction == "out" and message.state != "read" for message in said):
        async with service.store.writing() as tx:
            await pages.shown(tx, visit.address.id, now)
    return said


def _look(request: web.Request, lang: str = "") -> Look:
    """In the person's language; where nobody is known, in the browser's."""
    service = request.app[SERVICE]
    spoken = lang or looks.language(request.headers.get("Accept-Language", ""))
    return Look(service.desk, spoken, service.clock.now())


def _again(request: web.Request) -> web.Response:
    """The page anew, so that going back or reloading sends nothing twice."""
    return web.Response(status=303, headers={"Location": request.rel_url.raw_path})


def _mark() -> str:
    return secrets.token_hex(16)
