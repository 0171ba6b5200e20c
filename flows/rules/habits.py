"""At which hour somebody usually answers, learned from when they wrote; smoothed by a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from flows.rules.packs import Pack
from flows.rules.rows import Row, first

_DAY = 24 * 60


def usual_hour(pack: Pack, heard: Sequence[datetime], on: date) -> time | None:
    """The hour to ask at, from the moments when a person wrote (on their own clock); None where
    there are too few, where they write at all hours, or where the rules learn nothing.

    One day has one voice however many messages it holds, recent days a louder one. Each is spread
    over the minutes about it; where the sum is highest lies the habit, if it gathers its share.
    """
    row = first(pack.table("habits"), {}, on).row
    days = {moment.date(): moment for moment in sorted(heard, reverse=True)}
    if row is None or len(days) < row.number("answers"):
        return None
    voices = [(_minute(first_of_day), _weight(row, on, day)) for day, first_of_day in days.items()]
    slots = range(0, _DAY, row.number("step_minutes"))
    best = max(slots, key=lambda slot: (_density(row, slot, voices), -slot))
    near = sum(weight for at, weight in voices if _apart(at, best) <= row.number("spread_minutes"))
    if near * 100 < row.number("share_percent") * sum(weight for _, weight in voices):
        return None
    return time(*divmod((best - row.number("lead_minutes")) % _DAY, 60))


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _weight(row: Row, on: date, day: date) -> float:
    """Halved each `half_life_days`: habits change."""
    age: float = max((on - day).days, 0) / row.number("half_life_days", 7)
    return float(0.5**age)


def _density(row: Row, slot: int, voices: Sequence[tuple[int, float]]) -> float:
    spread = row.number("spread_minutes", 60)
    return sum(weight * max(0.0, 1 - _apart(at, slot) / spread) for at, weight in voices)


def _apart(one: int, other: int) -> int:
    """Minutes between two times of day, across midnight if that is nearer."""
    gap = abs(one - other)
    return min(gap, _DAY - gap)
