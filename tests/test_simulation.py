"""Hostile worlds come out clean, the same seed is the same world, and each invariant can fail."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import following_up, outbox, outcomes, reaching, sending, taking
from bot.clock import Clock
from bot.outbox import Outbox
from bot.sending import Send
from bot.simulation.virtual import Time, WorldClock
from bot.simulation.world import Stage
from bot.sweep import Sweep
from flows.engine import pausing, running
from flows.turn import taking as turn_taking
from flows.turn.making import Making
from tests.services import NOON
from tests.simulation.running import memory
from tests.simulation.running import outcomes as worlds
from tests.simulation.worlds import SMALL, Size, run, stage_in

# How many run with every `make test`; `python -m tests.simulation` runs as many as wanted.
WORLDS = int(os.environ.get("SIMULATED_WORLDS", "8"))
TINY = Size(people=5, turns=12, days=1.0)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    logging.disable(logging.CRITICAL)
    yield stage_in(tmp_path_factory.mktemp("worlds"))
    logging.disable(logging.NOTSET)


def test_hostile_worlds_come_out_clean() -> None:
    failed = {
        outcome.seed: outcome.faults
        for outcome in worlds(range(1, WORLDS + 1), SMALL, min(2, os.cpu_count() or 1))
        if outcome.faults
    }
    assert failed == {}, "replay one with: python -m tests.simulation --seeds SEED"


def test_the_same_seed_is_the_same_world(stage: Stage) -> None:
    for seed in range(1, 21):
        first, second = run(stage, seed, TINY), run(stage, seed, TINY)
        assert first.trace == second.trace, seed


def test_other_seeds_are_other_worlds(stage: Stage) -> None:
    assert run(stage, 1, TINY).trace != run(stage, 2, TINY).trace


# --- each invariant can fail -----------------------------------------------------------------


def finds(stage: Stage, name: str, most: int = 16) -> bool:
    """Whether one of the first worlds finds that wrong."""
    return any(
        name in fault for seed in range(1, most + 1) for fault in run(stage, seed, SMALL).faults
    )


def test_worlds_see_a_message_that_is_filed_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = iter(range(1_000_000))
    kept = taking.messages.file_many

    async def forgetful(tx: Any, arrived: Any, now: Any) -> Any:
        anew = [
            (at, replace(one, provider_id=f"{one.provider_id}-{next(count)}"))
            for at, one in arrived
        ]
        return await kept(tx, anew, now)

    monkeypatch.setattr(taking.messages, "file_many", forgetful)
    assert finds(stage, "every_message_is_in_the_trail_once")


def test_worlds_see_a_message_that_nobody_sweeps(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(self: Sweep) -> bool:
        return False

    monkeypatch.setattr(Sweep, "step", nothing)
    assert finds(stage, "every_message_is_in_the_trail_once")


def test_worlds_see_a_text_that_had_stopped_being_right(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "recheck", lambda *_: Send())
    assert finds(stage, "was sent though")


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("_silence", "stopped"),
        ("_person", "wrong number"),
        ("_answered", "answered meanwhile"),
        ("_pause", "paused"),
        ("_agent_at_work", "agent at work"),
        ("_night", "at night"),
    ],
)
def test_worlds_see_each_rule_of_sending_that_is_dropped(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, rule: str, says: str
) -> None:
    left = tuple(one for one in sending.RULES if one.__name__ != rule)
    monkeypatch.setattr(sending, "RULES", left)
    assert finds(stage, says, 40)


def test_worlds_see_an_uncertain_text_that_is_sent_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def blindly(why: str, message: Any, now: Any, dice: float) -> outcomes.Outcome:
        return outcomes.Again(now + timedelta(seconds=5), why)

    monkeypatch.setattr(outcomes, "_doubt", blindly)
    assert finds(stage, "nothing_was_sent_twice")


def test_worlds_see_a_danger_without_a_review(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_taking, "_danger", lambda *_: None)
    assert finds(stage, "every_danger_has_its_p1")


def test_worlds_see_a_conversation_that_nothing_minds(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Making, "_set_timers", lambda *_: None)
    assert finds(stage, "every_conversation_waits_or_is_over")


def test_worlds_see_an_uncertain_text_that_nobody_looks_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(self: Outbox) -> bool:
        return False

    monkeypatch.setattr(Outbox, "look_up", nothing)
    assert finds(stage, "nothing_lies_about")


def test_worlds_see_a_lost_text_of_which_nobody_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(outbox, "undelivered", nothing)
    assert finds(stage, "what_did_not_arrive_is_known")


def test_worlds_see_a_day_that_is_asked_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued = reaching.queue_conversation

    async def twice(tx: Any, library: Any, pack: Any, talk: Any, person: Any, now: Any) -> None:
        await queued(tx, library, pack, talk, person, now)
        await queued(tx, library, pack, replace(talk, id=tx.ids.new(now)), person, now)

    monkeypatch.setattr(reaching, "_STILL_OPEN", ())
    monkeypatch.setattr(following_up, "queue_conversation", twice)
    assert finds(stage, "each_day_is_asked_once")


def test_worlds_see_a_reminder_without_end(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def first(conversation: Any, ground: Any) -> Any:
        frame = replace(conversation.frames[-1], silences=0)
        return pausing.rung(
            replace(conversation, frames=(*conversation.frames[:-1], frame)), ground
        )

    monkeypatch.setattr(running, "rung", first)
    assert finds(stage, "each_prompt_went_out_once_for_its_reason")


def test_worlds_see_somebody_who_is_forgotten(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(following_up, "plan_next", nothing)
    assert finds(stage, "nobody_is_forgotten")


def test_worlds_see_a_turn_that_breaks(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    take = taking.take_turn

    def fragile(scene: Any, incoming: Any, *others: Any) -> Any:
        if incoming.text == "0":
            raise ZeroDivisionError
        return take(scene, incoming, *others)

    monkeypatch.setattr(taking, "take_turn", fragile)
    assert finds(stage, "nothing_broke")


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
