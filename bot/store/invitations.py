"""Invitations: a link that lets its holder choose a password, once, within three days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select

from bot.store import users
from bot.store.engines import Tx
from bot.store.schema import invitations
from bot.store.times import micros

LASTS: Final = timedelta(days=3)


async def invite(tx: Tx, user_id: int, token: str, now: datetime) -> None:
    """A new link for a user; those given before open nothing any more."""
    await tx.conn.execute(delete(invitations).where(invitations.c.user_id == user_id))
    row = {"hash": _hash(tx, token), "user_id": user_id, "expires_at": micros(now + LASTS)}
    await tx.conn.execute(tx.insert(invitations).values(**row))


async def invited(tx: Tx, token: str, now: datetime) -> users.User | None:
    """Whose link this is; None once it is used, over or its sign-in closed."""
    found = select(invitations.c.user_id).where(
        invitations.c.hash == _hash(tx, token), invitations.c.expires_at > micros(now)
    )
    user_id = await tx.conn.scalar(found)
    user = await users.get(tx, user_id) if user_id is not None else None
    return user if user and not user.disabled_at else None


async def accept(tx: Tx, token: str, password_hash: str, now: datetime) -> users.User | None:
    """The password that was chosen; None, and nothing changed, where another came first."""
    user = await invited(tx, token, now)
    used = delete(invitations).where(invitations.c.hash == _hash(tx, token))
    gone = await tx.conn.execute(used.returning(invitations.c.user_id))
    if user is None or gone.one_or_none() is None:
        return None
    await users.set_password(tx, user.id, password_hash)
    return user


def _hash(tx: Tx, token: str) -> bytes:
    return tx.keyring.index("invitation", token)
