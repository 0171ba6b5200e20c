"""Surges: a supervisor says what may wait while there are more reviews than hands; never P1, P2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Row, and_, bindparam, false, or_, select, update

from bot.ids import made_at
from bot.store.engines import Tx
from bot.store.schema import SURGE_GOING, reviews, surges, users
from bot.store.times import micros, moment
from flows.vocabulary import Review

ROLES: Final = ("case", "contact")
MAY_WAIT: Final = ("P3", "P4")
_KEPT: Final = 20

_CURRENT = (
    select(surges, users.c.name, users.c.email)
    .join(users, users.c.id == surges.c.started_by)
    .where(SURGE_GOING, surges.c.until > bindparam("now"))
    .order_by(surges.c.id.desc())
    .limit(1)
)
_LATEST = (
    select(surges, users.c.name, users.c.email)
    .join(users, users.c.id == surges.c.started_by)
    .order_by(surges.c.id.desc())
    .limit(_KEPT)
)


@dataclass(frozen=True, slots=True)
class Surge:
    """What may wait until then. `reasons` wait for everybody; those of `messages_only` (case,
    contact) are not called: all of theirs waits but what `never` may; `stops_calls`: no call by
    appointment is offered."""

    id: int
    reasons: frozenset[str]
    messages_only: frozenset[str]
    never: frozenset[str]
    started_at: datetime
    until: datetime
    started_by: str = ""
    ended_at: datetime | None = None
    stops_calls: bool = False

    def defers(self, review: Review) -> bool:
        """Whether this review may wait."""
        if review.priority not in MAY_WAIT:
            return False
        role = "contact" if review.contact_id else "case" if review.case_id else ""
        messaged = role in self.messages_only and review.reason not in self.never
        return messaged or review.reason in self.reasons


def deferred(surge: Surge, table: FromClause = reviews) -> ColumnElement[bool]:
    """`Surge.defers` as the database asks it."""
    column = table.c
    less = column.priority.in_(MAY_WAIT)
    groups = {
        "contact": column.contact_id.is_not(None),
        "case": and_(column.contact_id.is_(None), column.case_id.is_not(None)),
    }
    theirs = or_(false(), *(groups[role] for role in sorted(surge.messages_only)))
    messaged = and_(theirs, column.reason.not_in(sorted(surge.never)))
    return and_(less, or_(messaged, column.reason.in_(sorted(surge.reasons))))


async def current(tx: Tx, now: datetime) -> Surge | None:
    """The surge that holds, None in quiet times."""
    row = (await tx.conn.execute(_CURRENT, {"now": micros(now)})).one_or_none()
    return None if row is None else _from_row(row)


async def latest(tx: Tx) -> list[Surge]:
    """The last surges, the newest first."""
    return [_from_row(row) for row in await tx.conn.execute(_LATEST)]


async def start(
    tx: Tx,
    user_id: int,
    reasons: Iterable[str],
    messages_only: Iterable[str],
    never: Iterable[str],
    until: datetime,
    now: datetime,
    stops_calls: bool = False,
) -> int:
    """A surge in place of the one that holds. Nothing of the reviews is changed: ended, all is
    as it was."""
    await end(tx, user_id, now)
    words = {"reasons": reasons, "messages_only": messages_only, "never": never}
    row = {name: " ".join(sorted(set(value))) for name, value in words.items()}
    surge_id = tx.ids.new(now)
    rest = {
        "id": surge_id,
        "until": micros(until),
        "started_by": user_id,
        "stops_calls": stops_calls,
    }
    await tx.conn.execute(tx.insert(surges).values(**row, **rest))
    return surge_id


async def end(tx: Tx, user_id: int, now: datetime) -> list[int]:
    """End what holds; the ids of what was ended."""
    going = update(surges).where(SURGE_GOING, surges.c.until > micros(now))
    over = going.values(ended_at=micros(now), ended_by=user_id).returning(surges.c.id)
    return list((await tx.conn.scalars(over)).all())


def _from_row(row: Row[Any]) -> Surge:
    return Surge(
        id=row.id,
        reasons=frozenset(row.reasons.split()),
        messages_only=frozenset(row.messages_only.split()),
        never=frozenset(row.never.split()),
        stops_calls=row.stops_calls,
        started_at=made_at(row.id),
        until=moment(row.until),
        started_by=row.name or row.email,
        ended_at=moment(row.ended_at),
    )
