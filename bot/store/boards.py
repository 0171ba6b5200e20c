"""The follow-up board, sifted in the database: who goes on, who needs eyes, who is silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, literal, select, true

from bot.store.engines import Tx
from bot.store.following import from_row
from bot.store.schema import (
    CHECK_IN_URGENT,
    CHECK_IN_WORSE,
    check_ins,
    follow_ups,
    unlike,
)
from flows.vocabulary import FollowUp

SHOWS = ("all", "urgent", "worse", "silent", "unanswered")
# So many days back an answer says how somebody is; so many are looked at for silence.
_FRESH = 1
# East of here it is tomorrow already.
_AHEAD = 1
_WEEK = 7
# More are counted by nobody: a board is sifted further before its thirtieth page.
MOST = 2000
_GOING = unlike(follow_ups.c.state, "closed")
_OPEN = select(follow_ups).where(_GOING)


@dataclass(frozen=True, slots=True)
class Sift:
    """Whom of those who are followed a board shows.

    `show`: all, urgent (P1, P2), worse (or a new sign), silent (yesterday went without an answer
    and so does today), unanswered (asked today, nothing yet). `role`: case or contact.
    `territories`: whose people alone; None is the whole country.
    """

    show: str = "all"
    role: str = ""
    language: str = ""
    territories: tuple[str, ...] | None = None


async def board(tx: Tx, sift: Sift, today: date, limit: int, offset: int = 0) -> list[FollowUp]:
    """Those of one show: the most urgent, or most silent, or those that end first, first."""
    values = {"most": limit, "past": offset}
    return [from_row(row) for row in await tx.conn.execute(_page(sift, today), values)]


async def many(tx: Tx, sift: Sift, today: date) -> tuple[int, bool]:
    """How many a show has among the first `MOST`, and whether there may be more behind them."""
    row = (await tx.conn.execute(_count(sift, today))).one()
    return int(row.sifted or 0), row.looked_at > MOST


# Made once a day: building these costs more than asking them.
@lru_cache(maxsize=256)
def _page(sift: Sift, today: date) -> Select[Any]:
    rows = _sifted(_shown(sift.show, today), sift)
    if sift.show == "silent":
        rows = _least_answered(rows, today)
    return rows.limit(bindparam("most")).offset(bindparam("past"))


@lru_cache(maxsize=256)
def _count(sift: Sift, today: date) -> Any:
    rows = _shown(sift.show, today)
    # All who speak a language stand together; elsewhere they are looked for among the first.
    rows = _sifted(rows, sift if sift.show == "all" else Sift(territories=sift.territories))
    first = rows.with_only_columns(follow_ups.c.role, follow_ups.c.language).limit(MOST + 1)
    some = first.order_by(None).subquery()
    fits = [some.c[name] == value for name, value in _named(sift).items()]
    sifted = case((and_(true(), *fits), 1), else_=0)
    return select(func.sum(sifted).label("sifted"), func.count().label("looked_at")).select_from(
        some
    )


def _named(sift: Sift) -> dict[str, str]:
    said = {"role": sift.role, "language": sift.language}
    return {name: value for name, value in said.items() if value}


def _shown(show: str, today: date) -> Select[Any]:
    match show:
        case "urgent":
            return _latest(CHECK_IN_URGENT, check_ins.c.priority.in_(("P1", "P2")), today)
        case "worse":
            return _latest(CHECK_IN_WORSE, literal(value=True), today)
        case "silent":
            return _silent(today)
        case "unanswered":
            asked = (check_ins.c.day == today) & (check_ins.c.state == "asked")
            return _asked_on().where(asked).order_by(check_ins.c.follow_up_id)
        case _:
            return _OPEN.order_by(follow_ups.c.until.nulls_last(), follow_ups.c.id)


def _asked_on() -> Select[Any]:
    return _OPEN.join(check_ins, check_ins.c.follow_up_id == follow_ups.c.id)


def _latest(
    indexed: ColumnElement[bool] | Any, wanted: ColumnElement[bool], today: date
) -> Select[Any]:
    """Those whose latest answer is such, of today or yesterday."""
    # Day by day: over a span of days the index would not reach the priorities within each.
    days = range(-_FRESH, _AHEAD + 1)
    fresh = check_ins.c.day.in_([today + timedelta(days=on) for on in days])
    rows = _asked_on().where(indexed, wanted, fresh, ~_answered_after(check_ins.c.day))
    return rows.order_by(check_ins.c.priority == "", check_ins.c.priority, follow_ups.c.id)


def _answered_after(day: ColumnElement[Any]) -> ColumnElement[bool]:
    later = check_ins.alias("later")
    of_one = (later.c.follow_up_id == follow_ups.c.id) & (later.c.day > day)
    return select(later.c.id).where(of_one, later.c.state == "answered").exists()


def _silent(today: date) -> Select[Any]:
    """Yesterday's question was never answered."""
    # A question of yesterday stays "asked" until today's is sent.
    unheard = check_ins.c.state.in_(("missed", "asked"))
    of_yesterday = check_ins.c.day == today - timedelta(days=1)
    return _asked_on().where(of_yesterday, unheard, ~_answered_after(check_ins.c.day))


def _least_answered(silent: Select[Any], today: date) -> Select[Any]:
    """Those who answered least in a week first, of as many as a board has room for."""
    some = silent.with_only_columns(follow_ups.c.id).limit(MOST).subquery()
    lately = check_ins.alias("lately")
    answers = select(func.count()).where(
        lately.c.follow_up_id == follow_ups.c.id,
        lately.c.day > today - timedelta(days=_WEEK),
        lately.c.state == "answered",
    )
    rows = _OPEN.join(some, some.c.id == follow_ups.c.id)
    return rows.order_by(answers.scalar_subquery(), follow_ups.c.id)


def _sifted(rows: Select[Any], sift: Sift) -> Select[Any]:
    if sift.role:
        rows = rows.where(follow_ups.c.role == sift.role)
    if sift.territories is not None:
        rows = rows.where(follow_ups.c.territory.in_(sift.territories))
    if sift.language:
        # By the index of languages only where nothing narrower is asked: most speak the same one.
        spoken = follow_ups.c.language
        here = spoken if sift.show == "all" else func.coalesce(spoken, "")
        rows = rows.where(here == sift.language)
    return rows
