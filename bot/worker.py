"""The worker: sends, looks up, fires timers, carries out deeds, sweeps, polls, until stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from bot.alarms import watch_channels
from bot.deeds.chatting import BOT_NAME
from bot.due import carry_out_due, fire_due
from bot.health import BEAT
from bot.loops import Loop, keep_going
from bot.on_call import watch_urgent
from bot.pages import Unseen
from bot.polling import Polling
from bot.service import Service
from bot.settling import EVERY_S as SETTLE_S
from bot.settling import Settler
from bot.spot_checks import draw
from bot.store import state
from bot.store.knocks import listen
from bot.sweep import EVERY_S, Sweep
from bot.tallying import tally
from integrations.channels.telegram import Telegram
from integrations.channels.twilio import Twilio

# How long each loop rests when nothing woke it.
OUTBOX_S: Final = 0.5
DUE_S: Final = 0.5
LOOK_UP_S: Final = 5.0
POLL_S: Final = 5.0
PAGES_S: Final = 15.0
BEAT_S: Final = 5.0
KNOCKS_S: Final = 5.0
CHANNELS_S: Final = 60.0
ALARMS_S: Final = 10.0
TALLIES_S: Final = 15.0
SPOT_CHECKS_S: Final = 300.0
HOOK_S: Final = 6 * 3600.0
NAME_S: Final = 3600.0


async def work(service: Service, stop: asyncio.Event) -> None:
    """All loops of a worker, until `stop`."""
    async with loops_of(service) as loops:
        await keep_going(loops, stop, service.counts)


@asynccontextmanager
async def loops_of(service: Service) -> AsyncIterator[list[Loop]]:
    """What a worker does again and again, while entered."""
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
        Loop("pages", Unseen(service.store, service.desk, service.clock.now).step, PAGES_S),
        Loop("channels", lambda: watch_channels(service), CHANNELS_S),
        Loop("alarms", lambda: watch_urgent(service), ALARMS_S),
        Loop("tallies", lambda: tally(service), TALLIES_S),
        Loop("spot-checks", lambda: draw(service), SPOT_CHECKS_S),
        Loop("beat", lambda: beat(service), BEAT_S),
    ]
    if twilios := [one for one in service.channels.values() if isinstance(one, Twilio)]:
        settler = _settler(service, twilios)
        loops.append(Loop("settling", settler.step, SETTLE_S, patient=False))
    if service.store.dialect == "postgresql":
        loops.append(Loop("knocks", lambda: _hear_knocks(service), KNOCKS_S, patient=False))
    bot = service.channels.get("telegram")
    telegram = service.settings.telegram
    if not isinstance(bot, Telegram) or telegram is None:
        yield loops
        return
    loops.append(Loop("telegram-name", lambda: learn_name(service, bot), NAME_S, patient=False))
    if telegram.webhook_secret:
        yield [*loops, Loop("telegram", lambda: _call_us(service, bot), HOOK_S, patient=False)]
        return
    polling = Polling(service.store, bot, service.inbox, service.clock.now, service.owner)
    try:
        yield [*loops, Loop("telegram", polling.step, POLL_S, patient=False)]
    finally:
        await polling.release()


def _settler(service: Service, twilios: Sequence[Twilio]) -> Settler:
    twilio = service.settings.twilio
    blank = twilio is not None and twilio.redact
    return Settler(service.store, twilios, service.clock.now, service.owner, blank=blank)


async def _hear_knocks(service: Service) -> bool:
    """Be woken by what other processes write; where the line is lost, the rests between looks
    are short enough until it stands again."""
    await listen(service.store, service.outbox.wake)
    return False


async def _call_us(service: Service, bot: Telegram) -> bool:
    """Ask Telegram for updates at our webhook; the start never depends on it."""
    telegram = service.settings.telegram
    secret = telegram.webhook_secret if telegram else ""
    busy = await bot.use_webhook(service.settings.public_url, secret)
    if busy is not None:
        await asyncio.sleep(busy.retry_after_s)
    return busy is not None


async def learn_name(service: Service, bot: Telegram) -> bool:
    """Remember what our bot is called: links to it are written without asking Telegram."""
    if name := await bot.username():
        async with service.store.writing() as tx:
            await state.once(tx, BOT_NAME, name, service.clock.now())
    return False


async def beat(service: Service) -> bool:
    """Say that a worker is there, and follow a demonstration's clock."""
    now = service.clock.now()
    async with service.store.writing() as tx:
        if service.settings.demonstration:
            await service.clock.recall(tx)
        await state.put(tx, BEAT, now.isoformat(), now)
    return False
