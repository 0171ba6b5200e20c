"""The web side: the application, its bounds and headers, and pages that say nothing of people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot import health, pages, webhooks
from bot.access import route_of
from bot.faults import where
from bot.service import SERVICE, Service

log = logging.getLogger(__name__)

LARGEST_BODY: Final = 64 * 1024
# Imports of case lists through the admin are larger than anything a provider posts.
LARGEST_UPLOAD: Final = 16 * 1024 * 1024

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STRICT: Final = "max-age=31536000; includeSubDomains"

Rooms = Mapping[str, web.Application]


def build_app(service: Service, rooms: Rooms | None = None) -> web.Application:
    """The application; `rooms` are applications of other floors under their prefix."""
    app = web.Application(middlewares=[_quiet], client_max_size=LARGEST_BODY)
    app[SERVICE] = service
    app.add_routes([*webhooks.routes(), *health.routes(), *pages.routes()])
    for prefix, room in (rooms or {}).items():
        app.add_subapp(prefix, room)
    if rooms:
        app.router.add_get("/", _lead)
    app.on_response_prepare.append(_headers)
    return app


async def _lead(request: web.Request) -> web.StreamResponse:
    """Whoever types the bare address finds the first door."""
    demonstration = request.app[SERVICE].settings.demonstration
    raise web.HTTPSeeOther("/simulator/start" if demonstration else "/admin/")


async def _headers(request: web.Request, response: web.StreamResponse) -> None:
    """Headers that each answer carries, unless a page has set its own; providers' are counted."""
    if request.path.startswith("/channels/"):
        request.app[SERVICE].counts.add("webhooks", "status", str(response.status))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.app[SERVICE].settings.public_url.startswith("https:"):
        response.headers.setdefault("Strict-Transport-Security", STRICT)
    response.headers["Server"] = "vigie"


@web.middleware
async def _quiet(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault becomes a plain page; the log says where it happened and nothing else."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:
        log.error("%s %s: %s", request.method, route_of(request), where(error))
        raise web.HTTPInternalServerError(text="Something went wrong. It is noted.") from None
