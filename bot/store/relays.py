"""Codes that a patient passes on in place of names: one for each case, for so many and so long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from random import Random

from sqlalchemy import bindparam, select, update

from bot.store import keys
from bot.store.codes import ALPHABET
from bot.store.engines import Tx
from bot.store.schema import relay_tries, relays
from bot.store.times import micros

# 387 million codes, none with a vowel: no word of any text is taken for one.
LENGTH = 6
_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")
_ASKED = re.compile(rf"(?<![^\W_])[{ALPHABET}]{{2,4}}[ -]?[{ALPHABET}]{{2,4}}(?![^\W_])")

_OF_CASES = select(relays).where(relays.c.case_id.in_(bindparam("cases", expanding=True)))
_TAKE = (
    update(relays)
    .where(
        relays.c.hash == bindparam("hashed"),
        relays.c.taken < relays.c.places,
        relays.c.until > bindparam("now"),
    )
    .values(taken=relays.c.taken + 1)
    .returning(relays.c.case_id, relays.c.taken)
)
_LOOK = select(relays.c.case_id).where(
    relays.c.hash == bindparam("hashed"),
    relays.c.taken < relays.c.places,
    relays.c.until > bindparam("now"),
)
_OPEN = update(relays).where(relays.c.case_id == bindparam("case"))
_WRONG = select(relay_tries.c.wrong).where(
    relay_tries.c.address_id == bindparam("address"), relay_tries.c.day == bindparam("on")
)


def code_in(words: str) -> str | None:
    """What may be a code in a message, as we write them; None where nothing looks like one."""
    for found in _ASKED.finditer(words.upper()):
        code = re.sub(r"[ -]", "", found[0])
        if _CODE.fullmatch(code) and _is_mixed(code):
            return code
    return None


def _is_mixed(code: str) -> bool:
    return any(c.isdigit() for c in code) and any(c.isalpha() for c in code)


def _new_code(chance: Random) -> str:
    while True:
        code = "".join(chance.choices(ALPHABET, k=LENGTH))
        if _is_mixed(code):
            return code


async def prepare(tx: Tx, cases: Sequence[tuple[int, int]]) -> None:
    """A code for each new case, as (case id, key id); it lives only once it is opened."""
    rows = []
    for case_id, key_id in cases:
        code = _new_code(tx.ids.random)
        sealed = tx.keyring.seal_json(key_id, _context(case_id), {"code": code})
        hashed = _hash(tx, code)
        rows.append({"case_id": case_id, "hash": hashed, "key_id": key_id, "code": sealed})
    if rows:
        await tx.conn.execute(tx.insert(relays).on_conflict_do_nothing(), rows)


async def codes(tx: Tx, case_ids: Iterable[int]) -> dict[int, str]:
    """The code of each of these cases."""
    wanted = list(case_ids)
    rows = (await tx.conn.execute(_OF_CASES, {"cases": wanted})).all() if wanted else []
    await keys.load(tx, (row.key_id for row in rows))
    opened = ((row, tx.keyring.open_json(row.key_id, _context(row.case_id), row.code) or {})
              for row in rows)  # fmt: skip
    return {row.case_id: str(plain.get("code", "")) for row, plain in opened}


async def open_up(tx: Tx, case_id: int, places: int, until: datetime, how_many: int | None) -> None:
    """From now on the code of this case enrols: so many people, until then."""
    values = {"places": places, "until": micros(until)}
    if how_many is not None:
        values["how_many"] = how_many
    await tx.conn.execute(_OPEN.values(values), {"case": case_id})


async def look(tx: Tx, code: str, now: datetime) -> int | None:
    """The case whose living code this is, without using it."""
    values = {"hashed": _hash(tx, code), "now": micros(now)}
    found: int | None = await tx.conn.scalar(_LOOK, values)
    return found


async def take(tx: Tx, code: str, now: datetime) -> tuple[int, int] | None:
    """One place of this code: its case, and the how manieth; None if wrong, full or too old."""
    values = {"hashed": _hash(tx, code), "now": micros(now)}
    row = (await tx.conn.execute(_TAKE, values)).one_or_none()
    return None if row is None else (row.case_id, row.taken)


async def wrong_today(tx: Tx, address_id: int, now: datetime) -> int:
    """How many wrong codes came from an address today (UTC)."""
    values = {"address": address_id, "on": now.date()}
    return int(await tx.conn.scalar(_WRONG, values) or 0)


async def note_wrong(tx: Tx, address_id: int, now: datetime) -> None:
    """One more wrong code from this address today."""
    row = {"address_id": address_id, "day": now.date(), "wrong": 1}
    insert = tx.insert(relay_tries)
    more = {"wrong": relay_tries.c.wrong + 1}
    upsert = insert.on_conflict_do_update(index_elements=["address_id", "day"], set_=more)
    await tx.conn.execute(upsert, row)


def _hash(tx: Tx, code: str) -> bytes:
    return tx.keyring.index("relay", code)


def _context(case_id: int) -> str:
    return f"relays.code:{case_id}"
