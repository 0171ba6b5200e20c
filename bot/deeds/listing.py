"""A case's list is closed: contacts at risk are told, what is missing is one review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.deeds.enrolling import enrol
from bot.reaching import best_address, new_conversation, person_of, queue_conversation
from bot.reviewing import ask_review
from bot.store import cases, contacts, people
from bot.store.engines import Tx
from flows.rules import Pack, is_at_risk
from flows.turn import Desk
from flows.vocabulary import Case, Contact, Enrol, Exposure, Link, ListClosed, Person


@dataclass(slots=True)
class _Missing:
    """What a person has to find out, in one review and not in nine."""

    phones: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    minors: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    nameless: int = 0
    groups: list[Mapping[str, Any]] = field(default_factory=list)

    def detail(self) -> dict[str, Any]:
        rows = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in rows.items() if value}


async def close_list(tx: Tx, desk: Desk, deed: ListClosed, now: datetime) -> None:
    """Tell each contact at risk once; a list closed again tells only those who are new."""
    case = await cases.get(tx, deed.case_id)
    if case is None:
        return
    listed = await contacts.exposures_of_case(tx, case.id)
    await _tell_all(tx, desk, case, listed, deed, now)


async def tell_late(tx: Tx, desk: Desk, case: Case, exposure: Exposure, now: datetime) -> None:
    """Somebody named after the list was closed is told like the others."""
    await _tell_all(tx, desk, case, [exposure], ListClosed(case.id, "later"), now)


async def _tell_all(
    tx: Tx,
    desk: Desk,
    case: Case,
    listed: Sequence[Exposure],
    deed: ListClosed,
    now: datetime,
) -> None:
    pack = desk.pack(now.date())
    missing = _Missing(groups=[dict(group) for group in deed.groups])
    for exposure in listed:
        contact = await contacts.get(tx, exposure.contact_id)
        if contact and contact.state == "declared":
            await _one(tx, desk, pack, case, contact, exposure, missing, now)
    if detail := missing.detail():
        await ask_review(
            tx,
            pack,
            now,
            "case_incomplete",
            about=str(case.person_id),
            person_id=case.person_id,
            case_id=case.id,
            detail=detail | {"outcome": deed.outcome},
        )


async def _one(
    tx: Tx,
    desk: Desk,
    pack: Pack,
    case: Case,
    contact: Contact,
    exposure: Exposure,
    missing: _Missing,
    now: datetime,
) -> None:
    person = await person_of(tx, contact.person_id)
    label = exposure.said_name or exposure.relation or f"no. {exposure.number}"
    own = await cases.of_person(tx, person.id)
    if own and own.state != "closed":
        await contacts.save(tx, replace(contact, state="closed", outcome="already_case"))
        return
    day = exposure.last_day or now.date()
    risk = is_at_risk(pack, exposure.kind, exposure.protection, None, day).value
    if risk == "no":
        await contacts.save(tx, replace(contact, state="closed", outcome="not_at_risk"))
        return
    if risk == "doubtful":
        missing.doubtful.append(label)
    if exposure.last_day is None:
        missing.days.append(label)
    if not exposure.said_name:
        missing.nameless += 1
    if person.minor:
        await _child(tx, desk, case, contact, exposure, missing, label, now)
    else:
        await _tell(tx, desk, pack, contact, person, missing, label, now)


async def _child(
    tx: Tx,
    desk: Desk,
    case: Case,
    contact: Contact,
    exposure: Exposure,
    missing: _Missing,
    label: str,
    now: datetime,
) -> None:
    """A child of the house is followed with the case, who knows; another child by a person."""
    at_home = exposure.kind == "home" and exposure.said_name
    reached = await best_address(tx, case.person_id) if at_home else None
    if reached is None:
        missing.minors.append(label)
        return
    address, link = reached
    await people.save_link(
        tx, Link(contact.person_id, address.id, role="guardian", proven_at=link.proven_at)
    )
    await contacts.save(tx, replace(contact, state="reached"))
    row = Enrol(contact.person_id, "contact", address.id, contact_id=contact.id)
    await enrol(tx, desk, row, now)


async def _tell(
    tx: Tx,
    desk: Desk,
    pack: Pack,
    contact: Contact,
    person: Person,
    missing: _Missing,
    label: str,
    now: datetime,
) -> None:
    reached = await best_address(tx, person.id)
    if reached is None:
        missing.phones.append(label)
        return
    conversation = replace(
        new_conversation(tx.ids.new(now), reached[0].id, person.id, "contact"),
        contact_id=contact.id,
    )
    await contacts.save(tx, replace(contact, state="contacting"))
    await queue_conversation(tx, desk.library, pack, conversation, person, now)
