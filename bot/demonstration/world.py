"""A service whose clock is handed in: what was written and what fell due, in its order."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.deeds import carry_out
from bot.firing import fire
from bot.sending import Cancel, Postpone, Send, Standing, recheck
from bot.store import deed_rows, outbox, timers
from bot.store.engines import Store, Tx
from bot.taking import take_all
from flows.turn import Desk
from flows.vocabulary import Accepted, Incoming

_WORKER = "demonstration"
_LEASE = timedelta(minutes=1)
_AT_ONCE = 50


class World:
    """Plays what people wrote at the moments when they wrote it; providers take everything."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk
        self._count = 0

    async def hear(self, phone: str, words: str, now: datetime) -> None:
        """Somebody writes; all that was due before has happened."""
        await self.reach(now)
        self._count += 1
        incoming = Incoming("sms", f"demo-{self._count}", phone, "38000", words, sent_at=now)
        async with self._store.writing() as tx:
            await take_all(tx, [incoming], self._desk, now)
        await self._settle(now)

    async def reach(self, now: datetime) -> None:
        """Let time go on until `now`; each timer fires at its own moment."""
        while True:
            async with self._store.reading() as tx:
                moments = (await timers.next_due(tx), await outbox.next_due(tx))
            due = min((moment for moment in moments if moment), default=None)
            if due is None or due > now:
                break
            await self._fire(due)
            await self._settle(due)
        await self._settle(now)

    async def _fire(self, now: datetime) -> None:
        async with self._store.writing() as tx:
            for timer, _ in await timers.claim(tx, now, _AT_ONCE, _WORKER, _LEASE):
                if await timers.take(tx, timer, _WORKER):
                    await fire(tx, self._desk, timer, now)

    async def _settle(self, now: datetime) -> None:
        """Carry out what turns asked for, and hand over what waits to be sent."""
        while await self._deeds(now):
            pass
        async with self._store.writing() as tx:
            for standing in await outbox.claim(tx, now, _AT_ONCE, _WORKER, _LEASE):
                await self._send(tx, standing, now)

    async def _send(self, tx: Tx, standing: Standing, now: datetime) -> None:
        message_id = standing.message.id
        match recheck(standing, self._desk.pack(now.date()), now):
            case Send():
                self._count += 1
                taken = Accepted(f"demo-out-{self._count}", "delivered")
                await outbox.accepted(tx, message_id, taken, now)
            case Postpone(until, reason):
                await outbox.wait_until(tx, message_id, until, reason)
            case Cancel(reason):
                await outbox.cancel(tx, message_id, reason, now)

    async def _deeds(self, now: datetime) -> bool:
        async with self._store.writing() as tx:
            rows = await deed_rows.claim(tx, now, _AT_ONCE, _WORKER, _LEASE)
            for row in rows:
                if await deed_rows.take(tx, row, _WORKER):
                    await carry_out(tx, self._desk, row.deed, now)
        return bool(rows)
