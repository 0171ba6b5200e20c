"""Figures that are dear to count are told as they were, and counted anew meanwhile."""

import asyncio

import pytest

from admin import lately
from admin.lately import Memory


async def test_what_is_counted_at_once_is_counted_each_time() -> None:
    memory, counts = Memory(), iter(range(9))

    async def count() -> int:
        return next(counts)

    assert [await memory.lately("people", count) for _ in range(3)] == [0, 1, 2]


async def test_what_is_dear_is_told_as_it_was_and_counted_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lately, "DEAR_S", -1.0)
    memory, counts, go = Memory(), iter(range(9)), asyncio.Event()

    async def count() -> int:
        await go.wait()
        return next(counts)

    go.set()
    assert await memory.lately("people", count) == 0
    assert await memory.lately("people", count) == 0
    monkeypatch.setattr(lately, "LASTS_S", -1.0)
    go.clear()
    assert [await memory.lately("people", count) for _ in range(3)] == [0, 0, 0]
    (task,) = memory.counting.values()
    go.set()
    await task
    monkeypatch.setattr(lately, "LASTS_S", 60.0)
    assert await memory.lately("people", count) == 1
    assert not memory.counting
