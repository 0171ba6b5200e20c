"""A WhatsApp number that is somebody's known SMS number is theirs, once they prove it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.first_voice import may_ring
from bot.store import addresses, conversations, people, scenes, timers, turns
from bot.store.engines import Tx
from flows.turn import Desk, go_on_here
from flows.vocabulary import Address, ChannelName, Link

# Two ways to write to one telephone.
_WRITTEN: Final = frozenset({"sms", "whatsapp"})
# Silences that say something of the home, whatever the channel.
_OF_THE_HOME: Final = frozenset({"violence"})


async def tie(tx: Tx, desk: Desk, address: Address, twin_id: int, now: datetime) -> Address:
    """Tie those known at the SMS address to this one of the same telephone; both are locked.

    Nobody is proven by it. What stands open comes along, with the question who it is before it:
    the message that is being taken is its first answer.
    """
    twin = await addresses.get(tx, twin_id)
    if twin is None:
        return address
    tied = _like(address, twin)
    await addresses.save(tx, tied)
    if tied.word:
        await addresses.keep_word(tx, tied.id, tied.word)
    for link in await people.at_address(tx, twin_id):
        if not link.dropped:
            await people.save_link(tx, replace(link, address_id=address.id, proven_at=None))
    await _bring_along(tx, desk, tied, twin_id, now)
    return tied


def _like(address: Address, twin: Address) -> Address:
    """Whoever reads one reads the other."""
    silence = twin.silence if twin.silence in _OF_THE_HOME else address.silence
    language = address.language or twin.language
    return replace(address, language=language, shared=twin.shared, word=twin.word, silence=silence)


async def _bring_along(tx: Tx, desk: Desk, address: Address, twin_id: int, now: datetime) -> None:
    talks = await conversations.of_addresses(tx, [twin_id], now)
    standing = [talk for talk in talks.get(twin_id, ()) if talk.status == "open"]
    for talk in standing[:1]:
        if not await conversations.move_one(tx, talk.id, address.id, twin_id):
            return
        await timers.move_of_conversation(tx, talk.id, address.id)
        scene = await scenes.scene(tx, address, now)
        turn = go_on_here(scene, talk.id, desk, now, f"w:{talk.id}:{now.timestamp():.0f}")
        # The answer to the message that came asks it.
        await turns.save_turns(tx, [(scene, replace(turn, drafts=()), None)], now)


async def same_telephone(
    tx: Tx, desk: Desk, address: Address, person_id: int, now: datetime
) -> Address | None:
    """SMS for a number that WhatsApp does not reach, a call for one that SMS does not; tied to the
    person, who proves there who they are. None where it may not be used."""
    if address.channel == "whatsapp":
        return await _on(tx, "sms", address, person_id, now)
    if address.channel == "sms" and desk.calls and await may_ring(tx, desk, person_id, now):
        return await _on(tx, "voice", address, person_id, now)
    return None


async def voice_of(tx: Tx, address: Address, person_id: int, now: datetime) -> Address | None:
    """The telephone of an address as one that rings, tied to the person; None where it may not."""
    return await _on(tx, "voice", address, person_id, now)


async def written_twin(
    tx: Tx, channel: ChannelName, address: Address, person_id: int, now: datetime
) -> Address | None:
    """The same telephone by SMS or by WhatsApp, tied to the person; None where it may not be."""
    return await _on(tx, channel, address, person_id, now) if address.channel in _WRITTEN else None


async def _on(
    tx: Tx, channel: ChannelName, address: Address, person_id: int, now: datetime
) -> Address | None:
    if not address.value or await addresses.is_do_not_write(tx, address.value, now):
        return None
    twin = await addresses.lock(tx, channel, address.value, now)
    here = [link for link in await people.at_address(tx, twin.id) if link.person_id == person_id]
    if twin.silence or any(link.dropped or link.stopped for link in here):
        return None
    if not here:
        await _tie_back(tx, address, twin, person_id)
    return twin


async def _tie_back(tx: Tx, address: Address, twin: Address, person_id: int) -> None:
    await addresses.save(tx, _like(twin, address))
    if address.word:
        await addresses.keep_word(tx, twin.id, address.word)
    known = await people.at_address(tx, address.id)
    link = next((one for one in known if one.person_id == person_id), Link(person_id, address.id))
    await people.save_link(tx, replace(link, address_id=twin.id, proven_at=None))
