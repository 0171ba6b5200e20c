"""What turns stand on: everything about many addresses in a fixed, small number of reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select

from bot.store import calls, cases, contacts, conversations, following, people, relays, reviews
from bot.store.engines import Tx
from bot.store.profiles import full_name
from bot.store.schema import cases as case_rows
from flows.vocabulary import Address, Case, Exposure, Link, PersonHere, Scene

_DAYS_OF_HISTORY = 14
_WHOSE = select(case_rows.c.id, case_rows.c.person_id).where(
    case_rows.c.id.in_(bindparam("ids", expanding=True))
)


async def scene(tx: Tx, address: Address, now: datetime) -> Scene:
    """What a turn at this address stands on."""
    return (await scenes(tx, [address], now))[0]


async def scenes(tx: Tx, addresses: Sequence[Address], now: datetime) -> list[Scene]:
    """A scene for each address, in their order."""
    ids = [address.id for address in addresses]
    links = await people.links_at(tx, ids)
    # A day more: somewhere on earth it is yesterday still.
    since = now.date() - timedelta(days=_DAYS_OF_HISTORY + 1)
    here = await _people_here(tx, links, since) if links else {}
    talks = await conversations.of_addresses(tx, ids, now)
    open_reviews = await reviews.of_addresses(tx, ids)
    holders = await reviews.holders(tx, ids, now)
    book = await calls.book(tx, now)
    return [
        Scene(
            address=address,
            people=tuple(here[(row.person_id, address.id)] for row in links
                         if row.address_id == address.id),
            conversations=tuple(talks.get(address.id, ())),
            reviews=tuple(open_reviews.get(address.id, ())),
            held_by=holders.get(address.id),
            calls=book,
        )
        for address in addresses
    ]  # fmt: skip


async def _people_here(
    tx: Tx, links: Sequence[Link], since: date
) -> dict[tuple[int, int], PersonHere]:
    ids = sorted({link.person_id for link in links})
    known = {person.id: person for person in await people.get_many(tx, ids)}
    case_of = await cases.of_people(tx, ids)
    passed_on = await relays.codes(tx, (case.id for case in case_of.values()))
    contact_of = await contacts.of_people(tx, ids)
    exposures = await _exposures(tx, [c.id for c in contact_of.values()])
    names = await _case_names(tx, exposures)
    active = await following.active_of_people(tx, ids)
    days = await following.unopened(tx, [f.id for f in active.values()], since)
    found = {}
    for link in links:
        person_id = link.person_id
        contact = contact_of.get(person_id)
        exposed = exposures.get(contact.id, []) if contact else []
        follow_up = active.get(person_id)
        found[(person_id, link.address_id)] = PersonHere(
            person=known[person_id],
            link=link,
            case=_going(case_of.get(person_id), passed_on),
            contact=contact,
            exposures=tuple(exposed),
            follow_up=follow_up,
            history=days.get(follow_up.id, ())[-_DAYS_OF_HISTORY:] if follow_up else (),
            case_names=_sayable(exposed, names),
        )
    return found


def _going(case: Case | None, codes: Mapping[int, str]) -> Case | None:
    """A case that is not over: somebody who was ill once is now a contact like others."""
    if case is None or case.state == "closed":
        return None
    return replace(case, relay_code=codes.get(case.id, ""))


async def _exposures(tx: Tx, contact_ids: Sequence[int]) -> dict[int, list[Exposure]]:
    found: dict[int, list[Exposure]] = {}
    if contact_ids:
        for one in await contacts.exposures_of_contacts(tx, contact_ids):
            found.setdefault(one.contact_id, []).append(one)
    return found


async def _case_names(tx: Tx, exposures: dict[int, list[Exposure]]) -> dict[int, str]:
    """The names of cases who allowed somebody here to hear theirs, in two reads."""
    asked = {one.case_id for rows in exposures.values() for one in rows if one.may_name}
    if not asked:
        return {}
    person_of = {row.id: row.person_id for row in await tx.conn.execute(_WHOSE, {"ids": [*asked]})}
    known = await people.get_many(tx, set(person_of.values()))
    names = {person.id: full_name(person) for person in known}
    return {case_id: names[person_id] for case_id, person_id in person_of.items()}


def _sayable(exposures: Sequence[Exposure], names: Mapping[int, str]) -> dict[int, str]:
    """The names that this very contact may hear: consent is given for one contact at a time."""
    return {one.case_id: names[one.case_id] for one in exposures if one.may_name}
