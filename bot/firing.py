"""What a due timer sets off, in one transaction under the lock of its address."""

from __future__ import annotations

from datetime import datetime

from bot.deeds.calling import CALL_TIMERS, call_due
from bot.deeds.voicing import RING, ring
from bot.following_up import check_in_due
from bot.store import addresses, scenes, turns
from bot.store.engines import Tx
from flows.turn import Desk, start, wake
from flows.vocabulary import Timer


async def fire(tx: Tx, desk: Desk, timer: Timer, now: datetime) -> None:
    """Fire one timer. A conversation that moved on meanwhile makes it do nothing."""
    if timer.kind == "check_in":
        await check_in_due(tx, desk, timer, now)
        return
    if timer.kind in CALL_TIMERS:
        await call_due(tx, desk, timer, now)
        return
    if timer.kind == RING:
        await ring(tx, desk, timer.person_id or 0, now)
        return
    locked = await addresses.lock_ids(tx, [timer.address_id] if timer.address_id else [])
    if not locked:
        return
    scene = await scenes.scene(tx, locked[0], now)
    if timer.kind == "start":
        turn = start(scene, desk, now, f"s:{timer.conversation_id}")
    else:
        turn = wake(scene, timer, desk, now)
    await turns.save_turns(tx, [(scene, turn, None)], now)
