"""By SMS or by WhatsApp: which of the two a person chose for their telephone is remembered."""

from __future__ import annotations

from datetime import datetime

from bot.deeds.voicing import go_on
from bot.households import household_of
from bot.store import addresses, people
from bot.store.engines import Tx
from bot.twins import written_twin
from flows.turn import Desk
from flows.vocabulary import WrittenBy


async def write_by(tx: Tx, desk: Desk, deed: WrittenBy, now: datetime) -> None:
    """They are written to so from now on, and what stands open goes on there.

    What is asked about a household stays where its family word is, until the next day.
    """
    said = {"facts.prefers": deed.channel, "facts.by_voice": "no"}
    # The person before the address: they are locked in this order everywhere.
    if await people.learn(tx, deed.person_id, said, now) is None:
        return
    here = await addresses.get(tx, deed.address_id)
    if here is None or here.channel == deed.channel or await household_of(tx, deed.person_id):
        return
    if there := await written_twin(tx, deed.channel, here, deed.person_id, now):
        await go_on(tx, desk, deed.person_id, there, now)
