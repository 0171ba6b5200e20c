"""People: added, learned about, and the links to where they are reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, delete, func, select, update

from bot.store import addresses, keys, profiles
from bot.store.check_codes import new_codes
from bot.store.engines import Dialect, Tx, insert_into
from bot.store.names import may_be
from bot.store.profiles import token_hashes
from bot.store.schema import (
    FOLLOW_UP_NOT_CLOSED,
    REVIEW_OPEN,
    cases,
    follow_ups,
    links,
    person_tokens,
    persons,
    reviews,
)
from bot.store.times import micros, moment
from flows.vocabulary import Link, Person

_BY_ID = select(persons).where(persons.c.id.in_(bindparam("ids", expanding=True)))
# One order for everybody who locks several. Shared keys: turns that write of a locked person at
# their own address do not wait.
_BY_ID_LOCKED = _BY_ID.order_by(persons.c.id).with_for_update(key_share=True)
_SIFTED_BY = select(persons.c.id, persons.c.language, persons.c.territory).where(
    persons.c.id.in_(bindparam("ids", expanding=True))
)
_KEY_IDS = select(persons.c.id, persons.c.key_id).where(
    persons.c.id.in_(bindparam("ids", expanding=True))
)
_SAVE = update(persons).where(persons.c.id == bindparam("row_id"))
_LINKS_OF = select(links).where(links.c.person_id == bindparam("person"))
_REACHABLE = select(links.c.person_id).where(
    links.c.person_id.in_(bindparam("people", expanding=True)), links.c.dropped.is_(False)
)
_LINKS_AT = select(links).where(links.c.address_id.in_(bindparam("ids", expanding=True)))
_LINK_FIELDS = ("role", "proven_at", "stopped", "dropped", "rank", "agreed_at", "agreed_how")
_REACHED_AT = (
    select(links.c.person_id)
    .where(links.c.address_id.in_(bindparam("ids", expanding=True)))
    .where(links.c.dropped.is_(False))
    .limit(200)
)
# Rows that are not there yet cannot be locked: the number itself is.
_QUEUE = select(func.pg_advisory_xact_lock(bindparam("turn", type_=BigInteger)))
# The queue and the boards are sifted by what is spoken, and by whose people they are.
_SIFTED = tuple(
    update(table)
    .where(table.c.person_id == bindparam("person"), going)
    .values(language=bindparam("spoken"), territory=bindparam("whose"))
    for table, going in ((reviews, REVIEW_OPEN), (follow_ups, FOLLOW_UP_NOT_CLOSED))
)
_CASES = (
    update(cases)
    .where(cases.c.person_id == bindparam("person"))
    .values(territory=bindparam("whose"))
)
_NO_TOKENS = delete(person_tokens).where(person_tokens.c.person_id == bindparam("person"))


async def add(tx: Tx, person: Person, now: datetime) -> Person:
    """A new person, with a key, an id unless it has one, and a check code of their own."""
    return (await add_many(tx, [person], now))[0]


async def add_many(tx: Tx, people: Sequence[Person], now: datetime) -> list[Person]:
    """Like `add`, in one go; at most ten thousand at once, for a query takes 32,767 values."""
    codes = await new_codes(tx, len(people))
    new = [
        replace(one, id=one.id or tx.ids.new(now), check_code=code, created_at=now)
        for one, code in zip(people, codes, strict=True)
    ]
    made = await keys.make(tx, [keys.person_owner(one.id) for one in new], now)
    rows = []
    for one in new:
        key_id = made[keys.person_owner(one.id)]
        stamps = dict.fromkeys(("created_at", "collected_at", "changed_at"), micros(now))
        rows.append({"id": one.id, "key_id": key_id, **stamps, **profiles.to_row(tx, one, key_id)})
    await tx.write(tx.insert(persons), rows)
    await _write_tokens(tx, new)
    return new


async def get(tx: Tx, person_id: int) -> Person | None:
    """The person of this id, unlocked."""
    return next(iter(await get_many(tx, [person_id])), None)


async def get_many(tx: Tx, ids: Iterable[int]) -> list[Person]:
    """Those of these people that there are, in no order, unlocked."""
    wanted = list(ids)
    rows = (await tx.conn.execute(_BY_ID, {"ids": wanted})).all() if wanted else []
    return await from_rows(tx, rows)


async def lock_many(tx: Tx, ids: Iterable[int]) -> list[Person]:
    """These people, locked in the order of their ids until the transaction ends.

    Never after an address: who needs both locks the people first, and turns lock addresses alone.
    """
    rows = (await tx.conn.execute(_BY_ID_LOCKED, {"ids": list(ids)})).all()
    return await from_rows(tx, rows)


async def from_rows(tx: Tx, rows: Sequence[Row[Any]]) -> list[Person]:
    """People from rows of `persons`, their keys loaded in one query."""
    await keys.load(tx, (row.key_id for row in rows))
    tx.person_keys.update((row.id, row.key_id) for row in rows)
    return [profiles.from_row(tx, row) for row in rows]


async def key_ids(tx: Tx, ids: Iterable[int]) -> dict[int, int]:
    """The key under which each person's words are sealed, loaded and ready for use."""
    wanted = set(ids)
    if unread := wanted.difference(tx.person_keys):
        rows = await tx.conn.execute(_KEY_IDS, {"ids": [*unread]})
        tx.person_keys.update((row.id, row.key_id) for row in rows)
    found = {one: tx.person_keys[one] for one in wanted if one in tx.person_keys}
    await keys.load(tx, found.values())
    return found


async def learn(tx: Tx, person_id: int, values: Mapping[str, Any], now: datetime) -> Person | None:
    """Set fields by name, or facts as "facts.NAME", under the person's lock.

    None if there is no such person; an unknown field is a ValueError, `KeyGone` says that the
    person was erased.
    """
    for person in await lock_many(tx, [person_id]):
        changed = profiles.learned(person, values)
        if changed != person:
            await _write(tx, changed, now)
        if _sifted(changed) != _sifted(person):
            await _sift(tx, changed)
        if token_hashes(tx, changed) != token_hashes(tx, person):
            await tx.conn.execute(_NO_TOKENS, {"person": person_id})
            await _write_tokens(tx, [changed])
        return changed
    return None


async def sifted_by(tx: Tx, ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """By what lists of these people are sifted: their language and territory, by column."""
    rows = await tx.conn.execute(_SIFTED_BY, {"ids": sorted(set(ids))})
    return {row.id: {"language": row.language, "territory": row.territory} for row in rows}


def _sifted(person: Person) -> tuple[str, str]:
    return person.language, person.territory


async def _sift(tx: Tx, person: Person) -> None:
    values = {"person": person.id, "spoken": person.language, "whose": person.territory}
    for statement in (*_SIFTED, _CASES):
        await tx.conn.execute(statement, values)


async def ids_at_number(tx: Tx, number: str) -> list[int]:
    """The ids of the people reached at a number (E.164), on whatever channel."""
    at = [one.id for one in await addresses.find_all(tx, number)]
    return list(await tx.conn.scalars(_REACHED_AT, {"ids": at})) if at else []


async def find_same(tx: Tx, phone: str, name: str) -> Person | None:
    """The person reached at this number (E.164) who most likely bears this name, or None.

    They may bear it as `names.may_be` says; no name finds nobody. Until
    the transaction ends nobody else asks for the same number, so two cases who name a newcomer at
    once make one person.
    """
    if tx.dialect == "postgresql":
        turn = int.from_bytes(addresses.hash_of(tx, phone)[:8], signed=True)
        await tx.conn.execute(_QUEUE, {"turn": turn})
    there = await get_many(tx, await ids_at_number(tx, phone))
    near = [(may_be(name, one.given_name, one.family_name), -one.id, one) for one in there]
    words, _, best = max(near, default=(0, 0, None))
    return best if words else None


async def link(tx: Tx, person_id: int, address_id: int, role: str = "said") -> Link:
    """Tie a person to an address; a link that is there already stays as it is."""
    row = {"person_id": person_id, "address_id": address_id, "role": role}
    await tx.conn.execute(tx.insert(links).on_conflict_do_nothing(), row)
    _forget_keys(tx, [address_id])
    return next(one for one in await links_of(tx, person_id) if one.address_id == address_id)


async def save_link(tx: Tx, changed: Link) -> None:
    """Write a link whole, a new one or an old one."""
    await save_links(tx, [changed])


async def save_links(tx: Tx, changed: Iterable[Link]) -> None:
    """Like `save_link`, in one go."""
    rows = [_link_row(one) for one in changed]
    await tx.write(_upsert_link(tx.dialect), rows)
    _forget_keys(tx, (row["address_id"] for row in rows))


def _forget_keys(tx: Tx, address_ids: Iterable[int]) -> None:
    """Whose key seals the words at an address hangs on who is reached there."""
    for one in address_ids:
        tx.address_keys.pop(one, None)


@cache
def _upsert_link(dialect: Dialect) -> Any:
    insert = insert_into(links, dialect)
    fresh = {name: insert.excluded[name] for name in _LINK_FIELDS}
    return insert.on_conflict_do_update(index_elements=["person_id", "address_id"], set_=fresh)


async def links_of(tx: Tx, person_id: int) -> list[Link]:
    """Where a person is reached, best rank first, dropped links included."""
    rows = await tx.conn.execute(_LINKS_OF, {"person": person_id})
    return sorted((link_from_row(row) for row in rows), key=lambda one: (one.rank, one.address_id))


async def reachable(tx: Tx, person_ids: Iterable[int]) -> set[int]:
    """Who of these people has a number or chat that is theirs."""
    wanted = {"people": sorted(set(person_ids))}
    return set(await tx.conn.scalars(_REACHABLE, wanted)) if wanted["people"] else set()


async def links_at(tx: Tx, address_ids: Iterable[int]) -> list[Link]:
    """Who is reached at these addresses, best rank first, dropped links included."""
    rows = await tx.conn.execute(_LINKS_AT, {"ids": list(address_ids)})
    return sorted((link_from_row(row) for row in rows), key=lambda one: (one.rank, one.person_id))


async def at_address(tx: Tx, address_id: int) -> list[Link]:
    """Who is reached at this address, best rank first, dropped links included."""
    return await links_at(tx, [address_id])


async def people_at(tx: Tx, address_id: int) -> list[tuple[Person, Link]]:
    """The people of an address with their links, best rank first; dropped links are left out."""
    at = [one for one in await at_address(tx, address_id) if not one.dropped]
    people = {one.id: one for one in await get_many(tx, (one.person_id for one in at))}
    return [(people[one.person_id], one) for one in at]


def link_from_row(row: Row[Any]) -> Link:
    """A link from a row of `links`."""
    return Link(
        person_id=row.person_id,
        address_id=row.address_id,
        role=row.role,
        proven_at=moment(row.proven_at),
        stopped=row.stopped,
        dropped=row.dropped,
        rank=row.rank,
        agreed_at=moment(row.agreed_at),
        agreed_how=row.agreed_how,
    )


def _link_row(one: Link) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "address_id": one.address_id,
        "role": one.role,
        "proven_at": micros(one.proven_at),
        "stopped": one.stopped,
        "dropped": one.dropped,
        "rank": one.rank,
        "agreed_at": micros(one.agreed_at),
        "agreed_how": one.agreed_how,
    }


async def _write(tx: Tx, person: Person, now: datetime) -> None:
    key_id = (await key_ids(tx, [person.id]))[person.id]
    row = {"row_id": person.id, "changed_at": micros(now), **profiles.to_row(tx, person, key_id)}
    await tx.conn.execute(_SAVE, row)


async def _write_tokens(tx: Tx, people: Iterable[Person]) -> None:
    rows = [row for person in people for row in token_hashes(tx, person)]
    await tx.write(tx.insert(person_tokens).on_conflict_do_nothing(), rows)
