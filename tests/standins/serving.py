"""A small web server on a free loopback port, for as long as a test needs it."""

import asyncio
from typing import Self

from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.typedefs import Middleware


class Served:
    """Something with routes that is served while it is entered; `url` is where."""

    url: str = ""

    def __init__(self) -> None:
        self.released = asyncio.Event()
        self._port = 0

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def middlewares(self) -> list[Middleware]:
        """What looks at each request before its route."""
        return []

    async def __aenter__(self) -> Self:
        await self._listen(0)
        self.url = f"http://127.0.0.1:{self._port}"
        self.session = ClientSession(timeout=ClientTimeout(total=10))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.released.set()
        await self.session.close()
        await self._runner.cleanup()

    async def unplug(self) -> None:
        """Nobody reaches it any more: connections are refused."""
        await self._runner.cleanup()

    async def plug_in(self) -> None:
        """It is back where it was."""
        await self._listen(self._port)

    async def _listen(self, port: int) -> None:
        app = web.Application(middlewares=self.middlewares())
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self._port = int(self._runner.addresses[0][1])

    async def hang(self) -> None:
        """Answer nothing until the stand-in goes."""
        await self.released.wait()
