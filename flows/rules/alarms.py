"""When a channel counts as down: so many faults of its own, and so long without a success."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flows.rules.packs import Pack
from flows.rules.rows import first


@dataclass(frozen=True, slots=True)
class ChannelAlarm:
    """At least `failures` texts that failed by the channel's fault, none that went for `after`."""

    failures: int
    after: timedelta
    row: str


def channel_alarm(pack: Pack, channel: str, on: date) -> ChannelAlarm | None:
    """The row of a channel; None where no alarm is wanted."""
    row = first(pack.table("channel_alarms"), {"channel": channel}, on).row
    if row is None:
        return None
    return ChannelAlarm(row.number("failures"), timedelta(minutes=row.number("minutes")), row.id)
