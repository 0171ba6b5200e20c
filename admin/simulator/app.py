"""The phones page: on this machine alone, in a demonstration alone, without a sign-in."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any, Final
from uuid import uuid4

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from admin.doors import headers
from admin.labels import label
from admin.simulator.phones import next_event, seen
from admin.words import LANGUAGES, Speech
from bot.demonstration.loading import SIGN_INS
from bot.grouping import NoRoom, Unavailable
from bot.service import SERVICE, Service
from flows.vocabulary import ChannelName, Incoming

_CHANNELS: Final[dict[str, ChannelName]] = {"sms": "sms", "telegram": "telegram"}
_FORWARDED: Final = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
_SITES: Final = frozenset({"same-origin", "none"})
_STEPS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_LONGEST: Final = 1600


def build_simulator(service: Service) -> web.Application:
    """The simulator's application."""
    app = web.Application(middlewares=[_here_only])
    app[SERVICE] = service
    app.add_routes(
        [
            web.get("/", show),
            web.get("/start", start),
            web.get("/state", state),
            web.post("/say", say),
            web.post("/clock", clock),
        ]
    )
    app.on_response_prepare.append(headers)
    aiohttp_jinja2.setup(app, loader=jinja2.PackageLoader("admin"), trim_blocks=True)
    return app


@web.middleware
async def _here_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nobody but this machine, asked for by its own name, from a page of ours."""
    service = request.app[SERVICE]
    if not service.settings.demonstration or not _is_here(request):
        raise web.HTTPNotFound
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in _SITES:
        raise web.HTTPForbidden
    return await handler(request)


def _is_here(request: web.Request) -> bool:
    named = request.host.rpartition(":")[0] or request.host
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        near = ip_address(request.remote or "").is_loopback
        return near and (named == "localhost" or ip_address(named.strip("[]")).is_loopback)
    except ValueError:
        return False


async def show(request: web.Request) -> web.Response:
    """The page; its phones fill themselves."""
    return aiohttp_jinja2.render_template("simulator.html", request, {"_": _speech(request)})


async def start(request: web.Request) -> web.Response:
    """Where a newcomer begins: the phones, the admin, and how to sign in there."""
    speech = _speech(request)
    signs = [(email, label(speech, "role", role), word) for email, role, word in SIGN_INS]
    return aiohttp_jinja2.render_template("start.html", request, {"_": speech, "sign_ins": signs})


def _speech(request: web.Request) -> Speech:
    service = request.app[SERVICE]
    asked = request.query.get("lang") or request.headers.get("Accept-Language", "")[:2].lower()
    lang = asked if asked in LANGUAGES else "en"
    return Speech(lang, service.desk.pack(service.clock.now().date()).zone)


async def state(request: web.Request) -> web.Response:
    """All phones as they are now."""
    service = request.app[SERVICE]
    async with service.store.reading() as tx:
        return web.json_response(await seen(tx, service, service.clock.now()))


async def say(request: web.Request) -> web.Response:
    """Somebody writes on their phone: filed as a provider's webhook would file it."""
    service, said = request.app[SERVICE], await _json(request)
    channel = _CHANNELS.get(str(said.get("channel")))
    sender, text = str(said.get("sender", "")).strip(), str(said.get("text", ""))[:_LONGEST]
    if channel is None or not sender or not text.strip():
        raise web.HTTPBadRequest
    incoming = Incoming(
        channel,
        f"simulated-{uuid4().hex}",
        sender,
        "38000",
        text,
        link_code=_link_code(channel, text),
        sent_at=service.clock.now(),
    )
    try:
        await service.inbox.take(incoming)
    except (NoRoom, Unavailable):
        raise web.HTTPServiceUnavailable from None
    return await state(request)


def _link_code(channel: ChannelName, text: str) -> str:
    """What follows Telegram's /start."""
    word, _, rest = text.strip().partition(" ")
    return rest.strip() if channel == "telegram" and word == "/start" else ""


async def clock(request: web.Request) -> web.Response:
    """Move the demonstration's clock forward: an hour, a day, or to the next event."""
    service, said = request.app[SERVICE], await _json(request)
    async with service.store.writing() as tx:
        by = _step(service, str(said.get("by")), await next_event(tx))
        await service.clock.move(tx, by)
    service.outbox.wake()
    return await state(request)


def _step(service: Service, name: str, due: datetime | None) -> timedelta:
    if name == "next":
        # A second more, so that it is past and not just reached.
        wait = due - service.clock.now() + timedelta(seconds=1) if due else timedelta()
        return max(wait, timedelta())
    if name not in _STEPS:
        raise web.HTTPBadRequest
    return _STEPS[name]


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        said = await request.json()
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(said, dict):
        raise web.HTTPBadRequest
    return said
