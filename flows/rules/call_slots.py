"""When agents may be promised for a call: the slots of their hours, as supervisors keep them in
the admin or, until they do, as dated rows say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from flows.rules.duty import duty
from flows.rules.moments import at
from flows.rules.packs import Pack
from flows.rules.reminders import delay
from flows.rules.rows import in_force
from flows.rules.tables import WEEKDAYS
from flows.vocabulary import CallBook, CallShift, CallWeek

_DAYS = 7
_LEAD = timedelta(minutes=30)
_SHORTEST = 5
# More than there are languages: a shift that names none speaks them all.
_ALL_SPOKEN = 99


@dataclass(frozen=True, slots=True)
class Seats:
    """The numbers of one shift's seats in a slot, and the languages spoken there."""

    numbers: range
    languages: frozenset[str]


def free_slots(pack: Pack, now: datetime, book: CallBook, lang: str) -> tuple[datetime, ...]:
    """The beginnings (UTC) of slots in the next days with a free seat for this language, the
    soonest first."""
    first = now.astimezone(pack.zone).date()
    soonest = now + delay(pack, "call_lead", first, otherwise=_LEAD)
    days = (_of_day(pack, book.week, first + timedelta(days=n)) for n in range(_DAYS))
    return tuple(
        starts
        for day in days
        for starts, _ in day
        if starts >= soonest and free_seats(pack, book, starts, lang)
    )


def free_seats(pack: Pack, book: CallBook, starts: datetime, lang: str) -> tuple[int, ...]:
    """The numbers of the seats that may be promised at this moment to who speaks this language.

    Those of fewest languages come first: who speaks many is left to others for longest.
    """
    taken = book.taken.get(starts.astimezone(UTC), frozenset())
    there = () if book.week.stopped else seats(pack, book.week, starts)
    spoken = [one for one in there if not one.languages or lang in one.languages]
    spoken.sort(key=lambda one: len(one.languages) or _ALL_SPOKEN)
    return tuple(n for one in spoken for n in one.numbers if n not in taken)


def seats(pack: Pack, week: CallWeek, starts: datetime) -> tuple[Seats, ...]:
    """All seats of the slot that begins at this moment; none where no slot begins."""
    day = _of_day(pack, week, starts.astimezone(pack.zone).date())
    return dict(day).get(starts.astimezone(UTC), ())


def two_of(free: tuple[datetime, ...]) -> tuple[datetime, ...]:
    """Two hours to offer: the soonest, and one at least half a day later where there is one.

    The only one that is free is offered alone; none where none is.
    """
    if len(free) <= 1:
        return free
    later = (one for one in free if one - free[0] >= timedelta(hours=12))
    return free[0], next(later, free[-1])


def shifts_of_rules(pack: Pack, on: date) -> tuple[CallShift, ...]:
    """The week of the rules that hold on a day, for all languages."""
    found: list[CallShift] = []
    for row in in_force(pack.table("call_hours"), on):
        opens, closes = row.clock("starts") or time.min, row.clock("ends") or time.min
        length = max(row.number("minutes"), _SHORTEST)
        found += [
            CallShift(WEEKDAYS.index(day), opens, closes, length, row.number("seats"))
            for day in row.words("weekdays")
        ]
    return tuple(found)


@lru_cache(maxsize=256)
def _of_day(
    pack: Pack, week: CallWeek, day: date
) -> tuple[tuple[datetime, tuple[Seats, ...]], ...]:
    """The slots of one day with their seats, where somebody is there from beginning to end."""
    found: dict[datetime, list[Seats]] = {}
    for shift in week.shifts if week.kept else shifts_of_rules(pack, day):
        if {("", day), (shift.team, day)} & week.off or shift.weekday != day.weekday():
            continue
        for starts in _begins(pack, shift, day):
            there = found.setdefault(starts, [])
            first = sum(len(one.numbers) for one in there)
            there.append(Seats(range(first, first + shift.seats), shift.languages))
    return tuple((starts, tuple(there)) for starts, there in sorted(found.items()))


def _begins(pack: Pack, shift: CallShift, day: date) -> Iterator[datetime]:
    length = timedelta(minutes=shift.minutes)
    moment, last = at(day, shift.starts, pack.zone), at(day, shift.ends, pack.zone) - length
    while moment <= last:
        ends = moment + length - timedelta(minutes=1)
        if duty(pack, moment).staffed and duty(pack, ends).staffed:
            yield moment.astimezone(UTC)
        moment += length
