"""Whoever cannot read, or takes no texts, is called by the machine: their telephone rings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.first_voice import may_ring
from bot.households import household_of
from bot.moving import go_on_at
from bot.reaching import best_address, person_of
from bot.reviewing import ask_review
from bot.store import addresses, conversations, people, timers
from bot.store.engines import Tx
from bot.twins import voice_of
from flows.rules import machine_calls, next_try
from flows.turn import Desk
from flows.vocabulary import Address, Timer, VoiceWanted

# The timer of a first call by the machine, once a letter has come or somebody has spoken with them.
RING: Final = "ring"
_NEVER = datetime.min.replace(tzinfo=UTC)
_TELEPHONES: Final = frozenset({"sms", "whatsapp"})


async def by_voice(tx: Tx, desk: Desk, deed: VoiceWanted, now: datetime) -> None:
    """From now on the machine calls, at once for what stands open; or it writes again."""
    said = "yes" if deed.wanted else "no"
    # The person before the address: they are locked in this order everywhere.
    if await people.learn(tx, deed.person_id, {"facts.by_voice": said}, now) is None:
        return
    if deed.wanted:
        await ring(tx, desk, deed.person_id, now)
    elif reached := await best_address(tx, deed.person_id):
        await go_on(tx, desk, deed.person_id, reached[0], now)


async def ring(tx: Tx, desk: Desk, person_id: int, now: datetime) -> None:
    """Their telephone is one that rings from now on, and what stands open is asked there.

    Where the machine may not call, a person does: of the old before their first call, of those who
    answer for others, whose family word is not asked aloud.
    """
    phone = await _telephone(tx, person_id)
    if phone is None or not desk.calls or await household_of(tx, person_id):
        await _to_a_person(tx, desk, "human_wanted", person_id, now)
    elif not await may_ring(tx, desk, person_id, now):
        await _to_a_person(tx, desk, "voice_first_call", person_id, now)
    elif there := await voice_of(tx, phone, person_id, now):
        await go_on(tx, desk, person_id, there, now)


async def ring_later(
    tx: Tx, desk: Desk, person_id: int, now: datetime, *, letter: bool
) -> datetime | None:
    """A letter was printed, or somebody spoke with them: when the machine calls first. None where
    their telephone takes texts, or no hour is in sight."""
    phone = await _telephone(tx, person_id)
    person = await person_of(tx, person_id)
    if (
        phone is None
        or not desk.calls
        or not (phone.silence or person.facts.get("by_voice") == "yes")
    ):
        return None
    pack = desk.pack(now.date())
    wait = timedelta(days=machine_calls(pack, now.date()).letter_days if letter else 0)
    again = next_try(pack, "", [], (now + wait).astimezone(ZoneInfo(person.zone)))
    if again is None:
        return None
    at = again.astimezone(now.tzinfo)
    await timers.set_timer(tx, Timer(f"{RING}:{person_id}", RING, at, person_id=person_id))
    return at


async def go_on(tx: Tx, desk: Desk, person_id: int, there: Address, now: datetime) -> None:
    """What stands open elsewhere goes on there."""
    for talk in await conversations.of_person(tx, person_id):
        if talk.status == "open" and talk.address_id != there.id:
            await go_on_at(tx, desk, talk, there, now)


async def _telephone(tx: Tx, person_id: int) -> Address | None:
    """The number at which a person was heard last, or is said to be reached; a number that takes no
    texts may ring, one of which somebody said that it is wrong may not."""
    links = {
        one.address_id: one
        for one in await people.links_of(tx, person_id)
        if not (one.dropped or one.stopped)
    }
    usable = [
        (one.last_heard_at or _NEVER, -links[one.id].rank, -one.id, one)
        for one in await addresses.get_many(tx, links)
        if one.channel in _TELEPHONES and one.value and one.silence in ("", "bad")
    ]
    return max(usable, default=(None,))[-1]


async def _to_a_person(tx: Tx, desk: Desk, reason: str, person_id: int, now: datetime) -> None:
    pack = desk.pack(now.date())
    await ask_review(tx, pack, now, reason, about=str(person_id), person_id=person_id)
