"""Knocks between processes on PostgreSQL: what was just written wakes the workers at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import func, select

from bot.store.engines import Store, Tx

_NAME: Final = "vigie"
_KNOCK: Final = select(func.pg_notify(_NAME, ""))


async def knock(tx: Tx) -> None:
    """Wake the workers of other processes once this is committed. On SQLite there are none."""
    if tx.dialect == "postgresql":
        await tx.conn.execute(_KNOCK)


async def listen(store: Store, heard: Callable[[], None]) -> None:
    """Call `heard` at each knock, until the connection is lost; on PostgreSQL alone."""
    async with store.engine.connect() as conn:
        # The driver's own connection: SQLAlchemy knows no notifications.
        driver: Any = (await conn.get_raw_connection()).driver_connection
        lost = asyncio.Event()

        def on_knock(*_: object) -> None:
            heard()

        driver.add_termination_listener(lambda _: lost.set())
        await driver.add_listener(_NAME, on_knock)
        try:
            # What was written before we listened makes no sound any more.
            heard()
            await lost.wait()
        finally:
            if driver.is_closed():
                await conn.invalidate()
            else:
                await driver.remove_listener(_NAME, on_knock)
