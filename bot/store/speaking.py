"""Texts that are said in a call: taken from the outbox by the call itself, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select, update

from bot.store import messages as talk
from bot.store import state
from bot.store.engines import Tx
from bot.store.schema import fixed, messages
from bot.store.times import micros
from flows.vocabulary import Message

# What waits for the telephone is said in the call that is going on, not in another.
LASTS: Final = timedelta(minutes=15)
_MOST: Final = 8
_WAITING = (
    select(messages)
    .where(
        messages.c.address_id == bindparam("address"),
        fixed(messages.c.state, "waiting"),
        messages.c.direction == "out",
    )
    .order_by(messages.c.rank, messages.c.id)
)
_SAID = (
    select(messages)
    .where(
        messages.c.provider_id.in_(bindparam("names", expanding=True)),
        fixed(messages.c.channel, "voice"),
        messages.c.direction == "out",
    )
    .order_by(messages.c.provider_id)
)
_SAY = update(messages).where(messages.c.id == bindparam("row_id"), messages.c.state == "waiting")


async def begin(tx: Tx, address_id: int, now: datetime) -> bool:
    """True if no call to this address is going on; from now on one is."""
    if await going_on(tx, address_id, now):
        return False
    await go_on(tx, address_id, now)
    return True


async def going_on(tx: Tx, address_id: int, now: datetime) -> bool:
    """Whether a call to this address was placed and has not ended."""
    until = await state.get(tx, _key(address_id))
    return until is not None and datetime.fromisoformat(until) > now


async def go_on(tx: Tx, address_id: int, now: datetime) -> None:
    """A call to this address is going on."""
    await state.put(tx, _key(address_id), (now + LASTS).isoformat(), now)


async def end(tx: Tx, address_id: int, now: datetime) -> None:
    """It has ended."""
    await state.put(tx, _key(address_id), now.isoformat(), now)


async def waiting(tx: Tx, address_id: int) -> list[Message]:
    """What waits to be said at this address, safety texts first."""
    rows = (await tx.conn.execute(_WAITING, {"address": address_id})).all()
    return await talk.from_rows(tx, rows)


async def say(tx: Tx, texts: Sequence[Message], step: str, now: datetime) -> None:
    """These are said in a step of a call: nobody sends them any more."""
    rows = [
        {
            "row_id": text.id,
            "state": "delivered",
            "provider_id": f"{step}:{n}",
            "sent_at": micros(now),
            "changed_at": micros(now),
        }
        for n, text in enumerate(texts)
    ]
    await tx.write(_SAY, rows)


async def said(tx: Tx, step: str) -> list[Message]:
    """What was said in this step: a provider may ask twice."""
    names = [f"{step}:{n}" for n in range(_MOST)]
    rows = (await tx.conn.execute(_SAID, {"names": names})).all()
    return await talk.from_rows(tx, rows)


def _key(address_id: int) -> str:
    return f"call:{address_id}"
