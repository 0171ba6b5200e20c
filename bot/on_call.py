"""What is urgent and in nobody's hands alarms whoever is on call, level by level, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.service import Service
from bot.store import addresses, alarms, events, messages, state
from bot.store.alarms import OnCall, Untaken
from bot.store.engines import Tx
from flows.rules import DutyAlarm, duty_alarms
from flows.vocabulary import Draft, Event

# For those who work here, in their two languages. No person and nothing of health: a telephone on
# a table is read by whoever passes.
WORDS: Final = {
    "en": "Vigie: P1 number {number} waits for {minutes} min, taken by nobody. {address}",
    "fr": "Vigie : P1 no {number} attend depuis {minutes} min, prise par personne. {address}",
}
# One worker looks; if it dies another one does before long.
_LEASE: Final = timedelta(seconds=30)


async def watch_urgent(service: Service) -> bool:
    """Alarm about what is due. The alarms that went are kept in the very transaction that puts
    their texts into the outbox, so that a crash neither loses nor repeats one."""
    now = service.clock.now()
    pack = service.desk.pack(now.date())
    steps = duty_alarms(pack, "P1", now.astimezone(pack.zone).date())
    if not steps:
        return False
    async with service.store.writing() as tx:
        if not await state.take_lease(tx, "alarms", service.owner, now + _LEASE, now):
            return False
        waiting = await _due(tx, steps, now)
        there = await alarms.everybody(tx) if waiting else []
    if not there:
        return False
    for one, level in waiting:
        async with service.store.writing() as tx:
            await _alarm(tx, service, one, level, called(there, one.level, level), now)
    service.outbox.wake()
    return len(waiting) == alarms.AT_ONCE


async def _due(tx: Tx, steps: Sequence[DutyAlarm], now: datetime) -> list[tuple[Untaken, int]]:
    """What nobody has taken, with the level up to which it is alarmed now."""
    soonest = min(step.after for step in steps)
    found = await alarms.untaken(tx, now - soonest, steps[-1].level, now)
    levels = ((one, level_due(one, steps, now)) for one in found)
    return [(one, level) for one, level in levels if level > one.level]


def level_due(one: Untaken, steps: Sequence[DutyAlarm], now: datetime) -> int:
    """The highest level whose time has come; where nobody was reached, the next one's has."""
    due = [step.level for step in steps if one.urgent_at + step.after <= now]
    further = [step.level for step in steps if step.level > one.level] if one.unheard else []
    return max([one.level, *due, *further[:1]])


def called(there: Sequence[OnCall], above: int, level: int) -> dict[OnCall, int]:
    """Whom to alarm of the levels over `above` up to `level`, each with the highest of these.

    A level at which nobody is on call is that of the next above, or else of the highest there is.
    """
    found: dict[OnCall, int] = {}
    for each in range(above + 1, level + 1):
        manned = [one.level for one in there if one.level >= each]
        of_level = min(manned) if manned else max(one.level for one in there)
        found |= {one: each for one in there if one.level == of_level}
    return found


async def _alarm(
    tx: Tx, service: Service, one: Untaken, level: int, whom: dict[OnCall, int], now: datetime
) -> None:
    # Addresses before reviews, as everybody locks them.
    at = await addresses.lock_many(tx, sorted({(each.channel, each.place) for each in whom}), now)
    if not await alarms.is_untaken(tx, one.review_id):
        return
    new = await alarms.note(tx, one.review_id, [(whom[each], each.id) for each in whom], now)
    by_place = {(address.channel, address.value): address for address in at}
    drafts = [
        (by_place[each.channel, each.place], _draft(service, one, each, whom[each], now))
        for each in whom
        if (whom[each], each.id) in new
    ]
    await messages.queue_drafts(tx, drafts, now)
    if new:
        data = {"level": level, "told": len(new)}
        line = Event("alarmed", now, review_id=one.review_id, person_id=one.person_id,
                     address_id=one.address_id, data=data)  # fmt: skip
        await events.append_many(tx, [line], now)


def _draft(service: Service, one: Untaken, whom: OnCall, level: int, now: datetime) -> Draft:
    minutes = int((now - one.urgent_at).total_seconds() // 60)
    text = WORDS["fr" if whom.language == "fr" else "en"].format(
        number=one.review_id, minutes=minutes, address=admin_address(service)
    )
    return Draft(alarms.key_of(one.review_id, level, whom.id), "alarm", text)


def admin_address(service: Service) -> str:
    """Where the review admin is reached."""
    own = f"http://{service.settings.host}:{service.settings.port}"
    return f"{service.settings.public_url or own}/admin/"
