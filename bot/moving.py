"""A conversation goes on at another address of the same person, where it stood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from bot.reaching import person_of
from bot.store import addresses, conversations, people, scenes, timers, turns, twins, wandering
from bot.store.addresses import Place
from bot.store.engines import Tx
from bot.store.wandering import Wanderer
from bot.twins import tie
from flows.rules import needs_proof, proof
from flows.turn import Desk, go_on_here
from flows.vocabulary import Address, Conversation, Draft, Link, Message, Person
from flows.wording.rendering import for_channel

_NEVER = datetime.min.replace(tzinfo=UTC)
# A page reaches nobody who does not look; in a call nobody is proven before they say who they are.
_UNSAFE = frozenset({"web", "voice"})


def is_asked_in(message: Message, talk: Conversation) -> bool:
    """Whether a text belongs to the question that is open now, at the address of both."""
    here = talk.status == "open" and talk.address_id == message.address_id
    return here and (talk.asked_at is None or message.at >= talk.asked_at)


def again(message: Message, address: Address, way: str, options: tuple[str, ...] = ()) -> Draft:
    """A text once more, for another address of the same person; `way` makes its key its own."""
    return Draft(
        key=f"{message.key}:{way}",
        kind=message.kind,
        text=for_channel(message.text, address.channel),
        person_id=message.person_id,
        conversation_id=message.conversation_id,
        options=options,
    )


async def next_address(tx: Tx, conversation: Conversation) -> Address | None:
    """Where a conversation may go on: of the person's other addresses the one heard last.

    Not where nothing may be written, not where the person could not prove who they are, and not a
    page, which reaches nobody who does not look. What is asked about a whole household stays where
    its family word is.
    """
    if conversation.frames and conversation.frames[0].flow.startswith("household"):
        return None
    person = await person_of(tx, conversation.person_id)
    links = {
        link.address_id: link
        for link in await people.links_of(tx, person.id)
        if link.address_id != conversation.address_id and not (link.dropped or link.stopped)
    }
    usable = [
        (one.last_heard_at or _NEVER, -links[one.id].rank, -one.id, one)
        for one in await addresses.get_many(tx, links)
        if one.value
        and one.channel != "web"
        and not one.silence
        and _can_prove(person, links[one.id], conversation)
    ]
    return max(usable, default=(None,))[-1]


def _can_prove(person: Person, link: Link, conversation: Conversation) -> bool:
    asked = {frame.flow for frame in conversation.frames}
    known = person.birth_date or person.birth_year
    return bool(link.proven_at or known) or "identity" in asked


async def proven_address(tx: Tx, person_id: int, but: int) -> Address | None:
    """Of a person's other addresses, where they proved who they are and nobody else reads: the one
    heard last. None where there is none."""
    links = {one.address_id: one for one in await people.links_of(tx, person_id)}
    usable = [
        (one.last_heard_at or _NEVER, -links[one.id].rank, -one.id, one)
        for one in await addresses.get_many(tx, _proven(links.values(), but))
        if one.value and not one.silence and not one.shared and one.channel not in _UNSAFE
    ]
    return max(usable, default=(None,))[-1]


def _proven(links: Iterable[Link], but: int) -> list[int]:
    return [
        one.address_id
        for one in links
        if one.proven_at and one.address_id != but and not (one.dropped or one.stopped)
    ]


async def go_on_at(
    tx: Tx,
    desk: Desk,
    conversation: Conversation,
    address: Address,
    now: datetime,
    still: Callable[[Conversation], bool] = lambda _: True,
) -> bool:
    """Move an open conversation with its timers, and ask its open question at the new address.

    Both addresses are locked here, in their one order: call it before any other is locked. False,
    and nothing is done, where the conversation is over by then or is not `still` as it was.
    """
    await addresses.lock_ids(tx, [conversation.address_id, address.id])
    found = await conversations.get(tx, conversation.id)
    if found is None or found.address_id != conversation.address_id or not still(found):
        return False
    if not await conversations.move_one(tx, found.id, address.id, found.address_id):
        return False
    await timers.move_of_conversation(tx, found.id, address.id)
    scene = await scenes.scene(tx, address, now)
    cause = f"g:{found.id}:{address.id}:{now.timestamp():.0f}"
    turn = go_on_here(scene, found.id, desk, now, cause)
    await turns.save_turns(tx, [(scene, turn, None)], now)
    return True


async def lock_with_talks(
    tx: Tx, desk: Desk, places: Sequence[Place], now: datetime
) -> list[Address]:
    """Lock the addresses that were written from; what stands open elsewhere comes here with them.

    Somebody who answers at another address of theirs, where they have proved who they are lately
    and nothing else is open, goes on there: nothing is asked twice.
    """
    asked = await wandering.elsewhere(tx, places)
    coming = [one for one in asked if _is_fresh(desk, one, now)]
    untied = await twins.untied(tx, places)
    also = [one.from_id for one in coming] + list(untied.values())
    locked = await addresses.lock_many(tx, places, now, also=also)
    for one in coming:
        if await conversations.move_one(tx, one.conversation_id, one.to_id, one.from_id):
            await timers.move_of_conversation(tx, one.conversation_id, one.to_id)
    if not untied:
        return locked
    pairs = zip(places, locked, strict=True)
    return [
        await tie(tx, desk, address, untied[place], now) if place in untied else address
        for place, address in pairs
    ]


def _is_fresh(desk: Desk, one: Wanderer, now: datetime) -> bool:
    rule = proof(desk.pack(now.date()), "case" if one.case_id else "contact", now.date())
    return not needs_proof(one.proven_at, one.heard_at, rule, now)
