"""When to call somebody again who was not reached: at another hour, and not too often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from flows.rules.duty import duty
from flows.rules.moments import at, zone_of
from flows.rules.packs import Pack
from flows.rules.rows import in_force

_MOST_A_DAY = 3
_BUSY_MINUTES = 15
_HORIZON = 8


def next_try(
    pack: Pack, outcome: str, tried: Sequence[datetime], local: datetime
) -> datetime | None:
    """When to try again, on the clock of `local`; None where no hour is in sight.

    `tried` are the tries so far, this one among them. A busy line is tried again soon; any other
    at an hour of another window than the last try's, while somebody is there to call.
    """
    most, busy = _limits(pack, local.date())
    today = [one for one in tried if one.astimezone(local.tzinfo).date() == local.date()]
    rests = len(today) >= most
    if outcome == "busy" and not rests:
        return local + timedelta(minutes=busy)
    last = _window(pack, local)
    for moment, window in _hours(pack, local):
        later = moment > local and not (rests and moment.date() == local.date())
        if later and window != last and duty(pack, moment).staffed:
            return moment
    return None


def _limits(pack: Pack, on: date) -> tuple[int, int]:
    for row in in_force(pack.table("calls"), on):
        return row.number("most_a_day"), row.number("busy_minutes")
    return _MOST_A_DAY, _BUSY_MINUTES


def _hours(pack: Pack, local: datetime) -> Iterator[tuple[datetime, str]]:
    """The hours at which people are asked, from today on: each with its window."""
    for offset in range(_HORIZON):
        day = local.date() + timedelta(days=offset)
        for row in in_force(pack.table("windows"), day):
            yield at(day, row.clock("at") or time(9), zone_of(local)), row.text("name")


def _window(pack: Pack, local: datetime) -> str:
    """The window in which a moment lies, "" for none."""
    for row in in_force(pack.table("windows"), local.date()):
        starts, ends = row.clock("starts"), row.clock("ends")
        if starts is not None and ends is not None and starts <= local.time() < ends:
            return row.text("name")
    return ""
