"""Second factors of users: sealed secrets, codes that are taken once, recovery codes as hashes."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update

from bot import totp
from bot.store import keys
from bot.store.engines import Tx
from bot.store.schema import factors, recovery_codes
from bot.store.times import micros

RECOVERY: Final = 10


async def is_on(tx: Tx, user_id: int) -> bool:
    """Whether this user signs in with a code as well."""
    on = factors.c.confirmed_at.is_not(None)
    found = await tx.conn.scalar(select(factors.c.id).where(factors.c.id == user_id, on))
    return found is not None


async def who(tx: Tx) -> frozenset[int]:
    """The users who sign in with a code as well."""
    on = select(factors.c.id).where(factors.c.confirmed_at.is_not(None))
    return frozenset((await tx.conn.scalars(on)).all())


async def begin(tx: Tx, user_id: int, now: datetime) -> bytes:
    """A new secret, asked for only once it is confirmed; a confirmed one must be removed first."""
    waiting = (factors.c.id == user_id) & factors.c.confirmed_at.is_(None)
    await tx.conn.execute(delete(factors).where(waiting))
    secret = secrets.token_bytes(20)
    key_id = await keys.of_owner(tx, f"user:{user_id}", now)
    sealed = tx.keyring.seal(key_id, _context(user_id), secret)
    row = {"id": user_id, "key_id": key_id, "secret": sealed}
    await tx.conn.execute(tx.insert(factors).values(**row))
    return secret


async def confirm(tx: Tx, user_id: int, said: str, now: datetime) -> list[str]:
    """Turn it on by a first code: the recovery codes, shown this once; none if it is wrong."""
    if await is_on(tx, user_id) or not await _is_code(tx, user_id, said, now):
        return []
    on = update(factors).where(factors.c.id == user_id).values(confirmed_at=micros(now))
    await tx.conn.execute(on)
    codes = [secrets.token_hex(5) for _ in range(RECOVERY)]
    rows = [{"hash": _hash(tx, user_id, one), "user_id": user_id} for one in codes]
    await tx.conn.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
    await tx.conn.execute(tx.insert(recovery_codes), rows)
    return codes


async def accept(tx: Tx, user_id: int, said: str, now: datetime) -> bool:
    """Whether this is a code of theirs, from the app or for recovery; neither works twice."""
    plain = "".join(said.split()).lower()
    if await _is_code(tx, user_id, plain, now):
        return True
    key = recovery_codes.c.hash == _hash(tx, user_id, plain)
    used = await tx.conn.execute(delete(recovery_codes).where(key).returning(key))
    return used.one_or_none() is not None


async def remove(tx: Tx, user_id: int) -> None:
    """The password alone opens from now on."""
    await tx.conn.execute(delete(factors).where(factors.c.id == user_id))
    await tx.conn.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))


async def _is_code(tx: Tx, user_id: int, said: str, now: datetime) -> bool:
    row = (await tx.conn.execute(select(factors).where(factors.c.id == user_id))).one_or_none()
    if row is None or not (said.isascii() and said.isdigit()):
        return False
    await keys.load(tx, [row.key_id])
    secret = tx.keyring.open(row.key_id, _context(user_id), row.secret)
    step = totp.step_of(secret, said, now) if secret else None
    if step is None:
        return False
    # A code that was looked over is worth nothing once it was used.
    newer = (factors.c.id == user_id) & (factors.c.last_step < step)
    taken = update(factors).where(newer).values(last_step=step).returning(factors.c.id)
    return (await tx.conn.execute(taken)).one_or_none() is not None


def _context(user_id: int) -> str:
    return f"factors.secret:{user_id}"


def _hash(tx: Tx, user_id: int, said: str) -> bytes:
    return tx.keyring.index("recovery", f"{user_id}:{said}")
