"""The clock: asked once for a turn or a tick; in a demonstration it can be moved forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.store import state
from bot.store.engines import Tx

_MOVED = "clock_moved_s"


class Clock:
    """The time of day plus an offset. `clock.now` is what is handed to those who need a clock."""

    __slots__ = ("_moved", "_offset")

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset
        self._moved = timedelta(0)

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC) + self._offset + self._moved

    async def recall(self, tx: Tx) -> None:
        """Take up how far the clock was moved before, by this process or another."""
        self._moved = timedelta(seconds=float(await state.get(tx, _MOVED) or 0))

    async def move(self, tx: Tx, by: timedelta) -> None:
        """Move a demonstration's clock forward and remember it; backward is a ValueError."""
        if by < timedelta(0):
            raise ValueError("the clock moves forward only: what was sent cannot be unsent")
        await self.recall(tx)
        moved = self._moved + by
        await state.put(tx, _MOVED, str(moved.total_seconds()), self.now())
        self._moved = moved
