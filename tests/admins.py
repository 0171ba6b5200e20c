"""The admin for tests: a demonstration over real HTTP, and visitors with cookies of their own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import aiohttp
from aiohttp import web

from admin import build_admin
from admin.simulator import build_simulator
from bot import passwords
from bot.access import AccessLog
from bot.entering import NewCase, enter_case
from bot.service import Service, close_service, open_service
from bot.store import addresses, events, people, reviews, users
from bot.store.review_queue import Queued
from bot.web import build_app
from flows.vocabulary import Case, Event, Incoming, Person
from tests.services import Chain, Still, settings_for

PASSWORD = "a long enough password"
YVONNE = "+33639980222"
MARIE_NAME = "Marie Bernard"
WORDS = "j'ai beaucoup de mal à respirer"
_TOKEN = re.compile(r'name="token" value="(\w+)"')


@cache
def _kept() -> str:
    return passwords.hashed(PASSWORD)


@dataclass
class Visitor:
    """Somebody with a browser; `post` brings the token of the page last seen."""

    session: aiohttp.ClientSession
    page: str = ""
    status: int = 0
    at: str = ""

    async def get(self, path: str, **how: str) -> str:
        """A page, after whatever leads to it."""
        async with self.session.get(path, headers=how) as answer:
            return await self._seen(answer)

    async def post(self, path: str, token: str | None = None, **form: object) -> str:
        """Send a form; the page that it leads to."""
        found = _TOKEN.search(self.page)
        mark = token if token is not None else found[1] if found else ""
        fields = [("token", mark)]
        for name, value in form.items():
            fields += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
        data = aiohttp.FormData(fields)
        async with self.session.post(path, data=data) as answer:
            return await self._seen(answer)

    async def sign_in(self, name: str = "agent", password: str = PASSWORD) -> str:
        """Through the door."""
        await self.get("/admin/sign-in")
        return await self.post("/admin/sign-in", email=f"{name}@example.org", password=password)

    async def _seen(self, answer: aiohttp.ClientResponse) -> str:
        self.page, self.status, self.at = await answer.text(), answer.status, answer.url.path
        return self.page


@dataclass
class House(Chain):
    """A chain with the admin upstairs, and people in it."""

    @asynccontextmanager
    async def visitor(self, name: str = "", lang: str = "en") -> AsyncIterator[Visitor]:
        """A browser of its own, signed in where a name is given."""
        jar = aiohttp.CookieJar(unsafe=True)
        tongue = {"Accept-Language": lang}
        async with aiohttp.ClientSession(self.url, cookie_jar=jar, headers=tongue) as session:
            visitor = Visitor(session)
            if name:
                await visitor.sign_in(name)
            yield visitor

    async def user(self, name: str, role: str = "agent") -> int:
        """A sign-in; English, so that tests may read the pages."""
        async with self.service.store.writing() as tx:
            mail = f"{name}@example.org"
            user = await users.add(
                tx, mail, role, _kept(), name.title(), "en", now=self.clock.now()
            )
            return user.id

    async def enter(self, name: str, phone: str, **more: object) -> Person:
        """A case who was told of the result."""
        given, _, family = name.partition(" ")
        person = replace(Person(0, given, family, birth_date=date(1980, 5, 4)), **more)  # type: ignore[arg-type]
        day = self.clock.at.date()
        case = Case(
            0, 0, f"C-{phone}-{name}", test_date=day, onset=day, told_by="laboratory", told_on=day
        )
        async with self.service.store.writing() as tx:
            entered = await enter_case(
                tx, self.service.desk, NewCase(person, case, phone), self.clock.at
            )
            found = await people.get(tx, entered.case.person_id)
        assert found is not None
        return found

    async def hear(self, phone: str, text: str) -> None:
        """Somebody writes, and the worker works."""
        mark = f"h-{phone}-{text}-{self.clock.at.timestamp()}"
        await self.service.inbox.take(Incoming("sms", mark, phone, "38000", text))
        await self.work()

    async def alarm(self) -> Person:
        """Yvonne, who cannot breathe: a P1."""
        person = await self.enter("Yvonne Kermarrec", YVONNE, birth_date=date(1942, 3, 1))
        await self.work()
        await self.hear(YVONNE, WORDS)
        return person

    async def queue(self) -> list[Queued]:
        """What waits for people."""
        async with self.service.store.reading() as tx:
            return await reviews.queue(tx, self.clock.now())

    async def bundle(self, phone: str = YVONNE) -> str:
        """The path of a number's page."""
        async with self.service.store.reading() as tx:
            return f"/admin/bundles/{(await addresses.find_all(tx, phone))[0].id}"

    async def person(self, person_id: int) -> Person:
        """Somebody as they are kept now."""
        async with self.service.store.reading() as tx:
            found = await people.get(tx, person_id)
        assert found is not None
        return found

    async def trail(self, person_id: int) -> list[Event]:
        """What the trail says of a person, the latest first."""
        async with self.service.store.reading() as tx:
            return await events.trail(tx, person_id=person_id)


@asynccontextmanager
async def house(database_url: str) -> AsyncIterator[House]:
    """A demonstration, served with its admin and phones, an agent and a supervisor."""
    settings = settings_for(database_url, mode="demonstration", public_url="")
    clock = Still()
    service = await open_service(settings, clock=clock)
    try:
        # The doors close before the house: a page that is still being read needs the store.
        async with served_with_rooms(service) as url:
            home = House(service, clock, url)
            await home.user("agent")
            await home.user("supervisor", "supervisor")
            yield home
    finally:
        await close_service(service)


@asynccontextmanager
async def served_with_rooms(service: Service) -> AsyncIterator[str]:
    rooms = {"/admin/": build_admin(service), "/simulator/": build_simulator(service)}
    runner = web.AppRunner(
        build_app(service, rooms), access_log_class=AccessLog, shutdown_timeout=1
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
