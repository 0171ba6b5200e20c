"""Somebody for whom a contact answers: a person of their own, exposed at home like the contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.deeds.enrolling import enrol
from bot.reaching import new_conversation, person_of, queue_conversation
from bot.store import addresses, contacts, people
from bot.store.engines import Tx
from bot.store.names import may_be
from flows.engine.household import ANSWERED_FOR
from flows.engine.roll_call import OWN_PHONE
from flows.turn import Desk
from flows.vocabulary import Contact, Enrol, Exposure, Link, MemberNamed, Named, Person

# A case counts those whom it names from 1; who was named by somebody else stands far behind.
_OTHERS_FROM = 10_001
_OPEN_STATES = ("declared", "contacting", "reached", "following")


async def name_member(tx: Tx, desk: Desk, deed: MemberNamed, now: datetime) -> None:
    """Make or complete the member, tied to the same cases; done again it changes nothing.

    Whom the case named already is the same person, with a second guardian. An adult is never
    made here: they must agree first.
    """
    exposed = await contacts.exposures_of_contact(tx, deed.contact_id)
    responder = await person_of(tx, deed.responder_id)
    person = await _known(tx, deed, exposed)
    if person is None:
        person = await people.add(tx, _fresh(tx.ids.new(now), deed.named, responder), now)
    await people.learn(tx, person.id, _learned(deed.named), now)
    contact = await contacts.of_person(tx, person.id)
    if contact is None or contact.state not in _OPEN_STATES:
        contact = await contacts.add(tx, Contact(tx.ids.new(now), person.id, created_at=now))
    for exposure in exposed:
        await _expose(tx, contact, exposure, deed.named, now)
    if deed.named.role == OWN_PHONE and deed.named.phone:
        await _write_to(tx, desk, contact, person, deed.named.phone, now)
    else:
        await _follow_here(tx, desk, contact, deed, now)


async def _known(tx: Tx, deed: MemberNamed, exposed: Sequence[Exposure]) -> Person | None:
    """The same person, answered for at this address already, or named at home by the case."""
    here = await people.people_at(tx, deed.address_id)
    near = [person for person, link in here if link.role in ANSWERED_FOR]
    for case_id in {one.case_id for one in exposed}:
        for other in await contacts.exposures_of_case(tx, case_id):
            contact = await contacts.get(tx, other.contact_id) if other.kind == "home" else None
            if contact and contact.person_id != deed.responder_id:
                near.append(await person_of(tx, contact.person_id))
    alike = (one for one in near if may_be(deed.named.name, one.given_name, one.family_name))
    return next(alike, None)


def _fresh(person_id: int, named: Named, responder: Person) -> Person:
    given, _, family = named.name.partition(" ")
    return Person(
        id=person_id,
        given_name=given,
        family_name=family,
        language=responder.language,
        country=responder.country,
        location=responder.location,
        zone=responder.zone,
        town=responder.town,
        street=responder.street,
        postcode=responder.postcode,
        territory=responder.territory,
        minor=named.minor is not False,
    )


def _learned(named: Named) -> dict[str, object]:
    values: dict[str, object] = {f"facts.{risk}": "yes" for risk in named.risks.split(",") if risk}
    if named.birth_date:
        values["birth_date"] = named.birth_date
    if named.age_months is not None:
        values["age_months"] = named.age_months
    if named.role == OWN_PHONE:
        values["facts.own_phone"] = "yes"
    return values


async def _expose(tx: Tx, contact: Contact, like: Exposure, named: Named, now: datetime) -> None:
    mine = await contacts.exposures_of_contact(tx, contact.id)
    if any(one.case_id == like.case_id for one in mine):
        return
    taken = [one.number for one in await contacts.exposures_of_case(tx, like.case_id)]
    number = max([_OTHERS_FROM - 1, *taken]) + 1
    row = replace(
        like,
        id=tx.ids.new(now),
        contact_id=contact.id,
        number=number,
        said_name=named.name,
        relation=named.relation,
        may_name=False,
        may_date=False,
    )
    await contacts.add_exposure(tx, row)


async def _follow_here(
    tx: Tx, desk: Desk, contact: Contact, deed: MemberNamed, now: datetime
) -> None:
    links = {link.person_id: link for link in await people.at_address(tx, deed.address_id)}
    answers = links.get(deed.responder_id)
    if contact.person_id not in links:
        proven_at = answers.proven_at if answers else None
        link = Link(contact.person_id, deed.address_id, role="guardian", proven_at=proven_at)
        await people.save_link(tx, link)
    if contact.state != "following":
        await contacts.save(tx, replace(contact, state="reached"))
    row = Enrol(contact.person_id, "contact", deed.address_id, contact_id=contact.id)
    await enrol(tx, desk, row, now)


async def _write_to(
    tx: Tx, desk: Desk, contact: Contact, person: Person, phone: str, now: datetime
) -> None:
    """A teenager is written to on their own phone, as their guardian wished."""
    if contact.state != "declared" or await addresses.is_do_not_write(tx, phone, now):
        return
    address = await addresses.lock(tx, "sms", phone, now)
    await people.link(tx, person.id, address.id)
    await contacts.save(tx, replace(contact, state="contacting"))
    talk = new_conversation(tx.ids.new(now), address.id, person.id, "contact")
    ready = replace(talk, contact_id=contact.id)
    await queue_conversation(tx, desk.library, desk.pack(now.date()), ready, person, now)
