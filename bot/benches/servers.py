"""Servers of a benchmark, each in its own process: web side, worker, provider, the bare one."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from typing import Final

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.benches.processes import closed, run
from bot.service import Service, serving
from bot.settings import Settings, TwilioSettings
from bot.store.secrets import KEY
from bot.web import build_app
from bot.worker import work
from integrations.channels.twilio import EMPTY_TWIML, MESSAGES

SID: Final = "AC" + "0" * 32
TOKEN: Final = "the-auth-token-of-a-benchmark"  # noqa: S105 - signs made-up messages
SENDER: Final = "+33939010203"
PUBLIC_URL: Final = "https://vigie.example.org"
NOWHERE: Final = "http://127.0.0.1:9"
PROVIDER_MS: Final = 20.0


def settings_for(database_url: str, provider_url: str = "") -> Settings:
    """A production service whose provider is on this machine, or that has none to send to."""
    return Settings(
        mode="production",
        host="127.0.0.1",
        port=0,
        public_url=PUBLIC_URL,
        database_url=database_url,
        secret_key=b"s" * 32,
        data_keys={"bench": b"k" * KEY},
        index_key=b"i" * 32,
        twilio=TwilioSettings(SID, TOKEN, SENDER, api_url=provider_url or NOWHERE, per_second=0),
    )


def vigie(
    pipe: Connection, settings: Settings, drained: bool = False, furnished: bool = False
) -> None:
    """The web side; with the worker in the same process, or with the rooms of the floor above."""
    from bot.commands._running import rooms

    async def served() -> None:
        _quiet()
        async with (
            serving(settings) as service,
            listening(build_app(service, rooms(service) if furnished else None)) as port,
        ):
            pipe.send(port)
            if drained:
                await _with_worker(service, pipe)
            else:
                await closed(pipe)

    run(served)


async def _with_worker(service: Service, pipe: Connection) -> None:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(work(service, stop))
        await closed(pipe)
        stop.set()


def worker(pipe: Connection, settings: Settings) -> None:
    """A worker alone."""

    async def working() -> None:
        _quiet()
        async with serving(settings) as service:
            pipe.send(0)
            await _with_worker(service, pipe)

    run(working)


def bare(pipe: Connection) -> None:
    """The reference: a handler that parses the form and does nothing with it."""

    async def handle(request: web.Request) -> web.Response:
        await request.post()
        return web.Response(text=EMPTY_TWIML, content_type="text/xml")

    async def served() -> None:
        app = web.Application()
        app.router.add_post(MESSAGES, handle)
        async with listening(app) as port:
            pipe.send(port)
            await closed(pipe)

    run(served)


def page_app() -> web.Application:
    """A page of so many bytes, `/bare/BYTES`: a template filled line by line, and no more."""
    line = "a line of a page, no more and no less than sixty-four letters lo"
    source = "{% for line in lines %}<p>{{ line }}</p>{% endfor %}"

    async def show(request: web.Request) -> web.Response:
        many = int(request.match_info["size"]) // (len(line) + len("<p></p>"))
        return aiohttp_jinja2.render_template("page", request, {"lines": [line] * many})

    app = web.Application()
    app.router.add_get("/bare/{size}", show)
    aiohttp_jinja2.setup(app, loader=jinja2.DictLoader({"page": source}))
    return app


def bare_page(pipe: Connection) -> None:
    """The reference of a page, in a process of its own."""

    async def served() -> None:
        async with listening(page_app()) as port:
            pipe.send(port)
            await closed(pipe)

    run(served)


def provider(pipe: Connection, latency_ms: float = PROVIDER_MS) -> None:
    """A stand-in of Twilio's that takes each text after a while; `/taken` says how many, when."""
    made = iter(range(10**9))

    taken: list[float] = []

    async def create(request: web.Request) -> web.Response:
        taken.append(time.perf_counter())
        form = await request.post()
        await asyncio.sleep(latency_ms / 1000)
        kept = {"sid": f"SM{next(made):032x}", "status": "queued", "num_segments": "1"}
        return web.json_response({**kept, "to": form["To"]}, status=201)

    async def told(request: web.Request) -> web.Response:
        ends = {"first": taken[0], "last": taken[-1]} if taken else {}
        return web.json_response({"many": len(taken), **ends})

    async def anew(request: web.Request) -> web.Response:
        taken.clear()
        return web.Response()

    async def served() -> None:
        app = web.Application()
        app.router.add_get("/taken", told)
        app.router.add_get("/anew", anew)
        app.router.add_post("/2010-04-01/Accounts/{sid}/Messages.json", create)
        async with listening(app) as port:
            pipe.send(port)
            await closed(pipe)

    run(served)


def _quiet() -> None:
    """Faults are told; what goes well is not."""
    logging.basicConfig(level=logging.WARNING)
    multiprocessing.get_logger().setLevel(logging.WARNING)


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[int]:
    """An application on a free port, without an access log."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
