"""Single-use codes: what ties a person to a chat, or opens a conversation as a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.store.engines import Tx
from bot.store.schema import codes
from bot.store.times import micros, moment

# No vowels and nothing that is mistaken for another: 27 letters and figures, 4.7 bits each.
ALPHABET = "BCDFGHJKLMNPQRSTVWXYZ346789"
LENGTH = 12

# So often may what is asked beside a code be wrong.
MOST_MISSES = 3

_LIVE = (
    codes.c.hash == bindparam("hashed"),
    codes.c.used_at.is_(None),
    codes.c.expires_at > bindparam("now"),
    codes.c.misses < MOST_MISSES,
)
_USE = update(codes).where(*_LIVE).values(used_at=bindparam("now")).returning(codes)
_LOOK = select(codes).where(*_LIVE)
_MISS = update(codes).where(*_LIVE).values(misses=codes.c.misses + 1).returning(codes)


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for; the code itself is known only to whom it was given."""

    purpose: str
    person_id: int | None
    address_id: int | None
    expires_at: datetime


async def issue(
    tx: Tx,
    purpose: str,
    person_id: int | None,
    address_id: int | None,
    lifetime: timedelta,
    now: datetime,
    *,
    length: int = LENGTH,
) -> str:
    """A new code for one purpose, to be said only to the one it is for.

    Ask for 20 where it stands in a link that anybody may guess at (95 bits).
    """
    code = "".join(tx.ids.random.choices(ALPHABET, k=length))
    row = {
        "hash": _hash(tx, purpose, code),
        "purpose": purpose,
        "person_id": person_id,
        "address_id": address_id,
        "created_at": micros(now),
        "expires_at": micros(now + lifetime),
    }
    await tx.conn.execute(tx.insert(codes), row)
    return code


async def redeem(tx: Tx, purpose: str, code: str, now: datetime) -> Code | None:
    """What the code stands for, this once; None if it is wrong, used or too old."""
    return await _find(tx, _USE, purpose, code, now)


async def look(tx: Tx, purpose: str, code: str, now: datetime) -> Code | None:
    """What a living code stands for, without using it."""
    return await _find(tx, _LOOK, purpose, code, now)


async def miss(tx: Tx, purpose: str, code: str, now: datetime) -> None:
    """What was said beside the code was wrong; the third time it is the code's end."""
    await _find(tx, _MISS, purpose, code, now)


async def _find(tx: Tx, statement: Any, purpose: str, code: str, now: datetime) -> Code | None:
    values = {"hashed": _hash(tx, purpose, code), "now": micros(now)}
    row = (await tx.conn.execute(statement, values)).one_or_none()
    return None if row is None else _from_row(row)


def _from_row(row: Row[Any]) -> Code:
    return Code(row.purpose, row.person_id, row.address_id, moment(row.expires_at))


def _hash(tx: Tx, purpose: str, code: str) -> bytes:
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    return tx.keyring.index(f"code:{purpose}", typed)
