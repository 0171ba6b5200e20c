"""Writes whole turns: everything that many of them lead to, table by table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.store import (
    addresses,
    conversations,
    deed_rows,
    events,
    messages,
    people,
    reviews,
    timers,
)
from bot.store.engines import Tx
from flows.vocabulary import Deed, Message, Scene, Turn

Taken = tuple[Scene, Turn, Message | None]


async def save_turns(tx: Tx, taken: Sequence[Taken], now: datetime) -> None:
    """Write turns with the message that caused each (None for a timer). All or nothing.

    Texts and deeds are keyed: a turn written twice sends and does nothing twice.
    """
    await addresses.save_many(tx, [turn.address for _, turn, _ in taken if turn.address])
    for scene, turn, _ in taken:
        if turn.address and turn.address.word != scene.address.word:
            await addresses.keep_word(tx, turn.address.id, turn.address.word)
    await people.save_links(tx, [link for _, turn, _ in taken for link in turn.links])
    await conversations.save_many(tx, [c for _, turn, _ in taken for c in turn.conversations])
    await messages.take_back(tx, [key for _, turn, _ in taken for key in turn.taken_back], now)
    await _texts(tx, taken, now)
    await timers.drop(tx, [key for _, turn, _ in taken for key in turn.dropped_timers])
    await timers.set_many(tx, [timer for _, turn, _ in taken for timer in turn.timers])
    wanted = [(review, scene.address.id) for scene, turn, _ in taken for review in turn.reviews]
    await reviews.open_many(tx, wanted, now)
    await deed_rows.ask(tx, [row for one in taken for row in _deeds(one, now)], now)
    await events.append_many(tx, [event for _, turn, _ in taken for event in turn.events], now)


async def _texts(tx: Tx, taken: Sequence[Taken], now: datetime) -> None:
    drafts = [
        (turn.address or scene.address, draft) for scene, turn, _ in taken for draft in turn.drafts
    ]
    await messages.queue_drafts(tx, drafts, now)
    heard = [
        {
            "id": message.id,
            "reading": turn.reading,
            "person_id": turn.person_id,
            "conversation_id": turn.conversation_id,
        }
        for _, turn, message in taken
        if message is not None
    ]
    await messages.mark_heard(tx, heard)


def _deeds(one: Taken, now: datetime) -> list[tuple[str, Deed, int]]:
    """The deeds of one turn with their keys: by the message, or by the moment of a timer."""
    scene, turn, message = one
    cause = (
        f"m:{message.id}"
        if message
        else f"a:{turn.conversation_id or scene.address.id}:{now.timestamp():.6f}"
    )
    return [(f"{cause}:{n}", deed, scene.address.id) for n, deed in enumerate(turn.deeds)]
