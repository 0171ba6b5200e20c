"""Cases: people tested positive, each known once by the id that its list gives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, union_all, update

from bot.ids import made_at
from bot.store import keys, people, relays
from bot.store.engines import Tx
from bot.store.schema import cases
from bot.store.times import micros, moment
from flows.vocabulary import Case

_CLEAR = (
    "test_date", "onset", "no_symptoms", "told_on", "pack", "state", "outcome", "from_contact_id",
)  # fmt: skip
_SEALED = ("external_id", "told_by", "setting")
_BY_ID = select(cases).where(cases.c.id == bindparam("case"))
_BY_EXTERNAL = select(cases).where(cases.c.external_hash == bindparam("hash"))
_OF_PEOPLE = (
    select(cases)
    .where(cases.c.person_id.in_(bindparam("people", expanding=True)))
    .order_by(cases.c.created_at.desc(), cases.c.id.desc())
)
_OF_PLACE = (
    select(cases)
    .where(cases.c.place_hash == bindparam("hash"))
    .order_by(cases.c.created_at.desc(), cases.c.id.desc())
    .limit(bindparam("most"))
)
_SAVE = update(cases).where(cases.c.id == bindparam("row_id"))


async def add(tx: Tx, case: Case) -> Case:
    """Keep a new case; the one that bears the same external id already, if there is one."""
    added = await add_many(tx, [case])
    return added[0] if added else await _known(tx, case)


async def add_many(tx: Tx, new: Sequence[Case]) -> list[Case]:
    """Keep new cases in one go; those whose external id is known already are left out."""
    held = await people.key_ids(tx, (case.person_id for case in new))
    whose = await people.sifted_by(tx, held)
    rows = [
        {
            "id": case.id,
            "person_id": case.person_id,
            "key_id": held[case.person_id],
            "territory": whose[case.person_id]["territory"],
            "created_at": micros(case.created_at or made_at(case.id)),
            **_columns(tx, case, held[case.person_id]),
        }
        for case in new
    ]
    if not rows:
        return []
    insert = tx.insert(cases).on_conflict_do_nothing().returning(cases.c.id)
    kept = set(await tx.conn.scalars(insert, rows))
    added = [case for case in new if case.id in kept]
    await relays.prepare(tx, [(case.id, held[case.person_id]) for case in added])
    return added


async def get(tx: Tx, case_id: int) -> Case | None:
    """The case of this id."""
    return await _one(tx, _BY_ID, case=case_id)


async def by_external_id(tx: Tx, external_id: str) -> Case | None:
    """The case that a list gave this id; an empty id is nobody's."""
    hashed = external_hash(tx, external_id)
    return await _one(tx, _BY_EXTERNAL, hash=hashed) if hashed else None


async def of_person(tx: Tx, person_id: int) -> Case | None:
    """A person's latest case, closed or not."""
    return (await of_people(tx, [person_id])).get(person_id)


async def of_people(tx: Tx, person_ids: Iterable[int]) -> dict[int, Case]:
    """The latest case, closed or not, of each of these people who has one."""
    rows = (await tx.conn.execute(_OF_PEOPLE, {"people": list(set(person_ids))})).all()
    found: dict[int, Case] = {}
    for case in await from_rows(tx, rows):
        found.setdefault(case.person_id, case)
    return found


async def of_place(tx: Tx, setting: str, most: int = 100) -> list[Case]:
    """The cases of one place or group, the newest first."""
    hashed = place_hash(tx, setting)
    if hashed is None:
        return []
    rows = (await tx.conn.execute(_OF_PLACE, {"hash": hashed, "most": most})).all()
    return await from_rows(tx, rows)


async def page(
    tx: Tx,
    states: Sequence[str],
    after: int | None = None,
    limit: int = 50,
    of: Sequence[str] | None = None,
) -> list[Case]:
    """Cases in these states, the newest first; `after` is the id of the last one before, `of` are
    the territories whose cases alone are wanted."""
    # A few steps in the index for each state: sorted together, all that there are would be read.
    every = product(states, [None] if of is None else of)
    newest = [_newest(state, after, one).limit(limit).subquery() for state, one in every]
    ids = union_all(*(select(one.c.id) for one in newest))
    rows = select(cases).where(cases.c.id.in_(ids)).order_by(cases.c.id.desc()).limit(limit)
    return await from_rows(tx, (await tx.conn.execute(rows)).all())


def _newest(state: str, after: int | None, of: str | None) -> Select[Any]:
    """Ids are in the order of time."""
    mine = select(cases.c.id).where(cases.c.state == state).order_by(cases.c.id.desc())
    mine = mine if of is None else mine.where(cases.c.territory == of)
    return mine if after is None else mine.where(cases.c.id < after)


async def save(tx: Tx, case: Case) -> None:
    """Write a case whole."""
    held = await people.key_ids(tx, [case.person_id])
    row = {"row_id": case.id, **_columns(tx, case, held[case.person_id])}
    await tx.conn.execute(_SAVE, row)


async def from_rows(tx: Tx, rows: Sequence[Row[Any]]) -> list[Case]:
    """Cases from rows of `cases`, their keys loaded in one query."""
    await keys.load(tx, (row.key_id for row in rows))
    return [from_row(tx, row) for row in rows]


def from_row(tx: Tx, row: Row[Any]) -> Case:
    """A case from a row of `cases`, whose key is loaded."""
    plain = tx.keyring.open_json(row.key_id, context(row.id), row.detail) or {}
    return Case(
        id=row.id,
        person_id=row.person_id,
        created_at=moment(row.created_at),
        **{name: getattr(row, name) for name in _CLEAR},
        **plain,
    )


def context(case_id: int) -> str:
    """What the sealed detail is bound to."""
    return f"cases.detail:{case_id}"


def external_hash(tx: Tx, external_id: str) -> bytes | None:
    """The keyed hash of a list's own id; None for an empty one."""
    return tx.keyring.index("external_id", external_id) if external_id else None


def place_hash(tx: Tx, setting: str) -> bytes | None:
    """The keyed hash of a place or group, however it is spaced or written; None for none."""
    plain = " ".join(setting.casefold().split())
    return tx.keyring.index("place", plain) if plain else None


def _columns(tx: Tx, case: Case, key_id: int) -> dict[str, Any]:
    plain = {name: getattr(case, name) for name in _SEALED if getattr(case, name)}
    return {
        **{name: getattr(case, name) for name in _CLEAR},
        "external_hash": external_hash(tx, case.external_id),
        "place_hash": place_hash(tx, case.setting),
        "detail": tx.keyring.seal_json(key_id, context(case.id), plain),
    }


async def _one(tx: Tx, statement: Any, **values: Any) -> Case | None:
    rows = (await tx.conn.execute(statement, values)).all()
    return next(iter(await from_rows(tx, rows)), None)


async def _known(tx: Tx, case: Case) -> Case:
    known = await by_external_id(tx, case.external_id) or await get(tx, case.id)
    if known is None:
        raise LookupError(f"case {case.id} was neither kept nor known")
    return known
