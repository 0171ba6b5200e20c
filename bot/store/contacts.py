"""Contacts, and the exposures that tie each to the cases who named them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, update

from bot.ids import made_at
from bot.store import keys
from bot.store.engines import Tx
from bot.store.schema import contacts, exposures, follow_ups, persons
from bot.store.times import micros, moment
from flows.vocabulary import Contact, Exposure

_BY_ID = select(contacts).where(contacts.c.id == bindparam("contact"))
_BY_IDS = select(contacts).where(contacts.c.id.in_(bindparam("ids", expanding=True)))
_OF_PEOPLE = (
    select(contacts)
    .where(contacts.c.person_id.in_(bindparam("people", expanding=True)))
    .order_by(contacts.c.created_at.desc(), contacts.c.id.desc())
)
_SAVE = update(contacts).where(contacts.c.id == bindparam("row_id"))
_KEY_OF_CONTACT = (
    select(persons.c.key_id)
    .join(contacts, contacts.c.person_id == persons.c.id)
    .where(contacts.c.id == bindparam("contact"))
)
_CLEAR = ("kind", "last_day", "protection", "may_name", "may_date")
_SEALED = ("said_name", "relation", "setting")
# Until when the case of an exposure stays at home: it bears on who shares that home.
_CASE_UNTIL = (
    select(func.max(follow_ups.c.until))
    .where(follow_ups.c.case_id == exposures.c.case_id, follow_ups.c.role == "case")
    .scalar_subquery()
    .label("case_until")
)
_EXPOSURES = select(exposures, _CASE_UNTIL).order_by(exposures.c.case_id, exposures.c.number)
_BY_NUMBER = _EXPOSURES.where(
    exposures.c.case_id == bindparam("case"), exposures.c.number == bindparam("number")
)
_OF_CASE = _EXPOSURES.where(exposures.c.case_id == bindparam("case"))
_OF_CASES = _EXPOSURES.where(exposures.c.case_id.in_(bindparam("cases", expanding=True)))
_OF_CONTACTS = _EXPOSURES.where(exposures.c.contact_id.in_(bindparam("contacts", expanding=True)))
_SAVE_EXPOSURE = update(exposures).where(exposures.c.id == bindparam("row_id"))


async def add(tx: Tx, contact: Contact) -> Contact:
    """Keep a new contact; the person's open one, if there is one already."""
    row = {
        "id": contact.id,
        "person_id": contact.person_id,
        "state": contact.state,
        "outcome": contact.outcome,
        "created_at": micros(contact.created_at or made_at(contact.id)),
    }
    insert = tx.insert(contacts).on_conflict_do_nothing().returning(contacts.c.id)
    if await tx.conn.scalar(insert, row) is not None:
        return contact
    open_one = await of_person(tx, contact.person_id)
    if open_one is None:
        raise LookupError(f"contact {contact.id} was neither kept nor known")
    return open_one


async def get(tx: Tx, contact_id: int) -> Contact | None:
    """The contact of this id."""
    row = (await tx.conn.execute(_BY_ID, {"contact": contact_id})).one_or_none()
    return None if row is None else from_row(row)


async def get_many(tx: Tx, contact_ids: Iterable[int]) -> dict[int, Contact]:
    """The contacts of these ids, in one query."""
    wanted = {"ids": sorted(set(contact_ids))}
    rows = (await tx.conn.execute(_BY_IDS, wanted)).all() if wanted["ids"] else []
    return {row.id: from_row(row) for row in rows}


async def of_person(tx: Tx, person_id: int) -> Contact | None:
    """The open contact of a person, else the latest closed one."""
    return (await of_people(tx, [person_id])).get(person_id)


async def of_people(tx: Tx, person_ids: Iterable[int]) -> dict[int, Contact]:
    """The open contact, else the latest closed one, of each of these people who has one."""
    found: dict[int, Contact] = {}
    for row in await tx.conn.execute(_OF_PEOPLE, {"people": list(set(person_ids))}):
        contact = from_row(row)
        if contact.state != "closed":
            found[contact.person_id] = contact
        found.setdefault(contact.person_id, contact)
    return found


async def save(tx: Tx, contact: Contact) -> None:
    """Write where a contact stands."""
    row = {"row_id": contact.id, "state": contact.state, "outcome": contact.outcome}
    await tx.conn.execute(_SAVE, row)


async def add_exposure(tx: Tx, exposure: Exposure) -> Exposure:
    """Keep a new exposure; the one that bears its case's number already, if there is one."""
    key_id = await _key(tx, exposure.contact_id)
    row = {
        "id": exposure.id,
        "case_id": exposure.case_id,
        "contact_id": exposure.contact_id,
        "number": exposure.number,
        "key_id": key_id,
        **_columns(tx, exposure, key_id),
    }
    insert = tx.insert(exposures).on_conflict_do_nothing().returning(exposures.c.id)
    if await tx.conn.scalar(insert, row) is not None:
        return exposure
    known = await by_number(tx, exposure.case_id, exposure.number)
    if known is None:
        raise LookupError(f"exposure {exposure.id} was neither kept nor known")
    return known


async def save_exposure(tx: Tx, exposure: Exposure) -> None:
    """Write what a case said of an exposure; its case, contact and number never change."""
    key_id = await _key(tx, exposure.contact_id)
    await tx.conn.execute(_SAVE_EXPOSURE, {"row_id": exposure.id, **_columns(tx, exposure, key_id)})


async def remove_exposure(tx: Tx, exposure_id: int) -> None:
    """Take an exposure back: the case said that it was none."""
    await tx.conn.execute(delete(exposures).where(exposures.c.id == exposure_id))


async def by_number(tx: Tx, case_id: int, number: int) -> Exposure | None:
    """The exposure that a case counts by this number."""
    return next(iter(await _exposures(tx, _BY_NUMBER, case=case_id, number=number)), None)


async def exposures_of_case(tx: Tx, case_id: int) -> list[Exposure]:
    """Whom a case met, in the case's own order."""
    return await _exposures(tx, _OF_CASE, case=case_id)


async def exposures_of_cases(tx: Tx, case_ids: Iterable[int]) -> list[Exposure]:
    """Whom each of these cases met, in one query."""
    return await _exposures(tx, _OF_CASES, cases=list(case_ids))


async def exposures_of_contact(tx: Tx, contact_id: int) -> list[Exposure]:
    """By whom a contact was exposed."""
    return await exposures_of_contacts(tx, [contact_id])


async def exposures_of_contacts(tx: Tx, contact_ids: Iterable[int]) -> list[Exposure]:
    """All exposures of these contacts, in one query."""
    return await _exposures(tx, _OF_CONTACTS, contacts=list(contact_ids))


def from_row(row: Row[Any]) -> Contact:
    """A contact from a row of `contacts`."""
    return Contact(
        id=row.id,
        person_id=row.person_id,
        state=row.state,
        outcome=row.outcome,
        created_at=moment(row.created_at),
    )


async def exposures_from_rows(tx: Tx, rows: Sequence[Row[Any]]) -> list[Exposure]:
    """Exposures from rows of `exposures`, their keys loaded in one query."""
    await keys.load(tx, (row.key_id for row in rows))
    return [exposure_from_row(tx, row) for row in rows]


def exposure_from_row(tx: Tx, row: Row[Any]) -> Exposure:
    """An exposure from a row of `exposures`, whose key is loaded."""
    plain = tx.keyring.open_json(row.key_id, context(row.id), row.detail) or {}
    return Exposure(
        id=row.id,
        case_id=row.case_id,
        contact_id=row.contact_id,
        number=row.number,
        **{name: getattr(row, name) for name in _CLEAR},
        case_until=row._mapping.get("case_until"),
        **plain,
    )


def context(exposure_id: int) -> str:
    """What the sealed detail is bound to."""
    return f"exposures.detail:{exposure_id}"


def _columns(tx: Tx, exposure: Exposure, key_id: int) -> dict[str, Any]:
    plain = {name: getattr(exposure, name) for name in _SEALED if getattr(exposure, name)}
    return {
        **{name: getattr(exposure, name) for name in _CLEAR},
        "detail": tx.keyring.seal_json(key_id, context(exposure.id), plain),
    }


async def _exposures(tx: Tx, statement: Any, **values: Any) -> list[Exposure]:
    return await exposures_from_rows(tx, (await tx.conn.execute(statement, values)).all())


async def _key(tx: Tx, contact_id: int) -> int:
    key_id: int = (await tx.conn.execute(_KEY_OF_CONTACT, {"contact": contact_id})).scalar_one()
    await keys.load(tx, [key_id])
    return key_id
