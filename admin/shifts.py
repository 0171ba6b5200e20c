"""A shift as it is typed, read into values; what is wrong with it is said beside its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from admin.forms import id_of
from flows.rules import Pack, duty
from flows.vocabulary import LANGUAGES, CallShift

LENGTHS: Final = (10, 15, 20, 30, 45, 60)
MOST: Final = 50
ROWS: Final = 300
LONGEST: Final = 40
# By field: what pages say of what cannot be read.
NO_DAY: Final = "Tick at least one day."
NO_CLOCK: Final = "Write an hour as 09:00."
TOO_SHORT: Final = "The end must come after the beginning, with room for one call at least."
NO_SEATS: Final = "Write a whole number from 1 to 50."
OVERLAPS: Final = (
    "This team already has hours then, in the same languages: change those, or tick other ones."
)
OFF_DUTY: Final = (
    "By the rules nobody is on duty then on one of these days: calls are offered only while "
    "somebody is."
)
TOO_MANY: Final = "There are as many hours as a week can hold: end some first."
FAULTS: Final = frozenset((NO_DAY, NO_CLOCK, TOO_SHORT, NO_SEATS, OVERLAPS, OFF_DUTY, TOO_MANY))


def read_shifts(
    said: Mapping[str, Any], others: Sequence[CallShift], pack: Pack, today: date
) -> tuple[list[CallShift], dict[str, str]]:
    """One shift for each day that was ticked, or the faults by field.

    `others`: the shifts that hold beside it.
    """
    days = sorted({int(one) for one in said["days"] if one in "0123456" and one})
    starts, ends = clock_of(said["starts"]), clock_of(said["ends"])
    many, minutes = id_of(said["seats"].strip()), id_of(said["minutes"])
    faults = {} if days else {"day": NO_DAY}
    faults |= {name: NO_CLOCK for name, at in (("starts", starts), ("ends", ends)) if at is None}
    if many is None or not 1 <= many <= MOST:
        faults["seats"] = NO_SEATS
    if minutes not in LENGTHS:
        faults["minutes"] = NO_SEATS
    if faults or starts is None or ends is None or many is None or minutes is None:
        return [], faults
    if _since(ends) - _since(starts) < timedelta(minutes=minutes):
        return [], {"ends": TOO_SHORT}
    spoken = frozenset(said["speaks"]) & set(LANGUAGES)
    team = " ".join(said["team"].split())[:LONGEST]
    shifts = [CallShift(day, starts, ends, minutes, many, spoken, team) for day in days]
    return shifts, _together(shifts, others, pack, today)


def clock_of(text: str) -> time | None:
    """A time of day, as a browser or a person writes it; None where it is none."""
    hours, mark, minutes = text.strip().lower().replace("h", ":").partition(":")
    hour, minute = id_of(hours), id_of(minutes or "0")
    if hour is None or minute is None or hour > 23 or minute > 59 or len(hours + mark) > 3:
        return None
    return time(hour, minute)


def _together(
    shifts: Sequence[CallShift], others: Sequence[CallShift], pack: Pack, today: date
) -> dict[str, str]:
    """What is wrong with shifts beside others and beside the rules."""
    if len(shifts) + len(others) > ROWS:
        return {"day": TOO_MANY}
    if any(_meet(one, other) for one in shifts for other in others):
        return {"starts": OVERLAPS}
    if not all(_on_duty(one, pack, today) for one in shifts):
        return {"starts": OFF_DUTY}
    return {}


def _meet(one: CallShift, other: CallShift) -> bool:
    same = (one.team, one.weekday, one.languages) == (other.team, other.weekday, other.languages)
    return same and one.starts < other.ends and other.starts < one.ends


def _on_duty(shift: CallShift, pack: Pack, today: date) -> bool:
    """Whether somebody is there from beginning to end on a day of that weekday.

    One such day is enough: on a holiday nobody is there, and nothing is offered.
    """
    ahead = (shift.weekday - today.weekday()) % 7
    days = (today + timedelta(days=ahead + 7 * week) for week in range(4))

    def there(day: date, clock: time, earlier: timedelta = timedelta()) -> bool:
        return duty(pack, datetime.combine(day, clock, pack.zone) - earlier).staffed

    minute = timedelta(minutes=1)
    return any(there(day, shift.starts) and there(day, shift.ends, minute) for day in days)


def _since(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)
