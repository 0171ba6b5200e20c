"""A case passes on a code; whoever writes it is enrolled, tied to the case by its id alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.reaching import new_conversation, queue_conversation
from bot.store import cases, contacts, people, relays
from bot.store.engines import Tx
from flows.rules import relay
from flows.turn import Desk, stranger
from flows.vocabulary import Address, Contact, Exposure, Link, Person, RelayOpened

# Exposures by a code are counted apart from those whom the case names.
_FIRST_NUMBER = 1000
SETTING = "relay"


async def open_relay(tx: Tx, desk: Desk, deed: RelayOpened, now: datetime) -> None:
    """The code of this case enrols from now on, by the rule of this day."""
    rule = relay(desk.pack(now.date()), now.date())
    await relays.open_up(tx, deed.case_id, rule.places, now + rule.lifetime, deed.how_many)


async def enrol_by_code(tx: Tx, desk: Desk, address: Address, words: str, now: datetime) -> bool:
    """Enrol the sender by the code in their message; False where there is none that counts.

    A number is enrolled once for each case, and never by its own code. Wrong codes are counted:
    past the rule's tries none is looked at, and the answer is the same as ever.
    """
    code = relays.code_in(words)
    if code is None:
        return False
    rule = relay(desk.pack(now.date()), now.date())
    if await relays.wrong_today(tx, address.id, now) >= rule.tries:
        return False
    case_id = await relays.look(tx, code, now)
    if case_id is None:
        await relays.note_wrong(tx, address.id, now)
        return False
    if await _is_tied(tx, address, case_id):
        return False
    taken = await relays.take(tx, code, now)
    if taken is not None:
        await _enrol(tx, desk, address, case_id, taken[1], now)
    return taken is not None


async def _is_tied(tx: Tx, address: Address, case_id: int) -> bool:
    """Whether the case itself, or somebody whom it exposed, is reached here already."""
    here = [link.person_id for link in await people.at_address(tx, address.id)]
    if any(case.id == case_id for case in (await cases.of_people(tx, here)).values()):
        return True
    known = await contacts.of_people(tx, here)
    ties = await contacts.exposures_of_contacts(tx, [one.id for one in known.values()])
    return any(tie.case_id == case_id for tie in ties)


async def _enrol(
    tx: Tx, desk: Desk, address: Address, case_id: int, number: int, now: datetime
) -> None:
    person = await _person(tx, desk, address, case_id, now)
    known = await contacts.of_person(tx, person.id)
    contact = known if known and known.state != "closed" else None
    contact = contact or await contacts.add(tx, Contact(tx.ids.new(now), person.id, created_at=now))
    row = Exposure(tx.ids.new(now), case_id, contact.id, _FIRST_NUMBER + number)
    await contacts.add_exposure(tx, replace(row, kind="face_to_face", setting=SETTING))
    if contact.state == "following":
        return
    talk = new_conversation(tx.ids.new(now), address.id, person.id, "relay")
    pack = desk.pack(now.date())
    await contacts.save(tx, replace(contact, state="contacting"))
    queued = replace(talk, contact_id=contact.id)
    await queue_conversation(tx, desk.library, pack, queued, person, now)


async def _person(tx: Tx, desk: Desk, address: Address, case_id: int, now: datetime) -> Person:
    """Who holds this phone: its one person, or somebody of whom nothing is known."""
    own = [link for link in await people.at_address(tx, address.id) if link.role == "self"]
    if len(own) == 1 and (found := await people.get(tx, own[0].person_id)):
        return found
    case = await cases.get(tx, case_id)
    # Whoever was met is looked for where the case is, until they say where they live.
    whose = await people.sifted_by(tx, [case.person_id]) if case else {}
    territory = next((one["territory"] for one in whose.values()), "")
    fresh = replace(stranger(desk, address, now), id=0, territory=territory)
    person = await people.add(tx, fresh, now)
    await people.save_link(tx, Link(person.id, address.id, role="self"))
    return person
