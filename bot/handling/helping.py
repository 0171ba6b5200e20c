"""An agent records who may answer for an adult: agreed aloud, or asked of them in writing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.deeds import carry_out
from bot.reaching import best_address, new_conversation, person_of, queue_conversation
from bot.store import addresses
from bot.store.engines import Tx
from flows.turn import Desk
from flows.vocabulary import HelperAgreed, HelperEnded


async def choose_helper(
    tx: Tx, desk: Desk, person_id: int, phone: str, name: str, how: str, now: datetime
) -> str:
    """`how`: aloud (the agent heard them agree), written (they are asked at their own number).

    "saved", or why not: "refused" (the number is not written to), "no_number" (their own).
    """
    helper = await addresses.lock(tx, "sms", phone, now)
    if await addresses.is_do_not_write(tx, phone, now):
        return "refused"
    if how == "aloud":
        await carry_out(tx, desk, HelperAgreed(person_id, helper.id, how), now)
        return "saved"
    reached = await best_address(tx, person_id)
    if reached is None or reached[1].role != "self":
        return "no_number"
    talk = new_conversation(tx.ids.new(now), reached[0].id, person_id, "helper")
    asked = replace(talk, kept={"helper": {"name": name, "address_id": helper.id}})
    person = await person_of(tx, person_id)
    await queue_conversation(tx, desk.library, desk.pack(now.date()), asked, person, now)
    return "saved"


async def end_helper(tx: Tx, desk: Desk, person_id: int, now: datetime) -> None:
    """Nobody answers for them any more."""
    await carry_out(tx, desk, HelperEnded(person_id), now)
