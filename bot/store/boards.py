"""The follow-up board, sifted in the database: who goes on, who needs eyes, who is silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select

from bot.store.engines import Tx
from bot.store.following import from_row
from bot.store.schema import (
    CHECK_IN_URGENT,
    CHECK_IN_WORSE,
    check_ins,
    fixed,
    follow_ups,
    persons,
    unlike,
)
from flows.vocabulary import FollowUp

SHOWS = ("all", "urgent", "worse", "silent", "unanswered")
# So many days back an answer says how somebody is; so many are looked at for silence.
_FRESH = 1
_WEEK = 7
_GOING = unlike(follow_ups.c.state, "closed")
_OPEN = select(follow_ups).where(_GOING)


@dataclass(frozen=True, slots=True)
class Sift:
    """Whom of those who are followed a board shows.

    `show`: all, urgent (P1, P2), worse (or a new sign), silent (yesterday went without an answer
    and so does today), unanswered (asked today, nothing yet). `role`: case or contact.
    """

    show: str = "all"
    role: str = ""
    language: str = ""


async def board(tx: Tx, sift: Sift, today: date, limit: int, offset: int = 0) -> list[FollowUp]:
    """Those of one show: the most urgent, or most silent, or those that end first, first."""
    wanted = _sifted(_shown(sift.show, today), sift).limit(limit).offset(offset)
    return [from_row(row) for row in await tx.conn.execute(wanted)]


async def many(tx: Tx, sift: Sift, today: date) -> int:
    """How many a show has."""
    wanted = _sifted(_shown(sift.show, today), sift).order_by(None).subquery()
    return await tx.conn.scalar(select(func.count()).select_from(wanted)) or 0


def _shown(show: str, today: date) -> Select[Any]:
    match show:
        case "urgent":
            return _latest(CHECK_IN_URGENT, check_ins.c.priority.in_(("P1", "P2")), today)
        case "worse":
            return _latest(CHECK_IN_WORSE, literal(value=True), today)
        case "silent":
            return _silent(today)
        case "unanswered":
            here = check_ins.c.follow_up_id == follow_ups.c.id
            asked = (check_ins.c.day == today) & (check_ins.c.state == "asked")
            return _OPEN.join(check_ins, here).where(asked).order_by(follow_ups.c.id)
        case _:
            ends = (follow_ups.c.until.is_(None), follow_ups.c.until, follow_ups.c.id)
            return _OPEN.order_by(*ends)


def _latest(
    indexed: ColumnElement[bool] | Any, wanted: ColumnElement[bool], today: date
) -> Select[Any]:
    """Those whose latest answer is such, of today or yesterday."""
    fresh = check_ins.c.day.between(today - timedelta(days=_FRESH), today + timedelta(days=1))
    rows = _OPEN.join(check_ins, check_ins.c.follow_up_id == follow_ups.c.id)
    rows = rows.where(indexed, wanted, fresh, ~_answered_after(check_ins.c.day))
    return rows.order_by(check_ins.c.priority == "", check_ins.c.priority, follow_ups.c.id)


def _answered_after(day: ColumnElement[Any]) -> ColumnElement[bool]:
    later = check_ins.alias("later")
    of_one = (later.c.follow_up_id == follow_ups.c.id) & (later.c.day > day)
    return select(later.c.id).where(of_one, later.c.state == "answered").exists()


def _silent(today: date) -> Select[Any]:
    """Yesterday's question was never answered; those who answered least in a week first."""
    yesterday = today - timedelta(days=1)
    rows = _OPEN.join(check_ins, check_ins.c.follow_up_id == follow_ups.c.id)
    # A question of yesterday stays "asked" until today's is sent.
    unheard = or_(check_ins.c.state == "missed", fixed(check_ins.c.state, "asked"))
    rows = rows.where(check_ins.c.day == yesterday, unheard, ~_answered_after(check_ins.c.day))
    lately = check_ins.alias("lately")
    answers = select(func.count()).where(
        lately.c.follow_up_id == follow_ups.c.id,
        lately.c.day > today - timedelta(days=_WEEK),
        lately.c.state == "answered",
    )
    return rows.order_by(answers.scalar_subquery(), follow_ups.c.id)


def _sifted(rows: Select[Any], sift: Sift) -> Select[Any]:
    if sift.role:
        rows = rows.where(follow_ups.c.role == sift.role)
    if sift.language:
        spoken = (persons.c.id == follow_ups.c.person_id) & (persons.c.language == sift.language)
        rows = rows.where(select(persons.c.id).where(spoken).exists())
    return rows
