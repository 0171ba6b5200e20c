"""`python -m tests.kills`: `kill -9` of the real service under load, again and again.

Signed webhooks come in over HTTP (danger among them), a stand-in takes what is sent, and at random
moments a process is killed and started anew. At the end: nothing lost, nothing said twice.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from aiohttp import ClientError

from bot.desk import open_desk
from bot.entering import NewCase, enter_case
from bot.store import addresses, messages, reviews
from bot.store.engines import Store
from bot.store.migrating import migrate
from flows.vocabulary import Case, Message, Person
from tests import postgres
from tests.nursery import born
from tests.standins.twilio import SENDER, SID, TOKEN, Kept, TwilioStandin
from tests.stores import store_at

PUBLIC = "https://vigie.example.org"
KEYS = {
    "VIGIE_SECRET_KEY": "s" * 32,
    "VIGIE_INDEX_KEY": "i" * 32,
    "VIGIE_DATA_KEYS": "test:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
}
PEOPLE = 60
POSTERS = 6
DANGER = "j'étouffe"
WORDS = ("oui", "1980", "2", "0", "37,2", "1", "Lina Costa", "ok", "STOP", "START", DANGER, DANGER)
# A claim outlives its worker by 90 seconds; then it is looked up for ten minutes at most.
SETTLES_S = 750.0
# The nursery reads flows and lexicons first, and a machine may be busy.
UP_S = 900.0
OVER = ("accepted", "sent", "delivered", "read")


@dataclass
class Trial:
    """One run of so many kills on one database."""

    url: str
    folder: Path
    port: int
    commands: tuple[str, ...]
    dice: Random
    times: int
    lives: list[tuple[str, BaseProcess]] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    posted: int = 0
    refused: int = 0
    dangers: int = 0
    stop: bool = False
    public: str = PUBLIC
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def numbers(self) -> list[str]:
        return [f"+33639984{n:03}" for n in range(PEOPLE)]

    async def run(self) -> list[str]:
        """Kill, restart, settle, judge: what is wrong, in words."""
        await migrate(self.url)
        await self.people()
        async with TwilioStandin() as standin:
            standin.public_url, standin.deliver_to = PUBLIC, f"http://127.0.0.1:{self.port}"
            self.environ = self.environ_at(standin)
            for command in self.commands:
                self.start(command)
            posters = [asyncio.create_task(self._post(standin)) for _ in range(POSTERS)]
            try:
                await self._kill_all()
                self.stop = True
                await asyncio.gather(*posters)
                await self._settle()
            finally:
                for _, process in self.lives:
                    os.kill(process.pid or 0, signal.SIGTERM)
                for _, process in self.lives:
                    await asyncio.to_thread(process.join, 30)
            return [fault async for fault in self._faults(standin)]

    async def people(self) -> None:
        """Some of the numbers are those of cases, who are in a conversation."""
        desk, now = open_desk(), datetime.now(UTC)
        async with store_at(self.url) as store:
            for n, number in enumerate(self.numbers[: PEOPLE // 2]):
                person = Person(0, f"Lina{n}", "Costa", birth_date=datetime(1980, 5, 4).date())
                case = Case(0, 0, f"K-{n}", test_date=now.date(), told_by="lab")
                async with store.writing() as tx:
                    await enter_case(tx, desk, NewCase(person, case, number), now)

    def environ_at(self, standin: TwilioStandin) -> dict[str, str]:
        """Everything that the service is told."""
        return KEYS | {
            "VIGIE_MODE": "production",
            "VIGIE_PACK": "demonstration",
            "PUBLIC_URL": PUBLIC,
            "PORT": str(self.port),
            "DATABASE_URL": self.url,
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": SENDER,
            "TWILIO_API_URL": standin.url,
        }

    def start(self, command: str) -> None:
        """Start a process."""
        process = born(command, self.environ, self.folder / "service.log")
        self.lives.append((command, process))

    # --- killing ------------------------------------------------------------------------------

    async def _kill_all(self) -> None:
        for n in range(self.times):
            # Mostly it is at work when it dies; at times it dies while starting.
            if self.dice.random() < 0.85:
                await self._at_work(self.posted + self.dice.randint(1, 8))
            await asyncio.sleep(self.dice.uniform(0.0, 0.5))
            command, process = self.lives.pop(self.dice.randrange(len(self.lives)))
            if not process.is_alive():
                raise RuntimeError(f"{command} died by itself: see {self.folder}/service.log")
            os.kill(process.pid or 0, signal.SIGKILL)
            await asyncio.to_thread(process.join)
            self.kills[command] += 1
            self.start(command)
            if (n + 1) % 10 == 0:
                print(f"  {n + 1} kills, {self.posted} messages taken", file=sys.stderr, flush=True)

    async def _at_work(self, count: int) -> None:
        """Wait until so many messages were taken in all."""
        end = time.monotonic() + UP_S
        while self.posted < count and time.monotonic() < end:  # noqa: ASYNC110 - a count
            await asyncio.sleep(0.02)

    async def up(self, standin: TwilioStandin) -> None:
        """Wait until the web side answers."""
        end = time.monotonic() + UP_S
        while time.monotonic() < end:
            try:
                async with standin.session.get(f"{standin.deliver_to}/health/live") as answer:
                    if answer.status == 200:
                        return
            except (ClientError, TimeoutError):
                await asyncio.sleep(0.05)
        raise RuntimeError("the service does not come up")

    async def _post(self, standin: TwilioStandin) -> None:
        while not self.stop:
            number, words = self.dice.choice(self.numbers), self.dice.choice(WORDS)
            kept = standin.receive(number, f"{words}")
            await self._insist(standin, kept)
            if self.dice.random() < 0.1:
                await self._insist(standin, kept)
            await asyncio.sleep(self.dice.uniform(0.0, 0.1))

    async def _insist(self, standin: TwilioStandin, kept: Kept) -> None:
        """Post until it is taken, as Twilio does when asked for tries."""
        while True:
            try:
                if await standin.deliver(kept) == 200:
                    self.posted += 1
                    self.dangers += kept.body == DANGER
                    return
                self.refused += 1
            except (ClientError, TimeoutError):
                pass
            await asyncio.sleep(0.05)

    async def _settle(self) -> None:
        """Wait until nothing is in hand any more."""
        end = time.monotonic() + SETTLES_S
        async with store_at(self.url) as store:
            while time.monotonic() < end:
                await asyncio.sleep(2.0)
                if not [one for one in await self._texts(store) if _in_hand(one)]:
                    return

    # --- judging ------------------------------------------------------------------------------

    async def _texts(self, store: Store) -> list[Message]:
        found: list[Message] = []
        async with store.reading() as tx:
            for number in self.numbers:
                places = await addresses.find_all(tx, number)
                found += await messages.transcript(tx, [one.id for one in places], most=100_000)
        return found

    async def _faults(self, standin: TwilioStandin):
        async with store_at(self.url) as store:
            texts = await self._texts(store)
            async with store.reading() as tx:
                alarmed = {}
                for number in self.numbers:
                    for place in await addresses.find_all(tx, number):
                        alarmed[number] = [
                            one
                            for one in await reviews.of_bundle(tx, place.id, most=1000)
                            if one.reason == "danger" and one.priority == "P1"
                        ]
        heard = Counter(one.provider_id for one in texts if one.direction == "in")
        for kept in standin.received:
            if heard[kept.sid] != 1:
                yield f"a message is there {heard[kept.sid]} times"
            if kept.body == DANGER and not alarmed.get(kept.from_):
                yield "a danger has no review of priority P1"
        for fault in _twice(texts, standin):
            yield fault
        for one in texts:
            if one.direction == "out" and _in_hand(one):
                yield f"a {one.kind} is still {one.state} ({one.reason})"


def _in_hand(one: Message) -> bool:
    if one.direction != "out":
        return False
    if one.state == "uncertain":
        return one.not_before is not None
    if one.state == "waiting":
        return one.not_before is None or one.not_before < datetime.now(UTC) - timedelta(seconds=5)
    return one.state == "claimed"


def _twice(texts: list[Message], standin: TwilioStandin) -> Iterator[str]:
    """Each text is at the provider as often as the trail says; a safety text at least as often."""
    safety = {one.text for one in texts if one.kind == "safety"}
    over = [one for one in texts if one.direction == "out" and one.state in OVER]
    went = Counter(one.text for one in over)
    # Looked up by its words, a lost text was found as another one of the same words.
    another = Counter(one.text for one in over if not one.provider_id)
    # What nobody can tell is said to be in doubt, and a person looks.
    doubted = Counter(one.text for one in texts if one.state == "uncertain")
    taken = Counter(kept.body for kept in standin.sent)
    for body in went.keys() | taken.keys():
        said = (
            f"{taken[body]} times, the trail says {went[body]}, {another[body]} as another, "
            f"{doubted[body]} in doubt"
        )
        if taken[body] > went[body] + doubted[body] and body not in safety:
            yield f"a text went out {said}"
        if taken[body] < went[body]:
            yield f"a text was lost: it went out {said}"


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """An empty database for one trial."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'vigie.db'}"
        return
    with postgres.running() as server:
        yield server.url(server.create())


def trial(kind: str, times: int, port: int, seed: int) -> tuple[Trial, list[str]]:
    """Run one trial: what happened, and what is wrong."""
    commands = ("serve",) if kind == "sqlite" else ("web", "worker", "worker")
    with tempfile.TemporaryDirectory(prefix="vigie-kills-") as name:
        folder = Path(name)
        with database(kind, folder) as url:
            one = Trial(url, folder, port, commands, Random(seed), times)
            try:
                return one, asyncio.run(one.run())
            except RuntimeError:
                print((folder / "service.log").read_text()[-3000:], file=sys.stderr)
                raise


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--port", type=int, default=18431)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    began = time.monotonic()
    one, faults = trial(args.database, args.times, args.port, args.seed)
    kills = ", ".join(f"{count} {command}" for command, count in sorted(one.kills.items()))
    print(
        f"{args.database}: {sum(one.kills.values())} kills ({kills}), {one.posted} messages taken "
        f"({one.dangers} of danger), "
        f"{one.refused} refused and posted again, {time.monotonic() - began:.0f} s: "
        f"{len(faults)} faults"
    )
    for fault, count in Counter(faults).items():
        print(f"  {fault} ({count})")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
