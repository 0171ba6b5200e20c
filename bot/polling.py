"""Telegram without a webhook: one process asks for updates, and moves on once they are filed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.inbox import Inbox, InboxFull, Unavailable, file_all
from bot.store import state
from bot.store.engines import Store
from flows.vocabulary import Busy, Incoming

log = logging.getLogger(__name__)

LEASE: Final = "telegram"
LEASE_LASTS: Final = timedelta(seconds=90)
OFFSET: Final = "telegram_offset"
WAIT_S: Final = 25


class Polled(Protocol):
    """What a call for updates brought; `offset` is for the next."""

    @property
    def incoming(self) -> tuple[Incoming, ...]: ...
    @property
    def offset(self) -> int: ...


class Pollable(Protocol):
    """A bot that can be asked for updates."""

    async def poll(self, offset: int, wait_s: int = ...) -> Polled | Busy: ...
    async def use_polling(self) -> Busy | None: ...


class Polling:
    """One process at a time polls, under a lease in the database named `owner`."""

    def __init__(
        self, store: Store, bot: Pollable, inbox: Inbox, clock: Callable[[], datetime], owner: str
    ) -> None:
        self._store = store
        self._bot = bot
        self._inbox = inbox
        self._clock = clock
        self._owner = owner
        self._webhook_gone = False

    async def step(self) -> bool:
        """Ask once and file what came; False if there is nothing for this process to do now."""
        offset = await self._offset()
        if offset is None:
            return False
        if not self._webhook_gone:
            if busy := await self._bot.use_polling():
                return await _pause(busy)
            self._webhook_gone = True
        polled = await self._bot.poll(offset, WAIT_S)
        if isinstance(polled, Busy):
            return await _pause(polled)
        return await self._file(polled, offset)

    async def release(self) -> None:
        """Let another process poll at once."""
        async with self._store.writing() as tx:
            await state.give_back(tx, LEASE, self._owner)

    async def _offset(self) -> int | None:
        """Where to go on, if it is for this process to ask."""
        now = self._clock()
        async with self._store.writing() as tx:
            if not await state.take_lease(tx, LEASE, self._owner, now + LEASE_LASTS, now):
                return None
            return int(await state.get(tx, OFFSET) or 0)

    async def _file(self, polled: Polled, offset: int) -> bool:
        """Only what is committed is left behind: the offset moves after all are."""
        try:
            await file_all(self._inbox, polled.incoming)
        except (InboxFull, Unavailable):
            return False
        if polled.offset != offset:
            async with self._store.writing() as tx:
                await state.put(tx, OFFSET, str(polled.offset), self._clock())
        return True


async def _pause(busy: Busy) -> bool:
    await asyncio.sleep(min(busy.retry_after_s, 60.0))
    return False
