"""What is due: timers are fired and deeds carried out, each in a transaction of its own."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from bot.deeds import carry_out
from bot.faults import where
from bot.firing import fire
from bot.reviewing import ask_review
from bot.service import Service
from bot.store import addresses, deed_rows, state, timers
from bot.store.deed_rows import DeedRow
from bot.store.engines import Tx
from bot.store.troubles import is_trouble
from flows.vocabulary import Timer

log = logging.getLogger(__name__)

AT_ONCE: Final = 50
LEASE: Final = timedelta(seconds=60)
# What breaks is tried again ever later; after so many tries a person has it.
TRIES: Final = 8
DEEDS: Final = "deeds"


async def fire_due(service: Service) -> bool:
    """Fire what is due; True if there may be more. One that breaks comes back after its lease."""
    now = service.clock.now()
    async with service.store.writing() as tx:
        due = await timers.claim(tx, now, AT_ONCE, service.owner, LEASE)
    for timer, tries in due:
        try:
            await _fire(service, timer, now)
        except Exception as error:
            if is_trouble(error):
                raise
            _count(service, "timer", tries, error)
            if tries >= TRIES:
                await _give_up_timer(service, timer, now)
    if due:
        service.outbox.wake()
    return len(due) == AT_ONCE


async def _fire(service: Service, timer: Timer, now: datetime) -> None:
    async with service.store.writing() as tx:
        # The address first: a turn that moves this timer holds it.
        await addresses.lock_ids(tx, [timer.address_id] if timer.address_id else [])
        if await timers.take(tx, timer, service.owner):
            await fire(tx, service.desk, timer, now)


async def _give_up_timer(service: Service, timer: Timer, now: datetime) -> None:
    async with service.store.writing() as tx:
        if await timers.take(tx, timer, service.owner):
            await _to_a_person(tx, service, now, f"timer-{timer.key}", timer.address_id)


async def carry_out_due(service: Service) -> bool:
    """Carry out the deeds that wait, in their order; True if there may be more.

    One process at a time does: a list is never closed before its last contact is named.
    """
    now = service.clock.now()
    async with service.store.writing() as tx:
        if not await state.take_lease(tx, DEEDS, service.owner, now + LEASE, now):
            return False
        waiting = await deed_rows.claim(tx, now, AT_ONCE, service.owner, LEASE)
    for row in waiting:
        try:
            await _carry_out(service, row, now)
        except Exception as error:
            if is_trouble(error):
                raise
            _count(service, "deed", row.tries, error)
            await _put_off(service, row, error, now)
    if waiting:
        service.outbox.wake()
    return len(waiting) == AT_ONCE


async def _carry_out(service: Service, row: DeedRow, now: datetime) -> None:
    async with service.store.writing() as tx:
        if await deed_rows.take(tx, row, service.owner):
            await carry_out(tx, service.desk, row.deed, now)


async def _put_off(service: Service, row: DeedRow, error: Exception, now: datetime) -> None:
    again_at = now + pause(row.tries) if row.tries < TRIES else None
    async with service.store.writing() as tx:
        await deed_rows.failed(tx, row.id, type(error).__name__, again_at)
        if again_at is None:
            await _to_a_person(tx, service, now, f"deed-{row.id}", row.address_id, row.kind)


async def _to_a_person(
    tx: Tx, service: Service, now: datetime, about: str, address_id: int | None, what: str = "timer"
) -> None:
    # By the address alone: the person of a deed that breaks may not even be there.
    pack = service.desk.pack(now.date())
    detail = {"what": what}
    await ask_review(
        tx, pack, now, "broken_turn", about=about, address_id=address_id, detail=detail
    )


def _count(service: Service, what: str, tries: int, error: Exception) -> None:
    log.error("a %s broke (try %d): %s", what, tries, where(error))
    service.counts.add("broken", "what", what)


def pause(tries: int) -> timedelta:
    """How long what broke so often waits: ten seconds, doubled each time."""
    return timedelta(seconds=10 * 2 ** min(tries, 10))
