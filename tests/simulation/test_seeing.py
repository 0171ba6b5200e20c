"""Each invariant of the hostile worlds can fail: the service is broken, and they must see it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import following_up, outbox, outcomes, reaching, taking
from bot.outbox import Outbox
from bot.sending import Send
from bot.simulation.world import Stage
from bot.sweep import Sweep
from flows.engine import pausing, running
from flows.turn import taking as turn_taking
from flows.turn.making import Making
from tests.simulation.worlds import Size, run, stage_in


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    logging.disable(logging.CRITICAL)
    yield stage_in(tmp_path_factory.mktemp("worlds"))
    logging.disable(logging.NOTSET)


MIDDLING = Size(people=10, turns=40, days=2.5)


def finds(stage: Stage, name: str, most: int = 8) -> bool:
    """Whether one of the first worlds finds that wrong."""
    worlds = (run(stage, seed, MIDDLING) for seed in range(1, most + 1))
    return any(name in fault for world in worlds for fault in world.faults)


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
        frame = conversation.frames[-1]
        if len(frame.climbed) < 3:  # Without end would never end here either.
            frame = replace(frame, climbed=())
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
