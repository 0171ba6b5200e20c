"""Those who look in, in a world: leases, words of their own, pauses, conditions, closing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

from bot import handling
from bot.service import Service
from bot.store import addresses, people, reviews, users
from bot.store.engines import Tx
from flows.vocabulary import Address


class Agent:
    """One agent, who does something to a number now and then."""

    def __init__(self, dice: Random, note: Callable[..., None]) -> None:
        self._dice = dice
        self._note = note
        self._user = 0
        self._acts = 0

    async def act(self, service: Service, phone: str) -> None:
        """One act in one transaction; what the database does not take is left."""
        act = self._dice.choice(
            (self._work, self._work, self._write, self._pause, self._condition, self._hand_back)
        )
        try:
            async with service.store.writing() as tx:
                await self._sign_in(tx, service)
                found = await addresses.find(tx, "sms", phone)
                if found is not None:
                    locked = (await addresses.lock_ids(tx, [found.id]))[0]
                    await act(tx, service, locked)
        except Exception as error:
            self._user = 0
            self._note("agent failed", type(error).__name__)
        else:
            self._note("agent", act.__name__, phone)

    async def _sign_in(self, tx: Tx, service: Service) -> None:
        if not self._user:
            now = service.clock.now()
            known = await users.by_email(tx, "agent@example.org")
            made = known or await users.add(tx, "agent@example.org", "agent", "-", now=now)
            self._user = made.id

    async def _work(self, tx: Tx, service: Service, at: Address) -> None:
        await reviews.lease(tx, at.id, self._user, service.clock.now())

    async def _write(self, tx: Tx, service: Service, at: Address) -> None:
        self._acts += 1
        person = await self._person(tx, at)
        now, mark = service.clock.now(), f"{now_mark(service)}-{self._acts}"
        await handling.write(tx, at.id, person, "Un mot de nous.", self._user, mark, now)

    async def _pause(self, tx: Tx, service: Service, at: Address) -> None:
        person = await self._person(tx, at)
        if person:
            until = service.clock.now() + timedelta(hours=self._dice.randint(1, 40))
            await people.learn(tx, person, {"paused_until": until}, service.clock.now())

    async def _condition(self, tx: Tx, service: Service, at: Address) -> None:
        person = await self._person(tx, at)
        if person:
            condition = self._dice.choice(("deceased", "hospital", "", ""))
            await handling.mark_condition(tx, service.desk, person, condition, service.clock.now())

    async def _hand_back(self, tx: Tx, service: Service, at: Address) -> None:
        now = service.clock.now()
        for review in await reviews.of_bundle(tx, at.id):
            if review.state == "open":
                await reviews.close(tx, review.id, "done", self._user, now)
        while await handling.resume(tx, service.desk, at.id, self._user, now):
            if self._dice.random() < 0.5:
                break
        await reviews.release(tx, at.id, self._user)

    async def _person(self, tx: Tx, at: Address) -> int | None:
        links = [link for link in await people.at_address(tx, at.id) if not link.dropped]
        return self._dice.choice(links).person_id if links else None


def now_mark(service: Service) -> str:
    return f"{service.clock.now().timestamp():.6f}"


Act = Callable[[Tx, Service, Address], Awaitable[None]]
