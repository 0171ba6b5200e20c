"""A whole service for tests: real store, real channels at a stand-in, a clock that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from aiohttp import web

from bot.access import AccessLog
from bot.channels import Channels, open_channels, twilio_account
from bot.clock import Clock
from bot.desk import open_desk
from bot.due import carry_out_due, fire_due
from bot.entering import NewCase, enter_case
from bot.inbox import Inbox, open_inbox
from bot.service import Service, close_service, open_service
from bot.settings import Settings, TelegramSettings, TwilioSettings
from bot.store import addresses, messages
from bot.web import build_app
from bot.worker import beat
from flows.turn import Desk
from flows.vocabulary import Case, Message, Person
from integrations.channels.twilio import Twilio
from tests.standins.telegram import TOKEN as BOT_TOKEN
from tests.standins.twilio import SENDER, SID, TOKEN, TwilioStandin

# A Monday, 10:00 in Paris: staffed, and nobody sleeps.
NOON = datetime.fromisoformat("2026-11-23T10:00:00+00:00")
MARIE = "+33639980101"
HANG_UP_S = 0.3


@cache
def desk() -> Desk:
    """The shipped desk, read once for all tests."""
    return open_desk()


class Still(Clock):
    """A clock that only the test moves."""

    __slots__ = ("at",)

    def __init__(self, at: datetime = NOON) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


def settings_for(database_url: str, twilio_url: str = "", **changes: object) -> Settings:
    """Production settings whose providers are on this machine."""
    account = TwilioSettings(SID, TOKEN, SENDER, api_url=twilio_url) if twilio_url else None
    settings = Settings(
        mode="production",
        host="127.0.0.1",
        port=0,
        public_url="https://vigie.example.org",
        database_url=database_url,
        secret_key=b"s" * 32,
        data_keys={"test": b"k" * 32},
        index_key=b"i" * 32,
        twilio=account,
    )
    return replace(settings, **changes)  # type: ignore[arg-type]


def telegram_at(url: str, secret: str = "") -> TelegramSettings:
    """A bot of the stand-in."""
    return TelegramSettings(BOT_TOKEN, secret, url)


@dataclass
class Chain:
    """A service, where it is served, and the clock that it reads."""

    service: Service
    clock: Still
    url: str

    async def work(self, rounds: int = 10) -> None:
        """Let the worker do whatever is due, until nothing is."""
        for _ in range(rounds):
            more = [await fire_due(self.service), await carry_out_due(self.service)]
            more.append(await self.service.outbox.step())
            await self.service.outbox.settle()
            if not any(more) and not self.service.outbox.woken.is_set():
                return
            self.service.outbox.woken.clear()

    async def fire(self) -> None:
        """Fire what is due and carry out what was asked for; send nothing."""
        while any([await fire_due(self.service), await carry_out_due(self.service)]):
            pass

    async def pass_time(self, **by: float) -> None:
        """Let time pass, then let the worker work."""
        self.clock.forward(**by)
        await self.work()

    async def beat(self) -> None:
        """A worker is there."""
        await beat(self.service)

    async def transcript(self, number: str = MARIE) -> list[Message]:
        """What was said at a number."""
        async with self.service.store.reading() as tx:
            found = await addresses.find_all(tx, number)
            return await messages.transcript(tx, [one.id for one in found])

    async def enter_marie(self) -> None:
        """A case whose first message waits to be sent."""
        person = Person(
            0, "Marie", "Bernard", birth_date=datetime(1980, 5, 4).date(), language="fr"
        )
        case = Case(
            0, 0, "C-1", test_date=self.clock.at.date(), onset=self.clock.at.date(), told_by="lab"
        )
        async with self.service.store.writing() as tx:
            await enter_case(
                tx, self.service.desk, NewCase(person=person, case=case, phone=MARIE), self.clock.at
            )


@asynccontextmanager
async def served(service: Service) -> AsyncIterator[str]:
    """A service's web side on a free port; its address."""
    app = build_app(service)
    runner = web.AppRunner(app, access_log_class=AccessLog, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def chain(
    settings: Settings, standin: TwilioStandin | None = None, clock: Still | None = None
) -> AsyncIterator[Chain]:
    """A service served over real HTTP, for as long as it is entered; providers hang up soon."""
    clock = clock or Still()
    service = await open_service(settings, _impatient(settings), clock)
    async with served(service) as url:
        if standin is not None:
            standin.public_url, standin.deliver_to = settings.public_url, url
            standin.now = clock.now
        try:
            yield Chain(service, clock, url)
        finally:
            await close_service(service)


def _impatient(settings: Settings) -> Channels:
    channels = dict(open_channels(settings))
    if account := twilio_account(settings):
        channels["sms"] = Twilio(account, "sms", timeout_s=HANG_UP_S)
    return channels


def small_inbox(service: Service, size: int, per_address: int = 50) -> Inbox:
    """An inbox with little room."""
    return open_inbox(
        service.store,
        service.desk,
        service.clock.now,
        service.outbox.wake,
        size=size,
        per_address=per_address,
    )
