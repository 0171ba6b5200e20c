"""When a channel counts as down, and when what nobody has opened alarms those on call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flows.rules.packs import Pack
from flows.rules.rows import every, first
from flows.vocabulary import Priority


@dataclass(frozen=True, slots=True)
class ChannelAlarm:
    """At least `failures` texts that failed by the channel's fault, none that went for `after`."""

    failures: int
    after: timedelta
    row: str


@dataclass(frozen=True, slots=True)
class DutyAlarm:
    """Those on call of a level are alarmed so long after something urgent came."""

    level: int
    after: timedelta
    row: str


def channel_alarm(pack: Pack, channel: str, on: date) -> ChannelAlarm | None:
    """The row of a channel; None where no alarm is wanted."""
    row = first(pack.table("channel_alarms"), {"channel": channel}, on).row
    if row is None:
        return None
    return ChannelAlarm(row.number("failures"), timedelta(minutes=row.number("minutes")), row.id)


def duty_alarms(pack: Pack, priority: Priority, on: date) -> tuple[DutyAlarm, ...]:
    """The alarms about what nobody has opened, the first level first; none where none is wanted."""
    found = (
        DutyAlarm(row.number("level"), timedelta(minutes=row.number("minutes")), row.id)
        for row in every(pack.table("duty_alarms"), {"priority": priority}, on)
    )
    return tuple(sorted(found, key=lambda one: one.level))
