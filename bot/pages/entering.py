"""Entering a page: the link's code opens it once, beside the year of birth of its person."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.deeds.paging import LENGTH, LINK
from bot.reaching import move_to, person_of
from bot.store import addresses, codes, people, scenes, turns
from bot.store.codes import Code
from bot.store.engines import Tx
from flows.rules import delay
from flows.turn import Desk, arrive
from flows.vocabulary import Address, Lang, Person

# What the cookie of a visit is for.
VISIT = "page_visit"
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody on their page: where they write from, and in which language."""

    address: Address
    person: Person

    @property
    def lang(self) -> Lang:
        """The language last chosen here, else the person's."""
        return self.address.language or self.person.language


async def expected(tx: Tx, token: str, now: datetime) -> Person | None:
    """Whose page a link still opens; None if it is wrong, used or too old."""
    code = await codes.look(tx, LINK, token, now)
    return await person_of(tx, code.person_id) if code and code.person_id else None


async def visiting(tx: Tx, key: str, now: datetime) -> Visit | None:
    """The visit that a cookie stands for; None if it is over."""
    code = await codes.look(tx, VISIT, key, now) if key else None
    if code is None or code.person_id is None or code.address_id is None:
        return None
    address = await addresses.get(tx, code.address_id)
    return Visit(address, await person_of(tx, code.person_id)) if address else None


async def enter(tx: Tx, desk: Desk, token: str, said: str, now: datetime) -> str | None:
    """Open the page: the key of the visit. None where the year is wrong, or the link too old.

    The right year is proof of identity: who they are is not asked again.
    """
    person = await expected(tx, token, now)
    if person is None:
        return None
    if _year(said) != (person.birth_date.year if person.birth_date else person.birth_year):
        await codes.miss(tx, LINK, token, now)
        return None
    code = await codes.redeem(tx, LINK, token, now)
    return await _open(tx, desk, code, person, now) if code else None


async def leave(tx: Tx, key: str, now: datetime) -> None:
    """The visit is over; its key opens nothing any more."""
    await codes.redeem(tx, VISIT, key, now)


async def _open(tx: Tx, desk: Desk, code: Code, person: Person, now: datetime) -> str:
    value = "".join(tx.ids.random.choices(codes.ALPHABET, k=LENGTH))
    address = await addresses.lock(tx, "web", value, now)
    came_from = await addresses.get(tx, code.address_id) if code.address_id else None
    if came_from:
        # Whoever reads the phone reads the page: it tells no more than the texts there do.
        shared = came_from.shared or bool(came_from.word)
        address = replace(address, language=came_from.language, shared=shared, word=came_from.word)
        await addresses.save(tx, address)
        await addresses.keep_word(tx, address.id, came_from.word)
    await move_to(tx, person.id, address)
    await _prove(tx, person.id, address.id, now)
    await _greet(tx, desk, address, now)
    lasts = delay(desk.pack(now.date()), VISIT, now.date())
    return await codes.issue(tx, VISIT, person.id, address.id, lasts, now, length=LENGTH)


async def _prove(tx: Tx, person_id: int, address_id: int, now: datetime) -> None:
    links = await people.at_address(tx, address_id)
    mine = [replace(link, proven_at=now) for link in links if link.person_id == person_id]
    await people.save_links(tx, mine)


async def _greet(tx: Tx, desk: Desk, address: Address, now: datetime) -> None:
    """The open question comes again, but for who they are: that they have just proven."""
    scene = await scenes.scene(tx, address, now)
    turn = arrive(scene, desk, now, f"e:{tx.ids.new(now)}")
    await turns.save_turns(tx, [(scene, turn, None)], now)


def _year(said: str) -> int | None:
    found = _YEAR.findall(said)
    return int(found[0]) if len(found) == 1 else None
