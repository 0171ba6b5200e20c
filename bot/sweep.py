"""Finds at the provider what never reached us: at the start and every five minutes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.inbox import Inbox, file_all
from bot.metrics import Counts
from bot.store import messages, state
from bot.store.engines import Store
from flows.vocabulary import Incoming
from integrations.protocols import Channel, OutOfReach

log = logging.getLogger(__name__)

EVERY_S: Final = 300.0
LEASE_LASTS: Final = timedelta(minutes=10)
# Before the last sweep: a message may be listed late.
OVERLAP: Final = timedelta(minutes=15)
# Where nothing was swept yet, or not for long.
LONGEST: Final = timedelta(days=2)


class Sweep:
    """One process at a time sweeps, under a lease in the database named `owner`."""

    def __init__(
        self,
        store: Store,
        channels: Iterable[Channel],
        inbox: Inbox,
        clock: Callable[[], datetime],
        owner: str,
        counts: Counts,
    ) -> None:
        self._store = store
        self._channels = tuple(channels)
        self._inbox = inbox
        self._clock = clock
        self._owner = owner
        self._counts = counts

    async def step(self) -> bool:
        """File every unknown message of each channel. Never more to do before the next round."""
        for channel in self._channels:
            try:
                await self._channel(channel)
            except OutOfReach as error:
                log.warning("sweep of %s: %s", channel.name, error)
        return False

    async def _channel(self, channel: Channel) -> None:
        began = self._clock()
        since = await self._since(channel.name, began)
        if since is None:
            return
        unknown = await self._unknown(await channel.recent(since))
        await file_all(self._inbox, unknown)
        self._counts.add("swept", many=len(unknown))
        async with self._store.writing() as tx:
            await state.put(tx, f"swept:{channel.name}", began.isoformat(), began)

    async def _since(self, name: str, now: datetime) -> datetime | None:
        """From when on to look; None where another process sweeps this channel."""
        async with self._store.writing() as tx:
            if not await state.take_lease(tx, f"sweep:{name}", self._owner, now + LEASE_LASTS, now):
                return None
            last = await state.get(tx, f"swept:{name}")
        swept = datetime.fromisoformat(last) - OVERLAP if last else now - LONGEST
        return max(swept, now - LONGEST)

    async def _unknown(self, recent: list[Incoming]) -> list[Incoming]:
        if not recent:
            return []
        async with self._store.reading() as tx:
            known = await messages.known(tx, [one.provider_id for one in recent])
        return [one for one in recent if (one.channel, one.provider_id) not in known]
