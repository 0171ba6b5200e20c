"""When a routine message may be sent: quiet hours and the window that a person chose."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from flows.rules.moments import at, zone_of
from flows.rules.packs import Pack
from flows.rules.rows import Row, in_force

DEFAULT_WINDOW = "morning"
# Somebody who writes at three in the morning means the day that is about to begin.
_NIGHT_ENDS = 6


def is_quiet(pack: Pack, local: datetime) -> bool:
    """Whether routine messages rest at this moment of the person's own clock."""
    return any(_quiet(row, local.time()) for row in in_force(pack.table("quiet"), local.date()))


def next_allowed(pack: Pack, local: datetime, window: str = "") -> datetime:
    """The first moment from `local` (in its ZoneInfo) on that is neither quiet nor, where a
    window is named, outside it."""
    if not is_quiet(pack, local) and _inside(pack, local, window):
        return local
    for offset in range(8):
        day = local.date() + timedelta(days=offset)
        for moment in _openings(pack, day, local, window):
            if moment >= local and not is_quiet(pack, moment) and _inside(pack, moment, window):
                return moment
    return local


def next_check_in(
    pack: Pack,
    local: datetime,
    window: str = "",
    person_id: int | None = None,
    usual: time | None = None,
) -> datetime:
    """The next day's check-in, at the hour of the window; never today's again.

    `usual`: the hour at which the person answers, which goes before within the same window. Each
    person has a moment of their own within the window's spread, the same every day: a million who
    are asked in the morning are not asked at one stroke.
    """
    day, zone, chosen = local.date() + timedelta(days=1), zone_of(local), window or DEFAULT_WINDOW
    row = _window(pack, chosen, day)
    hour = (row.clock("at") if row else None) or time(9)
    if usual is not None and _may_ask(pack, at(day, usual, zone), chosen):
        hour = usual
    moment = at(day, hour, zone)
    if row and person_id is not None:
        spread = moment + timedelta(minutes=row.number("spread")) * _share(person_id)
        moment = spread if _may_ask(pack, spread, chosen) else moment
    return next_allowed(pack, moment.replace(microsecond=0), window)


def _may_ask(pack: Pack, moment: datetime, window: str) -> bool:
    """Whether a moment lies in a window that is there, and outside quiet hours."""
    there = _window(pack, window, moment.date()) is not None
    return there and _inside(pack, moment, window) and not is_quiet(pack, moment)


def _share(person_id: int) -> float:
    """From 0 to 1, even for ids that were given one after another."""
    return (person_id * 0x9E3779B97F4A7C15 % 2**64) / 2**64


def is_late(pack: Pack, local: datetime) -> bool:
    """Whether it is too late in the evening for a long talk."""
    rows = in_force(pack.table("walking"), local.date())
    return any(
        _between(row.clock("late_from"), row.clock("late_until"), local.time()) for row in rows
    )


def resumes_at(pack: Pack, local: datetime) -> datetime:
    """When a talk that was put off until tomorrow goes on."""
    day = local.date() + timedelta(days=local.hour >= _NIGHT_ENDS)
    rows = in_force(pack.table("walking"), day)
    clock = next((row.clock("resumes") for row in rows), None) or time(11)
    return at(day, clock, zone_of(local))


def windows(pack: Pack, on: date) -> tuple[str, ...]:
    """The names of the windows, in the order in which they are offered."""
    return tuple(dict.fromkeys(row.text("name") for row in in_force(pack.table("windows"), on)))


def _openings(pack: Pack, day: date, local: datetime, window: str) -> list[datetime]:
    """The moments of a day at which something may begin to be allowed."""
    zone = zone_of(local)
    clocks = [row.clock("ends") for row in in_force(pack.table("quiet"), day)]
    chosen = _window(pack, window, day)
    clocks += [chosen.clock("starts")] if chosen else []
    moments = [at(day, clock, zone) for clock in clocks if clock is not None]
    return sorted([local, *moments])


def _inside(pack: Pack, moment: datetime, window: str) -> bool:
    row = _window(pack, window, moment.date())
    if row is None:
        return True
    starts, ends = row.clock("starts"), row.clock("ends")
    return starts is None or ends is None or starts <= moment.time() < ends


@lru_cache(maxsize=1024)
def _window(pack: Pack, name: str, day: date) -> Row | None:
    rows = in_force(pack.table("windows"), day)
    return next((row for row in rows if row.text("name") == name), None)


def _quiet(row: Row, clock: time) -> bool:
    return _between(row.clock("starts"), row.clock("ends"), clock)


def _between(starts: time | None, ends: time | None, clock: time) -> bool:
    if starts is None or ends is None:
        return False
    if starts <= ends:
        return starts <= clock < ends
    return clock >= starts or clock < ends
