"""A hostile world from a seed: its people, its weather, its crashes and clocks; run and judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

from bot.simulation.folk import Somebody, draw
from bot.simulation.life import Life
from bot.simulation.weather import CALM, Weather
from bot.simulation.world import Stage, World
from flows.vocabulary import Incoming
from tests.simulation.agents import Agent
from tests.simulation.followed import follow
from tests.simulation.invariants import broken
from tests.simulation.ledger import Ledger
from tests.simulation.oracle import Oracle

HOUR = 3600.0
DAY = 24 * HOUR
# A calm hour at the end: what has begun comes to its end.
SETTLES = 1.2 * HOUR
# Common days, and the nights on which clocks change.
DAYS = ("2026-11-23", "2026-10-24", "2027-03-27", "2026-12-31")


@dataclass(frozen=True)
class Size:
    """How many people at most, how many messages of theirs, how many days."""

    people: int = 30
    turns: int = 100
    days: float = 6.0


SMALL = Size()
LARGE = Size(people=3000, turns=12_000, days=2.0)


@dataclass
class Outcome:
    """What became of one world."""

    seed: int
    trace: str
    faults: list[str]
    latest: list[str]
    turns: int
    sent: int
    deaths: int
    facts: dict[str, int] = field(default_factory=dict)


def run(stage: Stage, seed: int, size: Size = SMALL) -> Outcome:
    """Run the world of a seed and judge it."""
    return Hostile(stage, seed, size).run()


class Hostile:
    """One world in the making."""

    def __init__(self, stage: Stage, seed: int, size: Size) -> None:
        dice = Random(f"hostile {seed}")
        day = datetime.fromisoformat(dice.choice(DAYS)).replace(tzinfo=UTC)
        began = day + timedelta(hours=dice.uniform(0, 24))
        count = dice.randint(1, size.people) if size == SMALL else size.people
        self.stage, self.seed, self.size, self.dice = stage, seed, size, dice
        self.turns = int(size.turns ** dice.uniform(0.5, 1.0)) if size == SMALL else size.turns
        self.days = dice.uniform(0.2, size.days) if size == SMALL else size.days
        self.faults: list[str] = []
        people = draw(dice, count, began.date())
        self.world = World(stage, f"world {seed}", began, people, weather(dice))
        self.oracle: Oracle | None = None
        self.agent = Agent(self.world.dice, self.world.note)
        self.begun: list[Life] = []

    def run(self) -> Outcome:
        world, end = self.world, self.days * DAY
        world.begun = self._begun
        self._people(end)
        self._accidents(end)
        world.time.at(end, self._calm)
        try:
            world.run(end + SETTLES)
        except Exception as error:
            self.faults.append(f"the service broke: {error!r}")
        finally:
            if self.oracle is not None:
                self.oracle.close()
        return self._judged()

    def _judged(self) -> Outcome:
        world = self.world
        ledger = Ledger(self.stage.file)
        try:
            if not self.faults or not self.faults[-1].startswith("the service broke"):
                self.faults += broken(ledger, world)
            world.note("final", hash_of(final(ledger)))
        finally:
            ledger.close()
        return Outcome(
            self.seed,
            world.trace,
            self.faults,
            world.latest,
            len(world.provider.received),
            len(world.provider.taken),
            world.deaths,
        )

    # --- people -------------------------------------------------------------------------------

    def _people(self, end: float) -> None:
        world, dice = self.world, self.dice
        for one in world.people:
            at = dice.uniform(0, min(end, 2 * DAY)) if dice.random() < 0.6 else 0.0
            fate = dice.random()
            if fate < 0.35:
                world.time.at(at, lambda one=one: world.enter(one))
            elif fate < 0.7:
                world.time.at(at, lambda one=one: follow(world, one))
            elif fate < 0.8:
                words = dice.choice(("allo ?", "j'étouffe", "STOP", "bonjour"))
                world.time.at(at, lambda one=one, words=words: self._stranger(one, words))
        for _ in range(dice.randint(0, len(world.people))):
            one = dice.choice(world.people)
            at = dice.uniform(0, end)
            world.time.at(at, lambda one=one: world.act(lambda s: self.agent.act(s, one.phone)))

    def _stranger(self, one: Somebody, words: str) -> None:
        kind = {"j'étouffe": "danger", "STOP": "stop"}.get(words, "answer")
        self.world.say(one, kind, words, 0.0)

    # --- accidents ----------------------------------------------------------------------------

    def _accidents(self, end: float) -> None:
        world, dice = self.world, self.dice
        if dice.random() < 0.3:
            world.clock.slow = timedelta(seconds=dice.uniform(1, 2 * HOUR))
            world.time.at(dice.uniform(0, end), lambda: world.set_right(timedelta(0)))
        if dice.random() < 0.3:
            length = dice.choice((HOUR, 9 * HOUR, DAY, 30 * HOUR))
            if length < end:
                world.time.at(dice.uniform(0, end - length), lambda: world.sleep(length))
        if dice.random() < 0.2:
            world.time.at(dice.uniform(0, 0.5 * end), self._doze)
        for _ in range(dice.randint(0, 3)):
            world.time.at(dice.uniform(0, end), world.die)
        self._watch_turns()

    def _doze(self) -> None:
        """The machine falls asleep at the worst moment: texts are in its hands."""
        length = self.dice.choice((100.0, HOUR, 9 * HOUR))
        if self.oracle is not None and self.world.time.now + length < self.days * DAY:
            self.oracle.next_claim = lambda: self.world.time.after(
                0.01, lambda: self.world.sleep(length)
            )

    def _watch_turns(self) -> None:
        """Nobody answers any more once enough was said."""
        provider, world = self.world.provider, self.world
        write = provider.write

        def counted(sender: str, words: str, opt_out: str = "") -> Incoming:
            if len(provider.received) >= self.turns:
                world.folk.quiet = True
            return write(sender, words, opt_out)

        provider.write = counted  # type: ignore[method-assign]

    def _calm(self) -> None:
        """The weather clears; what waits is dealt with. Nobody says anything new."""
        world = self.world
        world.folk.quiet = True
        world.weather = world.provider.weather = CALM
        world.clock.slow = timedelta(0)
        if world.life is not None:
            world.life.weather = CALM
            world.life.look_anew()
        for minutes in (6, 12, 20):
            world.time.after(minutes * 60, self._sweep)

    def _sweep(self) -> None:
        if self.world.life is not None:
            self.world.life.sweep_soon()

    def _begun(self, life: Life) -> None:
        if self.oracle is None:
            self.oracle = Oracle(
                self.stage.file, self.stage.questions, self.world.clock.now, self.faults.append
            )
        life.watch = self.oracle
        self.world.provider.witness = self.oracle


def weather(dice: Random) -> Weather:
    """Some worlds are calm, some are rough, most have a trouble or two."""
    rough = dice.choice((0.0, 0.3, 1.0, 1.0, 3.0))

    def some(most: float) -> float:
        return dice.uniform(0, most) * rough if dice.random() < 0.6 else 0.0

    return Weather(
        busy=some(0.05),
        refused=some(0.04),
        mute=some(0.05),
        lost=some(0.04),
        vague=some(0.05),
        undelivered=some(0.05),
        twice=min(some(0.15), 0.4),
        late=some(0.2),
        unposted=some(0.05),
        slow=some(0.02),
        faulty=some(0.001),
        dies=some(0.0002),
        dies_committing=some(0.003),
        out_of_reach=some(0.2),
        blocks=dice.random() < 0.5,
    )


def hash_of(rows: list[tuple[object, ...]]) -> str:
    """Rows in short."""
    return sha256(repr(rows).encode()).hexdigest()


def final(ledger: Ledger) -> list[tuple[object, ...]]:
    """How the world stands at the end, without what was sealed."""
    wanted = (
        "SELECT id, state, kind, key, provider_id, reason, tries FROM messages ORDER BY id",
        "SELECT id, reason, priority, key, state FROM reviews ORDER BY id",
        "SELECT id, status, flow, outcome FROM conversations ORDER BY id",
        "SELECT key, due_at FROM timers ORDER BY key",
    )
    return [tuple(row.values()) for sql in wanted for row in ledger.rows(sql)]


def stage_in(folder: Path) -> Stage:
    """A stage for hostile worlds."""
    return Stage(folder, datetime(2026, 11, 23, tzinfo=UTC))
