"""The cohorts of a day: everybody who entered a measure then, and how far each has come since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select

from bot.ids import first_at
from bot.store.engines import Tx
from bot.store.reached import SPOKEN
from bot.store.schema import (
    REVIEW_CLOSED,
    REVIEW_URGENT,
    addresses,
    cases,
    check_ins,
    contacts,
    exposures,
    follow_ups,
    links,
    messages,
    persons,
    reviews,
    users,
)
from bot.store.times import micros

# A span of minutes is kept as the place of the first bound that holds it, or as one more.
BOUNDS: Final = (5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 4320, 7200, 14400)
# It has not come to it; it counts with the others all the same. `APART` counts nowhere.
NEVER: Final = -1
APART: Final = -2
# More contacts than these count as so many.
MOST: Final = 30
AT_ONCE: Final = 500
SPOT_CHECK: Final = "spot_check"
_MINUTE: Final = 60_000_000

_FIRST: Any = bindparam("first")
_LAST: Any = bindparam("last")
_SINCE: Any = bindparam("since")
_UNTIL: Any = bindparam("until")
_DAY: Any = bindparam("on")


@dataclass(frozen=True, slots=True)
class Counted:
    """One of a cohort: whom it is about, where they stand, which team had it."""

    person_id: int | None
    bucket: int
    team: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Of whom a figure is: "" where that is not known or does not matter.

    `age`: minor, adult. `phone`: own, shared.
    """

    language: str = ""
    channel: str = ""
    age: str = ""
    phone: str = ""
    team: str = ""
    territory: str = ""


Cohorts = dict[str, list[Counted]]


def _made(table: Any, *columns: Any) -> Select[Any]:
    """Rows of a day, by their ids: made in the order of time, they lie together."""
    return select(*columns).where(table.c.id >= _FIRST, table.c.id < _LAST)


_CASES = _made(cases, cases)
_CONTACTS = _made(contacts, contacts)
_ANSWERED = (
    select(check_ins.c.id)
    .where(check_ins.c.follow_up_id == follow_ups.c.id, check_ins.c.state == "answered")
    .exists()
)
_BY_HAND = (
    select(reviews.c.id)
    .where(reviews.c.person_id == follow_ups.c.person_id, reviews.c.closed_by.is_not(None))
    .exists()
)
_ENROLLED = _made(
    follow_ups,
    follow_ups.c.person_id,
    follow_ups.c.state,
    follow_ups.c.outcome,
    _ANSWERED.label("answered"),
    _BY_HAND.label("by_hand"),
)
_CHECK_INS = select(check_ins.c.person_id, check_ins.c.state).where(check_ins.c.day == _DAY)
_URGENT = (
    select(reviews, users.c.team)
    .outerjoin(users, users.c.id == reviews.c.closed_by)
    .where(REVIEW_URGENT, reviews.c.urgent_at >= _SINCE, reviews.c.urgent_at < _UNTIL)
)
_CLOSED = (
    select(reviews.c.person_id, reviews.c.closed_at, reviews.c.deadline, users.c.team)
    .join(users, users.c.id == reviews.c.closed_by)
    .where(REVIEW_CLOSED, reviews.c.closed_at >= _SINCE, reviews.c.closed_at < _UNTIL)
)
_SPOT_CHECKS = _made(reviews, reviews).where(reviews.c.reason == SPOT_CHECK)
_SENT = (
    _made(
        messages, messages.c.channel, messages.c.state, persons.c.territory, func.count().label("n")
    )
    .outerjoin(persons, persons.c.id == messages.c.person_id)
    .where(messages.c.direction == "out")
    .group_by(messages.c.channel, messages.c.state, persons.c.territory)
)
_TRACEABLE = (
    select(exposures.c.case_id, func.count(exposures.c.contact_id.distinct()).label("n"))
    .join(contacts, contacts.c.id == exposures.c.contact_id)
    .where(
        exposures.c.case_id.in_(bindparam("ids", expanding=True)),
        contacts.c.outcome != "not_at_risk",
        select(links.c.address_id)
        .where(links.c.person_id == contacts.c.person_id, links.c.dropped.is_(False))
        .exists(),
    )
    .group_by(exposures.c.case_id)
)
_PEOPLE = select(persons.c.id, persons.c.language, persons.c.minor, persons.c.territory).where(
    persons.c.id.in_(bindparam("ids", expanding=True))
)
_AT = (
    select(links.c.person_id, addresses.c.channel, addresses.c.shared)
    .join(addresses, addresses.c.id == links.c.address_id)
    .where(links.c.person_id.in_(bindparam("ids", expanding=True)), links.c.dropped.is_(False))
    # The last one stays: that of the highest rank.
    .order_by(links.c.rank, links.c.address_id)
)
_GONE_OUT: Final = {"delivered": 1, "read": 1, "undelivered": 0, "refused": 0, "uncertain": 0}


async def of_day(tx: Tx, on: date, since: datetime, until: datetime) -> Cohorts:
    """Every cohort of people that entered on a day, which is from `since` to `until`."""
    span = {"first": first_at(since), "last": first_at(until)}
    times = {"since": micros(since), "until": micros(until)}
    entered = (await tx.conn.execute(_CASES, span)).all()
    listed = (await tx.conn.execute(_CONTACTS, span)).all()
    enrolled = (await tx.conn.execute(_ENROLLED, span)).all()
    asked = await tx.conn.execute(_CHECK_INS, {"on": on})
    urgent = (await tx.conn.execute(_URGENT, times)).all()
    return {
        "cases_reached": [_reached(row) for row in entered],
        "cases_known": [_yes(row.person_id, row.from_contact_id is not None) for row in entered],
        "result_reached": [_since_test(row) for row in entered if row.test_date],
        "yield": await _yield(tx, entered),
        "contacts_reached": [_reached(row) for row in listed],
        "wrong_numbers": [_yes(row.person_id, row.outcome == "wrong_number") for row in listed],
        "refused": [_yes(row.person_id, row.outcome == "refused") for row in listed],
        "turned_positive": [_yes(row.person_id, row.outcome == "converted") for row in listed],
        "answered": [_answer(row) for row in asked],
        "answered_once": [_yes(row.person_id, row.answered) for row in enrolled],
        "completed": [_end(row, "completed") for row in enrolled],
        "lost": [_end(row, "lost") for row in enrolled],
        "alone": [_alone(row) for row in enrolled],
        "p1_taken": [_span(row, row.urgent_at, row.taken_at, row.team) for row in urgent],
        "p1_spoken": [_span(row, row.urgent_at, row.spoken_at, row.team) for row in urgent],
        "spot_checks": [_checked(row) for row in await tx.conn.execute(_SPOT_CHECKS, span)],
        "in_time": [
            Counted(row.person_id, int(row.closed_at <= row.deadline), row.team or "")
            for row in await tx.conn.execute(_CLOSED, times)
        ],
    }


async def sent_of_day(tx: Tx, since: datetime, until: datetime) -> Counter[tuple[Group, int]]:
    """Texts of a day by channel: whether they arrived; what nobody knows yet is `NEVER`."""
    span = {"first": first_at(since), "last": first_at(until)}
    found: Counter[tuple[Group, int]] = Counter()
    for row in await tx.conn.execute(_SENT, span):
        bucket = APART if row.state == "cancelled" else _GONE_OUT.get(row.state, NEVER)
        found[Group(channel=row.channel, territory=row.territory or ""), bucket] += row.n
    return found


async def groups_of(tx: Tx, person_ids: Iterable[int]) -> dict[int, Group]:
    """The groups of people, but for the team."""
    found: dict[int, Group] = {}
    wanted = sorted(set(person_ids))
    for start in range(0, len(wanted), AT_ONCE):
        ids = {"ids": wanted[start : start + AT_ONCE]}
        at = {row.person_id: row for row in await tx.conn.execute(_AT, ids)}
        for row in await tx.conn.execute(_PEOPLE, ids):
            found[row.id] = _group(row, at.get(row.id))
    return found


def bucket_of(minutes: float) -> int:
    """The place of a span among `BOUNDS`."""
    return next((n for n, bound in enumerate(BOUNDS) if minutes <= bound), len(BOUNDS))


def day_span(on: date, zone: Any) -> tuple[datetime, datetime]:
    """When a day begins and ends where the service is."""
    begins = datetime.combine(on, datetime.min.time(), zone)
    ends = datetime.combine(on + timedelta(days=1), datetime.min.time(), zone)
    return begins, ends


def _group(person: Any, at: Any) -> Group:
    phone = "" if at is None else "shared" if at.shared else "own"
    age = "minor" if person.minor else "adult"
    return Group(person.language, at.channel if at else "", age, phone, territory=person.territory)


def _reached(row: Any) -> Counted:
    if row.outcome == "wrong_number":
        return Counted(row.person_id, APART)
    return _span(row, row.created_at, row.reached_at)


def _span(row: Any, start: int, end: int | None, team: str | None = None) -> Counted:
    bucket = NEVER if end is None else bucket_of((end - start) / _MINUTE)
    return Counted(row.person_id, bucket, team or "")


def _since_test(row: Any) -> Counted:
    """From the beginning of the day of the test: its hour is not known."""
    tested = micros(datetime.combine(row.test_date, datetime.min.time(), UTC))
    return _span(row, tested, row.reached_at)


def _alone(row: Any) -> Counted:
    """Whether a follow-up went to its end without a person."""
    if row.state != "closed":
        return Counted(row.person_id, APART)
    return _yes(row.person_id, row.outcome == "completed" and not row.by_hand)


def _yes(person_id: int | None, claim: bool) -> Counted:
    return Counted(person_id, int(claim))


def _answer(row: Any) -> Counted:
    return Counted(row.person_id, {"answered": 1, "missed": 0}.get(row.state, NEVER))


def _end(row: Any, outcome: str) -> Counted:
    if row.state != "closed":
        return Counted(row.person_id, APART)
    return _yes(row.person_id, row.outcome == outcome)


def _checked(row: Any) -> Counted:
    """1: as they had said. 0: they were not well. Of whom nobody has spoken with yet: neither."""
    if row.outcome in ("referred", "handed_to_15"):
        return Counted(row.person_id, 0)
    said = row.state == "closed" and (row.outcome in SPOKEN or row.outcome == "not_needed")
    return Counted(row.person_id, 1 if said else APART)


async def _yield(tx: Tx, entered: Sequence[Any]) -> list[Counted]:
    """Traceable contacts of each case that was reached; the others are `NEVER`."""
    ids = [row.id for row in entered if row.reached_at is not None]
    many: dict[int, int] = {}
    for start in range(0, len(ids), AT_ONCE):
        part = {"ids": ids[start : start + AT_ONCE]}
        many |= {row.case_id: row.n for row in await tx.conn.execute(_TRACEABLE, part)}
    return [
        Counted(row.person_id, NEVER if row.reached_at is None else min(many.get(row.id, 0), MOST))
        for row in entered
    ]
