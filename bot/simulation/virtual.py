"""Virtual time: an event loop that never waits, and what happens in the world meanwhile."""

from __future__ import annotations

import asyncio
import heapq
import math
import selectors
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock

Happening = Callable[[], None]


class Standstill(Exception):
    """Nothing will ever happen any more."""


@dataclass(slots=True)
class Time:
    """Seconds since the world began, and what will happen in it. It outlives every process."""

    now: float = 0.0
    _ahead: list[tuple[float, int, Happening]] = field(default_factory=list)
    _count: int = 0

    def at(self, moment: float, happening: Happening) -> None:
        """Let something happen then, or now if that is past."""
        self._count += 1
        heapq.heappush(self._ahead, (max(moment, self.now), self._count, happening))

    def after(self, seconds: float, happening: Happening) -> None:
        """Let something happen in so many seconds."""
        self.at(self.now + seconds, happening)

    @property
    def next(self) -> float:
        """When the next thing happens: infinity where nothing will."""
        return self._ahead[0][0] if self._ahead else math.inf

    def go_on(self, until: float) -> bool:
        """Go to `until`, or to the next happening before it: True if there was one."""
        if self.next > until:
            self.now = until
            return False
        self.now, _, happening = heapq.heappop(self._ahead)
        happening()
        return True


class WorldClock(Clock):
    """The clock of a machine in the world; `slow` is how far it lies behind."""

    __slots__ = ("_began", "_time", "slow")

    def __init__(self, began: datetime, time: Time) -> None:
        super().__init__()
        self._began = began
        self._time = time
        self.slow = timedelta(0)

    def now(self) -> datetime:
        """The instant that the machine believes it to be."""
        return self.true() - self.slow

    def true(self) -> datetime:
        """The instant that it is."""
        return self._began + timedelta(seconds=self._time.now)


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose waiting costs nothing: it goes on to whatever comes next.

    `idle` is called before time goes on, and says True where it has made something ready.
    """

    def __init__(self, time: Time, idle: Callable[[], bool]) -> None:
        self.asleep = -time.now
        self._world = time
        self._idle = idle
        super().__init__(_Selector(self))

    def time(self) -> float:
        """Seconds that this machine was awake: it does not count those that it slept."""
        return self._world.now - self.asleep

    def wait(self, timeout: float | None) -> None:
        """What a real loop does by sleeping."""
        if timeout is not None and timeout <= 0:
            return
        if self._idle():
            return
        until = math.inf if timeout is None else self._world.now + timeout
        if math.isinf(until) and math.isinf(self._world.next):
            raise Standstill
        self._world.go_on(until)


class _Selector(selectors.DefaultSelector):
    """Watches nothing but virtual time."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        """Let time go on; no file is ever ready."""
        self._loop.wait(timeout)
        return []
