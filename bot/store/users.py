"""Those who look in: their accounts, and the sessions of those who are signed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from bot.roles import REGIONAL
from bot.store.engines import Tx
from bot.store.schema import sessions, users
from bot.store.times import micros, moment

# From the sign-in on, and from the last page on: whichever ends first.
SESSION_LASTS = timedelta(hours=12)
SESSION_RESTS = timedelta(hours=2)
# A session is written to again only after so long: pages are many.
_SEEN_EVERY = timedelta(minutes=1)

_BY_EMAIL = select(users).where(users.c.email == bindparam("email"))
_BY_ID = select(users).where(users.c.id == bindparam("user"))
_OF_SESSION = (
    select(users, sessions.c.seen_at)
    .join(sessions, sessions.c.user_id == users.c.id)
    .where(
        sessions.c.hash == bindparam("hash"),
        sessions.c.expires_at > bindparam("now"),
        sessions.c.seen_at > bindparam("rested"),
        users.c.disabled_at.is_(None),
    )
)
_SAVE = update(users).where(users.c.id == bindparam("row_id"))


class Known(ValueError):
    """There is a user with this e-mail already."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in. `role`: agent, supervisor … `email` is in lower case.

    `language` is that of their pages, `spoken` those of their calls (see `speaks`),
    `territories` as `sees` reads them.
    """

    id: int
    email: str
    name: str
    role: str
    password_hash: str
    language: str = "fr"
    created_at: datetime | None = None
    disabled_at: datetime | None = None
    last_seen_at: datetime | None = None
    team: str = ""
    spoken: str = ""
    territories: str = ""

    @property
    def speaks(self) -> tuple[str, ...]:
        """The languages in which they speak with people; none stands for whichever comes."""
        return tuple(self.spoken.split())

    @property
    def sees(self) -> frozenset[str] | None:
        """The codes of the territories whose people they see; None is the whole country."""
        held = frozenset(self.territories.split())
        return held if held or self.role in REGIONAL else None


_INSTANTS = ("created_at", "disabled_at", "last_seen_at")
_WORDS = tuple(one.name for one in fields(User) if one.name not in _INSTANTS)


async def add(
    tx: Tx,
    email: str,
    role: str,
    password_hash: str,
    name: str = "",
    language: str = "fr",
    *,
    territories: Iterable[str] = (),
    now: datetime,
) -> User:
    """A new user; `Known` if the e-mail is somebody's already."""
    user = User(
        tx.ids.new(now),
        _plain(email),
        name,
        role,
        password_hash,
        language,
        now,
        territories=_codes(territories),
    )
    row = {name: getattr(user, name) for name in _WORDS}
    insert = tx.insert(users).on_conflict_do_nothing().returning(users.c.id)
    if await tx.conn.scalar(insert, {**row, "created_at": micros(now)}) is None:
        raise Known(user.email)
    return user


async def get(tx: Tx, user_id: int) -> User | None:
    """The user of this id."""
    row = (await tx.conn.execute(_BY_ID, {"user": user_id})).one_or_none()
    return None if row is None else _from_row(row)


async def by_email(tx: Tx, email: str) -> User | None:
    """The user with this e-mail, however it is written, disabled or not."""
    row = (await tx.conn.execute(_BY_EMAIL, {"email": _plain(email)})).one_or_none()
    return None if row is None else _from_row(row)


async def list_all(tx: Tx) -> list[User]:
    """Every user by name, the disabled included."""
    rows = await tx.conn.execute(select(users).order_by(users.c.name, users.c.email))
    return [_from_row(row) for row in rows]


async def set_password(tx: Tx, user_id: int, password_hash: str) -> None:
    """A new password; whoever is signed in with the old one is signed out."""
    await tx.conn.execute(_SAVE, {"row_id": user_id, "password_hash": password_hash})
    await end_sessions(tx, user_id)


async def rehash(tx: Tx, user_id: int, password_hash: str) -> None:
    """The same password, hashed at a higher cost: nobody is signed out."""
    await tx.conn.execute(_SAVE, {"row_id": user_id, "password_hash": password_hash})


async def set_role(tx: Tx, user_id: int, role: str) -> None:
    """What a user may do from the next page on."""
    await tx.conn.execute(_SAVE, {"row_id": user_id, "role": role})


async def set_desk(tx: Tx, user_id: int, team: str, speaks: Iterable[str]) -> None:
    """With whom a user works, and the languages in which they speak with people."""
    desk = {"team": team, "spoken": " ".join(sorted(set(speaks)))}
    await tx.conn.execute(_SAVE, {"row_id": user_id, **desk})


async def set_territories(tx: Tx, user_id: int, territories: Iterable[str]) -> None:
    """Whose people a user sees from the next page on."""
    await tx.conn.execute(_SAVE, {"row_id": user_id, "territories": _codes(territories)})


async def disable(tx: Tx, user_id: int, now: datetime) -> None:
    """Nobody signs in with this account any more, and who is signed in is out."""
    await tx.conn.execute(_SAVE, {"row_id": user_id, "disabled_at": micros(now)})
    await end_sessions(tx, user_id)


async def enable(tx: Tx, user_id: int) -> None:
    """The account may be used again."""
    await tx.conn.execute(_SAVE, {"row_id": user_id, "disabled_at": None})


async def open_session(tx: Tx, token: str, user_id: int, now: datetime) -> None:
    """Somebody signed in; `token` is the secret of their cookie, and only its hash is kept."""
    stamps = dict.fromkeys(("created_at", "seen_at"), micros(now))
    row = {"hash": _hash(tx, token), "user_id": user_id, **stamps}
    insert = tx.insert(sessions).values(**row, expires_at=micros(now + SESSION_LASTS))
    await tx.conn.execute(insert)
    await tx.conn.execute(_SAVE, {"row_id": user_id, "last_seen_at": micros(now)})
    await tx.conn.execute(delete(sessions).where(sessions.c.expires_at <= micros(now)))


async def of_session(tx: Tx, token: str, now: datetime) -> User | None:
    """Who is signed in with this secret, and notes that they were seen; None once it is over."""
    hashed = _hash(tx, token)
    values = {"hash": hashed, "now": micros(now), "rested": micros(now - SESSION_RESTS)}
    row = (await tx.conn.execute(_OF_SESSION, values)).one_or_none()
    if row is None:
        return None
    if row.seen_at <= micros(now - _SEEN_EVERY):
        seen = update(sessions).where(sessions.c.hash == hashed).values(seen_at=micros(now))
        await tx.conn.execute(seen)
        await tx.conn.execute(_SAVE, {"row_id": row.id, "last_seen_at": micros(now)})
    return _from_row(row)


@dataclass(frozen=True, slots=True)
class Session:
    """Where a user is signed in; `mark` names it on pages and opens nothing."""

    mark: str
    created_at: datetime | None
    seen_at: datetime | None
    here: bool


async def sessions_of(tx: Tx, user_id: int, token: str) -> list[Session]:
    """A user's sessions, the latest first; `token` is that of the one that asks."""
    own = select(sessions).where(sessions.c.user_id == user_id)
    rows = await tx.conn.execute(own.order_by(sessions.c.created_at.desc()))
    here = _hash(tx, token)
    return [
        Session(row.hash.hex(), moment(row.created_at), moment(row.seen_at), row.hash == here)
        for row in rows
    ]


async def end_own(tx: Tx, user_id: int, mark: str) -> bool:
    """End a session of this user's; False if it is none of theirs."""
    try:
        hashed = bytes.fromhex(mark)
    except ValueError:
        return False
    mine = (sessions.c.hash == hashed) & (sessions.c.user_id == user_id)
    gone = await tx.conn.execute(delete(sessions).where(mine).returning(sessions.c.user_id))
    return gone.one_or_none() is not None


async def end_session(tx: Tx, token: str) -> None:
    """Somebody signed out."""
    await tx.conn.execute(delete(sessions).where(sessions.c.hash == _hash(tx, token)))


async def end_sessions(tx: Tx, user_id: int) -> None:
    """Sign a user out everywhere."""
    await tx.conn.execute(delete(sessions).where(sessions.c.user_id == user_id))


def _hash(tx: Tx, token: str) -> bytes:
    return tx.keyring.index("session", token)


def _codes(territories: Iterable[str]) -> str:
    return " ".join(sorted(set(territories)))


def _plain(email: str) -> str:
    return email.strip().lower()


def _from_row(row: Row[Any]) -> User:
    words = {name: getattr(row, name) for name in _WORDS}
    return User(**words, **{name: moment(getattr(row, name)) for name in _INSTANTS})
