"""A number is not the person's: it leaves the record and is not written to again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.store import addresses, people
from bot.store.engines import Tx
from flows.rules import delay
from flows.turn import Desk
from flows.vocabulary import NumberWrong

_FALLBACK = timedelta(days=92)  # three months, as all that is kept of people (decree, art. 5)


async def drop_number(tx: Tx, desk: Desk, deed: NumberWrong, now: datetime) -> None:
    """Unlink the number and put its keyed hash on the do-not-write list.

    Where others are reached there too, the number stays theirs and is not forbidden.
    """
    address = await addresses.get(tx, deed.address_id)
    if address is None:
        return
    links = await people.at_address(tx, address.id)
    for link in links:
        if link.person_id == deed.person_id and not link.dropped:
            await people.save_link(tx, replace(link, dropped=True))
    if address.value and all(link.dropped or link.person_id == deed.person_id for link in links):
        until = now + _do_not_write(desk, now)
        await addresses.forbid(tx, address.value, until, "wrong_number", now)


def _do_not_write(desk: Desk, now: datetime) -> timedelta:
    try:
        return delay(desk.pack(now.date()), "do_not_write", now.date())
    except LookupError:
        return _FALLBACK
