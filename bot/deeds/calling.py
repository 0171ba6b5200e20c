"""An hour for an agent's call: promised while a seat is free, told with its word, and kept or
made good: whoever was not called hears from us first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.announcing import word_of_the_day
from bot.reaching import person_of
from bot.reviewing import ask_review
from bot.store import addresses, calls, events, messages, reviews, scenes, timers, turns
from bot.store.calls import Promised
from bot.store.engines import Tx
from flows.engine.calling import hour_words
from flows.rules import Pack, delay, free_seats
from flows.turn import Desk, call_again
from flows.vocabulary import Address, CallChosen, Draft, Event, Person, Timer
from flows.wording.rendering import for_channel, render

MISSED: Final = "call_missed"
TAKEN: Final = "call_taken"
CALL_TIMERS: Final = (MISSED, TAKEN)
# A call may begin a little early; one that an agent logs from then on is the one promised.
EARLY: Final = timedelta(minutes=15)
_GRACE: Final = timedelta(minutes=20)


async def promise_call(tx: Tx, desk: Desk, deed: CallChosen, now: datetime) -> None:
    """Promise the hour and tell of it; where it was taken meanwhile, others are offered."""
    pack = desk.pack(now.date())
    person = await person_of(tx, deed.person_id)
    free = await _free(tx, pack, deed, person, now)
    promised = await calls.promise(tx, person.id, deed.address_id, deed.starts_at, free, now)
    if promised is None:
        await _wake(tx, TAKEN, person.id, deed.address_id, now, f"{TAKEN}:{person.id}")
        return
    await _due_then(tx, desk, promised, now)
    address = await addresses.get(tx, promised.address_id)
    if address is not None and address.value:
        await _announce(tx, desk, promised, person, address, now)
    grace = delay(pack, "call_grace", now.date(), otherwise=_GRACE)
    at = promised.starts_at + grace
    await _wake(tx, MISSED, person.id, promised.address_id, at, f"{MISSED}:{promised.id}")


async def _free(
    tx: Tx, pack: Pack, deed: CallChosen, person: Person, now: datetime
) -> tuple[int, ...]:
    """The seats of that hour for this person's language; their own counts as free to them."""
    if deed.starts_at <= now:
        return ()
    address = await addresses.get(tx, deed.address_id)
    lang = (address.language if address else "") or person.language
    return free_seats(pack, await calls.book(tx, now), deed.starts_at, lang)


async def _due_then(tx: Tx, desk: Desk, promised: Promised, now: datetime) -> None:
    """The wish for a call is one review, due at the hour that was promised."""
    await ask_review(
        tx,
        desk.pack(now.date()),
        now,
        "human_wanted",
        about=str(promised.person_id),
        address_id=promised.address_id,
        person_id=promised.person_id,
        detail={"call_at": promised.starts_at.isoformat()},
    )
    for review in await _open_wishes(tx, promised.person_id):
        await reviews.put_off(tx, review, promised.starts_at)


async def _open_wishes(tx: Tx, person_id: int) -> list[int]:
    known = await reviews.of_person(tx, person_id)
    return [one.id for one in known if one.reason == "human_wanted" and one.state == "open"]


async def _announce(
    tx: Tx, desk: Desk, promised: Promised, person: Person, address: Address, now: datetime
) -> None:
    """The hour on the person's own clock, and the word that the agent will say on that day."""
    pack, lang = desk.pack(now.date()), address.language or person.language
    zone = ZoneInfo(person.zone)
    on = promised.starts_at.astimezone(pack.zone).date()

    def wording(part: str) -> str:
        return desk.words(f"call_time.when.option.{part}", lang)

    values = {
        "agency": pack.agency.get("name", ""),
        "slot": hour_words(wording, promised.starts_at, now.astimezone(zone), lang),
        "word": word_of_the_day(tx, pack, person.id, lang, on),
    }
    text = for_channel(render(desk.words("always.call_booked", lang), values), address.channel)
    draft = Draft(f"call:{promised.id}", "reply", text, person.id)
    await messages.queue_drafts(tx, [(address, draft)], now)


async def _wake(tx: Tx, kind: str, person_id: int, address_id: int, at: datetime, key: str) -> None:
    timer = Timer(key=key, kind=kind, due_at=at, address_id=address_id, person_id=person_id)
    await timers.set_timer(tx, timer)


async def call_due(tx: Tx, desk: Desk, timer: Timer, now: datetime) -> None:
    """An hour went by, or was gone already: unless somebody called, the person hears so first."""
    person_id = timer.person_id or 0
    if timer.kind == MISSED and not await _was_missed(tx, int(timer.key.partition(":")[2]), now):
        return
    for address in await addresses.lock_ids(tx, [timer.address_id] if timer.address_id else []):
        scene = await scenes.scene(tx, address, now)
        cause = f"t:{timer.key}:{timer.due_at.timestamp():.0f}"
        new_id = tx.ids.new(now)
        turn = call_again(scene, desk, now, cause, person_id, timer.kind, new_id)
        await turns.save_turns(tx, [(scene, turn, None)], now)


async def _was_missed(tx: Tx, call_id: int, now: datetime) -> bool:
    """Settle a promise: made if an agent logged a call or closed the wish, else missed."""
    promised = await calls.get(tx, call_id)
    if promised is None or promised.state != "promised":
        return False
    trail = await events.trail(tx, person_id=promised.person_id)
    since = promised.starts_at - EARLY
    called = any(one.data.get("what") == "call" and one.at >= since for one in trail)
    if called or not await _open_wishes(tx, promised.person_id):
        await calls.comes_to(tx, call_id, "made")
        return False
    await calls.comes_to(tx, call_id, "missed")
    line = Event(MISSED, now, person_id=promised.person_id, address_id=promised.address_id)
    await events.append_many(tx, [line], now)
    return True
