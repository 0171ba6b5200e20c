"""What operators and their machines ask: alive, ready, figures."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final

from aiohttp import web

from bot.faults import where
from bot.figures import figures
from bot.metrics import CONTENT_TYPE, exposition
from bot.service import SERVICE, Service
from bot.store import state
from bot.store.migrating import pending

log = logging.getLogger(__name__)

# Under this name a worker says that it is there, and is missed after so long.
BEAT: Final = "worker"
SILENT_AFTER: Final = timedelta(seconds=60)
# A proxy on this machine adds one of these: what it forwards does not come from here.
FORWARDED: Final = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def routes() -> Iterable[web.RouteDef]:
    """Health and metrics."""
    return [
        web.get("/health/live", live),
        web.get("/health/ready", ready),
        web.get("/metrics", metrics),
    ]


async def live(request: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"live": True})


async def ready(request: web.Request) -> web.Response:
    """200 if the database answers, has the newest schema, and the workers keep up; else 503."""
    found = await _findings(request.app[SERVICE])
    return web.json_response({"ready": not found, "missing": found}, status=503 if found else 200)


async def metrics(request: web.Request) -> web.Response:
    """Figures for Prometheus, to this machine or to who has the key."""
    service = request.app[SERVICE]
    if not (_is_local(request) or _has_key(request, service)):
        raise web.HTTPForbidden(text="Figures are given on this machine or with a bearer key.")
    body = exposition(await figures(service))
    return web.Response(body=body.encode(), headers={"Content-Type": CONTENT_TYPE})


async def _findings(service: Service) -> list[str]:
    try:
        if await pending(service.store):
            return ["migrations: run `vigie migrate`"]
        return [] if await _is_worker_heard(service) else ["worker"]
    except Exception as error:
        log.error("not ready: %s", where(error))
        return ["database"]


async def _is_worker_heard(service: Service) -> bool:
    async with service.store.reading() as tx:
        heard = await state.get(tx, BEAT)
    return heard is not None and service.clock.now() - datetime.fromisoformat(heard) < SILENT_AFTER


def _is_local(request: web.Request) -> bool:
    try:
        near = ip_address(request.remote or "").is_loopback
    except ValueError:
        return False
    return near and not any(name in request.headers for name in FORWARDED)


def _has_key(request: web.Request, service: Service) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), service.metrics_key.encode())
