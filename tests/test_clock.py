"""The clock: an offset for tests, moved forward in a demonstration, the same after a restart."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import Clock
from bot.store.engines import Store

HOUR = timedelta(hours=1)
NEAR = timedelta(minutes=1)


def ahead(clock: Clock) -> timedelta:
    return clock.now() - datetime.now(UTC)


async def test_a_moved_clock_stays_moved_after_a_restart(store: Store) -> None:
    clock = Clock(HOUR)
    assert abs(ahead(clock) - HOUR) < NEAR
    async with store.writing() as tx:
        await clock.recall(tx)
        await clock.move(tx, 3 * HOUR)
        await clock.move(tx, HOUR)
        with pytest.raises(ValueError, match="forward"):
            await clock.move(tx, -HOUR)
    assert abs(ahead(clock) - 5 * HOUR) < NEAR
    again = Clock()
    async with store.reading() as tx:
        await again.recall(tx)
    assert abs(ahead(again) - 4 * HOUR) < NEAR
