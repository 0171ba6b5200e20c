"""The words of a flow for one person, to be read aloud: filled like those that are sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.store import scenes
from bot.store.engines import Tx
from flows.turn import Desk
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.vocabulary import Address


async def script(
    tx: Tx, desk: Desk, address: Address, person_id: int, keys: Sequence[str], now: datetime
) -> list[str]:
    """The texts of these keys in the person's language; none where they are not at the address.

    A question that the flow does not have any more is left out.
    """
    making = Making(desk, await scenes.scene(tx, address, now), now, "", reply=False)
    here = making.here(person_id)
    if here is None:
        return []
    voice = Voice(desk, making.ground(here))
    return [voice.say(key) for key in keys if key in desk.english]
