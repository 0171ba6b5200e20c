"""Figures that are dear to count: told as they were a minute ago, and counted anew meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from aiohttp import web

Value = TypeVar("Value")

LASTS_S: Final = 60.0
# Where nobody looked for so long, whoever looks waits for the figures of now.
TOO_OLD_S: Final = 300.0
# What is counted sooner is counted each time: in a small house every figure is of this moment.
DEAR_S: Final = 0.1


@dataclass(slots=True)
class _Kept:
    value: Any
    at: float
    took: float


@dataclass(slots=True)
class Memory:
    """What this process counted lately, by name."""

    kept: dict[str, _Kept] = field(default_factory=dict)
    counting: dict[str, asyncio.Task[Any]] = field(default_factory=dict)

    async def lately(self, name: str, count: Callable[[], Awaitable[Value]]) -> Value:
        """The figures of this name; who asks first, or first for long, waits for them."""
        known, now = self.kept.get(name), asyncio.get_running_loop().time()
        if known is None or known.took < DEAR_S or now - known.at > TOO_OLD_S:
            return await self._count(name, count)
        if now - known.at > LASTS_S and name not in self.counting:
            task = asyncio.create_task(self._count(name, count))
            self.counting[name] = task
            task.add_done_callback(lambda _: self.counting.pop(name, None))
        value: Value = known.value
        return value

    async def _count(self, name: str, count: Callable[[], Awaitable[Value]]) -> Value:
        began = asyncio.get_running_loop().time()
        value = await count()
        now = asyncio.get_running_loop().time()
        self.kept[name] = _Kept(value, now, now - began)
        return value


MEMORY: Final = web.AppKey("memory", Memory)


async def close(app: web.Application) -> None:
    """Nothing is counted any more once the store closes."""
    for task in list(app[MEMORY].counting.values()):
        task.cancel()


def install(app: web.Application) -> None:
    """A memory for this process."""
    app[MEMORY] = Memory()
    app.on_shutdown.append(close)
