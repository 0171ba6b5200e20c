"""Who infected whom, as far as it was told: the people around a case, generation by generation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import bindparam, select

from bot.store import cases, contacts
from bot.store.engines import Tx
from bot.store.schema import cases as case_rows
from bot.store.schema import contacts as contact_rows
from flows.vocabulary import Case, Contact, Exposure

_CONTACTS_OF = select(contact_rows).where(
    contact_rows.c.person_id.in_(bindparam("people", expanding=True))
)
_WHOSE = select(case_rows.c.person_id).where(case_rows.c.id.in_(bindparam("ids", expanding=True)))
_UP = 6


@dataclass(slots=True)
class Web:
    """People by id with the case and contact that they are, and who was exposed by whom."""

    cases: dict[int, Case] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """An exposure between two people."""

    source: int
    target: int
    exposure: Exposure


async def around(tx: Tx, case: Case, most: int) -> Web:
    """The chain that a case stands in: back to the first known, then down, `most` people wide."""
    web = Web()
    web.first = await _first(tx, case)
    layer = web.first
    web.cases = await cases.of_people(tx, layer)
    while layer:
        layer = await _next(tx, web, layer, most)
    return web


async def _first(tx: Tx, case: Case) -> list[int]:
    """The people at the beginning, as far back as anybody was named."""
    here, seen = [case.person_id], {case.person_id}
    for _ in range(_UP):
        above = [one for one in await _above(tx, here) if one not in seen]
        if not above:
            break
        seen |= set(above)
        here = above
    return here


async def _above(tx: Tx, people: Iterable[int]) -> list[int]:
    found = (await tx.conn.execute(_CONTACTS_OF, {"people": list(people)})).all()
    ties = await contacts.exposures_of_contacts(tx, [row.id for row in found]) if found else []
    if not ties:
        return []
    wanted = {"ids": sorted({tie.case_id for tie in ties})}
    return sorted(set(await tx.conn.scalars(_WHOSE, wanted)))


async def _next(tx: Tx, web: Web, layer: list[int], most: int) -> list[int]:
    """Ties from these people on; those who are new, and are cases, are the next to look at."""
    of_case = {web.cases[one].id: one for one in layer if one in web.cases}
    ties = await contacts.exposures_of_cases(tx, of_case) if of_case else []
    of_contact = await contacts.get_many(tx, (tie.contact_id for tie in ties))
    fresh: list[int] = []
    for tie in ties:
        contact = of_contact[tie.contact_id]
        target = contact.person_id
        if target not in web.contacts and target not in web.cases:
            if len(web.cases.keys() | web.contacts.keys()) >= most:
                web.cut = True
                continue
            fresh.append(target)
        web.contacts[target] = contact
        web.ties.append(Tie(of_case[tie.case_id], target, tie))
    turned = await cases.of_people(tx, fresh) if fresh else {}
    web.cases |= turned
    return list(turned)
