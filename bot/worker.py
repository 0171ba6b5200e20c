"""The worker: sends, looks up, fires timers, carries out deeds, sweeps, polls, until stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from bot.due import carry_out_due, fire_due
from bot.loops import Loop, keep_going
from bot.polling import Polling
from bot.service import Service
from bot.store import state
from bot.sweep import EVERY_S, Sweep
from integrations.channels.telegram import Telegram

# How long each loop rests when nothing woke it.
OUTBOX_S: Final = 0.5
DUE_S: Final = 0.5
LOOK_UP_S: Final = 5.0
POLL_S: Final = 5.0
BEAT_S: Final = 5.0
CLOCK_S: Final = 2.0
# A worker is heard of at least this often, or `/health/ready` says that none is there.
SILENT_AFTER: Final = timedelta(seconds=60)
BEAT: Final = "worker"


async def work(service: Service, stop: asyncio.Event) -> None:
    """All loops of a worker, until `stop`."""
    async with _loops(service) as loops:
        await keep_going(loops, stop, service.counts)


@asynccontextmanager
async def _loops(service: Service) -> AsyncIterator[list[Loop]]:
    sweep = Sweep(
        service.store,
        service.channels.values(),
        service.inbox,
        service.clock.now,
        service.owner,
        service.counts,
    )
    loops = [
        Loop("outbox", service.outbox.step, OUTBOX_S, woken=service.outbox.woken),
        Loop("look-up", service.outbox.look_up, LOOK_UP_S),
        Loop("timers", lambda: fire_due(service), DUE_S),
        Loop("deeds", lambda: carry_out_due(service), DUE_S, woken=service.outbox.turned),
        Loop("sweep", sweep.step, EVERY_S, patient=False),
        Loop("beat", lambda: _beat(service), BEAT_S),
    ]
    polling = _polling(service)
    if polling is None:
        yield loops
        return
    try:
        yield [*loops, Loop("telegram", polling.step, POLL_S, patient=False)]
    finally:
        await polling.release()


def _polling(service: Service) -> Polling | None:
    """Telegram is polled where no webhook secret says that it calls us."""
    bot = service.channels.get("telegram")
    telegram = service.settings.telegram
    if not isinstance(bot, Telegram) or telegram is None or telegram.webhook_secret:
        return None
    return Polling(service.store, bot, service.inbox, service.clock.now, service.owner)


async def _beat(service: Service) -> bool:
    """Say that a worker is there, and follow a demonstration's clock."""
    now = service.clock.now()
    async with service.store.writing() as tx:
        if service.settings.demonstration:
            await service.clock.recall(tx)
        await state.put(tx, BEAT, now.isoformat(), now)
    return False


async def is_working(service: Service) -> bool:
    """Whether a worker was heard of lately."""
    async with service.store.reading() as tx:
        heard = await state.get(tx, BEAT)
    return heard is not None and service.clock.now() - datetime.fromisoformat(heard) < SILENT_AFTER
