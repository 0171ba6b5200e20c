"""When agents may be promised for a call: the slots of their hours, as dated rows say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from flows.rules.duty import duty
from flows.rules.moments import at
from flows.rules.packs import Pack
from flows.rules.reminders import delay
from flows.rules.rows import Row, in_force
from flows.rules.tables import WEEKDAYS

_DAYS = 7
_LEAD = timedelta(minutes=30)


def free_slots(pack: Pack, now: datetime, booked: Mapping[datetime, int]) -> tuple[datetime, ...]:
    """The beginnings (UTC) of slots with a free seat in the next days, the soonest first.

    `booked`: how many calls each beginning already has.
    """
    first = now.astimezone(pack.zone).date()
    soonest = now + delay(pack, "call_lead", first, otherwise=_LEAD)
    days = (_of_day(pack, first + timedelta(days=n)) for n in range(_DAYS))
    return tuple(
        starts
        for day in days
        for starts, seats in day
        if starts >= soonest and booked.get(starts, 0) < seats
    )


def seats(pack: Pack, starts: datetime) -> int:
    """How many calls may begin at this moment; 0 where no slot begins."""
    return dict(_of_day(pack, starts.astimezone(pack.zone).date())).get(starts.astimezone(UTC), 0)


def two_of(free: tuple[datetime, ...]) -> tuple[datetime, ...]:
    """Two hours to offer: the soonest, and one at least half a day later where there is one.

    The only one that is free is offered alone; none where none is.
    """
    if len(free) <= 1:
        return free
    later = (one for one in free if one - free[0] >= timedelta(hours=12))
    return free[0], next(later, free[-1])


@lru_cache(maxsize=256)
def _of_day(pack: Pack, day: date) -> tuple[tuple[datetime, int], ...]:
    """The slots of one day with their seats, where somebody is there from beginning to end."""
    found: dict[datetime, int] = {}
    for row in in_force(pack.table("call_hours"), day):
        for starts in _begins(pack, row, day):
            found[starts] = found.get(starts, 0) + row.number("seats")
    return tuple(sorted(found.items()))


def _begins(pack: Pack, row: Row, day: date) -> Iterator[datetime]:
    opens, closes = row.clock("starts"), row.clock("ends")
    length = timedelta(minutes=max(row.number("minutes"), 5))
    if opens is None or closes is None or WEEKDAYS[day.weekday()] not in row.words("weekdays"):
        return
    moment, last = at(day, opens, pack.zone), at(day, closes, pack.zone) - length
    while moment <= last:
        ends = moment + length - timedelta(minutes=1)
        if duty(pack, moment).staffed and duty(pack, ends).staffed:
            yield moment.astimezone(UTC)
        moment += length
