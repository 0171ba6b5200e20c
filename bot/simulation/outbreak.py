"""A virtual outbreak: cases are entered, name whom they met, and some of those fall ill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

from bot.simulation.folk import Somebody, draw
from bot.simulation.provider import Kept
from bot.simulation.weather import CALM, Weather
from bot.simulation.world import Stage, World
from bot.store import overview
from bot.store.engines import Store

BEGAN: Final = datetime(2026, 11, 23, 8, tzinfo=UTC)
DAY: Final = 86_400.0
INFECTED: Final = 0.35
FIRST: Final = 0.05
# From the meeting to the laboratory's report.
INCUBATION: Final = (1.5, 5.0)


@dataclass(slots=True)
class Told:
    """What a run came to."""

    people: int
    days: float
    cases: int
    written_to: int
    never_answered: int
    heard: int
    dangers: int
    texts: Mapping[str, int] = field(default_factory=dict)
    reviews: Mapping[str, int] = field(default_factory=dict)
    followed: int = 0
    contacts: int = 0
    crashes: int = 0
    trace: str = ""


class Outbreak:
    """So many people over so many days, the same for the same seed. `step` hears of each hour."""

    def __init__(
        self, folder: Path, seed: int, people: int, days: float, weather: Weather = CALM
    ) -> None:
        self.days = days
        self.dice = Random(f"outbreak {seed}")  # noqa: S311 - the same again for the same seed
        self.folk = draw(self.dice, people, BEGAN.date())
        stage = Stage(folder, BEGAN)
        self.world = World(stage, f"world {seed}", BEGAN, self.folk, weather)
        self._infected: set[str] = set()

    def run(self, step: Callable[[float], None]) -> Told:
        """Let it run; `step` is told how many days are over."""
        first = max(1, round(len(self.folk) * FIRST))
        for one in self.dice.sample(self.folk, first):
            self._infect(one, self.dice.uniform(0, min(1.0, self.days) * DAY))
        for hour in range(int(self.days * 24) + 1):
            self.world.time.at(hour * 3600.0, lambda hour=hour: step(hour / 24))  # type: ignore[misc]
        self.world.run(self.days * DAY)
        told = self._told()
        self.world.look(lambda store: self._count(store, told))
        return told

    def _infect(self, one: Somebody, reported_at: float) -> None:
        if one.phone in self._infected:
            return
        self._infected.add(one.phone)
        if reported_at > self.days * DAY:
            return
        self.world.time.at(reported_at, lambda: self.world.enter(one))
        for phone in one.met:
            if self.dice.random() < INFECTED:
                later = reported_at + self.dice.uniform(*INCUBATION) * DAY
                self._infect(self.world.folk.people[phone], later)

    async def _count(self, store: Store, told: Told) -> None:
        now = self.world.clock.now()
        async with store.reading() as tx:
            queues = await overview.queues(tx, now)
            people = await overview.people(tx, now.date())
        told.reviews = {word: one.count for word, one in sorted(queues.reviews.items())}
        told.followed = sum(people.follow_ups.values())
        told.contacts = sum(people.contacts.values())

    def _told(self) -> Told:
        provider = self.world.provider
        wrote = {incoming.sender for _, incoming in provider.received}
        got = {kept.outgoing.to for kept in provider.taken}
        return Told(
            people=len(self.folk),
            days=self.days,
            cases=sum(one.is_case for one in self.folk),
            written_to=len(got),
            never_answered=len(got - wrote),
            heard=len(provider.received),
            dangers=sum(kind in _DANGERS for one in self.folk for _, kind, _ in one.said),
            texts=dict(Counter(_kinds(provider.taken))),
            crashes=self.world.deaths,
            trace=self.world.trace,
        )


_DANGERS: Final = frozenset({"danger", "self_harm", "violence"})


def _kinds(taken: list[Kept]) -> Iterator[str]:
    for kept in taken:
        yield "answers" if kept.outgoing.key.startswith("m:") else "questions and reminders"
