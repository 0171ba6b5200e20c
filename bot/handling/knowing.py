"""An agent completes what is known: of a person, of an exposure, a number to reach them at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from bot.deeds import carry_out
from bot.following_up import refresh
from bot.reaching import new_conversation, person_of, queue_conversation
from bot.store import addresses, cases, contacts, following, people
from bot.store.engines import Tx
from flows.turn import Desk
from flows.vocabulary import Case, Contact, Exposure, Link, ListClosed, Person, PersonLearned

# A case in one of these states has said whom it met: those contacts are told.
_LISTED = ("listed", "following", "closed")
_CASE_NOT_REACHED = ("reported", "notifying", "interviewing")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a form brings: fields of a person, of one exposure, and a new number (E.164)."""

    person: Mapping[str, Any] = field(default_factory=dict)
    exposure_id: int | None = None
    exposure: Mapping[str, Any] = field(default_factory=dict)
    phone: str = ""


async def complete(tx: Tx, desk: Desk, person_id: int, facts: Facts, now: datetime) -> str:
    """Keep what is new. "told": a new number set a first message off; "refused": it is on the
    do-not-write list; "saved" otherwise."""
    # The number first: addresses are locked before people.
    tied = await _tie(tx, person_id, facts.phone, now) if facts.phone else None
    person = await person_of(tx, person_id)
    new = {name: value for name, value in facts.person.items() if _differs(person, name, value)}
    if new:
        await carry_out(tx, desk, PersonLearned(person_id, new), now)
    contact = await contacts.of_person(tx, person_id)
    if facts.exposure_id and contact:
        await _expose(tx, contact, facts.exposure_id, facts.exposure)
    follow_up = await following.active_of_person(tx, person_id)
    if follow_up:
        await refresh(tx, desk.pack(now.date()), follow_up, now)
    if facts.phone and tied is None:
        return "refused"
    told = bool(tied) and await _tell(tx, desk, person_id, contact, tied or 0, now)
    return "told" if told else "saved"


def _differs(person: Person, name: str, value: Any) -> bool:
    return bool(getattr(person, name) != value)


async def _tie(tx: Tx, person_id: int, phone: str, now: datetime) -> int | None:
    """The number's address, tied to the person; None where it must not be written to."""
    address = await addresses.lock(tx, "sms", phone, now)
    if await addresses.is_do_not_write(tx, phone, now):
        return None
    known = {link.address_id: link for link in await people.links_of(tx, person_id)}
    link = replace(known.get(address.id, Link(person_id, address.id)), dropped=False)
    await people.save_link(tx, link)
    return address.id


async def _expose(tx: Tx, contact: Contact, exposure_id: int, values: Mapping[str, Any]) -> None:
    known = {field.name for field in fields(Exposure)}
    for exposure in await contacts.exposures_of_contact(tx, contact.id):
        if exposure.id == exposure_id:
            new = {name: value for name, value in values.items() if name in known}
            await contacts.save_exposure(tx, replace(exposure, **new))


async def _tell(
    tx: Tx, desk: Desk, person_id: int, contact: Contact | None, address_id: int, now: datetime
) -> bool:
    """Write to somebody who has a number at last, if it is time for them to hear."""
    case = await cases.of_person(tx, person_id)
    if case is not None:
        return await _write_case(tx, desk, case, address_id, now)
    if contact is None:
        return False
    if contact.state == "declared":
        return await _tell_declared(tx, desk, contact, now)
    if contact.state == "contacting" or contact.outcome == "wrong_number":
        return await _tell_again(tx, desk, contact, address_id, now)
    return False


async def _write_case(tx: Tx, desk: Desk, case: Case, address_id: int, now: datetime) -> bool:
    person = await person_of(tx, case.person_id)
    if case.state not in _CASE_NOT_REACHED or person.minor:
        return False
    if case.state == "reported":
        await cases.save(tx, replace(case, state="notifying"))
    talk = replace(
        new_conversation(tx.ids.new(now), address_id, person.id, "case"), case_id=case.id
    )
    await queue_conversation(tx, desk.library, desk.pack(now.date()), talk, person, now)
    return True


async def _tell_declared(tx: Tx, desk: Desk, contact: Contact, now: datetime) -> bool:
    """The list of their case may be closed already: then it is closed again, for them alone."""
    for exposure in await contacts.exposures_of_contact(tx, contact.id):
        case = await cases.get(tx, exposure.case_id)
        if case and case.state in _LISTED:
            await carry_out(tx, desk, ListClosed(case.id, "listed"), now)
    after = await contacts.get(tx, contact.id)
    return after is not None and after.state == "contacting"


async def _tell_again(tx: Tx, desk: Desk, contact: Contact, address_id: int, now: datetime) -> bool:
    """The first number was not theirs, or did not work: the first message goes to this one."""
    person = await person_of(tx, contact.person_id)
    if person.minor:
        return False
    await contacts.save(tx, replace(contact, state="contacting", outcome=""))
    talk = new_conversation(tx.ids.new(now), address_id, person.id, "contact")
    ready = replace(talk, contact_id=contact.id)
    await queue_conversation(tx, desk.library, desk.pack(now.date()), ready, person, now)
    return True
