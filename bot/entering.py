"""A case enters: from a list, from the admin; the same case twice is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from bot.following_up import refresh
from bot.reaching import new_conversation, person_of, queue_conversation
from bot.reviewing import ask_review
from bot.store import addresses, cases, following, people
from bot.store.engines import Tx
from flows.rules import Pack, person_facts, territory_of
from flows.turn import Desk
from flows.vocabulary import Case, Link, Person
from flows.wording.catalogues import ENGLISH


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a case: new, updated (what changed, by name) or unchanged."""

    kind: Literal["new", "updated", "unchanged"]
    case: Case
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a list or the form says of a case, checked. `person.id` and `case.id` are 0."""

    person: Person
    case: Case
    phone: str
    flags: tuple[str, ...] = ()


async def enter_case(tx: Tx, desk: Desk, new: NewCase, now: datetime) -> Entered:
    """Enter a case once. A known one is brought up to date where the list says otherwise."""
    known = None
    if new.case.external_id:
        known = await cases.by_external_id(tx, new.case.external_id)
    today = now.date()
    new = replace(new, person=_placed(desk.pack(today), new.person, today))
    if known is not None:
        return await _update(tx, desk, known, new, now)
    person = await _person(tx, new, now)
    case = await cases.add(
        tx,
        replace(
            new.case,
            id=tx.ids.new(now),
            person_id=person.id,
            pack=desk.pack(now.date()).name,
            created_at=now,
        ),
    )
    await _write_to(tx, desk, case, person, new, now)
    return Entered("new", case)


def _placed(pack: Pack, person: Person, today: date) -> Person:
    """A list's own word for whose they are goes before their postcode."""
    whose = person.territory or territory_of(pack, person.country, person.postcode, today)
    return replace(person, territory=whose)


async def _person(tx: Tx, new: NewCase, now: datetime) -> Person:
    """Somebody known by number and name (a contact who became a case), or somebody new."""
    full = f"{new.person.given_name} {new.person.family_name}".strip()
    same = await people.find_same(tx, new.phone, full) if new.phone else None
    if same is None:
        return await people.add(tx, replace(new.person, id=tx.ids.new(now)), now)
    told = {"birth_date": new.person.birth_date, "territory": new.person.territory}
    values = {name: value for name, value in told.items() if value}
    if values:
        await people.learn(tx, same.id, values, now)
    return await person_of(tx, same.id)


async def _update(tx: Tx, desk: Desk, known: Case, new: NewCase, now: datetime) -> Entered:
    person = await person_of(tx, known.person_id)
    said = {
        name: getattr(new.person, name)
        for name in ("given_name", "family_name", "birth_date", "sex", "language", "country",
                     "street", "postcode", "territory", "doctor", "notes", "second_contact")
        if getattr(new.person, name)
    }  # fmt: skip
    changed = {name: value for name, value in said.items() if getattr(person, name) != value}
    merged = replace(
        known,
        test_date=new.case.test_date or known.test_date,
        onset=new.case.onset or known.onset,
        no_symptoms=new.case.no_symptoms or known.no_symptoms,
        told_by=new.case.told_by or known.told_by,
        told_on=new.case.told_on or known.told_on,
        setting=new.case.setting or known.setting,
    )
    new_phone = await _tie_phone(tx, person, new.phone, now)
    if not changed and merged == known and not new_phone:
        return Entered("unchanged", known)
    if changed:
        await people.learn(tx, person.id, changed, now)
    await cases.save(tx, merged)
    follow_up = await following.active_of_person(tx, person.id)
    if follow_up:
        await refresh(tx, desk.pack(now.date()), follow_up, now)
    names = [*changed, *(["phone"] if new_phone else []), *_differing(known, merged)]
    return Entered("updated", merged, tuple(names))


def _differing(before: Case, after: Case) -> list[str]:
    names = ("test_date", "onset", "no_symptoms", "told_by", "told_on", "setting")
    return [name for name in names if getattr(before, name) != getattr(after, name)]


async def _tie_phone(tx: Tx, person: Person, phone: str, now: datetime) -> int | None:
    """Tie a number to a person; its address id where that is new."""
    if not phone or await addresses.is_do_not_write(tx, phone, now):
        return None
    address = await addresses.lock(tx, "sms", phone, now)
    if any(link.address_id == address.id for link in await people.links_of(tx, person.id)):
        return None
    await people.save_link(tx, Link(person.id, address.id))
    return address.id


async def _write_to(
    tx: Tx, desk: Desk, case: Case, person: Person, new: NewCase, now: datetime
) -> None:
    """The first message waits for quiet hours to end; a minor or no number goes to a person."""
    pack = desk.pack(now.date())
    address_id = await _tie_phone(tx, person, new.phone, now)
    today = now.astimezone(pack.zone).date()
    months = person_facts(person, "case", today).age_months
    reason = ""
    if person.minor or (months is not None and months < 18 * 12):
        await people.learn(tx, person.id, {"minor": True}, now)
        reason = "minor"
    elif address_id is None:
        links = await people.links_of(tx, person.id)
        address_id = next((link.address_id for link in links if not link.dropped), None)
        reason = "" if address_id else "contact_unreachable"
    if reason or address_id is None:
        await ask_review(
            tx,
            pack,
            now,
            reason or "contact_unreachable",
            about=str(person.id),
            person_id=person.id,
            case_id=case.id,
        )
        return
    if person.language != ENGLISH and person.language not in desk.catalogues.languages:
        # Our words are not there in that language yet: they go out in English, and a person looks.
        await ask_review(
            tx,
            pack,
            now,
            "language_unsupported",
            about=str(person.id),
            address_id=address_id,
            person_id=person.id,
            case_id=case.id,
        )
    if "number_doubtful" in new.flags:
        await people.learn(tx, person.id, {"facts.number": "doubtful"}, now)
    await cases.save(tx, replace(case, state="notifying"))
    talk = new_conversation(tx.ids.new(now), address_id, person.id, "case")
    await queue_conversation(tx, desk.library, pack, replace(talk, case_id=case.id), person, now)
