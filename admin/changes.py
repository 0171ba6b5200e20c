"""Tells open pages that the queue changed: server-sent events over the store's own mark."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from admin.visits import VISIT
from bot.service import Service
from bot.store import review_queue

LOOK_S: Final = 2.0
# Then the browser comes again, and is known anew: who signed out hears nothing more.
ROUNDS: Final = 30


@dataclass(slots=True)
class Watch:
    """The queue's mark, looked up once for all who wait in this process."""

    closing: asyncio.Event = field(default_factory=asyncio.Event)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _mark: str = ""
    _at: float = 0.0

    async def mark(self, service: Service) -> str:
        """What changes whenever the queue does, in whichever process."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if not self._mark or now - self._at >= LOOK_S / 2:
                async with service.store.reading() as tx:
                    self._mark = await review_queue.change_mark(tx, service.clock.now())
                self._at = now
            return self._mark

    async def rest(self) -> bool:
        """Wait for the next look; False once the service stops."""
        try:
            await asyncio.wait_for(self.closing.wait(), LOOK_S)
        except TimeoutError:
            return True
        return False


WATCH: Final = web.AppKey("watch", Watch)


async def stream(request: web.Request) -> web.StreamResponse:
    """One empty event for each change; nothing of people is in it."""
    visit, watch = request[VISIT], request.app[WATCH]
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
    )
    await response.prepare(request)
    # Whoever leaves the page ends the stream: that is no fault.
    with contextlib.suppress(ConnectionResetError):
        await _tell(response, watch, visit.service)
    return response


async def _tell(response: web.StreamResponse, watch: Watch, service: Service) -> None:
    known = await watch.mark(service)
    # The first bytes tell the browser that the stream is open.
    await response.write(b": open\n\n")
    for _ in range(ROUNDS):
        if not await watch.rest():
            break
        fresh = await watch.mark(service)
        await response.write(b"data: changed\n\n" if fresh != known else b": still\n\n")
        known = fresh


async def close(app: web.Application) -> None:
    """The service stops: streams end, so that nobody waits for them."""
    app[WATCH].closing.set()


def install(app: web.Application) -> None:
    """A watch for this process."""
    app[WATCH] = Watch()
    app.on_shutdown.append(close)
