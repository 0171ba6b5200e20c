"""One life of the service in a world: the real parts, from a start to a crash or the end."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Protocol

from bot.clock import Clock
from bot.inbox import InboxFull, Unavailable
from bot.loops import Loop, keep_going
from bot.service import Service
from bot.simulation.virtual import Time, VirtualLoop
from bot.simulation.weather import Weather
from bot.store.inline import Connection, Function, next_moments, settle
from bot.worker import loops_of

# Loops are woken when something is due, and not twice a second to find that nothing is.
REST_S = 6 * 3600.0
SOONEST_S = {"outbox": 0.5, "look-up": 5.0, "timers": 0.5, "deeds": 0.5}
LONGEST_S = 60.0
SWEPT_AFTER_S = 300.0
UNWINDING = 50


class Watch(Protocol):
    """Whoever looks on: told after each commit, before the service goes on."""

    def committed(self, life: Life) -> None: ...


class Life:
    """A process of the service; `service` is wired by `start`. It is the disk of its database."""

    def __init__(
        self,
        time: Time,
        clock: Clock,
        weather: Weather,
        dice: Random,
        file: str,
        wire: Callable[[Life], Service],
        watch: Watch | None = None,
    ) -> None:
        self.clock = clock
        self.weather = weather
        self.dice = dice
        self.loop = VirtualLoop(time, self._idle)
        self.dead = self.asleep = False
        self._wire = wire
        self.watch = watch
        self._stop = asyncio.Event()
        self._dirty = True
        self._loops: dict[str, Loop] = {}
        self._alarms: dict[str, asyncio.TimerHandle] = {}
        self._patience: dict[str, float] = {}
        self._connections: list[tuple[Connection, sqlite3.Connection]] = []
        self._file = file
        self._eye: sqlite3.Connection | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self.error: BaseException | None = None

    # --- living -------------------------------------------------------------------------------

    def run(self) -> None:
        """Live until the end of the world or of this process."""
        self.loop.set_exception_handler(lambda loop, context: None)
        main = self.loop.create_task(self._live())
        main.add_done_callback(self._ended)
        try:
            self.loop.run_forever()
        finally:
            self._bury()
        if self.error is not None:
            raise self.error

    def finish(self) -> None:
        """Stop gracefully."""
        self._stop.set()

    def die(self) -> None:
        """Be killed: nothing more is carried out, and what was not committed is gone."""
        self.dead = True
        for _, raw in self._connections:
            raw.close()
        self.loop.stop()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something happen in this process."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    @property
    def reachable(self) -> bool:
        """Whether a request finds somebody."""
        return bool(self._loops) and not (self.dead or self.asleep or self._stop.is_set())

    def sweep_soon(self) -> None:
        """Something was not posted: the sweep of every five minutes will be the next to see it."""
        if "sweep" in self._loops:
            wait = self.dice.uniform(0, SWEPT_AFTER_S)
            self.loop.call_later(wait, self._loops["sweep"].woken.set)

    def look_anew(self) -> None:
        """The clock has changed: look anew what is due."""
        self._dirty = True
        self._patience.clear()

    async def _live(self) -> None:
        service = self.service = self._wire(self)
        async with loops_of(service) as loops:
            at_rest = [replace(loop, rest_s=REST_S) for loop in loops]
            self._loops = {loop.name: loop for loop in at_rest}
            await keep_going(at_rest, self._stop, service.counts)
        await service.inbox.close()
        await service.reports.close()
        await service.outbox.close()
        await service.store.close()

    def _ended(self, main: asyncio.Task[None]) -> None:
        if not main.cancelled() and main.exception() is not None:
            self.error = main.exception()
        self.loop.stop()

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.error = task.exception()
            self.loop.stop()

    def _bury(self) -> None:
        """Let go of everything without any of it having an effect."""
        self.dead = True
        self.watch = None
        for connection, raw in self._connections:
            raw.close()
            connection._connection = None
        if self._eye is not None:
            self._eye.close()
        for _ in range(UNWINDING):
            tasks = asyncio.all_tasks(self.loop)
            if not tasks:
                break
            for task in tasks:
                task.cancel()
            with suppress(BaseException):
                self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    # --- waiting ------------------------------------------------------------------------------

    def _idle(self) -> bool:
        """Before time goes on: set each loop's alarm for when it has something to do."""
        if self.dead:
            return True
        if not self._dirty or not self._loops:
            return False
        self._dirty = False
        now = self.clock.now()
        if self._eye is None:
            self._eye = sqlite3.connect(self._file, isolation_level=None)
        due = next_moments(self._eye)
        for name in SOONEST_S:
            self._set_alarm(name, due.get(name), now)
        return True

    def _set_alarm(self, name: str, due: int | None, now: datetime) -> None:
        earlier = self._alarms.pop(name, None)
        if earlier is not None:
            earlier.cancel()
        if due is None:
            return
        at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=due)
        wait = (at - now).total_seconds()
        if wait > 0:
            self._patience.pop(name, None)
        else:
            # It is due and yet nobody could do it: something else is in its way.
            wait = self._patience.get(name, SOONEST_S[name])
            self._patience[name] = min(2 * wait, LONGEST_S)
        self._alarms[name] = self.loop.call_later(wait, self._wake, name)

    def _wake(self, name: str) -> None:
        self._dirty = True
        self._loops[name].woken.set()

    # --- the disk -----------------------------------------------------------------------------

    def opened(self, connection: Connection, raw: sqlite3.Connection) -> None:
        """Keep an eye on a connection; a dead process opens none."""
        if self.dead:
            raw.close()
        self._connections.append((connection, raw))

    def carry_out(
        self, function: Function, future: asyncio.Future[Any] | None, *, commits: bool
    ) -> None:
        """One visit to the database, now or a little later; it may be the last thing done."""
        if self.dead:
            settle(future, function)
            return
        weather, dice = self.weather, self.dice
        if not weather.calm:
            if dice.random() < (weather.dies_committing if commits else weather.dies):
                if commits and dice.random() < 0.5:
                    # The last thing that it did; nobody hears of it any more.
                    self._visit(function, None, commits)
                self.die()
                return
            if dice.random() < weather.faulty:
                settle(future, _full)
                return
            if dice.random() < weather.slow:
                self.loop.call_later(dice.expovariate(20.0), self._visit, function, future, commits)
                return
        self._visit(function, future, commits)

    def _visit(self, function: Function, future: asyncio.Future[Any] | None, commits: bool) -> None:
        if self.dead:
            return
        settle(future, function)
        if commits:
            self._dirty = True
            if self.watch is not None:
                self.watch.committed(self)


def _full() -> None:
    raise sqlite3.OperationalError("database or disk is full")


async def never() -> None:
    """Wait for what a dead process never gets."""
    await asyncio.get_running_loop().create_future()


async def handed_in(line: Any, item: Any) -> bool:
    """Bring something to the service as a webhook does: False for a 503."""
    try:
        await line.take(item)
    except (InboxFull, Unavailable):
        return False
    return True
