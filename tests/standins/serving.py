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

    def routes(self) -> list[web.RouteDef]:
        raise NotImplementedError

    def middlewares(self) -> list[Middleware]:
        """What looks at each request before its route."""
        return []

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=self.middlewares())
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.session = ClientSession(timeout=ClientTimeout(total=10))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.released.set()
        await self.session.close()
        await self._runner.cleanup()

    async def hang(self) -> None:
        """Answer nothing until the stand-in goes."""
        await self.released.wait()
