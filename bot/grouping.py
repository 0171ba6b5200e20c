"""Group commit: what arrives together is written together, and answered once it is committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic

from bot.faults import where
from bot.queueing import Full, Item, Place, Queue
from bot.store.engines import Store, Tx
from bot.store.troubles import is_trouble, lost_a_race

log = logging.getLogger(__name__)

RACES = 3


class NoRoom(Exception):
    """Nothing more is taken in just now: 503, and the provider posts again."""


class Unavailable(Exception):
    """The database did not take it: 503, and the provider posts again or the sweep finds it."""


@dataclass(frozen=True, slots=True)
class Waiting(Generic[Item]):
    """An item and the promise that whoever brought it waits for."""

    item: Item
    done: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class Work(Generic[Item]):
    """How items are written: many in one transaction; one that breaks even alone, otherwise.

    A batch holds at most one item of a `place`, and a place's items stay in order. `commit` may
    give back items that have come too early: they are to be brought again. What is `urgent` is
    taken where there is no room for others; it is asked for only there.
    """

    name: str
    place: Callable[[Item], Place]
    commit: Callable[[Tx, Sequence[Item]], Awaitable[Sequence[Item]]]
    broken: Callable[[Tx, Item], Awaitable[None]]
    written: Callable[[], None]
    urgent: Callable[[Item], bool] = lambda _: False


class Grouping(Generic[Item]):
    """A bounded line of items before one transaction at a time; it works while there is work."""

    def __init__(
        self, store: Store, work: Work[Item], *, size: int, per_place: int, batch: int
    ) -> None:
        self._store = store
        self._work = work
        self._queue: Queue[Waiting[Item]] = Queue(size, per_place)
        self._most = batch
        self._drain: asyncio.Task[None] | None = None
        self._closing = False
        self.taken = self.batches = self.broken = 0

    def __len__(self) -> int:
        return len(self._queue)

    def take(self, item: Item) -> Awaitable[None]:
        """A promise that it is committed: `NoRoom` at once, `Unavailable` when awaited."""
        if self._closing:
            raise NoRoom(f"{self._work.name} is closing")
        done = asyncio.get_running_loop().create_future()
        self._put(item, Waiting(item, done))
        if self._drain is None or self._drain.done():
            self._drain = asyncio.create_task(self._work_off(), name=self._work.name)
        return done

    def _put(self, item: Item, waiting: Waiting[Item]) -> None:
        place = self._work.place(item)
        try:
            try:
                self._queue.put(place, waiting)
            except Full:
                self._queue.put(place, waiting, urgent=self._work.urgent(item))
        except Full:
            raise NoRoom(f"{self._work.name} is full") from None

    async def close(self) -> None:
        """Take nothing more in, and answer what has arrived."""
        self._closing = True
        if self._drain is not None:
            await self._drain

    async def _work_off(self) -> None:
        while self._queue:
            await self._batch([])

    async def _batch(self, batch: list[Waiting[Item]]) -> None:
        """Write these, or if there are none, all that has arrived once the database is ours."""
        try:
            early = await self._commit(batch)
        except Exception as error:
            # It would not even begin: those at the head of the line hear of it.
            batch = batch or self._queue.batch(self._most)
            if is_trouble(error):
                self._fail(batch, error)
            elif len(batch) > 1:
                # One of them breaks the transaction: alone, it breaks only its own.
                for waiting in batch:
                    await self._batch([waiting])
            else:
                await self._break(batch[0], error)
        else:
            self.batches += 1
            self._answer([waiting for waiting in batch if waiting.item not in early])
            self._refuse([waiting for waiting in batch if waiting.item in early], "too early")

    async def _commit(self, batch: list[Waiting[Item]], race: int = 1) -> Sequence[Item]:
        try:
            async with self._store.writing() as tx:
                if not batch:
                    batch += self._queue.batch(self._most)
                return await self._work.commit(tx, [waiting.item for waiting in batch])
        except Exception as error:
            if not lost_a_race(error) or race == RACES:
                raise
        return await self._commit(batch, race + 1)

    async def _break(self, waiting: Waiting[Item], error: Exception) -> None:
        self.broken += 1
        log.error("%s: one item broke: %s", self._work.name, where(error))
        try:
            async with self._store.writing() as tx:
                await self._work.broken(tx, waiting.item)
        except Exception as again:
            self._fail([waiting], again)
        else:
            self._answer([waiting])

    def _answer(self, batch: Sequence[Waiting[Item]]) -> None:
        self.taken += len(batch)
        self._work.written()
        for waiting in batch:
            if not waiting.done.done():
                waiting.done.set_result(None)

    def _fail(self, batch: Sequence[Waiting[Item]], error: Exception) -> None:
        log.error("%s: %d not written: %s", self._work.name, len(batch), where(error))
        self._refuse(batch, type(error).__name__)

    def _refuse(self, batch: Sequence[Waiting[Item]], why: str) -> None:
        for waiting in batch:
            if not waiting.done.done():
                waiting.done.set_exception(Unavailable(why))
                # Nobody may be listening any more: that is no fault of ours.
                waiting.done.exception()
