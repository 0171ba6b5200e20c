"""Loops outlive their faults and finish when told to stop; queues keep order and bounds."""

from __future__ import annotations

import asyncio

import pytest

from bot.loops import Loop, keep_going
from bot.metrics import Counts, exposition
from bot.queueing import Full, Queue


async def test_a_fault_in_one_loop_stops_neither_it_nor_the_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.loops.AFTER_A_FAULT_S", 0.001)
    stop, done, counts = asyncio.Event(), [], Counts()

    async def fails_twice() -> bool:
        done.append("one")
        if done.count("one") < 3:
            raise ValueError("+33639980001 wrote: help")
        return False

    async def works() -> bool:
        done.append("two")
        if done.count("one") > 3:
            stop.set()
        return False

    loops = [Loop("one", fails_twice, 0.001), Loop("two", works, 0.001)]
    await asyncio.wait_for(keep_going(loops, stop, counts), 5)
    assert counts.counted == {("loop_faults", "loop", "one"): 2}
    assert "ValueError at test_loops.py" in caplog.text
    assert "help" not in caplog.text


async def test_a_loop_is_woken_at_once() -> None:
    stop, worked = asyncio.Event(), asyncio.Event()

    async def work() -> bool:
        worked.set()
        return False

    loop = Loop("one", work, 3600)
    running = asyncio.create_task(keep_going([loop], stop, Counts()))
    await asyncio.wait_for(worked.wait(), 5)
    worked.clear()
    loop.woken.set()
    await asyncio.wait_for(worked.wait(), 5)
    stop.set()
    await asyncio.wait_for(running, 5)


async def test_what_is_under_way_is_finished_and_what_only_waits_is_cut_short() -> None:
    stop, finished = asyncio.Event(), []

    async def patient() -> bool:
        stop.set()
        await asyncio.sleep(0.01)
        finished.append("patient")
        return True

    async def polls() -> bool:
        await asyncio.sleep(3600)
        return True

    loops = [Loop("patient", patient, 1), Loop("polls", polls, 1, patient=False)]
    await asyncio.wait_for(keep_going(loops, stop, Counts()), 5)
    assert finished == ["patient"]


def test_a_batch_holds_one_item_of_each_place_in_order() -> None:
    queue: Queue[str] = Queue(10, 5)
    for place, item in [("a", "a1"), ("a", "a2"), ("b", "b1"), ("a", "a3"), ("c", "c1")]:
        queue.put(("sms", place), item)
    assert queue.batch(2) == ["a1", "b1"]
    assert queue.batch(10) == ["c1", "a2"]
    assert queue.batch(10) == ["a3"]
    assert (queue.batch(10), len(queue)) == ([], 0)


def test_a_flood_from_one_place_leaves_room_for_others() -> None:
    queue: Queue[int] = Queue(4, 2)
    for n in range(2):
        queue.put(("sms", "a"), n)
    with pytest.raises(Full):
        queue.put(("sms", "a"), 3)
    queue.put(("sms", "b"), 4)
    queue.put(("sms", "c"), 5)
    with pytest.raises(Full):
        queue.put(("sms", "d"), 6)


def test_figures_are_written_as_prometheus_reads_them() -> None:
    counts = Counts()
    counts.add("webhooks", "status", "200", many=1234567)
    counts.add("webhooks", "status", '5"3')
    counts.add("swept")
    assert exposition(counts.metrics()).splitlines() == [
        "# HELP vigie_swept_total Messages that only the sweep found",
        "# TYPE vigie_swept_total counter",
        "vigie_swept_total 1",
        "# HELP vigie_webhooks_total Requests of providers by the HTTP status that they got",
        "# TYPE vigie_webhooks_total counter",
        'vigie_webhooks_total{status="200"} 1234567',
        'vigie_webhooks_total{status="5\\"3"} 1',
    ]
