"""A chosen helper answers for an adult: by the adult's own agreement, ended at will by either."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.following_up import plan_next
from bot.reaching import person_of
from bot.store import addresses, events, following, people
from bot.store.engines import Tx
from flows.turn import Desk
from flows.vocabulary import Event, HelperAgreed, HelperEnded, Link


async def agree(tx: Tx, desk: Desk, deed: HelperAgreed, now: datetime) -> None:
    """The helper's address becomes where this adult is asked about; how they agreed is kept."""
    address = await addresses.get(tx, deed.address_id)
    if address is None:
        return
    known = {link.address_id: link for link in await people.links_of(tx, deed.person_id)}
    link = known.get(address.id, Link(deed.person_id, address.id))
    if link.role == "self":
        return
    proven = [one.proven_at for one in await people.at_address(tx, address.id) if one.proven_at]
    agreed = replace(
        link,
        role="proxy",
        agreed_at=now,
        agreed_how=deed.how,
        proven_at=max(proven, default=None),
        stopped=False,
        dropped=False,
        rank=-1,
    )
    await people.save_link(tx, agreed)
    await _tell(tx, "helper_agreed", deed.person_id, address.id, now, how=deed.how)
    await _plan(tx, desk, deed.person_id, now)


async def end_help(tx: Tx, desk: Desk, deed: HelperEnded, now: datetime) -> None:
    """The adult answers for themselves again, at their own numbers."""
    for link in await people.links_of(tx, deed.person_id):
        if link.role == "proxy" and not link.dropped:
            await people.save_link(tx, replace(link, dropped=True, agreed_at=None, agreed_how=""))
            await _tell(tx, "helper_ended", deed.person_id, link.address_id, now)
    await _plan(tx, desk, deed.person_id, now)


async def _plan(tx: Tx, desk: Desk, person_id: int, now: datetime) -> None:
    """From now on they are asked at the hour of whoever answers."""
    follow_up = await following.active_of_person(tx, person_id)
    if follow_up:
        pack = desk.pack(now.date())
        await plan_next(tx, pack, follow_up, await person_of(tx, person_id), now)


async def _tell(
    tx: Tx, kind: str, person_id: int, address_id: int, now: datetime, **data: str
) -> None:
    line = Event(kind, now, "person", person_id=person_id, address_id=address_id, data=data)
    await events.append_many(tx, [line], now)
