"""What `serve`, `web` and `worker` share: settings, log, loop, listening, stopping gracefully."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web

from bot.access import AccessLog
from bot.channels import twilio_account
from bot.commands import Fault
from bot.commands._opening import opened, read
from bot.demonstration.loading import SIGN_INS
from bot.faults import where
from bot.service import Service, serving
from bot.settings import Settings
from bot.web import Rooms, build_app
from integrations.channels.twilio import fallback_address, webhook_address

log = logging.getLogger("vigie")

# What is being answered at a stop is given so long to finish.
FINISH_S: Final = 20.0
# What the floor above brings: prefix, module, factory, whether for demonstrations alone.
ROOMS: Final = (
    ("/admin/", "admin", "build_admin", False),
    ("/simulator/", "admin.simulator", "build_simulator", True),
)

Work = Callable[[Service, asyncio.Event], Coroutine[Any, Any, None]]


def run(work: Work) -> int:
    """Read the settings, open the service, work until a signal, close."""
    settings = read()
    _log()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_until_told(settings, work))
    return 0


def _log() -> None:
    """The service's own lines, and of libraries only what cannot hold people's words."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in ("alembic", "telegram", "httpx", "twilio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It prints what a client sent, numbers and all, when that is no HTTP.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)


def _lost(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A fault that nobody waited for: its place, without its words."""
    error = context.get("exception")
    log.error("%s: %s", context.get("message"), where(error) if error else "no exception")


async def _until_told(settings: Settings, work: Work) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_lost)
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(name, stop.set)
    async with opened(settings):
        pass  # The database is there, has the newest schema and is of this mode.
    async with serving(settings) as service:
        await work(service, stop)


@asynccontextmanager
async def listening(service: Service) -> AsyncIterator[None]:
    """The web side, served while entered, once it was said where."""
    found = rooms(service)
    app = build_app(service, found)
    runner = web.AppRunner(
        app, access_log_class=AccessLog, shutdown_timeout=FINISH_S, handle_signals=False
    )
    await runner.setup()
    try:
        say_where(service, await _listen(runner, service.settings), found)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: Settings) -> str:
    site = web.TCPSite(runner, settings.host, settings.port, backlog=1024)
    try:
        await site.start()
    except OSError as error:
        place = f"HOST {settings.host}, PORT {settings.port}"
        raise Fault(f"{place}: cannot listen there: {error.strerror or error}") from None
    host, port = runner.addresses[0][:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def say_where(service: Service, address: str, rooms: Iterable[str]) -> None:
    """Tell whoever started it where to look."""
    lines = [f"Vigie listens at {service.settings.public_url or address}"]
    lines += [f"  {address}{prefix}" for prefix in rooms]
    if service.settings.demonstration:
        lines += [f"  sign in as {role}: {mail} / {word}" for mail, role, word in SIGN_INS]
    if account := twilio_account(service.settings):
        lines += [
            "  Twilio, a message comes in:   " + webhook_address(account.public_url),
            "  Twilio, primary handler fails: " + fallback_address(account.public_url),
        ]
    print("\n".join(lines), flush=True)


def rooms(service: Service) -> Rooms:
    """The admin and, in a demonstration, the simulator: no lower floor may know of them."""
    found = {}
    for prefix, module, factory, demonstration in ROOMS:
        if service.settings.demonstration or not demonstration:
            build = _factory(module, factory)
            if build is not None:
                found[prefix] = build(service)
    return found


def _factory(module: str, factory: str) -> Callable[[Service], web.Application] | None:
    try:
        return getattr(importlib.import_module(module), factory, None)
    except ModuleNotFoundError as error:
        # A room may be left out of an installation; a package that it lacks is a fault.
        if error.name != module:
            raise
        return None


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """A faster loop where there is one."""
    if sys.platform == "win32":
        return None
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
