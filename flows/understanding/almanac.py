"""Day arithmetic: which day a weekday or a written date means, seen from today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

# Where people write the month first.
_MONTH_FIRST = frozenset({"US", "PR", "GU", "AS", "VI", "MP", "FM", "MH", "PW", "PH"})
_LONG_AGO = timedelta(days=300)
_RECENT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Day:
    """A day and whether the words left no doubt about it."""

    value: date
    sure: bool = True


def day_or_none(year: int, month: int, day: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def whole_year(year: int, today: date) -> int:
    """Four digits for two: 84 is 1984, 26 is 2026."""
    if year >= 100:
        return year
    return 2000 + year if 2000 + year <= today.year + 1 else 1900 + year


def last_weekday(weekday: int, today: date, *, named_last: bool = False) -> Day:
    """The latest such weekday before today; said on that very weekday it may be today."""
    back = (today.weekday() - weekday) % 7
    return Day(today - timedelta(days=back or 7), sure=bool(back) or named_last)


def next_weekday(weekday: int, today: date) -> Day:
    """The first such weekday after today."""
    return Day(today + timedelta(days=(weekday - today.weekday()) % 7 or 7))


def weekday_of_week(weekday: int, today: date, weeks: int) -> Day:
    """That weekday in the week so many weeks from this one."""
    monday = today - timedelta(days=today.weekday())
    return Day(monday + timedelta(days=7 * weeks + weekday))


def last_day_of_month(day: int, today: date) -> Day | None:
    """The latest such day of a month up to today: the 30th, said on the 3rd, is last month's."""
    year, month = today.year, today.month
    for _ in range(4):
        found = day_or_none(year, month, day)
        if found and found <= today:
            return Day(found)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return None


def day_of_previous_month(day: int, today: date) -> Day | None:
    """The day in the month before this one."""
    end = today.replace(day=1) - timedelta(days=1)
    found = day_or_none(end.year, end.month, day)
    return Day(found) if found else None


def next_day_of_month(day: int, today: date) -> Day | None:
    """The first such day of a month after today."""
    for ahead in range(62):
        found = today + timedelta(days=ahead + 1)
        if found.day == day:
            return Day(found)
    return None


def day_and_month(day: int, month: int, today: date, *, future: bool = False) -> Day | None:
    """A day and a month without the year: the latest one gone by, doubtful when long ago."""
    if future:
        ahead = [day_or_none(today.year + more, month, day) for more in range(2)]
        return next((Day(found) for found in ahead if found and found >= today), None)
    for back in range(9):
        found = day_or_none(today.year - back, month, day)
        if found and found <= today:
            return Day(found, sure=today - found < _LONG_AGO)
    return None


def written_day(day: int, month: int, year: int, today: date) -> Day | None:
    """A full date; one that is still to come is doubtful."""
    found = day_or_none(whole_year(year, today), month, day)
    return Day(found, sure=found <= today) if found else None


def numeric_day(first: int, second: int, year: int | None, today: date, country: str) -> Day | None:
    """17/11 or 11/17 by the habit of the country; the other order where only that is possible."""
    orders = [(first, second), (second, first)]
    if country in _MONTH_FIRST:
        orders.reverse()
    readings = []
    for day, month in orders:
        found = (day_and_month(day, month, today) if year is None
                 else written_day(day, month, year, today))  # fmt: skip
        readings.append(found)
    usual, other = readings
    if usual is None or first == second:
        return other
    if usual.sure or other is None or not other.sure:
        return usual
    recent = today - other.value <= _RECENT
    return Day(other.value, sure=False) if recent else usual


def before(today: date, days: int) -> date | None:
    """So many days before today, or None beyond the calendar."""
    return today - timedelta(days=days) if abs(days) <= 40_000 else None
