"""Who somebody is, gathered for one page: where they are reached, whom they met, how they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.store import addresses, cases, contacts, conversations, following, people, timers
from bot.store.engines import Tx
from flows.rules import Pack, is_fragile, person_facts
from flows.vocabulary import (
    Address,
    Case,
    CheckIn,
    Contact,
    Conversation,
    Exposure,
    FollowUp,
    Link,
    Person,
    Timer,
)


@dataclass(frozen=True, slots=True)
class Veiled(Person):
    """Somebody of another territory: that they are there, and nothing of them."""


@dataclass(frozen=True, slots=True)
class At:
    """A number or chat where somebody is reached, and who else is."""

    address: Address
    link: Link
    others: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """One exposure seen from one side: `person` is who stands on the other."""

    exposure: Exposure
    person: Person | None
    case: Case | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Portrait:
    """All that a page says of one person. `exposed_by`: cases who named them; `named`: contacts
    whom they named as a case; `due`: what the service will do of its own accord, in order."""

    person: Person
    years: int | None
    months: int | None
    fragile: bool
    at: tuple[At, ...]
    case: Case | None
    contact: Contact | None
    exposed_by: tuple[Met, ...]
    named: tuple[Met, ...]
    follow_up: FollowUp | None
    days: tuple[CheckIn, ...]
    talks: tuple[Conversation, ...]
    due: tuple[Timer, ...]

    @property
    def household(self) -> tuple[Person, ...]:
        """Everybody else who is reached at the same numbers."""
        every = {other.id: other for at in self.at for other in at.others}
        return tuple(every.values())

    @property
    def next_timer(self) -> Timer | None:
        """What comes first of its own accord."""
        return self.due[0] if self.due else None

    @property
    def illness_day(self) -> date | None:
        """The day of the first signs, where it is known."""
        return self.case.onset if self.case else None

    @property
    def held(self) -> Conversation | None:
        """The conversation that waits for an agent to hand it back."""
        return next((talk for talk in self.talks if talk.status == "held"), None)


async def portrait(tx: Tx, pack: Pack, person_id: int, now: datetime) -> Portrait | None:
    """Everything about one person, read in one state of the database."""
    person = await people.get(tx, person_id)
    if person is None:
        return None
    case = await cases.of_person(tx, person_id)
    contact = await contacts.of_person(tx, person_id)
    today = now.astimezone(ZoneInfo(person.zone)).date()
    facts = person_facts(person, "case" if case else "contact", today, case.onset if case else None)
    follow_up = await following.active_of_person(tx, person_id)
    return Portrait(
        person=person,
        years=facts.age,
        months=facts.age_months,
        fragile=is_fragile(pack, facts, today).value,
        at=await _at(tx, person_id),
        case=case,
        contact=contact,
        exposed_by=await _exposed_by(tx, contact),
        named=await _named(tx, case),
        follow_up=follow_up,
        days=tuple(await following.history(tx, follow_up.id)) if follow_up else (),
        talks=tuple(await conversations.of_person(tx, person_id)),
        due=tuple(await timers.of_person(tx, person_id)),
    )


async def _at(tx: Tx, person_id: int) -> tuple[At, ...]:
    links = [link for link in await people.links_of(tx, person_id) if not link.dropped]
    known = {one.id: one for one in await addresses.get_many(tx, [i.address_id for i in links])}
    near = [one for one in await people.links_at(tx, known) if not one.dropped]
    others = await _people(tx, [one.person_id for one in near if one.person_id != person_id])
    return tuple(
        At(
            known[link.address_id],
            link,
            tuple(
                others[one.person_id]
                for one in near
                if one.address_id == link.address_id and one.person_id in others
            ),
        )
        for link in links
        if link.address_id in known
    )


async def _exposed_by(tx: Tx, contact: Contact | None) -> tuple[Met, ...]:
    if contact is None:
        return ()
    found = await contacts.exposures_of_contact(tx, contact.id)
    of = {one.case_id: await cases.get(tx, one.case_id) for one in found}
    known = await _people(tx, [case.person_id for case in of.values() if case])
    return tuple(_met(one, of[one.case_id], known) for one in found)


def _met(exposure: Exposure, case: Case | None, known: dict[int, Person]) -> Met:
    return Met(exposure, known.get(case.person_id) if case else None, case=case)


async def _named(tx: Tx, case: Case | None) -> tuple[Met, ...]:
    if case is None:
        return ()
    found = await contacts.exposures_of_case(tx, case.id)
    of = {one.contact_id: await contacts.get(tx, one.contact_id) for one in found}
    known = await _people(tx, [contact.person_id for contact in of.values() if contact])
    met = []
    for one in found:
        contact = of[one.contact_id]
        person = known.get(contact.person_id) if contact else None
        met.append(Met(one, person, case=case, contact=contact))
    return tuple(met)


async def _people(tx: Tx, ids: Sequence[int]) -> dict[int, Person]:
    return {one.id: one for one in await people.get_many(tx, sorted(set(ids)))}
