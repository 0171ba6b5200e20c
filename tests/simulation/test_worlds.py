"""Hostile worlds come out clean, and the same seed is the same world."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.simulation.virtual import Time, WorldClock
from bot.simulation.world import Stage
from tests.services import NOON
from tests.simulation.running import memory, outcomes
from tests.simulation.worlds import SMALL, Size, run, stage_in

# How many run with every `make test`; `python -m tests.simulation` runs as many as wanted.
WORLDS = int(os.environ.get("SIMULATED_WORLDS", "4"))
TINY = Size(people=3, turns=8, days=0.4)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    logging.disable(logging.CRITICAL)
    yield stage_in(tmp_path_factory.mktemp("worlds"))
    logging.disable(logging.NOTSET)


def test_hostile_worlds_come_out_clean() -> None:
    failed = {
        outcome.seed: outcome.faults
        for outcome in outcomes(range(1, WORLDS + 1), SMALL, min(2, os.cpu_count() or 1))
        if outcome.faults
    }
    assert failed == {}, "replay one with: python -m tests.simulation --seeds SEED"


def test_the_same_seed_is_the_same_world(stage: Stage) -> None:
    for seed in range(1, 21):
        first, second = run(stage, seed, TINY), run(stage, seed, TINY)
        assert first.trace == second.trace, seed


def test_other_seeds_are_other_worlds(stage: Stage) -> None:
    assert run(stage, 1, TINY).trace != run(stage, 2, TINY).trace


# --- virtual time ----------------------------------------------------------------------------


def test_a_machine_that_slept_finds_its_clock_ahead() -> None:
    time = Time()
    clock: Clock = WorldClock(NOON, time)
    happened: list[float] = []
    time.after(30.0, lambda: happened.append(time.now))
    assert time.go_on(60.0)
    assert not time.go_on(60.0)
    assert happened == [30.0]
    assert clock.now() == NOON + timedelta(seconds=60)


def test_worlds_live_in_memory_where_there_is_any() -> None:
    folder = memory()
    assert folder is None or Path(folder).is_dir()
