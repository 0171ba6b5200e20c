"""A case named somebody: a person, a contact and a dated exposure, once for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.deeds.listing import tell_late
from bot.following_up import refresh
from bot.reaching import person_of
from bot.reviewing import ask_review
from bot.store import addresses, cases, contacts, following, people
from bot.store.engines import Tx
from flows.turn import Desk
from flows.vocabulary import Case, Contact, ContactNamed, Exposure, Link, Named, Person

_OPEN_STATES = ("declared", "contacting", "reached", "following")


async def name_contact(tx: Tx, desk: Desk, deed: ContactNamed, now: datetime) -> None:
    """Make or complete the contact whom this row names; two cases naming one person share it."""
    case = await cases.get(tx, deed.case_id)
    if case is None:
        return
    known = await contacts.by_number(tx, case.id, deed.named.number)
    if deed.named.removed:
        if known:
            await _unname(tx, known)
        return
    exposure = known or await _expose(tx, case, deed.named, now)
    exposure = await _detail(tx, exposure, deed.named)
    contact = await contacts.get(tx, exposure.contact_id)
    if contact is None:
        return
    await _person(tx, desk, contact, deed.named, now)
    follow_up = await following.active_of_person(tx, contact.person_id)
    if follow_up and follow_up.contact_id == contact.id:
        await refresh(tx, desk.pack(now.date()), follow_up, now)
    if case.state in ("listed", "following"):
        await tell_late(tx, desk, case, exposure, now)


async def _unname(tx: Tx, exposure: Exposure) -> None:
    """The case takes a name back: nobody is told who was not told yet."""
    contact = await contacts.get(tx, exposure.contact_id)
    await contacts.remove_exposure(tx, exposure.id)
    left = await contacts.exposures_of_contact(tx, exposure.contact_id)
    if contact and not left and contact.state == "declared":
        await contacts.save(tx, replace(contact, state="closed", outcome="not_at_risk"))


async def _expose(tx: Tx, case: Case, named: Named, now: datetime) -> Exposure:
    found = await _same_person(tx, named)
    if found is None:
        author = await person_of(tx, case.person_id)
        found = await people.add(tx, _fresh(tx.ids.new(now), named, author), now)
    contact = await contacts.of_person(tx, found.id)
    if contact is None or contact.state not in _OPEN_STATES:
        contact = await contacts.add(tx, Contact(tx.ids.new(now), found.id, created_at=now))
    row = Exposure(tx.ids.new(now), case.id, contact.id, named.number, said_name=named.name)
    return await contacts.add_exposure(tx, row)


async def _same_person(tx: Tx, named: Named) -> Person | None:
    """Somebody known by the same number and a like name: one follow-up for both cases."""
    return await people.find_same(tx, named.phone, named.name) if named.phone else None


def _fresh(person_id: int, named: Named, author: Person) -> Person:
    given, _, family = named.name.partition(" ")
    return Person(
        id=person_id,
        given_name=given,
        family_name=family,
        birth_date=named.birth_date,
        age_months=named.age_months,
        language=author.language,
        country=author.country,
        zone=author.zone,
        territory=author.territory,
        minor=bool(named.minor),
    )


async def _detail(tx: Tx, exposure: Exposure, named: Named) -> Exposure:
    detailed = replace(
        exposure,
        said_name=named.name or exposure.said_name,
        relation=named.relation,
        kind=named.kind,
        setting=named.setting,
        last_day=named.last_day,
        may_name=named.may_name,
    )
    if detailed != exposure:
        await contacts.save_exposure(tx, detailed)
    return detailed


async def _person(tx: Tx, desk: Desk, contact: Contact, named: Named, now: datetime) -> None:
    person = await person_of(tx, contact.person_id)
    values: dict[str, object] = {}
    if named.minor is not None and named.minor != person.minor:
        values["minor"] = named.minor
    if named.age_months is not None and named.age_months != person.age_months:
        values["age_months"] = named.age_months
    if named.birth_date is not None and named.birth_date != person.birth_date:
        values["birth_date"] = named.birth_date
    full = f"{person.given_name} {person.family_name}".strip()
    if len(named.name) > len(full):
        given, _, family = named.name.partition(" ")
        values |= {"given_name": given, "family_name": family}
    if values:
        await people.learn(tx, person.id, values, now)
    if named.phone:
        await _phone(tx, desk, contact, named.phone, now)


async def _phone(tx: Tx, desk: Desk, contact: Contact, phone: str, now: datetime) -> None:
    """Tie the number to the person, unless its holder told us that it is a wrong one."""
    if await addresses.is_do_not_write(tx, phone, now):
        await ask_review(
            tx,
            desk.pack(now.date()),
            now,
            "number_bad",
            about=str(contact.person_id),
            person_id=contact.person_id,
            contact_id=contact.id,
        )
        return
    address = await addresses.lock(tx, "sms", phone, now)
    if all(link.address_id != address.id for link in await people.links_of(tx, contact.person_id)):
        await people.save_link(tx, Link(contact.person_id, address.id))
