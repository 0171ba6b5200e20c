"""Figures for operators and supervisors: what waits and since when, who stands where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, bindparam, case, func, or_, select, true

from bot.store import surges
from bot.store.engines import Tx
from bot.store.schema import (
    DEED_UNDONE,
    MESSAGE_UNCERTAIN,
    MESSAGE_WAITING,
    REVIEW_OPEN,
    cases,
    check_ins,
    contacts,
    deeds,
    follow_ups,
    messages,
    reviews,
    timers,
    unlike,
)
from bot.store.surges import deferred
from bot.store.times import micros, moment

_COUNT = func.count().label("n")
_NOW = bindparam("now", type_=BigInteger)
_GO_AT = func.coalesce(messages.c.not_before, messages.c.at)
# Ids are made in the order of time.
_REVIEWS = (
    select(
        reviews.c.priority.label("word"),
        _COUNT,
        func.min(reviews.c.id).label("oldest"),
        func.sum(case((reviews.c.deadline <= _NOW, 1), else_=0)).label("late"),
    )
    .where(REVIEW_OPEN)
    .group_by(reviews.c.priority)
)
_OPENED = select(reviews.c.id, reviews.c.opened_at).where(
    reviews.c.id.in_(bindparam("ids", expanding=True))
)
_LATE = (
    select(reviews.c.priority.label("word"), _COUNT)
    .where(REVIEW_OPEN, reviews.c.deadline <= _NOW)
    .group_by(reviews.c.priority)
)
_TEXTS = (
    select(messages.c.kind.label("word"), _COUNT, func.min(_GO_AT).label("since"))
    .where(MESSAGE_WAITING, or_(messages.c.not_before.is_(None), messages.c.not_before <= _NOW))
    .group_by(messages.c.kind)
)
# One that was looked up long enough is a person's matter and has no moment any more.
_UNCERTAIN = select(_COUNT, func.min(messages.c.at).label("since")).where(
    MESSAGE_UNCERTAIN, messages.c.not_before.is_not(None)
)
_TIMERS = select(_COUNT, func.min(timers.c.due_at).label("since")).where(timers.c.due_at <= _NOW)
_DEEDS = select(_COUNT, func.min(deeds.c.due_at).label("since")).where(
    DEED_UNDONE, deeds.c.due_at <= _NOW
)


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many wait, the moment since which the oldest does, how many are past their deadline."""

    count: int = 0
    since: datetime | None = None
    late: int = 0


@dataclass(frozen=True, slots=True)
class Queues:
    """All that waits for the service or for people.

    `reviews` are the open ones by priority; `texts` those that might go now, by kind; `uncertain`
    texts are being looked up; `timers` and `deeds` are due.
    """

    reviews: Mapping[str, Backlog] = field(default_factory=dict)
    texts: Mapping[str, Backlog] = field(default_factory=dict)
    uncertain: Backlog = Backlog()
    timers: Backlog = Backlog()
    deeds: Backlog = Backlog()


@dataclass(frozen=True, slots=True)
class People:
    """How many are where: cases, contacts and follow-ups by state, a day's check-ins by state."""

    cases: Mapping[str, int]
    contacts: Mapping[str, int]
    follow_ups: Mapping[str, int]
    check_ins: Mapping[str, int]


async def queues(tx: Tx, now: datetime, of: Collection[str] | None = None) -> Queues:
    """What waits: counted by indexes over what is not done, whatever the years have piled up.

    `of` are the territories whose reviews are counted; None is the whole country.
    """
    return Queues(
        reviews=await _open(tx, now, of),
        texts=await _by_word(tx, _TEXTS, now),
        uncertain=await _backlog(tx, _UNCERTAIN, now),
        timers=await _backlog(tx, _TIMERS, now),
        deeds=await _backlog(tx, _DEEDS, now),
    )


async def _open(tx: Tx, now: datetime, of: Collection[str] | None) -> dict[str, Backlog]:
    """The open reviews by priority, from their index alone; what a surge puts off is not late."""
    at = {"now": micros(now)}
    whose = true() if of is None else reviews.c.territory.in_(of)
    counted = {row.word: row for row in await tx.conn.execute(_REVIEWS.where(whose), at)}
    oldest = {"ids": [row.oldest for row in counted.values()]}
    since = {row.id: moment(row.opened_at) for row in await tx.conn.execute(_OPENED, oldest)}
    put_off: dict[str, int] = {}
    surge = await surges.current(tx, now)
    if surge is not None:
        rows = await tx.conn.execute(_LATE.where(deferred(surge), whose), at)
        put_off = {row.word: row.n for row in rows}
    return {
        word: Backlog(row.n, since[row.oldest], int(row.late) - put_off.get(word, 0))
        for word, row in counted.items()
    }


async def by_reason(tx: Tx) -> dict[str, int]:
    """How many reviews are open, by reason."""
    many = select(reviews.c.reason, _COUNT).where(REVIEW_OPEN).group_by(reviews.c.reason)
    return {row.reason: row.n for row in await tx.conn.execute(many)}


async def people(tx: Tx, day: date) -> People:
    """How many people are where. What is closed is left out; `day` is that of the check-ins."""
    return People(
        cases=await _states(tx, cases, unlike(cases.c.state, "closed")),
        contacts=await _states(tx, contacts, unlike(contacts.c.state, "closed")),
        follow_ups=await _states(tx, follow_ups, unlike(follow_ups.c.state, "closed")),
        check_ins=await _states(tx, check_ins, check_ins.c.day == day),
    )


async def _by_word(tx: Tx, statement: Any, now: datetime) -> dict[str, Backlog]:
    rows = await tx.conn.execute(statement, {"now": micros(now)})
    return {
        row.word: Backlog(row.n, moment(row.since), int(getattr(row, "late", 0))) for row in rows
    }


async def _backlog(tx: Tx, statement: Any, now: datetime) -> Backlog:
    row = (await tx.conn.execute(statement, {"now": micros(now)})).one()
    return Backlog(row.n, moment(row.since))


async def _states(tx: Tx, table: Table, wanted: ColumnElement[bool]) -> dict[str, int]:
    counted = select(table.c.state, _COUNT).where(wanted).group_by(table.c.state)
    return {row.state: row.n for row in await tx.conn.execute(counted)}
