"""Where a person is reached, and conversations that wait to begin there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.store import addresses, conversations, people, timers
from bot.store.engines import Tx
from flows.rules import Pack, next_allowed
from flows.spec.library import Library
from flows.vocabulary import Address, Conversation, Frame, Link, Person, Timer

_STILL_OPEN = ("queued", "open", "held")


async def person_of(tx: Tx, person_id: int) -> Person:
    """A person who must be there; LookupError where the id leads nowhere."""
    person = await people.get(tx, person_id)
    if person is None:
        raise LookupError(f"there is no person {person_id}")
    return person


async def best_address(tx: Tx, person_id: int) -> tuple[Address, Link] | None:
    """The address that answered last and may be written to; a telephone that rings where they chose
    that, and none where they chose to read; of one telephone SMS or WhatsApp, as they chose. None
    where there is none."""
    found: list[tuple[Address, Link]] = []
    for link in await people.links_of(tx, person_id):
        address = await addresses.get(tx, link.address_id)
        usable = address and address.value and not address.silence
        if address and usable and not (link.dropped or link.stopped):
            found.append((address, link))
    if not found:
        return None
    person = await people.get(tx, person_id)
    chosen = person.facts.get("by_voice", "") if person else ""
    never = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
    best = max(
        found,
        key=lambda one: (
            chosen != "" and (one[0].channel == "voice") == (chosen == "yes"),
            one[0].last_heard_at or never,
            -one[1].rank,
        ),
    )
    prefers = person.facts.get("prefers", "") if person else ""
    return _as_preferred(best, found, prefers)


def _as_preferred(
    best: tuple[Address, Link], found: Iterable[tuple[Address, Link]], prefers: str
) -> tuple[Address, Link]:
    """The same telephone by the other channel, where they chose that one."""
    if best[0].channel not in ("sms", "whatsapp"):
        return best
    same = (one for one in found if one[0].value == best[0].value)
    return next((one for one in same if one[0].channel == prefers), best)


async def move_to(tx: Tx, person_id: int, address: Address) -> None:
    """A person goes on at another address: their proof and what stood open go with them."""
    proofs = [row.proven_at for row in await people.links_of(tx, person_id) if row.proven_at]
    proven_at = max(proofs, default=None)
    await people.save_link(tx, Link(person_id, address.id, role="self", proven_at=proven_at))
    await conversations.move(tx, person_id, address.id)
    await timers.move(tx, person_id, address.id)


async def queue_conversation(
    tx: Tx, library: Library, pack: Pack, conversation: Conversation, person: Person, now: datetime
) -> None:
    """Put a conversation in line at its address; it begins when quiet hours allow.

    The same flow for the same person and day is never queued twice.
    """
    flow = conversation.frames[0].flow
    for other in await conversations.of_address(tx, conversation.address_id, now):
        same = other.person_id == conversation.person_id and other.day == conversation.day
        if same and other.status in _STILL_OPEN and other.frames and other.frames[0].flow == flow:
            return
    frame = Frame(flow, library[flow].start, library[flow].structure)
    await conversations.save(tx, replace(conversation, frames=(frame,)))
    await _start_when_allowed(tx, pack, conversation, person, now)


async def take_up_others(tx: Tx, pack: Pack, over: Iterable[Conversation], now: datetime) -> None:
    """What waited behind conversations that ended without a turn begins: no turn will do it."""
    ended = list(over)
    waiting = await conversations.of_addresses(tx, {talk.address_id for talk in ended}, now)
    gone = {talk.id for talk in ended}
    for talk in (one for talks in waiting.values() for one in talks):
        if talk.status == "queued" and talk.id not in gone:
            person = await person_of(tx, talk.person_id)
            await _start_when_allowed(tx, pack, talk, person, now)


async def _start_when_allowed(
    tx: Tx, pack: Pack, conversation: Conversation, person: Person, now: datetime
) -> None:
    """Its start is due when neither quiet hours nor a pause of the person hold it back."""
    local = now.astimezone(ZoneInfo(person.zone))
    await timers.set_timer(
        tx,
        Timer(
            key=f"start:{conversation.id}",
            kind="start",
            due_at=max(now, next_allowed(pack, local), person.paused_until or now),
            address_id=conversation.address_id,
            conversation_id=conversation.id,
            person_id=person.id,
        ),
    )


def new_conversation(
    conversation_id: int, address_id: int, person_id: int, flow: str
) -> Conversation:
    """A conversation that has not begun."""
    return Conversation(conversation_id, address_id, person_id, frames=(Frame(flow, ""),))
