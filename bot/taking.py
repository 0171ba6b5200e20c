"""One batch of messages: filed, their turns taken, everything written in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.deeds.chatting import TELEGRAM
from bot.deeds.relaying import enrol_by_code
from bot.faults import where
from bot.moving import lock_with_talks
from bot.reaching import move_to
from bot.reviewing import ask_review
from bot.store import addresses, codes, contacts, conversations, messages, scenes, turns
from bot.store.engines import Tx
from flows.rules import delay
from flows.turn import Desk, correction, take_turn, wants_list, wants_to_add
from flows.vocabulary import Address, Draft, Incoming, Message, Named, Scene, Turn
from flows.wording.rendering import UnknownPlaceholder, for_channel, render

log = logging.getLogger(__name__)

New = tuple[Address, Incoming, Message]


async def take_all(tx: Tx, batch: Sequence[Incoming], desk: Desk, now: datetime) -> None:
    """File messages, at most one for each address, and take the turn of each new one."""
    places = [(incoming.channel, incoming.sender) for incoming in batch]
    locked = await lock_with_talks(tx, desk, places, now)
    filed = await messages.file_many(tx, list(zip(locked, batch, strict=True)), now)
    new = [
        (address, incoming, message)
        for address, incoming, message in zip(locked, batch, filed, strict=True)
        if message is not None
    ]
    await _redeem(tx, [(address, incoming) for address, incoming, _ in new], now)
    new = [(a, await _relayed(tx, desk, a, incoming, now), m) for a, incoming, m in new]
    loaded = await scenes.scenes(tx, [address for address, _, _ in new], now)
    found = await _with_what_came_before(tx, loaded, new, desk, now)
    asking = {address.id for address, incoming, _ in new if _needs_list(incoming.text)}
    found = [await _with_list(tx, one) if one.address.id in asking else one for one in found]
    taken = [
        (scene, take_turn(scene, incoming, desk, now, message.id), message)
        for scene, (_, incoming, message) in zip(found, new, strict=True)
    ]
    await turns.save_turns(tx, taken, now)


async def _with_what_came_before(
    tx: Tx, found: Sequence[Scene], new: Sequence[New], desk: Desk, now: datetime
) -> Sequence[Scene]:
    """What was written a moment ago, or is corrected now: loaded for those whom it concerns."""
    pack, today = desk.pack(now.date()), now.date()
    pause, corrected = delay(pack, "routine_reply", today), delay(pack, "correction", today)
    # In a call each key is an answer of its own.
    written = [a for a, _, _ in new if a.channel != "voice"]
    quick = [a.id for a in written if a.last_heard_at and now - a.last_heard_at <= pause]
    wrong = [a.id for a, incoming, _ in new if correction(incoming.text)]
    if not quick and not wrong:
        return found
    own = [message.id for _, _, message in new]
    texts, replies = await messages.lately(tx, quick, now - pause, own)
    ended = await conversations.ended_lately(tx, {*wrong, *quick}, now - corrected)
    return [
        replace(
            one,
            lately=tuple(texts.get(one.address.id, ())),
            waiting=frozenset(replies.get(one.address.id, ())),
            ended=ended.get(one.address.id),
        )
        for one in found
    ]


async def _with_list(tx: Tx, scene: Scene) -> Scene:
    """Whom the case here named, for who asks: as the record has it now."""
    cases = [here.case.id for here in scene.people if here.case]
    told = await contacts.exposures_of_cases(tx, cases) if cases else []
    rows = (
        Named(
            one.number,
            name=one.said_name,
            relation=one.relation,
            kind=one.kind,
            setting=one.setting,
            last_day=one.last_day,
            may_name=one.may_name,
        )
        for one in told
    )
    return replace(scene, listed=tuple(rows))


def _needs_list(words: str) -> bool:
    """Whether somebody asks whom they named, or may name somebody more."""
    return wants_list(words) or wants_to_add(words)


async def _redeem(tx: Tx, heard: Sequence[tuple[Address, Incoming]], now: datetime) -> None:
    """A single-use code ties its person to the chat that it came from."""
    for address, incoming in heard:
        if incoming.link_code:
            code = await codes.redeem(tx, TELEGRAM, incoming.link_code, now)
            if code is not None and code.person_id is not None:
                await move_to(tx, code.person_id, address)


async def _relayed(
    tx: Tx, desk: Desk, address: Address, incoming: Incoming, now: datetime
) -> Incoming:
    """A code that a patient passed on enrols whoever writes it."""
    if not incoming.answerable or incoming.link_code:
        return incoming
    enrolled = await enrol_by_code(tx, desk, address, incoming.text, now)
    return replace(incoming, relayed=True) if enrolled else incoming


async def keep_one(tx: Tx, incoming: Incoming, desk: Desk, now: datetime) -> None:
    """Keep a message that breaks its turn, for a person; its danger is heard all the same."""
    [address] = await addresses.lock_many(tx, [(incoming.channel, incoming.sender)], now)
    message = await messages.file_incoming(tx, address, incoming, now)
    if message is None:
        return
    await messages.keep(tx, message.id, "broken_turn")
    turn = _bare_turn(address, incoming, desk, now, message)
    await turns.save_turns(tx, [(Scene(address, (), ()), turn, message)], now)
    pack = desk.pack(now.date())
    await ask_review(
        tx,
        pack,
        now,
        "broken_turn",
        about=f"address-{address.id}",
        address_id=address.id,
        detail={"words": incoming.text, "message_id": message.id},
    )


def _bare_turn(
    address: Address, incoming: Incoming, desk: Desk, now: datetime, message: Message
) -> Turn:
    """The turn as if nothing were known of the number: danger and STOP need no more than that."""
    bare = Scene(address, (), ())
    try:
        turn = take_turn(bare, incoming, desk, now, message.id)
    except Exception as error:
        log.error("a bare turn broke: %s", where(error))
        turn = Turn()
    if turn.reviews or turn.address not in (None, replace(address, last_heard_at=now)):
        return turn
    drafts = (_noted(address, desk, message),) if incoming.answerable else ()
    return replace(turn, drafts=drafts)


def _noted(address: Address, desk: Desk, message: Message) -> Draft:
    """A neutral word: somebody reads it."""
    pack = desk.pack(message.at.date())
    lang = address.language or pack.language or "fr"
    number = "112"
    try:
        text = render(desk.words("always.noted", lang), {"emergency_any": number})
    except UnknownPlaceholder:
        text = number
    return Draft(f"m:{message.id}:kept", "reply", for_channel(text, address.channel))
