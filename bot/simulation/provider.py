"""A provider in memory: it takes texts, posts what people write, and has all the bad habits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from bot.simulation.life import Life, handed_in, never
from bot.simulation.virtual import Time, WorldClock
from bot.simulation.weather import Weather
from flows.vocabulary import (
    Accepted,
    Busy,
    ChannelName,
    DeliveryReport,
    Incoming,
    Outgoing,
    Refused,
    Sent,
    Uncertain,
)
from integrations.protocols import OutOfReach

OURS = "+33939010203"
# What Twilio does: five more tries within fifteen seconds, and then it is for the sweep to find.
TRIES = 6
SKEW = timedelta(seconds=5)
REFUSALS = (
    Refused("30003", "unreachable", False),
    Refused("21211", "bad_number", True),
    Refused("21635", "landline", True),
    Refused("30004", "blocked", True),
    Refused("20003", "configuration", False),
    Refused("30008", "unknown", False),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that the provider took."""

    sid: str
    outgoing: Outgoing
    at: datetime


class Folk(Protocol):
    """Those at the other end."""

    def receive(self, kept: Kept) -> None: ...


class Witness(Protocol):
    """Told of each text at the moment in which it is handed over."""

    def handed(self, outgoing: Outgoing) -> None: ...


class Provider:
    """Outlives every process of the service. `life` is the one that runs now, if any."""

    def __init__(self, time: Time, clock: WorldClock, weather: Weather, dice: Random) -> None:
        self.time = time
        self.clock = clock
        self.weather = weather
        self.dice = dice
        self.life: Life | None = None
        self.folk: Folk | None = None
        self.witness: Witness | None = None
        self.taken: list[Kept] = []
        self.received: list[tuple[datetime, Incoming]] = []
        self.blocked: set[str] = set()
        self.acknowledged: list[Incoming] = []
        self.trace: Callable[..., None] = lambda *parts: None
        self._posting: dict[int, tuple[Incoming | DeliveryReport, int]] = {}
        self._count = 0

    # --- from people to the service -----------------------------------------------------------

    def write(self, sender: str, words: str, opt_out: str = "") -> Incoming:
        """Somebody writes: it is kept here, and posted."""
        sid = self._name("SMin")
        incoming = Incoming("sms", sid, sender, OURS, words, opt_out=opt_out)
        self.received.append((self.clock.true(), incoming))
        self.trace("writes", sender, words)
        if self.weather.blocks and opt_out == "STOP":
            self.blocked.add(sender)
        if self.weather.blocks and opt_out == "START":
            self.blocked.discard(sender)
        if self._happens(self.weather.unposted):
            self._give_up()
        else:
            self.time.after(self._delay(), lambda: self._post(incoming, 1))
        while self._happens(self.weather.twice):
            self.time.after(self._delay() * 40, lambda: self._post(incoming, 1))
        return incoming

    def _post(self, item: Incoming | DeliveryReport, tries: int) -> None:
        life = self.life
        if life is None or not life.reachable:
            self._again(item, tries)
            return
        self._count += 1
        self._posting[self._count] = (item, tries)
        life.do(self._hand_in(life, self._count, item, tries))

    async def _hand_in(
        self, life: Life, number: int, item: Incoming | DeliveryReport, tries: int
    ) -> None:
        line = life.service.inbox if isinstance(item, Incoming) else life.service.reports
        taken = await handed_in(line, item)
        if life.dead:
            return
        self._posting.pop(number, None)
        self.trace("posted", item.provider_id, taken)
        if not taken:
            self._again(item, tries)
        elif isinstance(item, Incoming):
            self.acknowledged.append(item)

    def _again(self, item: Incoming | DeliveryReport, tries: int) -> None:
        if tries < TRIES:
            wait = self.dice.uniform(0.5, 2.5)
            self.time.after(wait, lambda: self._post(item, tries + 1))
        elif isinstance(item, Incoming):
            self._give_up()

    def _give_up(self) -> None:
        if self.life is not None:
            self.life.sweep_soon()

    def hung_up(self) -> None:
        """The process died: what was being posted is posted again."""
        broken, self._posting = self._posting, {}
        for item, tries in broken.values():
            self._again(item, tries)

    # --- from the service to people -----------------------------------------------------------

    def fate(self, outgoing: Outgoing) -> str:
        """What will become of a text."""
        if outgoing.to in self.blocked:
            return "opted_out"
        drawn = self.dice.random()
        for name in ("busy", "refused", "mute", "lost", "vague"):
            drawn -= getattr(self.weather, name)
            if drawn < 0:
                return name
        return "taken"

    def take(self, outgoing: Outgoing) -> Kept:
        """Keep a text, bring it to its person, report on it."""
        kept = Kept(self._name("SMout"), outgoing, self.clock.true())
        self.taken.append(kept)
        arrives = not self._happens(self.weather.undelivered)
        folk = self.folk
        if arrives and folk is not None:
            self.time.after(self.dice.uniform(0.5, 4.0), lambda: folk.receive(kept))
        for status, code in self._statuses(arrives):
            report = DeliveryReport("sms", kept.sid, status, code)
            wait = self._delay() * 10
            self.time.after(wait, lambda report=report: self._post(report, 1))  # type: ignore[misc]
        return kept

    def _statuses(self, arrives: bool) -> Iterator[tuple[str, str]]:
        if self.weather.calm:
            yield "delivered", ""
            return
        code = "" if arrives else self.dice.choice(("30003", "30005", "30008", "30007"))
        said = [("sent", ""), ("delivered", "") if arrives else ("undelivered", code)]
        said += [one for one in (("queued", ""), ("sent", "")) if self.dice.random() < 0.3]
        self.dice.shuffle(said)
        for one in said:
            yield one
            if self._happens(self.weather.twice):
                yield one

    # --- chance -------------------------------------------------------------------------------

    def _name(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count:08d}"

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self.dice.random() < chance

    def _delay(self) -> float:
        return self.dice.uniform(0.1, 30.0 if self._happens(self.weather.late) else 0.6)


class Line:
    """The channel `sms` of one process, at this provider."""

    name: ChannelName = "sms"

    def __init__(self, life: Life, provider: Provider) -> None:
        self._life = life
        self._provider = provider

    async def send(self, outgoing: Outgoing) -> Sent:
        """As Twilio takes a text, or not."""
        provider = self._provider
        # The service has let go of it here; what happens on the way is not its doing.
        if provider.witness is not None:
            provider.witness.handed(outgoing)
        await self._pause()
        fate = provider.fate(outgoing)
        provider.trace("sends", outgoing.to, outgoing.key, fate)
        sent = await self._meet(fate, outgoing)
        await self._pause()
        return sent

    async def _meet(self, fate: str, outgoing: Outgoing) -> Sent:
        provider, dice = self._provider, self._provider.dice
        match fate:
            case "opted_out":
                return Refused("21610", "opted_out", True)
            case "busy":
                return Busy(dice.choice((1.0, 5.0, 60.0)))
            case "refused":
                return dice.choice(REFUSALS)
            case "lost":
                await never()
            case "mute":
                provider.take(outgoing)
                await never()
            case "vague":
                if dice.random() < 0.5:
                    provider.take(outgoing)
                return Uncertain("HTTP 503")
        kept = provider.take(outgoing)
        return Accepted(kept.sid, "queued", 1)

    async def look_up(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """The oldest text to that number with these words since then."""
        await self._pause()
        self._maybe_away()
        for kept in self._provider.taken:
            same = kept.outgoing.to == outgoing.to and kept.outgoing.text == outgoing.text
            if same and kept.at >= since - SKEW:
                return Accepted(kept.sid, "sent", 1)
        return None

    async def recent(self, since: datetime) -> list[Incoming]:
        """What people wrote since then."""
        await self._pause()
        self._maybe_away()
        return [
            Incoming(one.channel, one.provider_id, one.sender, one.recipient, one.text, sent_at=at)
            for at, one in self._provider.received
            if at >= since - SKEW
        ]

    async def close(self) -> None:
        """Nothing to give back."""

    async def _pause(self) -> None:
        await asyncio.sleep(self._provider.dice.uniform(0.02, 0.3))
        if self._life.dead:
            await never()

    def _maybe_away(self) -> None:
        if self._provider.dice.random() < self._provider.weather.out_of_reach:
            raise OutOfReach("simulated")
