"""A world: people, a provider, and the service that lives, dies and lives again among them."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.desk import desk_for
from bot.entering import NewCase, enter_case
from bot.ids import Ids
from bot.service import Service, wire
from bot.settings import PACK, Settings
from bot.simulation.folk import Folk, Somebody
from bot.simulation.life import Life, Watch
from bot.simulation.provider import Line, Provider
from bot.simulation.questions import Questions
from bot.simulation.virtual import Time, WorldClock
from bot.simulation.weather import CALM, Weather
from bot.store.engines import Store, open_store
from bot.store.inline import Disk, Plain, connector
from bot.store.migrating import migrate
from bot.store.secrets import Keyring
from flows.turn import Desk
from flows.vocabulary import Case, Person

KEYS: Final = {"simulated": b"k" * 32}
INDEX_KEY: Final = b"i" * 32
REMEMBERED: Final = 40


class Stage:
    """What worlds share one after another: the desk, the SQL once compiled, an empty database."""

    def __init__(self, folder: Path, began: datetime, pack: str = PACK) -> None:
        self.folder = folder
        self.pack = pack
        self.desk: Desk = desk_for(pack, began)
        self.questions = Questions(self.desk)
        self.file = folder / "world.db"
        self.life: Life | None = None
        self._empty = folder / "empty.db"
        asyncio.run(migrate(f"sqlite:///{self._empty}"))
        connect = connector(self._disk, lambda: str(self.file))
        self.store: Store = open_store(f"sqlite:///{self.file}", _keyring(), connect=connect)
        self.clear()
        asyncio.run(self._warm())

    def clear(self) -> None:
        """An empty database for the next world."""
        for end in ("", "-wal", "-shm"):
            Path(f"{self.file}{end}").unlink(missing_ok=True)
        shutil.copy(self._empty, self.file)

    async def _warm(self) -> None:
        """An engine asks its first connection more than the others: no world is to be the first."""
        async with self.store.reading(), self.store.writing():
            pass
        await self.store.close()

    def _disk(self) -> Disk:
        return self.life or Plain()


@dataclass
class World:
    """One run, the same for the same seed. `watch` and `witness` look on."""

    stage: Stage
    seed: str
    began: datetime
    people: list[Somebody]
    weather: Weather = CALM
    watch: Watch | None = None
    begun: Callable[[Life], None] = lambda life: None
    time: Time = field(default_factory=Time)
    deaths: int = 0
    lives: int = 0

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)  # noqa: S311 - the same again for the same seed
        self.clock = WorldClock(self.began, self.time)
        self.provider = Provider(self.time, self.clock, self.weather, self.dice)
        self.provider.trace = self.note
        self.folk = Folk(self.stage.questions, self.dice, self.people, self.say)
        self.provider.folk = self.folk
        self.life: Life | None = None
        self._hash = hashlib.sha256()
        self.latest: list[str] = []
        self._until = 0.0

    # --- what happened ------------------------------------------------------------------------

    def note(self, *parts: object) -> None:
        """One line of the trace, by which two runs are compared."""
        line = f"{self.time.now:.6f} " + " ".join(map(repr, parts))
        self._hash.update(line.encode("utf-8", "backslashreplace"))
        self.latest.append(line)
        del self.latest[:-REMEMBERED]

    @property
    def trace(self) -> str:
        """What happened, as a hash."""
        return self._hash.hexdigest()

    # --- going on -----------------------------------------------------------------------------

    def run(self, until: float) -> None:
        """Let the world go on to that moment, through as many lives as it takes."""
        self._until = until
        self.stage.clear()
        while self.time.now < until:
            self._live()
            rest = self.dice.uniform(0.5, 200.0) if self.time.now < until else 0.0
            with self._nobody():
                end = min(until, self.time.now + rest)
                while self.time.go_on(end):
                    pass

    def die(self) -> None:
        """Let the process be killed where it stands."""
        if self.life is not None and not self.life.dead:
            self.life.die()

    def sleep(self, seconds: float) -> None:
        """Let the machine sleep: the world goes on without it."""
        life = self.life
        if life is None or life.dead:
            return
        life.asleep = True
        end = self.time.now + seconds
        while self.time.go_on(end):
            pass
        life.loop.asleep += seconds
        life.asleep = False
        life.look_anew()

    def set_right(self, slow: timedelta) -> None:
        """Let the machine's clock jump."""
        self.clock.slow = slow
        if self.life is not None:
            self.life.look_anew()

    def look(self, work: Callable[[Store], Coroutine[Any, Any, None]]) -> None:
        """Look at the database once the world is over."""

        async def looked() -> None:
            async with open_store(f"sqlite:///{self.stage.file}", _keyring()) as store:
                await work(store)

        asyncio.run(looked())

    def _live(self) -> None:
        self.lives += 1
        life = Life(
            self.time,
            self.clock,
            self.weather,
            self.dice,
            str(self.stage.file),
            self._wire,
            self.watch,
        )
        self.life = self.provider.life = self.stage.life = life
        self.time.at(self._until, life.finish)
        self.note("lives", self.lives)
        self.begun(life)
        life.run()
        if self.time.now < self._until:
            self.deaths += 1
            self.note("dies")
            self.stage.store.abandon()
            self.provider.hung_up()

    @contextmanager
    def _nobody(self) -> Iterator[None]:
        self.life = self.provider.life = None
        yield

    def _wire(self, life: Life) -> Service:
        store = self.stage.store
        store.ids = Ids(self.dice.getrandbits(48))
        store.keyring = _keyring()
        owner = f"life-{self.lives}"
        line = Line(life, self.provider)
        desk, dice = self.stage.desk, self.dice.random
        return wire(_settings(self.stage), store, self.clock, desk, {"sms": line}, dice, owner)

    # --- what people do -----------------------------------------------------------------------

    def say(self, one: Somebody, kind: str, words: str, wait: float) -> None:
        """Let somebody write in a while."""

        def write() -> None:
            opt_out = {"stop": "STOP", "start": "START"}.get(kind, "")
            incoming = self.provider.write(one.phone, words, opt_out)
            one.said.append((self.time.now, kind, incoming.provider_id))

        self.time.after(wait, write)

    def act(self, work: Callable[[Service], Any]) -> None:
        """Let somebody inside do something, if there is an inside just now."""
        if self.life is not None and self.life.reachable:
            self.life.do(work(self.life.service))

    def enter(self, one: Somebody, days_ago: int = 1) -> None:
        """A laboratory reports a person as a case; tried again until it is taken."""
        one.is_case = True
        if self.life is None or not self.life.reachable:
            self.time.after(60.0, lambda: self.enter(one, days_ago))
            return
        self.life.do(self._enter(self.life, one, days_ago))

    async def _enter(self, life: Life, one: Somebody, days_ago: int) -> None:
        now = self.clock.now()
        try:
            async with life.service.store.writing() as tx:
                new = _case(one, now.date() - timedelta(days=days_ago))
                await enter_case(tx, life.service.desk, new, now)
        except OSError:
            raise
        except Exception as error:
            self.note("not entered", type(error).__name__)
            self.time.after(60.0, lambda: self.enter(one, days_ago))
        else:
            self.note("entered", one.phone)


def _case(one: Somebody, day: date) -> NewCase:
    person = Person(0, one.given, one.family, birth_date=one.born, language=one.lang, zone=one.zone)
    case = Case(0, 0, one.phone, test_date=day, told_by="lab", told_on=day)
    return NewCase(person=person, case=case, phone=one.phone)


def _settings(stage: Stage) -> Settings:
    return Settings(
        mode="production",
        host="127.0.0.1",
        port=0,
        public_url="https://vigie.example.org",
        database_url=f"sqlite:///{stage.file}",
        secret_key=b"s" * 32,
        data_keys=KEYS,
        index_key=INDEX_KEY,
        pack=stage.pack,
    )


def _keyring() -> Keyring:
    return Keyring(KEYS, INDEX_KEY)


def spread(
    dice: Random, people: Iterable[Somebody], seconds: float
) -> Iterator[tuple[float, Somebody]]:
    """Each of these people at a moment within so many seconds."""
    for one in people:
        yield dice.uniform(0, seconds), one
