"""Loops that never die: what breaks in one is logged and counted, and the loop goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from bot.faults import where
from bot.metrics import Counts

log = logging.getLogger(__name__)

AFTER_A_FAULT_S = 1.0


@dataclass(frozen=True, slots=True)
class Loop:
    """Work done again and again: `work` says True where more is waiting.

    Otherwise it rests for `rest_s`, or until `woken` is set. `patient`: what it is doing when the
    service stops is finished first.
    """

    name: str
    work: Callable[[], Awaitable[bool]]
    rest_s: float
    patient: bool = True
    woken: asyncio.Event = field(default_factory=asyncio.Event)


async def keep_going(loops: Sequence[Loop], stop: asyncio.Event, counts: Counts) -> None:
    """Run these loops until `stop`."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_go(loop, stop, counts), name=loop.name) for loop in loops]
        await stop.wait()
        for loop, task in zip(loops, tasks, strict=True):
            loop.woken.set()
            if not loop.patient:
                task.cancel()


async def _go(loop: Loop, stop: asyncio.Event, counts: Counts) -> None:
    while not stop.is_set():
        loop.woken.clear()
        try:
            more = await loop.work()
        except Exception as error:
            log.error("%s: %s", loop.name, where(error))
            counts.add("loop_faults", "loop", loop.name)
            more = False
            await _rest(stop, AFTER_A_FAULT_S)
        if not more and not stop.is_set():
            await _rest(loop.woken, loop.rest_s)


async def _rest(until: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await until.wait()
