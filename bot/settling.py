"""An hour after a text is done: what it cost is noted, its words are taken from the provider."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.store import outbox, state
from bot.store.engines import Store
from bot.store.settling import Done, done
from flows.vocabulary import ChannelName, DeliveryReport
from integrations.protocols import OutOfReach

log = logging.getLogger(__name__)

EVERY_S: Final = 300.0
AFTER: Final = timedelta(hours=1)
LEASE_LASTS: Final = timedelta(minutes=10)
AT_ONCE: Final = 16


class Settling(Protocol):
    """A channel whose provider can be asked about one text."""

    @property
    def name(self) -> ChannelName: ...
    async def settle(self, provider_id: str, *, blank: bool) -> DeliveryReport | None: ...


class Settler:
    """One process at a time settles, under a lease in the database named `owner`.

    `blank`: the words of texts, theirs and ours, are taken from the provider.
    """

    def __init__(
        self,
        store: Store,
        channels: Sequence[Settling],
        clock: Callable[[], datetime],
        owner: str,
        *,
        blank: bool,
    ) -> None:
        self._store = store
        self._channels = channels
        self._clock = clock
        self._owner = owner
        self._blank = blank

    async def step(self) -> bool:
        """Settle the next texts of each channel; True if there may be more at once."""
        more = [await self._channel(channel) for channel in self._channels]
        return any(more)

    async def _channel(self, channel: Settling) -> bool:
        now = self._clock()
        key = f"settled:{channel.name}"
        async with self._store.writing() as tx:
            if not await state.take_lease(tx, key, self._owner, now + LEASE_LASTS, now):
                return False
            mark = _mark(await state.get(tx, key))
        async with self._store.reading() as tx:
            texts = await done(tx, channel.name, mark, now - AFTER, AT_ONCE)
        try:
            asked = [self._one(channel, text) for text in texts]
            said = [one for one in await asyncio.gather(*asked) if one is not None]
        except OutOfReach as error:
            log.warning("settling of %s: %s", channel.name, error)
            return False
        if texts:
            await self._keep(key, texts[-1], said, now)
        return len(texts) == AT_ONCE

    async def _one(self, channel: Settling, text: Done) -> DeliveryReport | None:
        # Of theirs there is nothing to learn.
        if text.inbound and not self._blank:
            return None
        return await channel.settle(text.provider_id, blank=self._blank)

    async def _keep(
        self, key: str, last: Done, said: Sequence[DeliveryReport], now: datetime
    ) -> None:
        async with self._store.writing() as tx:
            for report in said:
                await outbox.priced(tx, report)
            await state.put(tx, key, f"{last.mark[0]}:{last.mark[1]}", now)


def _mark(kept: str | None) -> tuple[int, int]:
    at, _, message_id = (kept or "0:0").partition(":")
    return int(at), int(message_id)
