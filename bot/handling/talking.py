"""An agent's words to a person, and what may hold them back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.sending import Cancel, Postpone, Send, Standing, recheck
from bot.store import addresses, messages, people, scenes, turns
from bot.store.engines import Tx
from flows.turn import Desk, hand_back
from flows.vocabulary import Address, Draft, Message
from flows.wording.rendering import for_channel


@dataclass(frozen=True, slots=True)
class Held:
    """Why a text would not go out now: never, or not before `until`."""

    reason: str
    until: datetime | None = None


async def held_back(
    tx: Tx, desk: Desk, address_id: int, person_id: int | None, now: datetime
) -> Held | None:
    """What would hold an agent's text to this address back just now."""
    address = await addresses.get(tx, address_id)
    if address is None or not address.value:
        return Held("bad_number")
    links = await people.at_address(tx, address_id)
    standing = Standing(
        message=Message(0, address_id, "out", "", now, "waiting", "agent", person_id=person_id),
        address=address,
        person=await people.get(tx, person_id) if person_id else None,
        link=next((link for link in links if link.person_id == person_id), None),
        do_not_write=await addresses.is_do_not_write(tx, address.value, now),
    )
    match recheck(standing, desk.pack(now.date()), now):
        case Send():
            return None
        case Postpone(until, reason):
            return Held(reason, until)
        case Cancel(reason):
            return Held(reason)


async def write(
    tx: Tx,
    address_id: int,
    person_id: int | None,
    text: str,
    author_id: int,
    mark: str,
    now: datetime,
) -> bool:
    """Put an agent's words into the outbox; the same `mark` (a form sent twice) sends once."""
    address = await addresses.get(tx, address_id)
    if address is None or not text.strip():
        return False
    spelled = for_channel(text.strip(), address.channel)
    draft = Draft(f"agent:{author_id}:{mark}", "agent", spelled, person_id)
    await messages.queue_drafts(tx, [(address, draft)], now, author_id)
    return True


async def resume(tx: Tx, desk: Desk, address_id: int, user_id: int, now: datetime) -> bool:
    """Hand the held conversation of an address back to the service; False if none is held."""
    address = await _locked(tx, address_id)
    if address is None:
        return False
    scene = await scenes.scene(tx, address, now)
    if not any(talk.status == "held" for talk in scene.conversations):
        return False
    turn = hand_back(scene, desk, now, f"h:{user_id}:{tx.ids.new(now)}")
    await turns.save_turns(tx, [(scene, turn, None)], now)
    return True


async def lift_silence(tx: Tx, address_id: int) -> bool:
    """Write to a number again, as the person at it wished; False if it was not silent.

    What the provider or a stranger said of the number (bad, wrong) is not the person's to lift.
    """
    address = await _locked(tx, address_id)
    if address is None:
        return False
    stopped = [link for link in await people.at_address(tx, address_id) if link.stopped]
    await people.save_links(tx, [replace(link, stopped=False) for link in stopped])
    if address.silence in ("stopped", "violence"):
        await addresses.save(tx, replace(address, silence=""))
        return True
    return bool(stopped)


async def _locked(tx: Tx, address_id: int) -> Address | None:
    return next(iter(await addresses.lock_ids(tx, [address_id])), None)
