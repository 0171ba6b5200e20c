"""The service, wired: store, clock, desk, inbox, outbox and channels in one frozen value."""

from __future__ import annotations

import hmac
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import SystemRandom
from typing import Final

from aiohttp import web

from bot.channels import Channels, open_channels
from bot.clock import Clock
from bot.desk import desk_for
from bot.inbox import Inbox, open_inbox
from bot.metrics import Counts
from bot.outbox import Outbox
from bot.pace import rates_of
from bot.reports import Reports, open_reports
from bot.setting_faults import SettingFault
from bot.settings import Settings
from bot.store.engines import Store, open_store
from bot.templates import TemplateFaults, Templates, read_templates
from flows.turn import Desk


@dataclass(frozen=True, slots=True)
class Service:
    """Everything that a page, a webhook or a loop works with. `owner` names this process."""

    settings: Settings
    store: Store
    clock: Clock
    desk: Desk
    inbox: Inbox
    outbox: Outbox
    reports: Reports
    channels: Channels
    counts: Counts
    owner: str

    @property
    def metrics_key(self) -> str:
        """The bearer key for figures, made from the service's secret."""
        return metrics_key(self.settings)


SERVICE: Final = web.AppKey("service", Service)


def metrics_key(settings: Settings) -> str:
    """The same key in every process that has the same secret."""
    return hmac.digest(settings.secret_key, b"metrics", "sha256").hex()


def page_url(settings: Settings) -> str:
    """Where people's pages are, before their code."""
    return f"{settings.public_url or f'http://{settings.host}:{settings.port}'}/r/"


async def open_service(
    settings: Settings, channels: Channels | None = None, clock: Clock | None = None
) -> Service:
    """Wire a service; `channels` and `clock` in place of those that the settings call for."""
    store = open_store(settings.database_url, settings.keyring())
    clock = clock or Clock(settings.now_offset)
    if settings.demonstration:
        async with store.reading() as tx:
            await clock.recall(tx)
    reached = open_channels(settings) if channels is None else channels
    desk = desk_for(settings.pack, clock.now())
    desk = replace(
        desk,
        page_url=page_url(settings),
        calls="voice" in reached,
        chats="telegram" in reached,
        whatsapp="whatsapp" in reached,
    )
    owner = f"{os.getpid()}-{os.urandom(4).hex()}"
    return wire(settings, store, clock, desk, reached, SystemRandom().random, owner)


def wire(
    settings: Settings,
    store: Store,
    clock: Clock,
    desk: Desk,
    channels: Channels,
    dice: Callable[[], float],
    owner: str,
) -> Service:
    """The parts of a service joined; `dice` is drawn from 0 to 1, `owner` names the process."""
    counts = Counts()
    rates = rates_of(settings)
    outbox = Outbox(
        store, desk, clock.now, channels, counts, dice, owner, rates, templates_of(settings, desk)
    )
    return Service(
        settings=settings,
        store=store,
        clock=clock,
        desk=desk,
        inbox=open_inbox(store, desk, clock.now, outbox.wake),
        outbox=outbox,
        reports=open_reports(store, desk, clock.now),
        channels=channels,
        counts=counts,
        owner=owner,
    )


async def close_service(service: Service) -> None:
    """Answer what has arrived, record what was sent, give everything back."""
    await service.inbox.close()
    await service.reports.close()
    await service.outbox.close()
    for channel in service.channels.values():
        await channel.close()
    await service.store.close()


def templates_of(settings: Settings, desk: Desk) -> Templates:
    """The deployment's templates; `SettingFault` with the first fault where they cannot be used."""
    if settings.twilio is None or not settings.twilio.templates:
        return Templates()
    try:
        return read_templates(Path(settings.twilio.templates), desk)
    except TemplateFaults as found:
        raise SettingFault("TWILIO_TEMPLATES", str(found.faults[0])) from None


@asynccontextmanager
async def serving(settings: Settings, channels: Channels | None = None) -> AsyncIterator[Service]:
    """A service for as long as it is entered."""
    service = await open_service(settings, channels)
    try:
        yield service
    finally:
        await close_service(service)
